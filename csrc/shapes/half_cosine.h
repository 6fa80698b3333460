/* Half cosine: last + (first - last) (1 + cos(pi step / length)) / 2.
   With m the steps to the nearer end, the way from there is (first - last) sin(pi m / 2 length)^2. Of m = coarse + fine,
   sin(x + y)^2 = sin(x)^2 + sin(2 x) sin(2 y) / 2 + cos(2 x) sin(y)^2, in which nothing cancels. */

struct half_cosine {
    double first, last, length;
    double angle_head, angle_tail;        /* pi / length */
    double square_head, square_tail;      /* (pi / 2 length)^2 */
    double curvature_head, curvature_tail; /* (last - first) times that / scale */
    double slope_head, slope_tail;        /* (last - first) pi / 2 length / scale */
    double mantissa, exponent, scale;     /* last - first = mantissa * scale, rounded; scale = 2^exponent, in units */
    double unit;
    int usual; /* its length is at least LONG and less than VERY_LONG */
};

#define half_cosine_PATHS 4 /* as the line's */

/* What follows from (last - first) / scale and from pi / length with a head. */
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

LRVEC_INLINE void half_cosine_prepare(struct half_cosine *k, const double *p) {
    const pair difference = difference_of(p[0], p[1], &k->exponent, &k->unit);
    k->scale = scale_of(k->exponent);
    k->first = in_units(p[0], k->unit), k->last = in_units(p[1], k->unit), k->length = p[2];
    k->usual = k->length >= LONG && k->length < VERY_LONG;
    half_cosine_bend(k, difference, divide_headed((pair){PI_HIGH, PI_LOW}, k->length));
}

LRVEC_INLINE int half_cosine_path(struct half_cosine *k, double least, double greatest) {
    if (!is_moderate(k->exponent)) return ANY;
    k->curvature_head *= k->scale, k->curvature_tail *= k->scale, k->slope_head *= k->scale, k->slope_tail *= k->scale;
    k->mantissa *= k->scale, k->scale = 1.0;
    return half_of(k->length, least, greatest);
}

static inline double half_cosine_stretch(const struct half_cosine *k, double step) {
    const double half = round_to_integer(0.5 * k->length - 0.25);
    return step <= half ? half + 1.0 - step : k->length - step;
}

/* (high + low) (1 + correction). */
LRVEC_INLINE double corrected(double high, double low, double correction) { return high + (low + (high + low) * correction); }

/* Waves that are met together: all of usual lengths, in which fine steps turn little and the squares of coarse ones are
   exact; all of others; or some of each. */
enum waves { USUAL, RARE, MIXED };

/* The way to a coarse part, (last - first) sin(x)^2 / scale, as high + low; and what sin(2 y) and sin(y)^2 of the fine part
   are multiplied by, to be added to it: (last - first) sin(2 x) / 2 / scale and (last - first) cos(2 x) / scale. */
LRVEC_INLINE void half_cosine_way(const struct half_cosine *k, double coarse, enum waves waves, double *found) {
    const double square = coarse * coarse, v = square * (k->square_head + k->square_tail), high = square * k->curvature_head;
    double low = square * k->curvature_tail;
    if (waves != USUAL) low += product_of(coarse, coarse).low * k->curvature_head; /* else 0 */
    found[0] = high, found[1] = low + (high + low) * sine_squared_correction(v);
    found[2] = corrected(coarse * k->slope_head, coarse * k->slope_tail, double_sine_correction(v));
    found[3] = k->mantissa - 2.0 * (found[0] + found[1]);
}

/* In place of the way the rate, first + way or last - way. The sum of both is exact, so that nothing of either is lost
   before the fine part is added. */
LRVEC_INLINE void half_cosine_anchor(const struct half_cosine *k, int late, double scale, double *found) {
    const pair rate = sum_of(late ? k->last : k->first, negated_if(late, found[0] * scale));
    found[0] = rate.high, found[1] = rate.low + negated_if(late, found[1] * scale);
}

/* Error 2.8 ulp of the value (first 1.25e-12, last 1.98, length 652,085,726, step 326,042,825), and 3.0 ulp of waves shorter
   than LONG (first 1.21, last 5.6e-9, length 219, step 157). */
LRVEC_INLINE double half_cosine_of_parts(const double *coarse, const double *fine, int late, double scale) {
    return coarse[0] + (coarse[1] + negated_if(late, (coarse[2] * fine[0] + coarse[3] * fine[1]) * scale));
}

LRVEC_INLINE void half_cosine_coarse(const struct half_cosine *k, double coarse, int path, enum waves waves, double *found) {
    half_cosine_way(k, coarse, waves, found);
    half_cosine_anchor(k, path == LATE, 1.0, found);
    found[2] = negated_if(path == LATE, found[2]), found[3] = negated_if(path == LATE, found[3]);
}

