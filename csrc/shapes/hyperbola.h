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
};

enum { BEFORE_TURN = 1, BEHIND_TURN = 2 };

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
}

LRVEC_INLINE int hyperbola_path(const struct hyperbola *k, struct hyperbola *own, double least, double greatest) {
    if (!is_moderate(k->exponent) || (least <= k->turn && greatest > k->turn)) return ANY;
    own->fall.high = k->fall.high * k->scale, own->fall.low = k->fall.low * k->scale;
    own->still.high = k->still.high * k->scale, own->still.low = k->still.low * k->scale;
    return least <= k->turn ? BEFORE_TURN : BEHIND_TURN;
}

LRVEC_INLINE double hyperbola_value(const struct hyperbola *k, double step, int path) {
    const double rest = k->length - step, other = (k->bound - k->length) + (k->bound - step);
    const double root = sqrt(rest * other), scale = path == ANY ? k->scale : 1.0;
    const double part = step / (k->root + root) * (k->bound + (k->bound - step));
    const double fallen = (part * k->fall.high + part * k->fall.low) * scale;
    const double left = (k->still.high + (root * k->fall.high + (root * k->fall.low + k->still.low))) * scale;
    const int early = path == ANY ? step <= k->turn : path == BEFORE_TURN;
    return (early ? k->first - fallen : k->last + left) * (path == ANY ? k->unit : 1.0);
}
