/* Exponential: first factor^(step / steps_per_factor); a negative factor takes steps_per_factor = 1. */

struct exponential {
    double mantissa, exponent; /* first = mantissa * 2^exponent */
    struct growth growth;
};

#define exponential_PATHS 3

LRVEC_INLINE void exponential_prepare(struct exponential *k, const double *p) {
    k->mantissa = split_exponent(p[0], &k->exponent);
    growth_prepare(&k->growth, p[1], p[2]);
}

LRVEC_INLINE int exponential_path(struct exponential *k, double least, double greatest) {
    return growth_path(&k->growth, k->exponent, least, greatest);
}

static inline double exponential_stretch(const struct exponential *k, double step) {
    (void)k, (void)step;
    return ENDLESS;
}

LRVEC_INLINE double exponential_value(const struct exponential *k, double step, int path) {
    return grow(&k->growth, WHOLE(k->mantissa), k->exponent, step, path);
}

ONCE(exponential)

/* Steps below 2^27 of a factor next to 1, where |log2(factor)| <= 3 |factor - 1|, that stay within 2^900 of first. */
LRVEC_INLINE uint64_t exponential_unusual(const double *p, double step) {
    const double distance = absolute(p[1] - 1.0);
    const uint64_t near = exceeds(0x1p27, step) & exceeds(NEAR_ONE, distance) & exceeds(900.0, 3.0 * distance * step);
    return ((~near | immoderate(p[0])) & TOP_BIT) | (bits_of(p[2]) ^ bits_of(1.0));
}

LRVEC_INLINE void exponential_first(const double *p, double step, double *rate) {
    (void)step;
    const pair logarithm = log2_near_one(p[1] - 1.0, 0.0), parts = headed(logarithm);
    rate[0] = logarithm.high, rate[1] = parts.high, rate[2] = parts.low;
}

LRVEC_INLINE void exponential_second(const double *p, double step, const double *rate, double *found) {
    (void)p;
    found[0] = round_to_integer(step * rate[0]);
    found[1] = (step * rate[1] - found[0]) + step * rate[2];
}

LRVEC_INLINE double exponential_third(const double *p, double step, const double *rate, const double *found) {
    (void)step, (void)rate;
    return (p[0] + p[0] * exp2_minus_one(found[1])) * two_to_the(found[0]);
}
