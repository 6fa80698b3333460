/* Half cosine: last + (first - last) (1 + cos(pi step / length)) / 2.
   With m the steps to the nearer end, the way from there is (first - last) sin(pi m / 2 length)^2. m is coarse + fine. With x
   and y the angles of these, sin(x + y)^2 = sin(x)^2 + sin(2 x) sin(2 y) / 2 + cos(2 x) sin(y)^2, and nothing cancels. A wave
   shorter than LONG has coarse steps only. */

struct half_cosine {
    double first, last, length;
    double angle_head, angle_tail;        /* pi / length */
    double square_head, square_tail;      /* (pi / 2 length)^2 */
    double curvature_head, curvature_tail; /* (last - first) (pi / 2 length)^2 / scale */
    double slope_head, slope_tail;        /* (last - first) pi / 2 length / scale */
    double mantissa, exponent, scale;     /* last - first = mantissa * scale, rounded; scale = 2^exponent, in units */
    double unit;
    int usual; /* its length is at least LONG and less than VERY_LONG, and its unit is 1 */
};

/* Makes the constants that follow from (last - first) / scale and from pi / length, given as a head and a tail. */
LRVEC_INLINE void half_cosine_bend(struct half_cosine *k, pair difference, pair angle) {
    const pair height = headed(difference), half = {0.5 * angle.high, 0.5 * angle.low};
    const pair square = headed(multiply_headed(half, half)), slope = headed(multiply_headed(height, half));
    const pair curvature = headed(multiply_headed(height, square));
    k->angle_head = angle.high, k->angle_tail = angle.low;
    k->square_head = square.high, k->square_tail = square.low;
    k->curvature_head = curvature.high, k->curvature_tail = curvature.low;
    k->slope_head = slope.high, k->slope_tail = slope.low;
    k->mantissa = difference.high;
}

LRVEC_INLINE void half_cosine_prepare_over(struct half_cosine *k, double first, double last, pair length) {
    const pair difference = difference_of(first, last, &k->exponent, &k->unit);
    k->scale = scale_of(k->exponent);
    k->first = in_units(first, k->unit), k->last = in_units(last, k->unit), k->length = length.high;
    k->usual = k->length >= LONG && k->length < VERY_LONG && k->unit == 1.0;
    half_cosine_bend(k, difference, divide_headed_pairs((pair){PI_HIGH, PI_LOW}, headed(length)));
}

LRVEC_INLINE void half_cosine_prepare(struct half_cosine *k, const struct half_cosine_parameters *given) {
    half_cosine_prepare_over(k, given->first, given->last, (pair){given->length, 0.0});
}

LRVEC_INLINE int half_cosine_is_scaled(const struct half_cosine *k, struct half_cosine *own) {
    own->curvature_head = k->curvature_head * k->scale, own->curvature_tail = k->curvature_tail * k->scale;
    own->slope_head = k->slope_head * k->scale, own->slope_tail = k->slope_tail * k->scale;
    own->mantissa = k->mantissa * k->scale;
    return is_moderate(k->exponent);
}

/* Usual waves have the paths of a line, and all others whose values stay normal have this one. */
enum { OTHER_WAVE = 4 };

LRVEC_INLINE int half_cosine_path(const struct half_cosine *k, struct half_cosine *own, double least, double greatest) {
    return !half_cosine_is_scaled(k, own) ? ANY : k->usual ? half_of(k->length, least, greatest) : OTHER_WAVE;
}

static inline double half_cosine_stretch(const struct half_cosine *k, double step) {
    const double half = round_to_integer(0.5 * k->length - 0.25);
    return k->length >= LONG && step <= half ? half + 1.0 - step : k->length - step;
}

/* The greatest multiple of FINE up to an integer 0 <= clock <= 2^52. Fractions go with the integer before them up to a half and
   NUDGE, and with the next one from there on: so halves, which are common, do not lie where a multiple is a matter of even and odd.
   Beyond 2^42 the nudge may be rounded away, and beyond 2^52 this may be the multiple before. */
#define NUDGE 0x1p-10
LRVEC_INLINE double coarse_of(double clock) {
    return (clock - (0.5 * (FINE - 1) + NUDGE) + FINE * ROUND) - FINE * ROUND;
}

/* (high + low) (1 + correction). */
LRVEC_INLINE double corrected(double high, double low, double correction) { return high + (low + (high + low) * correction); }

/* The waves that one loop meets. USUAL: all have lengths of LONG at least, in which the squares of coarse steps are exact, and
   the unit 1. SHORT: all have lengths below LONG. MIXED: any. */
enum waves { USUAL, SHORT, MIXED };

/* How many numbers a coarse and a fine part give. */
enum { COARSES = 4, FINES = 2 };

