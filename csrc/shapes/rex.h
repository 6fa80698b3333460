/* REX: last + (first - last) (1 - u) / (1 - u + beta u), for u = step / length and beta > 0.
   With m the steps that remain, the weight of first is m / (m + beta step), and that of last beta step / (m + beta step). The
   curve is measured from the end of the greater weight. */

struct rex {
    double first, last, length, beta;
    double fall_head, fall_tail; /* (last - first) / scale */
    double rise_head, rise_tail; /* that times beta */
    double exponent, scale, unit; /* scale = 2^exponent, in units */
    double slope;                /* (last - first) beta length over half a part / scale */
    int is_usual;                /* whether values stay normal in all that is done to them */
    struct zone zone;
};

LRVEC_INLINE void rex_prepare(struct rex *k, const struct rex_parameters *given) {
    const pair difference = difference_of(given->first, given->last, &k->exponent, &k->unit);
    const double large = given->beta > 0x1p900 ? 0x1p-124 : 1.0; /* beta itself is large enough then */
    const pair fall = headed(difference), rise = headed(multiply_pairs(difference, (pair){given->beta * large, 0.0}));
    k->scale = scale_of(k->exponent);
    k->first = in_units(given->first, k->unit), k->last = in_units(given->last, k->unit), k->length = given->length;
    k->beta = given->beta * large;
    k->fall_head = fall.high, k->fall_tail = fall.low, k->rise_head = rise.high, k->rise_tail = rise.low;
    k->slope = HALF_PART * k->length * (rise.high + rise.low);
    k->is_usual = is_moderate(k->exponent) && k->beta <= 0x1p100 && k->beta > FAINT;
    k->zone = k->is_usual ? zone_of(FAR * HALF_PART, k->length - FAR * HALF_PART) : NO_ZONE;
}

enum { MODERATE = 1, EXPANDED_REX = 2 };

LRVEC_INLINE int rex_path(const struct rex *k, struct rex *own, double least, double greatest) {
    const int within = is_within(&k->zone, least, greatest);
    if (!k->is_usual || !(within || is_outside(&k->zone, least, greatest))) return ANY;
    own->fall_head = k->fall_head * k->scale, own->fall_tail = k->fall_tail * k->scale;
    own->rise_head = k->rise_head * k->scale, own->rise_tail = k->rise_tail * k->scale;
    own->slope = k->slope * k->scale;
    return within ? EXPANDED_REX : MODERATE;
}

static inline double rex_stretch(const struct rex *k, double step) { return left_in_zone(&k->zone, step, ENDLESS); }

/* The divisor is a pair; what its rounding left out is a few u of it at most, so a rough reciprocal is enough for it. The
   curve's slope is (last - first) beta length / divisor^2, and the divisor is a line. */
LRVEC_INLINE struct expansion rex_expand(const struct rex *k, double step, int path) {
    const double rest = k->length - step, scale = path == ANY ? k->scale : 1.0;
    const pair product = product_of(k->beta, step), sum = sum_of(rest, product.high);
    const double low = sum.low + product.low, rough = from_bits(UINT64_C(0x7fde623822835eea) - bits_of(sum.high));
    const int late = rest < product.high;
    const double part = late ? rest : step;
    const double head = late ? k->fall_head : k->rise_head, tail = late ? k->fall_tail : k->rise_tail;
    const double quotient = (part * head + part * tail) / sum.high;
    const double way = (quotient - quotient * (low * rough)) * scale;
    const pair rate = sum_of(late ? k->last : k->first, negated_if(late, way));
    const double inverse = 1.0 / sum.high, ratio = HALF_PART * (1.0 - k->beta) * inverse;
    struct expansion found = {rate.high, rate.low, {k->slope * scale * inverse * inverse}};
    LRVEC_UNROLL
    for (int n = 1; n < TERMS; n++) found.terms[n] = found.terms[n - 1] * ratio;
    return found;
}

IN_PARTS(rex)
OUTSIDE_PARTS(rex)

LRVEC_INLINE double rex_value(const struct rex *k, double step, int path) {
    return path == MODERATE ? rex_expand(k, step, path).high : rex_in_parts(k, step, path, path == EXPANDED_REX);
}
