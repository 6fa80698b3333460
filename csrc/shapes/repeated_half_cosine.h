/* Repeated half cosine: the half cosine over step mod period. */

struct repeated_half_cosine {
    struct half_cosine wave;
    double inverse;     /* 1 / period */
    double cycle_start; /* of the one cycle that holds all steps */
};

enum { ONE_CYCLE_EARLY = EARLY, ONE_CYCLE_LATE = LATE, SMALL_STEPS = BOTH };

LRVEC_INLINE void repeated_half_cosine_prepare(struct repeated_half_cosine *k,
                                               const struct repeated_half_cosine_parameters *given) {
    const struct half_cosine_parameters wave = {.first = given->first, .last = given->last, .length = given->period};
    half_cosine_prepare(&k->wave, &wave);
    k->inverse = 1.0 / given->period;
}

LRVEC_INLINE int repeated_half_cosine_path(const struct repeated_half_cosine *k, struct repeated_half_cosine *own, double least,
                                           double greatest) {
    const division from = divide(least, k->wave.length, k->inverse, 0), to = divide(greatest, k->wave.length, k->inverse, 0);
    own->cycle_start = least - from.remainder;
    const int half = half_cosine_path(&k->wave, &own->wave, from.remainder, to.remainder);
    if ((half == EARLY || half == LATE) && from.quotient == to.quotient) return half;
    return half == ANY || greatest >= SMALL ? ANY : half == OTHER_WAVE ? OTHER_WAVE : SMALL_STEPS;
}

static inline double repeated_half_cosine_stretch(const struct repeated_half_cosine *k, double step) {
    return half_cosine_stretch(&k->wave, divide(step, k->wave.length, k->inverse, 0).remainder);
}

LRVEC_INLINE const struct half_cosine *repeated_half_cosine_wave(const struct repeated_half_cosine *k) { return &k->wave; }

LRVEC_INLINE struct ends repeated_half_cosine_ends(const struct repeated_half_cosine *k, double step, int path) {
    const int in_one = path == ONE_CYCLE_EARLY || path == ONE_CYCLE_LATE;
    const double own = in_one ? step - k->cycle_start : divide(step, k->wave.length, k->inverse, path != ANY).remainder;
    return half_cosine_ends(&k->wave, own, path);
}

LRVEC_INLINE double repeated_half_cosine_value(const struct repeated_half_cosine *k, double step, int path) {
    return half_cosine_in(&k->wave, repeated_half_cosine_ends(k, step, path), path);
}

LRVEC_INLINE double repeated_half_cosine_once(const struct repeated_half_cosine_parameters *given, double step) {
    struct repeated_half_cosine k;
    repeated_half_cosine_prepare(&k, given);
    const double own_step = divide(step, k.wave.length, k.inverse, 0).remainder;
    return half_cosine_between(&k.wave, half_cosine_ends(&k.wave, own_step, ANY), ANY, MIXED);
}

static inline double repeated_half_cosine_turn(const struct repeated_half_cosine *k, double step, int smooth) {
    (void)smooth;
    return k->wave.length - divide(step, k->wave.length, k->inverse, 0).remainder;
}

static inline struct cycle repeated_half_cosine_cycle(const struct repeated_half_cosine *k) {
    return (struct cycle){k->wave.length, {1.0, 0.0}, 0.0};
}
