/* Inverse square root: peak sqrt(peak_step / step), for step >= peak_step > 0. */

struct inverse_sqrt {
    double whole, head, tail, scale; /* whole = head + tail = peak sqrt(peak_step) / scale */
};

#define inverse_sqrt_PATHS 1

LRVEC_INLINE void inverse_sqrt_prepare(struct inverse_sqrt *k, const double *p) {
    double exponent;
    const double mantissa = split_exponent(p[0], &exponent);
    const pair whole = multiply_pairs(pair_sqrt(p[1]), (pair){mantissa, 0.0});
    const pair parts = headed(whole);
    k->whole = whole.high, k->head = parts.high, k->tail = parts.low;
    k->scale = scale_of(exponent);
}

LRVEC_INLINE int inverse_sqrt_path(struct inverse_sqrt *k, double least, double greatest) {
    (void)k, (void)least, (void)greatest;
    return ANY;
}

static inline double inverse_sqrt_stretch(const struct inverse_sqrt *k, double step) {
    (void)k, (void)step;
    return ENDLESS;
}

LRVEC_INLINE double inverse_sqrt_value(const struct inverse_sqrt *k, double step, int path) {
    (void)path;
    double correction;
    const double root = inverse_sqrt_of(step, &correction);
    return (root * k->head + (root * k->tail + root * k->whole * correction)) * k->scale;
}

ONCE(inverse_sqrt)
