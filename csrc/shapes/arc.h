/* Arc: last + (first - last) (1 - (step / length)^2)^power, for 0 < step < length and power >= 0.
   The base is (length - step) (length + step) / length^2, whose numerator is a pair. Next to 1 it is measured from there, by
   step^2. Square roots have a shorter way: 1 - sqrt(1 - u^2) is u^2 / (1 + sqrt(1 - u^2)). In the zone the base is a square
   polynomial in the distance from the middle of a part. */

struct arc {
    double first, last, length;
    pair square;                     /* length^2 */
    double inverse, below_inverse;   /* 1 / length^2, and a number just below that */
    int is_root;
    pair fall;                       /* (first - last) / length, a head and a tail, over 2^exponent */
    pair height, slope;              /* first - last, over 2^exponent; that times power / length^2, a head and a tail */
    double exponent, scale, unit;    /* the rates are in units; scale = 2^exponent */
    struct raised raised;
    double reciprocal, anchor, next; /* of the one cell that holds all steps */
    struct raised_cell cell;
    struct zone zone;
};

/* Some steps of an ARC_IN_SOME_CELLS and of a PARTLY_ROUND_ARC are in the zone. */
enum {
    ARC_IN_ONE_CELL = 1, ARC_IN_SOME_CELLS = 2, EXPANDED_ARC = 3, EXPANDED_ROUND_ARC = 4, ROUND_ARC = 5, PARTLY_ROUND_ARC = 6,
    STEEP_ARC = 7,
};

LRVEC_INLINE void arc_prepare(struct arc *k, const struct arc_parameters *given) {
    k->height = difference_of(given->last, given->first, &k->exponent, &k->unit);
    k->first = in_units(given->first, k->unit), k->last = in_units(given->last, k->unit), k->length = given->length;
    k->square = product_of(k->length, k->length);
    k->inverse = 1.0 / k->square.high, k->below_inverse = k->inverse * (1.0 - 0x1p-50);
    k->is_root = given->power == 0.5;
    k->scale = scale_of(k->exponent);
    k->fall = divide_headed(k->height, k->length);
    raised_prepare(&k->raised, minimum(given->power, 0x1p200));
    k->slope = headed(divide_pairs(multiply_pairs(k->height, (pair){k->raised.binomial[0], 0.0}), k->square));
    /* Within these limits all weights are moderate too. */
    const double from_last = FAR * HALF_PART * maximum(k->raised.power, 1.0);
    double octaves;
    split_exponent(k->length / from_last, &octaves);
    const int has_zone = !k->raised.steep && is_moderate(k->exponent) && k->raised.power * octaves < 600.0;
    k->zone = has_zone ? zone_of(FAR * HALF_PART, k->length - from_last) : NO_ZONE;
}

/* (length - step) (length + step). */
LRVEC_INLINE pair arc_numerator(const struct arc *k, double step) {
    const double rest = k->length - step;
    const pair sum = quick_sum(k->length, step), product = product_of(rest, sum.high);
    return (pair){product.high, product.low + rest * sum.low};
}

LRVEC_INLINE double arc_base(const struct arc *k, pair numerator) { return numerator.high * k->below_inverse; }

/* The distance from the middle of the cell, times length^2. The first difference is exact. */
LRVEC_INLINE double arc_delta(const struct arc *k, double step, pair numerator, double reciprocal, double next) {
    const double head = head_of(numerator.high), tail = (numerator.high - head) + numerator.low;
    const double delta = (head * reciprocal - k->square.high) + (tail * reciprocal - k->square.low);
    return delta * (1.0 - next) - step * step * next;
}

LRVEC_INLINE int arc_path(const struct arc *k, struct arc *own, double least, double greatest) {
    const int within = is_within(&k->zone, least, greatest), outside = is_outside(&k->zone, least, greatest);
    if (within || k->is_root) {
        if (!is_moderate(k->exponent)) return ANY;
        if (!within && !outside) return PARTLY_ROUND_ARC;
        own->fall.high = k->fall.high * k->scale, own->fall.low = k->fall.low * k->scale;
        return !within ? ROUND_ARC : k->is_root ? EXPANDED_ROUND_ARC : EXPANDED_ARC;
    }
    if (k->raised.steep) return STEEP_ARC;
    if (!outside) return ARC_IN_SOME_CELLS;
    const double base = arc_base(k, arc_numerator(k, least)), end = arc_base(k, arc_numerator(k, greatest));
    if (raised_cell_number(base) != raised_cell_number(end)) return ARC_IN_SOME_CELLS;
    const struct raised_place at = raised_place_of(base, is_next_to_one(base));
    const struct raised_cell cell = raised_cell_of(&k->raised, &at, k->height, k->slope, 1);
    if (!raised_cell_is_moderate(&k->raised, &cell, k->exponent)) return ARC_IN_SOME_CELLS;
    own->reciprocal = at.reciprocal, own->next = is_next_to_one(base);
    own->anchor = cell.less_one ? k->first : k->last;
    own->cell = raised_cell_scaled(cell, k->exponent);
    return ARC_IN_ONE_CELL;
}

