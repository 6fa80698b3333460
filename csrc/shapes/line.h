/* Line: first + (last - first) step / length. */

struct line {
    double first, last, length;
    double slope_head, slope_tail;    /* (last - first) / length / scale */
    double mantissa, exponent, scale; /* last - first = mantissa * scale, scale = 2^exponent */
};

#define line_PATHS 3
enum { EARLY = 1, LATE = 2 }; /* all steps in the first half; all in the second */

LRVEC_INLINE void line_prepare(struct line *k, const double *p) {
    k->first = p[0], k->last = p[1], k->length = p[2];
    const pair difference = difference_of(k->first, k->last, &k->exponent);
    const pair slope = divide_headed(difference, k->length);
    k->slope_head = slope.high, k->slope_tail = slope.low;
    k->mantissa = difference.high;
    k->scale = scale_of(k->exponent);
}

LRVEC_INLINE int half_of(double length, double least, double greatest) {
    return greatest <= length - greatest ? EARLY : least > length - least ? LATE : ANY;
}

LRVEC_INLINE int line_path(struct line *k, double least, double greatest) {
    if (!is_moderate(k->exponent)) return ANY;
    k->slope_head *= k->scale, k->slope_tail *= k->scale, k->mantissa *= k->scale, k->scale = 1.0;
    return half_of(k->length, least, greatest);
}

static inline double line_stretch(const struct line *k, double step) {
    (void)k, (void)step;
    return ENDLESS;
}

LRVEC_INLINE double line_value(const struct line *k, double step, int path) {
    const double rest = k->length - step;
    const double nearer = path == EARLY ? step : path == LATE ? rest : minimum(step, rest);
    const double distance = (nearer * k->slope_head + nearer * k->slope_tail) * (path == ANY ? k->scale : 1.0);
    const int early = path == ANY ? step <= rest : path == EARLY;
    return early ? k->first + distance : k->last - distance;
}

ONCE(line)
