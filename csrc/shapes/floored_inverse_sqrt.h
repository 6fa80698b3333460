/* Inverse square root down to a floor: the greater of peak sqrt(peak_step / step) and floor, for step >= peak_step > 0;
   the floor where both are the same number. The error is that of the inverse square root. */

struct floored_inverse_sqrt {
    struct inverse_sqrt curve;
    double floor;
};

LRVEC_INLINE void floored_inverse_sqrt_prepare(struct floored_inverse_sqrt *k,
                                               const struct floored_inverse_sqrt_parameters *given) {
    const struct inverse_sqrt_parameters curve = {.peak = given->peak, .peak_step = given->peak_step};
    inverse_sqrt_prepare(&k->curve, &curve);
    k->floor = given->floor;
}

LRVEC_INLINE double floored_inverse_sqrt_value(const struct floored_inverse_sqrt *k, double step) {
    const double value = inverse_sqrt_value(&k->curve, step);
    return value > k->floor ? value : k->floor;
}
