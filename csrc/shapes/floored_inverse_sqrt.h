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

/* The curve bends where it meets the floor. A step that may be next to the bend is a piece of its own. */
static inline double floored_inverse_sqrt_turn(const struct floored_inverse_sqrt *k, double step, int smooth) {
    const double ratio = k->whole * k->scale / k->floor, bend = ratio * ratio;
    if (!smooth || !(ratio > 0.0) || step > bend * (1.0 + 0x1p-48) + 1.0) return ENDLESS;
    return maximum(floored(minimum(bend, ENDLESS) * (1.0 - 0x1p-48)) - step, 1.0);
}

static inline struct cycle floored_inverse_sqrt_cycle(const struct floored_inverse_sqrt *k) {
    (void)k;
    return NO_CYCLE;
}