/* The way to a coarse part, (last - first) sin(x)^2 / scale, as high + low; and the factors by which sin(2 y) and sin(y)^2 of
   the fine part are added to it: (last - first) sin(2 x) / 2 / scale and (last - first) cos(2 x) / scale. */
LRVEC_INLINE void half_cosine_way(const struct half_cosine *k, double coarse, enum waves waves, double *found) {
    const double square = coarse * coarse, v = square * (k->square_head + k->square_tail), high = square * k->curvature_head;
    double low = square * k->curvature_tail;
    if (waves != USUAL) low += product_of(coarse, coarse).low * k->curvature_head; /* else 0 */
    found[0] = high, found[1] = low + (high + low) * sine_squared_correction(v);
    found[2] = corrected(coarse * k->slope_head, coarse * k->slope_tail, double_sine_correction(v));
    found[3] = k->mantissa - 2.0 * (found[0] + found[1]);
}

/* Puts the rate, first + way or last - way, in place of the way. The sum is exact, so that nothing is lost before the fine
   part is added. `sense` is what the way is multiplied by: its scale, which is negative behind the middle. */
LRVEC_INLINE void half_cosine_anchor(const struct half_cosine *k, int late, double sense, double *found) {
    const pair rate = sum_of(late ? k->last : k->first, found[0] * sense);
    found[0] = rate.high, found[1] = rate.low + found[1] * sense;
}

/* The value of a long wave. Error 2.8 ulp (first 1.25e-12, last 1.98, length 652,085,726, step 326,042,825). */
LRVEC_INLINE double half_cosine_of_parts(const double *coarse, const double *fine, double sense) {
    return coarse[0] + (coarse[1] + (coarse[2] * fine[0] + coarse[3] * fine[1]) * sense);
}

/* The value of a short wave. Error 1.7 ulp (first 9.244179634099294e-07, last 0.5039728735059936, length 254, step 123). */
LRVEC_INLINE double half_cosine_of_way(const double *coarse) { return coarse[0] + coarse[1]; }

LRVEC_INLINE void half_cosine_coarse(const struct half_cosine *k, double coarse, int path, enum waves waves, double *found) {
    half_cosine_way(k, coarse, waves, found);
    half_cosine_anchor(k, path == LATE, negated_if(path == LATE, 1.0), found);
    found[2] = negated_if(path == LATE, found[2]), found[3] = negated_if(path == LATE, found[3]);
}

/* sin(2 y) and sin(y)^2, for a length of LONG at least. */
LRVEC_INLINE void half_cosine_fine(const struct half_cosine *k, double fine, double *found) {
    const double square = fine * fine, head = square * k->square_head, tail = square * k->square_tail, v = head + tail;
    found[0] = corrected(fine * k->angle_head, fine * k->angle_tail, double_sine_correction_near_0(v));
    found[1] = corrected(head, tail, sine_squared_correction_near_0(v));
}

/* The correction of the way to a step of a short wave, which its length alone gives; and the value with it, for integers. */
LRVEC_INLINE double short_half_cosine_correction(const struct half_cosine *k, double step) {
    const double nearer = minimum(step, k->length - step), square = nearer * nearer;
    return sine_squared_correction(square * (k->square_head + k->square_tail));
}

LRVEC_INLINE double short_half_cosine_corrected(const struct half_cosine *k, double step, double correction) {
    const double rest = k->length - step, nearer = minimum(step, rest), square = nearer * nearer;
    double way[] = {square * k->curvature_head, square * k->curvature_tail};
    way[1] += (way[0] + way[1]) * correction;
    half_cosine_anchor(k, step > rest, negated_if(step > rest, 1.0), way);
    return half_cosine_of_way(way);
}

/* The steps from the first rate, and those to the last one. */
struct ends {
    double step, rest;
};

/* The shape is one wave, whose step is the shape's own. */
LRVEC_INLINE const struct half_cosine *half_cosine_wave(const struct half_cosine *k) { return k; }

LRVEC_INLINE struct ends half_cosine_ends(const struct half_cosine *k, double step, int path) {
    (void)path;
    return (struct ends){step, k->length - step};
}

LRVEC_INLINE double half_cosine_between(const struct half_cosine *k, struct ends ends, int path, enum waves waves) {
    const double step = ends.step, rest = ends.rest, nearer = path == EARLY ? step : path == LATE ? rest : minimum(step, rest);
    const int is_short = waves == SHORT || (waves == MIXED && k->length < LONG);
    const double whole = choose(is_short, nearer, coarse_of(nearer));
    const int late = path == EARLY ? 0 : path == LATE ? 1 : step > rest;
    const double sense = negated_if(late, path == ANY ? k->scale : 1.0);
    double coarse[COARSES], fine[FINES];
    half_cosine_way(k, whole, waves, coarse);
    half_cosine_anchor(k, late, sense, coarse);
    half_cosine_fine(k, nearer - whole, fine);
    const double value = choose(is_short, half_cosine_of_way(coarse), half_cosine_of_parts(coarse, fine, sense));
    return value * (path == ANY && waves != USUAL ? k->unit : 1.0);
}

