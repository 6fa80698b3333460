/* Cubic: the cubic polynomial in u = step / length that goes from first with the slope first_slope to last with the slope
   last_slope, slopes by u (Hermite). From the nearer end, with u and v = 1 - u, the way is
   rise u^2 (3 - 2 u) + u v (slope v - other slope u). */

struct cubic_end {
    double rate, rise, slope, other; /* the rate is in units; the others are multiples of the scale */
};

struct cubic {
    struct cubic_end early, late;              /* late: by 1 - u */
    double length, inverse_head, inverse_tail; /* 1 / length */
    double exponent, scale, unit;              /* scale = 2^exponent, in units */
};

LRVEC_INLINE void cubic_prepare(struct cubic *k, const struct cubic_parameters *given) {
    const double rates = maximum(absolute(given->first), absolute(given->last));
    const double slopes = maximum(absolute(given->first_slope), absolute(given->last_slope));
    double size;
    split_exponent(maximum(rates, slopes), &size);
    k->unit = size > 1019.0 ? 4.0 : 1.0; /* sums of a few of them stay finite */
    k->exponent = size - (k->unit > 1.0 ? 2.0 : 0.0), k->scale = scale_of(k->exponent);
    const double first = scale_by_power_of_two(given->first, -size), last = scale_by_power_of_two(given->last, -size);
    const double slope = scale_by_power_of_two(given->first_slope, -size), other = scale_by_power_of_two(given->last_slope, -size);
    const pair inverse = divide_headed((pair){1.0, 0.0}, given->length);
    k->length = given->length, k->inverse_head = inverse.high, k->inverse_tail = inverse.low;
    k->early = (struct cubic_end){in_units(given->first, k->unit), last - first, slope, other};
    k->late = (struct cubic_end){in_units(given->last, k->unit), first - last, -other, -slope};
}

LRVEC_INLINE struct cubic_end cubic_end_scaled(struct cubic_end end, double scale) {
    return (struct cubic_end){end.rate, end.rise * scale, end.slope * scale, end.other * scale};
}

/* The line's paths. */
LRVEC_INLINE int cubic_path(const struct cubic *k, struct cubic *own, double least, double greatest) {
    if (!is_moderate(k->exponent)) return ANY;
    own->early = cubic_end_scaled(k->early, k->scale), own->late = cubic_end_scaled(k->late, k->scale);
    return half_of(k->length, least, greatest);
}

/* Error 2.5 ulp of the greatest of the rates, their difference and the slopes (first 0.8924819552619139, last -0.6176015348397056,
   length 37, first_slope 0, last_slope 0.8169684055623996, step 19). */
LRVEC_INLINE double cubic_from(const struct cubic *k, const struct cubic_end *end, double steps, double scale, double unit) {
    const double u = steps * k->inverse_head + steps * k->inverse_tail, v = 1.0 - u;
    const double way = end->rise * ((u * u) * (3.0 - 2.0 * u)) + (u * v) * (end->slope * v - end->other * u);
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
