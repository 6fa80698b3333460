/* Halving: last + (first - last) (2^(1 - step / length) - 1).
   An exponential that halves from 2 to 1, less 1. In the first half, where it has fallen by 2 (1 - 2^(-step / length)), the
   end that the rate is nearer to changes. */

struct halving {
    double first, last, length;
    double inverse_high, inverse_low;       /* 1 / length */
    double difference_high, difference_low; /* (first - last) / scale */
    double scale;
};

#define halving_PATHS 3 /* as the line's */

LRVEC_INLINE void halving_prepare(struct halving *k, const double *p) {
    k->first = p[0], k->last = p[1], k->length = p[2];
    double exponent;
    const pair difference = difference_of(k->last, k->first, &exponent);
    const pair inverse = divide_pairs((pair){1.0, 0.0}, (pair){k->length, 0.0});
    k->inverse_high = inverse.high, k->inverse_low = inverse.low;
    k->difference_high = difference.high, k->difference_low = difference.low;
    k->scale = scale_of(exponent);
}

LRVEC_INLINE int halving_path(struct halving *k, double least, double greatest) {
    return half_of(k->length, least, greatest);
}

static inline double halving_stretch(const struct halving *k, double step) {
    (void)k, (void)step;
    return ENDLESS;
}

LRVEC_INLINE double halving_value(const struct halving *k, double step, int path) {
    const double rest = k->length - step;
    const int early = path == ANY ? step <= rest : path == EARLY;
    const double signed_part = early ? -step : rest;
    const double part = signed_part * k->inverse_high + signed_part * k->inverse_low;
    const double excess = exp2_minus_one(part);
    const int near_first = early && excess >= -0.25;
    const double weight = !early ? excess : near_first ? 2.0 * excess : 1.0 + 2.0 * excess;
    const double distance = (weight * k->difference_high + weight * k->difference_low) * k->scale;
    return (near_first ? k->first : k->last) + distance;
}

ONCE(halving)
