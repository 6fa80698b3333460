/* Constant: value. */

struct constant {
    double value;
};

#define constant_PATHS 1

LRVEC_INLINE void constant_prepare(struct constant *k, const double *p) { k->value = p[0]; }

LRVEC_INLINE int constant_path(struct constant *k, double least, double greatest) {
    (void)k, (void)least, (void)greatest;
    return ANY;
}

static inline double constant_stretch(const struct constant *k, double step) {
    (void)k, (void)step;
    return ENDLESS;
}

LRVEC_INLINE double constant_value(const struct constant *k, double step, int path) {
    (void)step, (void)path;
    return k->value;
}

ONCE(constant)
