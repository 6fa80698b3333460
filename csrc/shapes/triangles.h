/* Triangle: low + (high - low) height, where height climbs 0 ... 1 over half a period and falls back. */

struct triangle {
    struct line climb;
    double period, inverse;
    double cycle, sense, zero; /* the one slope of all steps: climbed = zero + sense * step */
};

enum { ONE_SLOPE = 1, SMALL_CYCLES = 2 };

LRVEC_INLINE void triangle_prepare(struct triangle *k, const struct triangle_parameters *given) {
    const struct line_parameters climb = {.first = given->low, .last = given->high, .length = given->half_period};
    line_prepare(&k->climb, &climb);
    k->period = 2.0 * given->half_period;
    k->inverse = 1.0 / k->period;
}

LRVEC_INLINE int triangle_path(const struct triangle *k, struct triangle *own, double least, double greatest) {
    const division from = divide(least, k->period, k->inverse, 0), to = divide(greatest, k->period, k->inverse, 0);
    if (greatest >= SMALL || line_path(&k->climb, &own->climb, 0.0, 0.0) == ANY) return ANY;
    const int climbs = to.remainder <= k->climb.length, falls = from.remainder >= k->climb.length;
    if (from.quotient != to.quotient || !(climbs || falls)) return SMALL_CYCLES;
    own->cycle = from.quotient;
    own->sense = climbs ? 1.0 : -1.0;
    own->zero = climbs ? from.remainder - least : k->period - from.remainder + least;
    return ONE_SLOPE;
}

static inline double triangle_stretch(const struct triangle *k, double step) {
    const double into = divide(step, k->period, k->inverse, 0).remainder;
    return into < k->climb.length ? k->climb.length - into : k->period - into;
}

/* The cycle, and in place of the remainder the steps climbed in it: 0 ... half a period. */
LRVEC_INLINE division triangle_climbed(const struct triangle *k, double step, int path) {
    if (path == ONE_SLOPE) return (division){k->cycle, k->zero + k->sense * step};
    const division cycle = divide(step, k->period, k->inverse, path == SMALL_CYCLES);
    return (division){cycle.quotient, minimum(cycle.remainder, k->period - cycle.remainder)};
}

LRVEC_INLINE double triangle_value(const struct triangle *k, double step, int path) {
    return line_value(&k->climb, triangle_climbed(k, step, path).remainder, path == ANY ? ANY : BOTH);
}

/* (high - low) height, without the scale of the climb, as high + low. */
LRVEC_INLINE pair triangle_height(const struct line *climb, double climbed) {
    return (pair){climbed * climb->slope_head, climbed * climb->slope_tail};
}

static inline double triangle_turn(const struct triangle *k, double step, int smooth) {
    (void)smooth;
    return triangle_stretch(k, step);
}

static inline struct cycle triangle_cycle(const struct triangle *k) {
    return (struct cycle){k->period, {1.0, 0.0}, 0.0};
}

/* ---- halving triangle: low + (high - low) height / 2^floor(step / period) ---- */

struct halving_triangle {
    struct triangle wave;
};

LRVEC_INLINE void halving_triangle_prepare(struct halving_triangle *k, const struct halving_triangle_parameters *given) {
    const struct triangle_parameters wave = {.low = given->low, .high = given->high, .half_period = given->half_period};
    triangle_prepare(&k->wave, &wave);
}

/* The triangle's paths, with normal heights. */
LRVEC_INLINE int halving_triangle_path(const struct halving_triangle *k, struct halving_triangle *own, double least,
                                       double greatest) {
    const double last_cycle = divide(greatest, k->wave.period, k->wave.inverse, 0).quotient;
    return maximum(last_cycle, last_cycle - k->wave.climb.exponent) > 1000.0 ? ANY
                                                                              : triangle_path(&k->wave, &own->wave, least, greatest);
}

static inline double halving_triangle_stretch(const struct halving_triangle *k, double step) {
    return triangle_stretch(&k->wave, step);
}

LRVEC_INLINE double halving_triangle_value(const struct halving_triangle *k, double step, int path) {
    const struct line *climb = &k->wave.climb;
    const division at = triangle_climbed(&k->wave, step, path);
    const pair parts = triangle_height(climb, at.remainder);
    const double height = parts.high + parts.low;
    const double whole = line_value(climb, at.remainder, path == ANY ? ANY : BOTH); /* of the first cycle, whose top is an end too */
    const double halved = path == ANY ? scale_by_power_of_two(height, climb->exponent - at.quotient)
                                      : height * two_to_the(-at.quotient);
    return at.quotient == 0.0 ? whole : (climb->first + halved) * (path == ANY ? climb->unit : 1.0);
}

/* From some cycle on, no height is left. */
static inline double halving_triangle_turn(const struct halving_triangle *k, double step, int smooth) {
    (void)smooth;
    return step > 2200.0 * k->wave.period ? ENDLESS : triangle_stretch(&k->wave, step);
}