/* sin(2 y) and sin(y)^2. */
LRVEC_INLINE void half_cosine_fine_of(const struct half_cosine *k, double fine, enum waves waves, double *found) {
    const double square = fine * fine, head = square * k->square_head, tail = square * k->square_tail, v = head + tail;
    const int usual = waves == MIXED ? k->usual : waves == USUAL;
    const double for_sine = choose(usual, double_sine_correction_near_0(v), double_sine_correction(v));
    const double for_square = choose(usual, sine_squared_correction_near_0(v), sine_squared_correction(v));
    found[0] = corrected(fine * k->angle_head, fine * k->angle_tail, for_sine);
    found[1] = corrected(head, tail, for_square);
}

LRVEC_INLINE void half_cosine_fine(const struct half_cosine *k, double fine, double *found) {
    if (k->usual) half_cosine_fine_of(k, fine, USUAL, found);
    else half_cosine_fine_of(k, fine, RARE, found);
}

LRVEC_INLINE double half_cosine_wave_length(const struct half_cosine *k) { return k->length; }

/* Where all steps are in one half. */
LRVEC_INLINE double half_cosine_clock(const struct half_cosine *k, double step, int path) {
    return path == LATE ? k->length - step : step;
}

LRVEC_INLINE double half_cosine_joined(const double *coarse, const double *fine) {
    return half_cosine_of_parts(coarse, fine, 0, 1.0);
}

LRVEC_INLINE int half_cosine_usual(const struct half_cosine *k) { return k->usual; }

LRVEC_INLINE double half_cosine_at(const struct half_cosine *k, double step, int path, enum waves waves) {
    const double rest = k->length - step;
    const double nearer = path == EARLY ? step : path == LATE ? rest : minimum(step, rest), whole = coarse_of(nearer);
    const int late = path == ANY || path == BOTH ? step > rest : path == LATE;
    const double scale = path == ANY ? k->scale : 1.0;
    double coarse[4], fine[2];
    half_cosine_way(k, whole, waves, coarse);
    half_cosine_anchor(k, late, scale, coarse);
    half_cosine_fine_of(k, nearer - whole, waves, fine);
    return half_cosine_of_parts(coarse, fine, late, scale) * (path == ANY ? k->unit : 1.0);
}

LRVEC_INLINE double half_cosine_value(const struct half_cosine *k, double step, int path) {
    return k->usual ? half_cosine_at(k, step, path, USUAL) : half_cosine_at(k, step, path, RARE);
}

LRVEC_INLINE double half_cosine_once(const double *p, double step) {
    struct half_cosine k;
    half_cosine_prepare(&k, p);
    return half_cosine_at(&k, step, ANY, MIXED);
}

/* Long waves, whose length is a head, between rates whose difference is moderate as it is. */
LRVEC_INLINE uint64_t half_cosine_unusual(const double *p, double step) {
    (void)step;
    return ((exceeds(LONG, p[2]) | exceeds(p[2], VERY_LONG / 2) | immoderate(p[1] - p[0])) & TOP_BIT) | (bits_of(p[2]) & TAIL_BITS);
}

LRVEC_INLINE void half_cosine_first(const double *p, double step, double *bent) {
    (void)step;
    struct half_cosine k;
    half_cosine_bend(&k, sum_of(p[1], -p[0]), divide_headed_by_head((pair){PI_HIGH, PI_LOW}, p[2]));
    bent[0] = k.angle_head, bent[1] = k.angle_tail, bent[2] = k.square_head, bent[3] = k.square_tail;
    bent[4] = k.curvature_head, bent[5] = k.curvature_tail, bent[6] = k.slope_head, bent[7] = k.slope_tail;
    bent[8] = k.mantissa;
}

LRVEC_INLINE struct half_cosine half_cosine_bent(const double *p, const double *bent) {
    return (struct half_cosine){
        .first = p[0], .last = p[1], .length = p[2], .angle_head = bent[0], .angle_tail = bent[1],
        .square_head = bent[2], .square_tail = bent[3], .curvature_head = bent[4], .curvature_tail = bent[5],
        .slope_head = bent[6], .slope_tail = bent[7], .mantissa = bent[8],
    };
}

LRVEC_INLINE void half_cosine_second(const double *p, double step, const double *bent, double *found) {
    const struct half_cosine k = half_cosine_bent(p, bent);
    const double nearer = minimum(step, k.length - step), whole = coarse_of(nearer);
    half_cosine_way(&k, whole, USUAL, found);
    found[4] = nearer - whole;
}

LRVEC_INLINE double half_cosine_third(const double *p, double step, const double *bent, const double *found) {
    const struct half_cosine k = half_cosine_bent(p, bent);
    const int late = step > k.length - step;
    double coarse[] = {found[0], found[1], found[2], found[3]}, fine[2];
    half_cosine_anchor(&k, late, 1.0, coarse);
    half_cosine_fine_of(&k, found[4], USUAL, fine);
    return half_cosine_of_parts(coarse, fine, late, 1.0);
}
