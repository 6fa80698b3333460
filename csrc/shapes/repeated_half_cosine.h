/* Repeated half cosine: the half cosine over step mod period. */

struct repeated_half_cosine {
    struct half_cosine wave;
    double inverse;     /* 1 / period */
    double cycle_start; /* of the one cycle that holds all steps */
};

#define repeated_half_cosine_PATHS 4
enum { ONE_CYCLE_EARLY = EARLY, ONE_CYCLE_LATE = LATE, SMALL_STEPS = BOTH };

LRVEC_INLINE void repeated_half_cosine_prepare(struct repeated_half_cosine *k, const double *p) {
    half_cosine_prepare(&k->wave, p);
    k->inverse = 1.0 / p[2];
}

LRVEC_INLINE int repeated_half_cosine_path(struct repeated_half_cosine *k, double least, double greatest) {
    const division from = divide(least, k->wave.length, k->inverse, 0), to = divide(greatest, k->wave.length, k->inverse, 0);
    k->cycle_start = least - from.remainder;
    const int half = half_cosine_path(&k->wave, from.remainder, to.remainder);
    return half != ANY && from.quotient == to.quotient && half != BOTH ? half : half != ANY && greatest < SMALL ? SMALL_STEPS : ANY;
}

static inline double repeated_half_cosine_stretch(const struct repeated_half_cosine *k, double step) {
    return half_cosine_stretch(&k->wave, divide(step, k->wave.length, k->inverse, 0).remainder);
}

LRVEC_INLINE double repeated_half_cosine_value(const struct repeated_half_cosine *k, double step, int path) {
    if (path == ONE_CYCLE_EARLY || path == ONE_CYCLE_LATE) return half_cosine_value(&k->wave, step - k->cycle_start, path);
    return half_cosine_value(&k->wave, divide(step, k->wave.length, k->inverse, path == SMALL_STEPS).remainder, path);
}

LRVEC_INLINE void repeated_half_cosine_coarse(const struct repeated_half_cosine *k, double coarse, int path, enum waves waves,
                                               double *found) {
    half_cosine_coarse(&k->wave, coarse, path, waves, found);
}

LRVEC_INLINE int repeated_half_cosine_usual(const struct repeated_half_cosine *k) { return k->wave.usual; }

LRVEC_INLINE double repeated_half_cosine_wave_length(const struct repeated_half_cosine *k) { return k->wave.length; }

LRVEC_INLINE void repeated_half_cosine_fine(const struct repeated_half_cosine *k, double fine, double *found) {
    half_cosine_fine(&k->wave, fine, found);
}

LRVEC_INLINE double repeated_half_cosine_clock(const struct repeated_half_cosine *k, double step, int path) {
    return half_cosine_clock(&k->wave, step - k->cycle_start, path);
}

LRVEC_INLINE double repeated_half_cosine_joined(const double *coarse, const double *fine) {
    return half_cosine_joined(coarse, fine);
}

LRVEC_INLINE double repeated_half_cosine_once(const double *p, double step) {
    struct repeated_half_cosine k;
    repeated_half_cosine_prepare(&k, p);
    return half_cosine_at(&k.wave, divide(step, k.wave.length, k.inverse, 0).remainder, ANY, MIXED);
}