LRVEC_INLINE double half_cosine_in(const struct half_cosine *k, struct ends ends, int path) {
    const int usual = path == ANY ? k->usual : path != OTHER_WAVE;
    return usual ? half_cosine_between(k, ends, path, USUAL) : half_cosine_between(k, ends, path, MIXED);
}

/* The value at a single step. */
LRVEC_INLINE double half_cosine_single(const struct half_cosine *k, struct ends ends) {
    return k->length < LONG ? half_cosine_between(k, ends, ANY, SHORT) : half_cosine_in(k, ends, ANY);
}

LRVEC_INLINE double half_cosine_value(const struct half_cosine *k, double step, int path) {
    return half_cosine_in(k, half_cosine_ends(k, step, path), path);
}

LRVEC_INLINE double half_cosine_once(const struct half_cosine_parameters *given, double step) {
    struct half_cosine k;
    half_cosine_prepare(&k, given);
    return half_cosine_between(&k, half_cosine_ends(&k, step, ANY), ANY, MIXED);
}

/* Usual are long waves whose length is a head, between rates whose difference is moderate as it is. */
LRVEC_INLINE uint64_t half_cosine_unusual(const struct half_cosine_parameters *given, double step) {
    (void)step;
    const uint64_t outside = exceeds(LONG, given->length) | exceeds(given->length, VERY_LONG / 2);
    return ((outside | immoderate(given->last - given->first)) & TOP_BIT) | (bits_of(given->length) & TAIL_BITS);
}

LRVEC_INLINE void half_cosine_first(const struct half_cosine_parameters *given, double step, double *bent) {
    (void)step;
    struct half_cosine k;
    const pair angle = divide_headed_by_head((pair){PI_HIGH, PI_LOW}, given->length);
    half_cosine_bend(&k, sum_of(given->last, -given->first), angle);
    bent[0] = k.angle_head, bent[1] = k.angle_tail, bent[2] = k.square_head, bent[3] = k.square_tail;
    bent[4] = k.curvature_head, bent[5] = k.curvature_tail, bent[6] = k.slope_head, bent[7] = k.slope_tail;
    bent[8] = k.mantissa;
}

LRVEC_INLINE struct half_cosine half_cosine_bent(const struct half_cosine_parameters *given, const double *bent) {
    return (struct half_cosine){
        .first = given->first, .last = given->last, .length = given->length, .angle_head = bent[0], .angle_tail = bent[1],
        .square_head = bent[2], .square_tail = bent[3], .curvature_head = bent[4], .curvature_tail = bent[5],
        .slope_head = bent[6], .slope_tail = bent[7], .mantissa = bent[8],
    };
}

LRVEC_INLINE void half_cosine_second(const struct half_cosine_parameters *given, double step, const double *bent, double *found) {
    const struct half_cosine k = half_cosine_bent(given, bent);
    const double nearer = minimum(step, k.length - step), whole = coarse_of(nearer);
    half_cosine_way(&k, whole, USUAL, found);
    found[4] = nearer - whole;
}

LRVEC_INLINE double half_cosine_third(const struct half_cosine_parameters *given, double step, const double *bent,
                                      const double *found) {
    const struct half_cosine k = half_cosine_bent(given, bent);
    const int late = step > k.length - step;
    const double sense = negated_if(late, 1.0);
    double coarse[COARSES] = {found[0], found[1], found[2], found[3]}, fine[FINES];
    half_cosine_anchor(&k, late, sense, coarse);
    half_cosine_fine(&k, found[4], fine);
    return half_cosine_of_parts(coarse, fine, sense);
}

/* sin(x)^2 = x^2 (1 + ...), of which only the part in brackets is rounded. Error 1.3 ulp. */
static inline double half_cosine_precise(const struct half_cosine_parameters *given, double step) {
    double exponent, unit;
    if (step == 0.0) return given->first + 0.0; /* a warmup's end, of each row; 0.0 for -0.0, as the sums below give it */
    const pair difference = difference_of(given->first, given->last, &exponent, &unit);
    const double rest = given->length - step;
    const pair turned = multiply_pairs((pair){0.5 * PI_HIGH, 0.5 * PI_LOW}, (pair){minimum(step, rest), 0.0});
    const pair angle = divide_pairs(turned, (pair){given->length, 0.0}), square = multiply_pairs(angle, angle);
    const double more = square.high * sine_squared_correction(square.high);
    const pair way = multiply_pairs(difference, quick_sum(square.high, square.low + more));
    return step > rest ? anchored(given->last, (pair){-way.high, -way.low}, exponent, unit)
                       : anchored(given->first, way, exponent, unit);
}
