/* Half cosine: last + (first - last) (1 + cos(pi step / length)) / 2.
   With m the steps to the nearer end, the way from there is (first - last) sin(pi m / 2 length)^2. Of m = coarse + fine,
   sin(x + y)^2 = sin(x)^2 + sin(2 x) sin(2 y) / 2 + cos(2 x) sin(y)^2, in which nothing cancels. */

struct half_cosine {
    double first, last, length;
    double angle_head, angle_tail;        /* pi / length */
    double square_head, square_tail;      /* (pi / 2 length)^2 */
    double curvature_high, curvature_low; /* (last - first) times that / scale */
    double slope_head, slope_tail;        /* (last - first) pi / 2 length / scale */
    double mantissa, exponent, scale;     /* last - first = mantissa * scale, rounded; scale = 2^exponent */
};

#define half_cosine_PATHS 3 /* as the line's */

/* What follows from (last - first) / scale and from pi / length with a head. */
LRVEC_INLINE void half_cosine_bend(struct half_cosine *k, pair difference, pair angle) {
    const pair height = headed(difference), half = {0.5 * angle.high, 0.5 * angle.low};
    const pair square = headed(multiply_headed(half, half)), slope = headed(multiply_headed(height, half));
    const pair curvature = multiply_headed(height, square);
    k->angle_head = angle.high, k->angle_tail = angle.low;
    k->square_head = square.high, k->square_tail = square.low;
    k->curvature_high = curvature.high, k->curvature_low = curvature.low;
    k->slope_head = slope.high, k->slope_tail = slope.low;
    k->mantissa = difference.high;
}

LRVEC_INLINE void half_cosine_prepare(struct half_cosine *k, const double *p) {
    k->first = p[0], k->last = p[1], k->length = p[2];
    const pair difference = difference_of(k->first, k->last, &k->exponent);
    half_cosine_bend(k, difference, divide_headed((pair){PI_HIGH, PI_LOW}, k->length));
    k->scale = scale_of(k->exponent);
}

LRVEC_INLINE int half_cosine_path(struct half_cosine *k, double least, double greatest) {
    if (!is_moderate(k->exponent)) return ANY;
    k->curvature_high *= k->scale, k->curvature_low *= k->scale, k->slope_head *= k->scale, k->slope_tail *= k->scale;
    k->mantissa *= k->scale, k->scale = 1.0;
    return half_of(k->length, least, greatest);
}

static inline double half_cosine_stretch(const struct half_cosine *k, double step) {
    const double half = round_to_integer(0.5 * k->length - 0.25);
    return step <= half ? half + 1.0 - step : k->length - step;
}

/* (high + low) (1 + correction). */
LRVEC_INLINE double corrected(double high, double low, double correction) { return high + (low + (high + low) * correction); }

/* (last - first) / scale times sin(x)^2, sin(2 x) / 2 and cos(2 x). */
LRVEC_INLINE void half_cosine_coarse(const struct half_cosine *k, double coarse, double *found) {
    const double square = coarse * coarse, v = square * (k->square_head + k->square_tail);
    const double high = square * k->curvature_high, low = square * k->curvature_low;
    found[0] = corrected(high, low, sine_squared_correction(v));
    found[1] = corrected(coarse * k->slope_head, coarse * k->slope_tail, double_sine_correction(v));
    found[2] = k->mantissa - 2.0 * found[0];
}

/* sin(2 y) and sin(y)^2; of all waves that are met together, some of them long. */
enum waves { NONE_LONG, ALL_LONG, SOME_LONG };

LRVEC_INLINE void half_cosine_fine_of(const struct half_cosine *k, double fine, enum waves waves, double *found) {
    const double square = fine * fine, head = square * k->square_head, tail = square * k->square_tail, v = head + tail;
    const int is_long = waves == SOME_LONG ? k->length >= LONG : waves == ALL_LONG;
    const double for_sine = choose(is_long, double_sine_correction_near_0(v), double_sine_correction(v));
    const double for_square = choose(is_long, sine_squared_correction_near_0(v), sine_squared_correction(v));
    found[0] = corrected(fine * k->angle_head, fine * k->angle_tail, for_sine);
    found[1] = corrected(head, tail, for_square);
}

