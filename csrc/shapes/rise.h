/* Rise: last + (first - last) (1 - (step / length)^power), for 0 < step < length and power >= 0.
   Where (step / length)^power is nearer to 1 than to 0 the curve is measured from last, else from first: raised.h has both.
   Square roots and squares have a shorter way. With m the steps that remain, 1 - sqrt(step / length) is
   m / (sqrt(length) (sqrt(length) + sqrt(step))), and 1 - (step / length)^2 is m (length + step) / length^2. */

struct rise {
    double first, last, length;
    double inverse, below_inverse;   /* 1 / length, and a number just below that */
    pair height, slope;              /* last - first, over 2^exponent; that times power / length, a head and a tail */
    double exponent, unit;           /* the rates are in units */
    int square_root, square;
    double root, root_low;           /* sqrt(length) = root + root_low */
    pair fall;                       /* height / sqrt(length), or height / length^2: a head and a tail, over 2^exponent */
    double scale;                    /* 2^exponent */
    struct raised raised;
    double reciprocal, anchor;       /* of the one cell that holds all steps */
    struct raised_cell cell;
    struct zone zone;
};

/* Some steps of SOME_CELLS and SOME_ROOTS are in the zone. */
enum {
    ONE_CELL = 1, SOME_CELLS = 2, EXPANDED_RISE = 3, EXPANDED_ROOT = 4, ROOT = 5, SOME_ROOTS = 6, SQUARE_RISE = 7, STEEP_RISE = 8,
};

LRVEC_INLINE void rise_prepare(struct rise *k, const struct rise_parameters *given) {
    k->height = difference_of(given->first, given->last, &k->exponent, &k->unit);
    k->first = in_units(given->first, k->unit), k->last = in_units(given->last, k->unit), k->length = given->length;
    k->inverse = 1.0 / k->length, k->below_inverse = k->inverse * (1.0 - 0x1p-50);
    /* Of a power above the limit, one step before the end is 0 already: 1 - 1/n < 2^(-1/n). */
    raised_prepare(&k->raised, minimum(given->power, 2300.0 * k->length));
    k->square_root = given->power == 0.5, k->square = given->power == 2.0;
    k->scale = scale_of(k->exponent);
    const pair root = pair_sqrt(k->length);
    k->root = root.high, k->root_low = root.low;
    k->fall = k->square ? headed(divide_pairs(k->height, product_of(k->length, k->length)))
                        : divide_headed_pairs(k->height, headed(root));
    k->slope = divide_headed(multiply_pairs(k->height, (pair){k->raised.binomial[0], 0.0}), k->length);
    /* Within these limits all weights are moderate too. */
    const double from_first = FAR * HALF_PART * maximum(k->raised.power, 1.0);
    double octaves;
    split_exponent(k->length / from_first, &octaves);
    const int gentle = !k->raised.steep && !k->square && is_moderate(k->exponent) && k->raised.power * octaves < 600.0;
    k->zone = gentle ? zone_of(from_first, k->length - FAR * HALF_PART) : NO_ZONE;
}

/* step / length, by which a cell is chosen: rounded, and always below 1. */
LRVEC_INLINE double rise_base(const struct rise *k, double step) { return step * k->below_inverse; }

LRVEC_INLINE struct raised_place rise_place(const struct rise *k, double step) {
    const double base = rise_base(k, step);
    return raised_place_of(base, is_next_to_one(base));
}

/* The distance from the middle of the cell, times length. The first difference is exact. */
LRVEC_INLINE double rise_delta(const struct rise *k, double step, double reciprocal) {
    const double head = head_of(step);
    return (head * reciprocal - k->length) + (step - head) * reciprocal;
}

LRVEC_INLINE int rise_path(const struct rise *k, struct rise *own, double least, double greatest) {
    const int within = is_within(&k->zone, least, greatest), outside = is_outside(&k->zone, least, greatest);
    if (within || k->square_root || k->square) {
        if (!is_moderate(k->exponent)) return ANY;
        if (!within && !outside) return SOME_ROOTS;
        own->fall.high = k->fall.high * k->scale, own->fall.low = k->fall.low * k->scale;
        if (within) return k->square_root ? EXPANDED_ROOT : EXPANDED_RISE;
        return k->square ? SQUARE_RISE : ROOT;
    }
    if (k->raised.steep) return STEEP_RISE;
    if (!outside) return SOME_CELLS;
    if (raised_cell_number(rise_base(k, least)) != raised_cell_number(rise_base(k, greatest))) return SOME_CELLS;
    const struct raised_place at = rise_place(k, least);
    const struct raised_cell cell = raised_cell_of(&k->raised, &at, k->height, k->slope, 1);
    if (!raised_cell_is_moderate(&k->raised, &cell, k->exponent)) return SOME_CELLS;
    own->reciprocal = at.reciprocal, own->anchor = cell.less_one ? k->last : k->first;
    own->cell = raised_cell_scaled(cell, k->exponent);
    return ONE_CELL;
}

/* The steps to the end of the zone, or before it to the end of this step's cell, which is at least a hundredth of an octave. */
static inline double rise_stretch(const struct rise *k, double step) {
    if (is_in(&k->zone, step) || k->raised.steep || k->square_root || k->square) return left_in_zone(&k->zone, step, ENDLESS);
    const double end = least_in_raised_cell(raised_cell_number(rise_base(k, step)) + 1);
    return left_in_zone(&k->zone, step, maximum((double)(int64_t)(end * k->length - step), 1.0));
}