/* The steps to the end of the zone, or before it to the end of this step's cell. */
static inline double arc_stretch(const struct arc *k, double step) {
    if (is_in(&k->zone, step) || k->raised.steep || k->is_root) return left_in_zone(&k->zone, step, ENDLESS);
    const uint64_t number = raised_cell_number(arc_base(k, arc_numerator(k, step)));
    const double end = sqrt(maximum(1.0 - least_in_raised_cell(number), 0.0)) * k->length;
    return left_in_zone(&k->zone, step, maximum((double)(int64_t)minimum(end - step, 0x1p53), 1.0));
}

/* The rate as anchor + way, and the way from last. */
struct arc_parts {
    double anchor, way, left;
};

LRVEC_INLINE struct arc_parts arc_gentle(const struct arc *k, double step) {
    const pair numerator = arc_numerator(k, step);
    const double base = arc_base(k, numerator), next = is_next_to_one(base);
    const struct raised_place at = raised_place_of(base, next);
    const struct raised_cell cell = raised_cell_of(&k->raised, &at, k->height, k->slope, 1);
    const double delta = arc_delta(k, step, numerator, at.reciprocal, next);
    const double way = scale_by_power_of_two(raised_way(&k->raised, &cell, delta, delta * k->inverse), cell.exponent + k->exponent);
    return (struct arc_parts){choose(cell.less_one, k->first, k->last), way, way + choose(cell.less_one, k->height.high * k->scale, 0.0)};
}

LRVEC_INLINE double arc_steep(const struct arc *k, double step) {
    double exponent;
    int less_one;
    const pair numerator = arc_numerator(k, step);
    const double base = arc_base(k, numerator), next = is_next_to_one(base);
    const struct raised_place at = raised_place_of(base, next);
    const pair delta = {arc_delta(k, step, numerator, at.reciprocal, next), 0.0}, rho = divide_pairs(delta, k->square);
    const pair raised = raised_by_log(k->raised.power, &at, rho, 1, &less_one, &exponent);
    const double way = raised.high * k->height.high + (raised.low * k->height.high + raised.high * k->height.low);
    return (choose(less_one, k->first, k->last) + scale_by_power_of_two(way, exponent + k->exponent)) * k->unit;
}

/* With r = sqrt((length - step) (length + step)), the curve falls by (first - last) step^2 / (length (length + r)). */
LRVEC_INLINE struct arc_parts arc_of_root(const struct arc *k, double step, double scale) {
    const double root = sqrt((k->length - step) * (k->length + step)), part = step / (k->length + root) * step;
    const int early = 4.0 * step < 3.0 * k->length;
    const double length = early ? -part : root;
    return (struct arc_parts){early ? k->first : k->last, (length * k->fall.high + length * k->fall.low) * scale,
                              root * (k->fall.high + k->fall.low) * scale};
}

/* At a distance d from the middle m, length^2 - (m + d)^2 is length^2 - m^2 less 2 m d + d^2. */
LRVEC_INLINE struct expansion arc_expand_about(const struct arc *k, double step, const struct arc_parts at) {
    const double share = HALF_PART / ((k->length - step) * (k->length + step));
    const pair rate = sum_of(at.anchor, at.way);
    struct expansion found = {rate.high, rate.low, {0.0}};
    terms_of_power(at.left, -2.0 * step * share, -HALF_PART * share, k->raised.power, found.terms);
    return found;
}

LRVEC_INLINE struct expansion arc_expand(const struct arc *k, double step, int path) {
    const int is_round = path == EXPANDED_ROUND_ARC || path == PARTLY_ROUND_ARC || (path == ANY && k->is_root);
    const double scale = path == EXPANDED_ROUND_ARC ? 1.0 : k->scale;
    return arc_expand_about(k, step, is_round ? arc_of_root(k, step, scale) : arc_gentle(k, step));
}

IN_PARTS(arc)

LRVEC_INLINE double arc_outside(const struct arc *k, double step) {
    return k->raised.steep ? arc_steep(k, step) : arc_expand(k, step, ANY).high * k->unit;
}

LRVEC_INLINE double arc_value(const struct arc *k, double step, int path) {
    if (path == ARC_IN_ONE_CELL) {
        const pair numerator = arc_numerator(k, step);
        const double delta = arc_delta(k, step, numerator, k->reciprocal, k->next);
        return k->anchor + raised_way(&k->raised, &k->cell, delta, delta * k->inverse);
    }
    if (path == ROUND_ARC) {
        const struct arc_parts at = arc_of_root(k, step, 1.0);
        return at.anchor + at.way;
    }
    if (path == STEEP_ARC) return arc_steep(k, step);
    if (path != ANY) return arc_in_parts(k, step, path, path == EXPANDED_ARC || path == EXPANDED_ROUND_ARC);
    if (k->raised.steep) return arc_steep(k, step);
    return k->is_root ? arc_in_parts(k, step, PARTLY_ROUND_ARC, 0) : arc_in_parts(k, step, ARC_IN_SOME_CELLS, 0);
}
