/* Exponential: first factor^(step / steps_per_factor); a negative factor takes steps_per_factor = 1. */

struct exponential {
    double mantissa, exponent; /* first = mantissa * 2^exponent */
    double factor;
    struct growth growth;
    double scaled; /* first times the one power of two of all steps */
};

LRVEC_INLINE void exponential_prepare(struct exponential *k, const struct exponential_parameters *given) {
    k->mantissa = split_exponent(given->first, &k->exponent);
    k->factor = given->factor;
    growth_prepare(&k->growth, given->factor, given->steps_per_factor);
}

LRVEC_INLINE int exponential_path(const struct exponential *k, struct exponential *own, double least, double greatest) {
    const int path = growth_path(&k->growth, &own->growth, k->exponent, least, greatest);
    if (path == ONE_OCTAVE) own->scaled = k->mantissa * two_to_the(own->growth.octave + k->exponent);
    return path;
}

LRVEC_INLINE double exponential_link(const struct exponential *k, double step) { return rest_in_octave(&k->growth, step); }

LRVEC_INLINE double exponential_linked(const struct exponential *k, double step, double rest, int path) {
    (void)step, (void)path;
    return grown(WHOLE(k->scaled), rest);
}

LRVEC_INLINE double exponential_value(const struct exponential *k, double step, int path) {
    if (path == ONE_OCTAVE) return exponential_linked(k, step, exponential_link(k, step), path);
    return grow(&k->growth, WHOLE(k->mantissa), k->exponent, step, path);
}

LRVEC_INLINE double exponential_once(const struct exponential_parameters *given, double step) {
    struct exponential k;
    exponential_prepare(&k, given);
    return exponential_value(&k, step, ANY);
}

/* Usual are steps below 2^27, a positive normal factor, and values within 2^900 of first. |log2(factor)| is bounded by the octave, and
   by 2 |factor - 1| from 1/2 on. */
LRVEC_INLINE uint64_t exponential_unusual(const struct exponential_parameters *given, double step) {
    const double factor = given->factor, steps = given->steps_per_factor, octaves = 1.0 + absolute(double_of(bits_of(factor) >> 52) - 1023.0);
    const double most = factor < 0.5 ? octaves : minimum(octaves, 2.0 * absolute(factor - 1.0));
    const uint64_t near = exceeds(0x1p27, step) & exceeds(900.0 * steps, most * step);
    return (~near | bits_of(factor) | exceeds(0x1p-1022, factor) | immoderate(given->first)) & TOP_BIT;
}

LRVEC_INLINE void exponential_keep(pair logarithm, double *rate) {
    const pair parts = headed(logarithm);
    rate[0] = logarithm.high, rate[1] = parts.high, rate[2] = parts.low;
}

LRVEC_INLINE void exponential_first(const struct exponential_parameters *given, double step, double *rate) {
    (void)step;
    exponential_keep(growth_rate(given->factor, given->steps_per_factor), rate);
}

/* Easy are those whose factor is one of each step, and near 1. Then |log2(factor)| is below 3 |factor - 1|. */
LRVEC_INLINE uint64_t exponential_uneasy(const struct exponential_parameters *given, double step) {
    const double distance = absolute(given->factor - 1.0);
    const uint64_t near = exceeds(0x1p27, step) & exceeds(NEAR_ONE, distance) & exceeds(900.0, 3.0 * distance * step);
    return ((~near | immoderate(given->first)) & TOP_BIT) | (bits_of(given->steps_per_factor) ^ bits_of(1.0));
}

LRVEC_INLINE void exponential_easy_first(const struct exponential_parameters *given, double step, double *rate) {
    (void)step;
    exponential_keep(log2_near_one(given->factor - 1.0, 0.0), rate);
}

LRVEC_INLINE void exponential_second(const struct exponential_parameters *given, double step, const double *rate,
                                     double *found) {
    (void)given;
    found[0] = round_to_integer(step * rate[0]);
    found[1] = (step * rate[1] - found[0]) + step * rate[2];
}

LRVEC_INLINE double exponential_third(const struct exponential_parameters *given, double step, const double *rate,
                                      const double *found) {
    (void)step, (void)rate;
    return (given->first + given->first * exp2_minus_one(found[1])) * two_to_the(found[0]);
}

static inline double exponential_turn(const struct exponential *k, double step, int smooth) {
    (void)smooth;
    return growth_turn(&k->growth, step, 1.0, 1.0);
}

static inline struct cycle exponential_cycle(const struct exponential *k) {
    return k->growth.alternates ? (struct cycle){1.0, {k->factor, 0.0}, 0.0} : NO_CYCLE;
}
