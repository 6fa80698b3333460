/* Cubic: the cubic polynomial in u = step / length that goes from first with the slope first_slope to last with the slope
   last_slope, slopes by u (Hermite). The way from the nearer end is a linear term, whose product is exact before it is rounded,
   and a square and a cube. */

struct cubic_end {
    double rate, slope_head, slope_tail; /* in units; slope / length / scale */
    double square, cube;                 /* coefficients / scale */
};

struct cubic {
    struct cubic_end early, late;              /* late: by 1 - u */
    double length, inverse_head, inverse_tail; /* 1 / length */
    double exponent, scale, unit;              /* scale = 2^exponent, in units */
};

/* Rates and slopes are multiples of the scale here. */
LRVEC_INLINE struct cubic_end cubic_end_of(double rate, pair rise, double slope, double other_slope, double length) {
    const pair per_step = divide_headed((pair){slope, 0.0}, length), sum = sum_of(slope, other_slope);
    const double square = ((3.0 * rise.high - sum.high) - slope) + (3.0 * rise.low - sum.low);
    const double cube = (sum.high - 2.0 * rise.high) + (sum.low - 2.0 * rise.low);
    return (struct cubic_end){rate, per_step.high, per_step.low, square, cube};
}

LRVEC_INLINE void cubic_prepare(struct cubic *k, const struct cubic_parameters *given) {
    const double rates = maximum(absolute(given->first), absolute(given->last));
    const double slopes = maximum(absolute(given->first_slope), absolute(given->last_slope));
    double size;
    split_exponent(maximum(rates, slopes), &size);
    k->unit = size > 1019.0 ? 4.0 : 1.0; /* sums of a few of them stay finite */
    k->exponent = size - (k->unit > 1.0 ? 2.0 : 0.0), k->scale = scale_of(k->exponent);
    const double first_slope = scale_by_power_of_two(given->first_slope, -size);
    const double last_slope = scale_by_power_of_two(given->last_slope, -size);
    const pair rise = sum_of(scale_by_power_of_two(given->last, -size), -scale_by_power_of_two(given->first, -size));
    const pair inverse = divide_headed((pair){1.0, 0.0}, given->length);
    const pair fall = {-rise.high, -rise.low};
    k->length = given->length, k->inverse_head = inverse.high, k->inverse_tail = inverse.low;
    k->early = cubic_end_of(in_units(given->first, k->unit), rise, first_slope, last_slope, given->length);
    k->late = cubic_end_of(in_units(given->last, k->unit), fall, -last_slope, -first_slope, given->length);
}

LRVEC_INLINE struct cubic_end cubic_end_scaled(struct cubic_end end, double scale) {
    return (struct cubic_end){end.rate, end.slope_head * scale, end.slope_tail * scale, end.square * scale, end.cube * scale};
}

/* The line's paths. */
LRVEC_INLINE int cubic_path(const struct cubic *k, struct cubic *own, double least, double greatest) {
    if (!is_moderate(k->exponent)) return ANY;
    own->early = cubic_end_scaled(k->early, k->scale), own->late = cubic_end_scaled(k->late, k->scale);
    return half_of(k->length, least, greatest);
}

/* Error 3.1 ulp of the greatest of the rates and the slopes (-0.96985, 0.75769, -0.15763, -0.95083, length 637,166, step
   335,450). */
LRVEC_INLINE double cubic_from(const struct cubic *k, const struct cubic_end *end, double steps, double scale, double unit) {
    const double u = steps * k->inverse_head + steps * k->inverse_tail;
    const double way = steps * end->slope_head + (steps * end->slope_tail + (u * u) * (end->square + u * end->cube));
    return (end->rate + way * scale) * unit;
}

LRVEC_INLINE double cubic_value(const struct cubic *k, double step, int path) {
    const double rest = k->length - step, scale = path == ANY ? k->scale : 1.0, unit = path == ANY ? k->unit : 1.0;
    if (path == EARLY) return cubic_from(k, &k->early, step, scale, unit);
    if (path == LATE) return cubic_from(k, &k->late, rest, scale, unit);
    const double early = cubic_from(k, &k->early, step, scale, unit);
    const double late = cubic_from(k, &k->late, rest, scale, unit);
    return choose(step <= rest, early, late);
}
