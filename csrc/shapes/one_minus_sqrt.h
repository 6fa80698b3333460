/* One minus sqrt: last + (first - last) (1 - sqrt(step / length)).
   In the first quarter sqrt(step / length) goes down from `first`; then 1 - sqrt(s / n) = (n - s) / (n + sqrt(n s)). */

struct one_minus_sqrt {
    double first, last, length, root;      /* root = sqrt(length) */
    double difference_high, difference_low; /* (first - last) / scale */
    double fall_high, fall_low;             /* that / root */
    double scale;
};

#define one_minus_sqrt_PATHS 3 /* EARLY: all steps in the first quarter; LATE: none */

LRVEC_INLINE void one_minus_sqrt_prepare(struct one_minus_sqrt *k, const double *p) {
    k->first = p[0], k->last = p[1], k->length = p[2];
    double exponent;
    const pair difference = difference_of(k->last, k->first, &exponent), root = pair_sqrt(k->length);
    const pair fall = divide_pairs(difference, root);
    k->root = root.high;
    k->difference_high = difference.high, k->difference_low = difference.low;
    k->fall_high = fall.high, k->fall_low = fall.low;
    k->scale = scale_of(exponent);
}

LRVEC_INLINE int one_minus_sqrt_path(struct one_minus_sqrt *k, double least, double greatest) {
    return 4.0 * greatest < k->length ? EARLY : 4.0 * least >= k->length ? LATE : ANY;
}

static inline double one_minus_sqrt_stretch(const struct one_minus_sqrt *k, double step) {
    (void)k, (void)step;
    return ENDLESS;
}

LRVEC_INLINE double one_minus_sqrt_value(const struct one_minus_sqrt *k, double step, int path) {
    const double root = sqrt_of(step);
    const int early = path == ANY ? 4.0 * step < k->length : path == EARLY;
    const double left = (k->length - step) / (k->length + root * k->root);
    const double fallen = (root * k->fall_high + root * k->fall_low) * k->scale;
    const double rest = (left * k->difference_high + left * k->difference_low) * k->scale;
    return early ? k->first - fallen : k->last + rest;
}

ONCE(one_minus_sqrt)
