/* One minus sqrt: last + (first - last) (1 - sqrt(step / length)).
   In the first quarter it is first - (first - last) sqrt(step / length). After that it is last + m F / (sqrt(length) + sqrt(step)),
   with m the steps that remain and F = (first - last) / sqrt(length). */

struct one_minus_sqrt {
    double first, last, length;
    double root, root_low;        /* sqrt(length) = root + root_low */
    double fall_head, fall_tail;  /* F / scale */
    double exponent, scale, unit; /* scale = 2^exponent, in units */
};

LRVEC_INLINE void one_minus_sqrt_prepare(struct one_minus_sqrt *k, const struct one_minus_sqrt_parameters *given) {
    const pair difference = difference_of(given->last, given->first, &k->exponent, &k->unit), root = pair_sqrt(given->length);
    const pair fall = divide_headed_pairs(difference, headed(root));
    k->scale = scale_of(k->exponent);
    k->first = in_units(given->first, k->unit), k->last = in_units(given->last, k->unit), k->length = given->length;
    k->root = root.high, k->root_low = root.low;
    k->fall_head = fall.high, k->fall_tail = fall.low;
}

/* The line's paths, with the first quarter for the first half. */
LRVEC_INLINE int one_minus_sqrt_path(const struct one_minus_sqrt *k, struct one_minus_sqrt *own, double least, double greatest) {
    if (!is_moderate(k->exponent)) return ANY;
    own->fall_head = k->fall_head * k->scale, own->fall_tail = k->fall_tail * k->scale;
    return 4.0 * greatest < k->length ? EARLY : 4.0 * least >= k->length ? LATE : BOTH;
}

/* The sum of the roots includes what their rounding leaves out. Error 3.2 ulp (first 6.3e-11, last 0.217, length 4,289,268,958,
   step 342,396,811). */
LRVEC_INLINE double one_minus_sqrt_value(const struct one_minus_sqrt *k, double step, int path) {
    double correction;
    const double root = step * inverse_sqrt_of(step, &correction), more = root * correction, whole = root + more;
    const int early = path == ANY || path == BOTH ? 4.0 * step < k->length : path == EARLY;
    const double remaining = k->length - step, head = head_of(remaining);
    const pair sum = quick_sum(k->root, root);
    const double way = head * k->fall_head + (head * k->fall_tail + (remaining - head) * (k->fall_head + k->fall_tail));
    const double left = way / (sum.high + (sum.low + (more + k->root_low)));
    const double fallen = whole * k->fall_head + whole * k->fall_tail, scale = path == ANY ? k->scale : 1.0;
    return (early ? k->first - fallen * scale : k->last + left * scale) * (path == ANY ? k->unit : 1.0);
}

/* Rounded once, at the end. */
static inline double one_minus_sqrt_precise(const struct one_minus_sqrt_parameters *given, double step) {
    double exponent, unit;
    const pair difference = difference_of(given->last, given->first, &exponent, &unit), rest = {given->length - step, 0.0};
    const pair whole = pair_sqrt(given->length), part = step > 0.0 ? pair_sqrt(step) : (pair){0.0, 0.0};
    const pair sum = quick_sum(whole.high, part.high), both = {sum.high, sum.low + (whole.low + part.low)};
    if (4.0 * step >= given->length)
        return anchored(given->last, divide_pairs(multiply_pairs(difference, rest), multiply_pairs(whole, both)), exponent, unit);
    const pair fallen = multiply_pairs(difference, divide_pairs(part, whole));
    return anchored(given->first, (pair){-fallen.high, -fallen.low}, exponent, unit);
}