/* (step / length)^power or that less 1, by a logarithm. */
LRVEC_INLINE pair rise_by_log(const struct rise *k, double step, int *less_one, double *exponent) {
    const struct raised_place at = rise_place(k, step);
    const double delta = rise_delta(k, step, at.reciprocal), rho = delta * k->inverse;
    const pair back = product_of(rho, k->length), both = {rho, ((delta - back.high) - back.low) * k->inverse};
    return raised_by_log(k->raised.power, &at, both, 1, less_one, exponent);
}

LRVEC_INLINE double rise_steep(const struct rise *k, double step) {
    double exponent;
    int less_one;
    const pair raised = rise_by_log(k, step, &less_one, &exponent);
    const double way = raised.high * k->height.high + (raised.low * k->height.high + raised.high * k->height.low);
    return (choose(less_one, k->last, k->first) + scale_by_power_of_two(way, exponent + k->exponent)) * k->unit;
}

/* The rate as anchor + way, and the way from first. */
struct rise_parts {
    double anchor, way, risen;
};

LRVEC_INLINE struct rise_parts rise_gentle(const struct rise *k, double step) {
    const struct raised_place at = rise_place(k, step);
    const struct raised_cell cell = raised_cell_of(&k->raised, &at, k->height, k->slope, 1);
    const double delta = rise_delta(k, step, at.reciprocal), size = raised_way(&k->raised, &cell, delta, delta * k->inverse);
    const double way = scale_by_power_of_two(size, cell.exponent + k->exponent);
    return (struct rise_parts){choose(cell.less_one, k->last, k->first), way,
                               way + choose(cell.less_one, k->height.high * k->scale, 0.0)};
}

/* The sum of the roots includes what their rounding leaves out. Up to a quarter of the length it is nearer to first. */
LRVEC_INLINE struct rise_parts rise_of_root(const struct rise *k, double step, double scale) {
    double correction;
    const double root = step * inverse_sqrt_of(step, &correction), more = root * correction, whole = root + more;
    const double remaining = k->length - step, head = head_of(remaining);
    const pair sum = quick_sum(k->root, root);
    const double way = head * k->fall.high + (head * k->fall.low + (remaining - head) * (k->fall.high + k->fall.low));
    const double left = way / (sum.high + (sum.low + (more + k->root_low)));
    const double risen = (whole * k->fall.high + whole * k->fall.low) * scale;
    const int early = 4.0 * step < k->length;
    return (struct rise_parts){early ? k->first : k->last, early ? risen : -left * scale, risen};
}

/* The terms are those of (1 + r z)^power, with r the share of half a part in the step. */
LRVEC_INLINE struct expansion rise_expand_about(const struct rise *k, double step, const struct rise_parts at) {
    const pair rate = sum_of(at.anchor, at.way);
    struct expansion found = {rate.high, rate.low, {0.0}};
    const double *c = k->raised.binomial;
    const double share = HALF_PART / step, share2 = share * share, share4 = share2 * share2, size = at.risen * share4;
    found.terms[0] = at.risen * share * c[0], found.terms[1] = at.risen * share2 * c[1];
    found.terms[2] = at.risen * (share2 * share) * c[2], found.terms[3] = size * c[3];
    found.terms[4] = size * share * c[4], found.terms[5] = size * share2 * c[5];
    found.terms[6] = size * (share2 * share) * c[6], found.terms[7] = size * share4 * c[7];
    return found;
}

LRVEC_INLINE struct expansion rise_expand(const struct rise *k, double step, int path) {
    const int is_root = path == EXPANDED_ROOT || path == SOME_ROOTS || (path == ANY && k->square_root);
    const double scale = path == EXPANDED_ROOT ? 1.0 : k->scale;
    return rise_expand_about(k, step, is_root ? rise_of_root(k, step, scale) : rise_gentle(k, step));
}

IN_PARTS(rise)

LRVEC_INLINE double rise_of_square(const struct rise *k, double step, double scale) {
    const double risen = step * step, left = (k->length - step) * (k->length + step);
    const int early = risen < left;
    const double area = early ? risen : -left;
    return (early ? k->first : k->last) + (area * k->fall.high + area * k->fall.low) * scale;
}

LRVEC_INLINE double rise_outside(const struct rise *k, double step) {
    if (k->raised.steep) return rise_steep(k, step);
    return (k->square ? rise_of_square(k, step, k->scale) : rise_expand(k, step, ANY).high) * k->unit;
}

LRVEC_INLINE double rise_value(const struct rise *k, double step, int path) {
    if (path == ONE_CELL) {
        const double delta = rise_delta(k, step, k->reciprocal);
        return k->anchor + raised_way(&k->raised, &k->cell, delta, delta * k->inverse);
    }
    if (path == ROOT) {
        const struct rise_parts at = rise_of_root(k, step, 1.0);
        return at.anchor + at.way;
    }
    if (path == SQUARE_RISE) return rise_of_square(k, step, 1.0);
    if (path == STEEP_RISE) return rise_steep(k, step);
    if (path != ANY) return rise_in_parts(k, step, path, path == EXPANDED_RISE || path == EXPANDED_ROOT);
    if (k->square) return rise_of_square(k, step, k->scale) * k->unit;
    if (k->raised.steep) return rise_steep(k, step);
    return k->square_root ? rise_in_parts(k, step, SOME_ROOTS, 0) : rise_in_parts(k, step, SOME_CELLS, 0);
}

/* Rounded once, at the end. */
static inline double rise_precise(const struct rise_parameters *given, double step) {
    struct rise k;
    double exponent;
    int less_one;
    rise_prepare(&k, given);
    const pair way = multiply_pairs(k.height, rise_by_log(&k, step, &less_one, &exponent));
    const double most = exponent + k.exponent;
    const pair scaled = {scale_by_power_of_two(way.high, most), scale_by_power_of_two(way.low, most)};
    return anchored(less_one ? given->last : given->first, scaled, 0.0, k.unit);
}
