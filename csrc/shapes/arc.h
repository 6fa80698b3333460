/* Arc: last + (first - last) (1 - (step / length)^2)^power, for 0 < step < length and power >= 0.
   The base is (length - step) (length + step) / length^2, whose numerator is a pair. Next to 1 it is measured from there, by
   step^2. Square roots have a shorter way: 1 - sqrt(1 - u^2) is u^2 / (1 + sqrt(1 - u^2)). */

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
};

enum { ARC_IN_ONE_CELL = 1, ARC_IN_SOME_CELLS = 2, ROUND_ARC = 3 };

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
    if (k->is_root) {
        if (!is_moderate(k->exponent)) return ANY;
        own->fall.high = k->fall.high * k->scale, own->fall.low = k->fall.low * k->scale;
        return ROUND_ARC;
    }
    if (k->raised.steep) return ANY;
    const double base = arc_base(k, arc_numerator(k, least)), end = arc_base(k, arc_numerator(k, greatest));
    if (raised_cell_number(base) != raised_cell_number(end)) return ARC_IN_SOME_CELLS;
    const struct raised_place at = raised_place_of(base, is_next_to_one(base));
    const struct raised_cell cell = raised_cell_of(&k->raised, &at, k->height, k->slope, 1);
    if (!is_moderate(cell.exponent + k->exponent)) return ARC_IN_SOME_CELLS;
    own->reciprocal = at.reciprocal, own->next = is_next_to_one(base);
    own->anchor = cell.less_one ? k->first : k->last;
    own->cell = raised_cell_scaled(cell, k->exponent);
    return ARC_IN_ONE_CELL;
}

/* The steps to the end of this step's cell. */
static inline double arc_stretch(const struct arc *k, double step) {
    if (k->raised.steep || k->is_root) return ENDLESS;
    const uint64_t number = raised_cell_number(arc_base(k, arc_numerator(k, step)));
    const double end = sqrt(maximum(1.0 - from_bits((number << 46) + LOG2_OFFSET) * 0x1p-120, 0.0)) * k->length;
    return maximum((double)(int64_t)minimum(end - step, 0x1p53), 1.0);
}

LRVEC_INLINE double arc_gentle(const struct arc *k, double step) {
    const pair numerator = arc_numerator(k, step);
    const double base = arc_base(k, numerator), next = is_next_to_one(base);
    const struct raised_place at = raised_place_of(base, next);
    const struct raised_cell cell = raised_cell_of(&k->raised, &at, k->height, k->slope, 1);
    const double delta = arc_delta(k, step, numerator, at.reciprocal, next);
    const double way = raised_way(&k->raised, &cell, delta, delta * k->inverse);
    return (choose(cell.less_one, k->first, k->last) + scale_by_power_of_two(way, cell.exponent + k->exponent)) * k->unit;
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
LRVEC_INLINE double arc_of_root(const struct arc *k, double step, double scale) {
    const double root = sqrt((k->length - step) * (k->length + step)), part = step / (k->length + root) * step;
    const int early = 4.0 * step < 3.0 * k->length;
    const double length = early ? -part : root;
    return (early ? k->first : k->last) + (length * k->fall.high + length * k->fall.low) * scale;
}

LRVEC_INLINE double arc_value(const struct arc *k, double step, int path) {
    if (path == ROUND_ARC) return arc_of_root(k, step, 1.0);
    if (path == ARC_IN_SOME_CELLS) return arc_gentle(k, step);
    if (path == ANY) {
        if (k->is_root) return arc_of_root(k, step, k->scale) * k->unit;
        return k->raised.steep ? arc_steep(k, step) : arc_gentle(k, step);
    }
    const pair numerator = arc_numerator(k, step);
    const double delta = arc_delta(k, step, numerator, k->reciprocal, k->next);
    return k->anchor + raised_way(&k->raised, &k->cell, delta, delta * k->inverse);
}
