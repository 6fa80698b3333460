/* Inverse square root down to a floor: the greater of peak sqrt(peak_step / step) and floor, for step >= peak_step > 0;
   the floor where both are the same number. */

struct floored_inverse_sqrt {
    double whole, head, tail, scale; /* whole = head + tail = peak sqrt(peak_step) / scale */
    double floor;
};

LRVEC_INLINE void floored_inverse_sqrt_prepare(struct floored_inverse_sqrt *k,
                                               const struct floored_inverse_sqrt_parameters *given) {
    double exponent;
    const double mantissa = split_exponent(given->peak, &exponent);
    const pair whole = multiply_pairs(pair_sqrt(given->peak_step), (pair){mantissa, 0.0});
    const pair parts = headed(whole);
    k->whole = whole.high, k->head = parts.high, k->tail = parts.low;
    k->scale = scale_of(exponent);
    k->floor = given->floor;
}

LRVEC_INLINE double floored_inverse_sqrt_value(const struct floored_inverse_sqrt *k, double step) {
    double correction;
    const double root = inverse_sqrt_of(step, &correction);
    const double value = (root * k->head + (root * k->tail + root * k->whole * correction)) * k->scale;
    return value > k->floor ? value : k->floor;
}