static inline struct cycle halving_triangle_cycle(const struct halving_triangle *k) {
    return (struct cycle){k->wave.period, {0.5, 0.0}, k->wave.climb.first * k->wave.climb.unit};
}

/* ---- decaying triangle: low + (high - low) height factor^step ---- */

struct decaying_triangle {
    struct triangle wave;
    struct growth growth;
    double factor;
    double low, unit; /* low in units, which are 4 where low may bring a swing beyond the doubles back to them */
};

LRVEC_INLINE void decaying_triangle_prepare(struct decaying_triangle *k, const struct decaying_triangle_parameters *given) {
    const struct triangle_parameters wave = {.low = given->low, .high = given->high, .half_period = given->half_period};
    triangle_prepare(&k->wave, &wave);
    growth_prepare(&k->growth, given->factor, 1.0);
    k->factor = given->factor;
    k->unit = absolute(given->low) > 0x1p900 ? 4.0 : 1.0;
    k->low = in_units(given->low, k->unit);
}

/* The triangle's paths, with plain growth; and one slope with one power of two for all steps. */
enum { ONE_SLOPE_IN_ONE_OCTAVE = 3 };

LRVEC_INLINE int decaying_triangle_path(const struct decaying_triangle *k, struct decaying_triangle *own, double least,
                                        double greatest) {
    if (growth_path(&k->growth, &own->growth, k->wave.climb.exponent, least, greatest) == ANY) return ANY;
    const int growth = growth_path(&k->growth, &own->growth, 0.0, least, greatest); /* once the climb has its scale */
    const int path = growth == ANY ? ANY : triangle_path(&k->wave, &own->wave, least, greatest);
    if (path != ONE_SLOPE || growth != ONE_OCTAVE || !is_moderate(own->growth.octave + k->wave.climb.exponent)) return path;
    const double scale = two_to_the(own->growth.octave);
    own->wave.climb.slope_head *= scale, own->wave.climb.slope_tail *= scale;
    return ONE_SLOPE_IN_ONE_OCTAVE;
}

static inline double decaying_triangle_stretch(const struct decaying_triangle *k, double step) {
    return triangle_stretch(&k->wave, step);
}

LRVEC_INLINE double decaying_triangle_link(const struct decaying_triangle *k, double step) {
    return rest_in_octave(&k->growth, step);
}

LRVEC_INLINE double decaying_triangle_linked(const struct decaying_triangle *k, double step, double rest, int path) {
    (void)path;
    const double climbed = triangle_climbed(&k->wave, step, ONE_SLOPE).remainder;
    return k->wave.climb.first + grown(triangle_height(&k->wave.climb, climbed), rest);
}

/* Error 3.0 ulp (low 1.36, high 1.63, half a period of 266,971,189,698,806 steps, factor 1 + 2^-39.5). */
LRVEC_INLINE double decaying_triangle_value(const struct decaying_triangle *k, double step, int path) {
    if (path == ONE_SLOPE_IN_ONE_OCTAVE) return decaying_triangle_linked(k, step, decaying_triangle_link(k, step), path);
    const struct line *climb = &k->wave.climb;
    const double climbed = triangle_climbed(&k->wave, step, path).remainder;
    pair height = triangle_height(climb, climbed);
    if (path != ANY) return climb->first + grow(&k->growth, height, 0.0, step, PLAIN);
    height.low -= product_of(-climbed, climb->slope_head).low; /* 0 up to 2^27 steps, as on the other paths; to add 0 would change -0 */
    return (k->low + grow(&k->growth, height, climb->exponent - (k->unit > climb->unit ? 2.0 : 0.0), step, ANY)) * k->unit;
}

/* Between a foot and a peak, climbed factor^step turns once: a climb 1 / -ln(factor) steps behind the foot, and a fall 1 / ln(factor)
   steps before the foot. The steps around this one go one by one. */
static inline double decaying_triangle_turn(const struct decaying_triangle *k, double step, int smooth) {
    (void)smooth;
    if (step > k->growth.limit && absolute(k->factor) < 1.0) return ENDLESS;
    if (k->growth.alternates) return 1.0;
    const double half = k->wave.climb.length, into = divide(step, k->wave.period, k->wave.inverse, 0).remainder;
    const double end = into < half ? half : k->wave.period;
    if (k->growth.rate == 0.0) return end - into;
    const double distance = TWO_OVER_LN2_HIGH * 0.5 / k->growth.rate; /* from the foot: before it, or behind it */
    const double turn = distance < 0.0 ? -distance : k->wave.period - distance;
    if ((distance < 0.0) != (into < half) || into > turn + 2.0 || turn - 2.0 > end) return end - into;
    const double left = turn - 2.0 < into ? 1.0 : (turn - 2.0) - into;
    return maximum(floored(left), 1.0);
}

static inline struct cycle decaying_triangle_cycle(const struct decaying_triangle *k) {
    return (struct cycle){k->wave.period, whole_power(k->factor, k->wave.period), k->low * k->unit};
}
