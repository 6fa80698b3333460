/* Hyperbola: first - (first - last) (f(0) - f(step)) with f(s) = sqrt((length - s) (2 bound - length - s)) / bound, for a bound of
   the length at least.
   The weight of first is K + f(step) with K = 1 - f(0) = (bound - length)^2 / (bound (bound + bound f(0))), and the curve is
   measured from last where that is not near 1. Else it falls by
   (first - last) step (2 bound - step) / (bound (bound f(0) + bound f(step))). */

struct hyperbola {
    double first, last, length, bound;
    double root;                 /* bound f(0) */
    pair fall;                   /* (first - last) / bound, a head and a tail, over 2^exponent */
    pair still;                  /* (first - last) K, over 2^exponent */
    double turn;                 /* up to this step the curve is measured from first */
    double exponent, scale, unit; /* the rates are in units; scale = 2^exponent */
    struct zone zone;
};

enum { BEFORE_TURN = 1, BEHIND_TURN = 2, EXPANDED_HYPERBOLA = 3 };

LRVEC_INLINE void hyperbola_prepare(struct hyperbola *k, const struct hyperbola_parameters *given) {
    const pair difference = difference_of(given->last, given->first, &k->exponent, &k->unit);
    k->scale = scale_of(k->exponent);
    k->first = in_units(given->first, k->unit), k->last = in_units(given->last, k->unit);
    k->length = given->length, k->bound = given->bound;
    k->fall = divide_headed(difference, k->bound);
    const double beyond = k->bound - k->length;
    k->root = sqrt(k->length * (beyond + k->bound));
    const pair more = divide_pairs(product_of(beyond, beyond), product_of(k->bound, k->bound + k->root));
    k->still = multiply_pairs(difference, more);
    k->turn = more.high < 0.75 ? 0.4 * k->length : k->length;
    k->zone = is_moderate(k->exponent) ? zone_of(FAR * HALF_PART, k->length - FAR * HALF_PART) : NO_ZONE;
}

LRVEC_INLINE int hyperbola_path(const struct hyperbola *k, struct hyperbola *own, double least, double greatest) {
    const int within = is_within(&k->zone, least, greatest), crosses = least <= k->turn && greatest > k->turn;
    if (!is_moderate(k->exponent) || !(within || (is_outside(&k->zone, least, greatest) && !crosses))) return ANY;
    own->fall.high = k->fall.high * k->scale, own->fall.low = k->fall.low * k->scale;
    own->still.high = k->still.high * k->scale, own->still.low = k->still.low * k->scale;
    return within ? EXPANDED_HYPERBOLA : least <= k->turn ? BEFORE_TURN : BEHIND_TURN;
}

static inline double hyperbola_stretch(const struct hyperbola *k, double step) { return left_in_zone(&k->zone, step, ENDLESS); }

/* The terms are those of f: at a distance d from the middle, (length - s) (2 bound - length - s) goes by -d (2 bound - 2 s) + d^2. */
LRVEC_INLINE struct expansion hyperbola_expand(const struct hyperbola *k, double step, int path) {
    const double rest = k->length - step, other = (k->bound - k->length) + (k->bound - step), product = rest * other;
    const double root = sqrt(product), scale = path == ANY ? k->scale : 1.0;
    const double part = step / (k->root + root) * (k->bound + (k->bound - step));
    const double fallen = (part * k->fall.high + part * k->fall.low) * scale;
    const double left = (k->still.high + (root * k->fall.high + (root * k->fall.low + k->still.low))) * scale;
    const int early = path == ANY || path == EXPANDED_HYPERBOLA ? step <= k->turn : path == BEFORE_TURN;
    const pair rate = sum_of(early ? k->first : k->last, early ? -fallen : left);
    struct expansion found = {rate.high, rate.low, {0.0}};
    const double share = HALF_PART / product;
    terms_of_power(root * (k->fall.high + k->fall.low) * scale, -(rest + other) * share, HALF_PART * share, 0.5, found.terms);
    return found;
}

IN_PARTS(hyperbola)
OUTSIDE_PARTS(hyperbola)

LRVEC_INLINE double hyperbola_value(const struct hyperbola *k, double step, int path) {
    if (path == BEFORE_TURN || path == BEHIND_TURN) return hyperbola_expand(k, step, path).high;
    return hyperbola_in_parts(k, step, path, path == EXPANDED_HYPERBOLA);
}