LRVEC_INLINE void half_cosine_fine(const struct half_cosine *k, double fine, double *found) {
    if (k->length >= LONG) half_cosine_fine_of(k, fine, ALL_LONG, found);
    else half_cosine_fine_of(k, fine, NONE_LONG, found);
}

LRVEC_INLINE double half_cosine_wave_length(const struct half_cosine *k) { return k->length; }

/* Error 3.4 u of the way at most, as far as was seen: where coarse = FINE and fine is near it, and all three terms weigh. */
LRVEC_INLINE double half_cosine_way(const double *coarse, const double *fine) {
    return coarse[0] + (coarse[1] * fine[0] + coarse[2] * fine[1]);
}

/* Where all steps are in one half. */
LRVEC_INLINE double half_cosine_clock(const struct half_cosine *k, double step, int path) {
    return path == LATE ? k->length - step : step;
}

LRVEC_INLINE double half_cosine_joined(const struct half_cosine *k, const double *coarse, const double *fine, int path) {
    const double way = half_cosine_way(coarse, fine);
    return path == LATE ? k->last - way : k->first + way;
}

LRVEC_INLINE double half_cosine_at(const struct half_cosine *k, double step, int path, enum waves waves) {
    const double rest = k->length - step;
    const double nearer = path == EARLY ? step : path == LATE ? rest : minimum(step, rest), whole = coarse_of(nearer);
    double coarse[3], fine[2];
    half_cosine_coarse(k, whole, coarse);
    half_cosine_fine_of(k, nearer - whole, waves, fine);
    const double way = half_cosine_way(coarse, fine) * (path == ANY ? k->scale : 1.0);
    const int early = path == ANY ? step <= rest : path == EARLY;
    return early ? k->first + way : k->last - way;
}

LRVEC_INLINE double half_cosine_value(const struct half_cosine *k, double step, int path) {
    return k->length >= LONG ? half_cosine_at(k, step, path, ALL_LONG) : half_cosine_at(k, step, path, NONE_LONG);
}

LRVEC_INLINE double half_cosine_once(const double *p, double step) {
    struct half_cosine k;
    half_cosine_prepare(&k, p);
    return half_cosine_at(&k, step, ANY, SOME_LONG);
}

/* Long waves, whose length is a head, between rates whose difference is moderate as it is. */
LRVEC_INLINE uint64_t half_cosine_unusual(const double *p, double step) {
    (void)step;
    return ((exceeds(LONG, p[2]) | immoderate(p[1] - p[0])) & TOP_BIT) | (bits_of(p[2]) & TAIL_BITS);
}

LRVEC_INLINE void half_cosine_first(const double *p, double step, double *bent) {
    (void)step;
    struct half_cosine k;
    half_cosine_bend(&k, sum_of(p[1], -p[0]), divide_headed_by_head((pair){PI_HIGH, PI_LOW}, p[2]));
    bent[0] = k.angle_head, bent[1] = k.angle_tail, bent[2] = k.square_head, bent[3] = k.square_tail;
    bent[4] = k.curvature_high, bent[5] = k.curvature_low, bent[6] = k.slope_head, bent[7] = k.slope_tail;
    bent[8] = k.mantissa;
}

LRVEC_INLINE struct half_cosine half_cosine_bent(const double *p, const double *bent) {
    return (struct half_cosine){
        .first = p[0], .last = p[1], .length = p[2], .angle_head = bent[0], .angle_tail = bent[1],
        .square_head = bent[2], .square_tail = bent[3], .curvature_high = bent[4], .curvature_low = bent[5],
        .slope_head = bent[6], .slope_tail = bent[7], .mantissa = bent[8],
    };
}

LRVEC_INLINE void half_cosine_second(const double *p, double step, const double *bent, double *found) {
    const struct half_cosine k = half_cosine_bent(p, bent);
    const double nearer = minimum(step, k.length - step), whole = coarse_of(nearer);
    half_cosine_coarse(&k, whole, found);
    found[3] = nearer - whole;
}

LRVEC_INLINE double half_cosine_third(const double *p, double step, const double *bent, const double *found) {
    const struct half_cosine k = half_cosine_bent(p, bent);
    double fine[2];
    half_cosine_fine_of(&k, found[3], ALL_LONG, fine);
    const double way = half_cosine_way(found, fine);
    return step <= k.length - step ? k.first + way : k.last - way;
}
