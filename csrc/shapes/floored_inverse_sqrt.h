/* Inverse square root down to a floor: the greater of peak sqrt(peak_step / step) and floor, for step >= peak_step > 0;
   the floor where both are the same number. The error is that of the inverse square root. */

struct floored_inverse_sqrt {
    struct inverse_sqrt curve;
    double floor;
};

#define floored_inverse_sqrt_PATHS 1

LRVEC_INLINE void floored_inverse_sqrt_prepare(struct floored_inverse_sqrt *k, const double *p) {
    const double curve[] = {p[0], p[2]};
    inverse_sqrt_prepare(&k->curve, curve);
    k->floor = p[1];
}

LRVEC_INLINE int floored_inverse_sqrt_path(struct floored_inverse_sqrt *k, double least, double greatest) {
    (void)k, (void)least, (void)greatest;
    return ANY;
}

static inline double floored_inverse_sqrt_stretch(const struct floored_inverse_sqrt *k, double step) {
    (void)k, (void)step;
    return ENDLESS;
}

LRVEC_INLINE double floored_inverse_sqrt_value(const struct floored_inverse_sqrt *k, double step, int path) {
    const double value = inverse_sqrt_value(&k->curve, step, path);
    return value > k->floor ? value : k->floor;
}

ONCE(floored_inverse_sqrt)
