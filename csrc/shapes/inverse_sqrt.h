/* Inverse square root: peak sqrt(peak_step / step), for step >= peak_step > 0. */

struct inverse_sqrt {
    double whole, head, tail, scale; /* whole = head + tail = peak sqrt(peak_step) / scale */
};

LRVEC_INLINE void inverse_sqrt_prepare(struct inverse_sqrt *k, const struct inverse_sqrt_parameters *given) {
    double exponent;
    const double mantissa = split_exponent(given->peak, &exponent);
    const pair whole = multiply_pairs(pair_sqrt(given->peak_step), (pair){mantissa, 0.0});
    const pair parts = headed(whole);
    k->whole = whole.high, k->head = parts.high, k->tail = parts.low;
    k->scale = scale_of(exponent);
}

LRVEC_INLINE double inverse_sqrt_value(const struct inverse_sqrt *k, double step) {
    double correction;
    const double root = inverse_sqrt_of(step, &correction);
    return (root * k->head + (root * k->tail + root * k->whole * correction)) * k->scale;
}
