/* Placed half cosine: last + (first - last) (1 + cos(pi (step - begin) / (end - begin))) / 2, for begin <= step <= end, which are
   positions as those of a placed line. */

struct placed_half_cosine {
    struct half_cosine wave;
    double begin, end;
};

LRVEC_INLINE void placed_half_cosine_prepare(struct placed_half_cosine *k, const struct placed_half_cosine_parameters *given) {
    k->begin = given->begin, k->end = given->end;
    half_cosine_prepare_over(&k->wave, given->first, given->last, sum_of(k->end, -k->begin));
}

LRVEC_INLINE int placed_half_cosine_path(const struct placed_half_cosine *k, struct placed_half_cosine *own, double least,
                                         double greatest) {
    if (!half_cosine_is_scaled(&k->wave, &own->wave)) return ANY;
    return k->wave.usual ? placed_half_of(k->begin, k->end, least, greatest) : OTHER_WAVE;
}

static inline double placed_half_cosine_stretch(const struct placed_half_cosine *k, double step) {
    const double middle = k->begin + 0.5 * (k->end - k->begin);
    return step <= middle ? (double)(int64_t)(middle - step) + 1.0 : k->end - step;
}

LRVEC_INLINE const struct half_cosine *placed_half_cosine_wave(const struct placed_half_cosine *k) { return &k->wave; }

LRVEC_INLINE struct ends placed_half_cosine_ends(const struct placed_half_cosine *k, double step, int path) {
    (void)path;
    return (struct ends){step - k->begin, k->end - step};
}

LRVEC_INLINE double placed_half_cosine_value(const struct placed_half_cosine *k, double step, int path) {
    return half_cosine_in(&k->wave, placed_half_cosine_ends(k, step, path), path);
}

LRVEC_INLINE double placed_half_cosine_once(const struct placed_half_cosine_parameters *given, double step) {
    struct placed_half_cosine k;
    placed_half_cosine_prepare(&k, given);
    return half_cosine_between(&k.wave, placed_half_cosine_ends(&k, step, ANY), ANY, MIXED);
}
