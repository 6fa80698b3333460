/* Line: first + (last - first) step / length. */

struct line {
    double first, last, length;
    double slope_head, slope_tail;    /* (last - first) / length / scale */
    double exponent, scale, unit;     /* scale = 2^exponent, in units */
};

enum { EARLY = 1, LATE = 2, BOTH = 3 }; /* all steps in the first half; all in the second; in either. The scale is 1 */

LRVEC_INLINE void line_prepare(struct line *k, const struct line_parameters *given) {
    const pair difference = difference_of(given->first, given->last, &k->exponent, &k->unit);
    k->scale = scale_of(k->exponent);
    k->first = in_units(given->first, k->unit), k->last = in_units(given->last, k->unit), k->length = given->length;
    const pair slope = divide_headed(difference, k->length);
    k->slope_head = slope.high, k->slope_tail = slope.low;
}

LRVEC_INLINE int half_of(double length, double least, double greatest) {
    return greatest <= length - greatest ? EARLY : least > length - least ? LATE : BOTH;
}

LRVEC_INLINE int line_path(const struct line *k, struct line *own, double least, double greatest) {
    if (!is_moderate(k->exponent)) return ANY;
    own->slope_head = k->slope_head * k->scale, own->slope_tail = k->slope_tail * k->scale;
    return half_of(k->length, least, greatest);
}

LRVEC_INLINE double line_value(const struct line *k, double step, int path) {
    const double rest = k->length - step;
    const double nearer = path == EARLY ? step : path == LATE ? rest : minimum(step, rest);
    const double distance = (nearer * k->slope_head + nearer * k->slope_tail) * (path == ANY ? k->scale : 1.0);
    const int early = path == ANY || path == BOTH ? step <= rest : path == EARLY;
    return (early ? k->first + distance : k->last - distance) * (path == ANY ? k->unit : 1.0);
}
