/* Line: first + (last - first) step / length. */

struct line {
    double first, last, length;
    double slope_head, slope_tail;    /* (last - first) / length / scale */
    double exponent, scale, unit;     /* scale = 2^exponent, in units */
};

enum { EARLY = 1, LATE = 2, BOTH = 3 }; /* all steps in the first half; all in the second; in either. The scale is 1 */

LRVEC_INLINE void line_prepare_over(struct line *k, double first, double last, pair length) {
    const pair difference = difference_of(first, last, &k->exponent, &k->unit);
    k->scale = scale_of(k->exponent);
    k->first = in_units(first, k->unit), k->last = in_units(last, k->unit), k->length = length.high;
    const pair slope = divide_headed_pairs(difference, headed(length));
    k->slope_head = slope.high, k->slope_tail = slope.low;
}

LRVEC_INLINE void line_prepare(struct line *k, const struct line_parameters *given) {
    line_prepare_over(k, given->first, given->last, (pair){given->length, 0.0});
}

LRVEC_INLINE int half_of(double length, double least, double greatest) {
    return greatest <= length - greatest ? EARLY : least > length - least ? LATE : BOTH;
}

/* Takes the scale into the block's own copy, if that can be. */
LRVEC_INLINE int line_is_scaled(const struct line *k, struct line *own) {
    own->slope_head = k->slope_head * k->scale, own->slope_tail = k->slope_tail * k->scale;
    return is_moderate(k->exponent);
}

LRVEC_INLINE int line_path(const struct line *k, struct line *own, double least, double greatest) {
    return line_is_scaled(k, own) ? half_of(k->length, least, greatest) : ANY;
}

/* The value at a step from the first rate, and at a rest from the last one. */
LRVEC_INLINE double line_between(const struct line *k, double step, double rest, int path) {
    const double nearer = path == EARLY ? step : path == LATE ? rest : minimum(step, rest);
    const double distance = (nearer * k->slope_head + nearer * k->slope_tail) * (path == ANY ? k->scale : 1.0);
    const int early = path == ANY || path == BOTH ? step <= rest : path == EARLY;
    return (early ? k->first + distance : k->last - distance) * (path == ANY ? k->unit : 1.0);
}

LRVEC_INLINE double line_value(const struct line *k, double step, int path) {
    return line_between(k, step, k->length - step, path);
}
