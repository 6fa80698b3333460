/* Log ramp: first + (last - first) ln(1 + step) / ln(length), for 0 < step < length; last at length - 1.
   With x = 1 + step, the way from first is a slope times log2(x). Beyond sqrt(length) the way from last is that slope times
   log2(length) - log2(x); or next to the end, as 1 - x / length there is exact, times -log2(1 - (1 - x / length)). */

struct log_ramp {
    double first, last, length;
    double turn, near;                     /* beyond this x it is nearer to last; from this x on it is next to the end */
    double inverse_head, inverse_tail;     /* 1 / length */
    double log_high, log_low;              /* log2(length) */
    double slope, slope_head, slope_tail;  /* (last - first) / log2(length) / scale */
    double exponent, scale, unit;          /* scale = 2^exponent, in units */
    double reciprocal, cell_high, cell_low, log_of_end_high, log_of_end_low, anchor, sense; /* of the one cell and end */
    struct zone zone;
};

enum { ONE_CELL_OF_ONE_END = 1, NEXT_TO_LAST = 2, EXPANDED_LOG = 3 };

LRVEC_INLINE void log_ramp_prepare(struct log_ramp *k, const struct log_ramp_parameters *given) {
    const pair difference = difference_of(given->first, given->last, &k->exponent, &k->unit);
    const pair logarithm = log2_of_step(given->length), inverse = divide_headed((pair){1.0, 0.0}, given->length);
    k->scale = scale_of(k->exponent);
    k->first = in_units(given->first, k->unit), k->last = in_units(given->last, k->unit), k->length = given->length;
    k->turn = sqrt(given->length), k->near = given->length * (127.0 / 128);
    k->inverse_head = inverse.high, k->inverse_tail = inverse.low;
    k->log_high = logarithm.high, k->log_low = logarithm.low;
    const pair slope = headed(divide_pairs(difference, quick_sum(logarithm.high, logarithm.low)));
    k->slope = slope.high + slope.low, k->slope_head = slope.high, k->slope_tail = slope.low;
    k->zone = is_moderate(k->exponent) ? zone_of(FAR * HALF_PART, k->length - FAR * HALF_PART) : NO_ZONE;
}

LRVEC_INLINE int log_ramp_path(const struct log_ramp *k, struct log_ramp *own, double least, double greatest) {
    const double from = least + 1.0, to = greatest + 1.0;
    if (!is_moderate(k->exponent)) return ANY;
    own->slope = k->slope * k->scale, own->slope_head = k->slope_head * k->scale, own->slope_tail = k->slope_tail * k->scale;
    if (is_within(&k->zone, least, greatest)) return EXPANDED_LOG;
    if (!is_outside(&k->zone, least, greatest)) return ANY;
    if (from >= k->near) return NEXT_TO_LAST;
    const uint64_t place = log2_place_of(from), cell = cell_of(place);
    const int late = from > k->turn;
    if (place != log2_place_of(to) || late != (to > k->turn) || to >= k->near || to >= 0x1p27) return ANY;
    own->reciprocal = LOG2_CELL[cell][0] * two_to_the(-octave_of(place));
    own->cell_high = octave_of(place) + LOG2_CELL[cell][1], own->cell_low = LOG2_CELL[cell][2];
    own->log_of_end_high = late ? k->log_high : 0.0, own->log_of_end_low = late ? k->log_low : 0.0;
    own->anchor = late ? k->last : k->first, own->sense = late ? -1.0 : 1.0;
    return ONE_CELL_OF_ONE_END;
}

static inline double log_ramp_stretch(const struct log_ramp *k, double step) {
    const double x = step + 1.0, edge = least_at_place(log2_place_of(x) + 1);
    if (is_in(&k->zone, step) || x >= k->near) return left_in_zone(&k->zone, step, ENDLESS);
    const double turn = x > k->turn ? k->near : minimum((double)(int64_t)k->turn + 1.0, k->near), left = minimum(edge, turn) - x;
    const double whole = (double)(int64_t)left;
    return left_in_zone(&k->zone, step, whole + (whole < left ? 1.0 : 0.0));
}

/* slope (high + low) scale: the way for these octaves. */
LRVEC_INLINE double log_ramp_way(const struct log_ramp *k, pair octaves, double scale) {
    return (octaves.high * k->slope_head + (octaves.high * k->slope_tail + octaves.low * k->slope)) * scale;
}

/* The octaves from x to length, where they are few. */
LRVEC_INLINE pair log_ramp_few(const struct log_ramp *k, double x) {
    const pair series = log2_of_share(k->length - x, k->inverse_head, k->inverse_tail);
    return (pair){-series.high, -series.low};
}

/* The terms are those of log2(1 + r z), with r the share of half a part in x. */
LRVEC_INLINE struct expansion log_ramp_expand(const struct log_ramp *k, double step, int path) {
    const double x = step + 1.0, scale = path == EXPANDED_LOG ? 1.0 : k->scale;
    const pair gone = log2_of_step(x), few = log_ramp_few(k, maximum(x, k->near));
    const int late = x > k->turn, near = x >= k->near;
    const pair left = {choose(near, few.high, k->log_high - gone.high), choose(near, few.low, k->log_low - gone.low)};
    const double way = log_ramp_way(k, (pair){late ? left.high : gone.high, late ? left.low : gone.low}, scale);
    const pair rate = sum_of(choose(late, k->last, k->first), negated_if(late, way));
    struct expansion found = {rate.high, rate.low, {0.0}};
    const double share = HALF_PART / x;
    double power = -0.5 * TWO_OVER_LN2_HIGH * k->slope * scale;
    LRVEC_UNROLL
    for (int n = 1; n <= TERMS; n++) power *= -share, found.terms[n - 1] = power * (1.0 / n);
    return found;
}

IN_PARTS(log_ramp)
OUTSIDE_PARTS(log_ramp)

/* Error 1.7 ulp (first 6.726574234747334e-05, last 0, length 27,735,005,871, step 27,735,005,869). */
LRVEC_INLINE double log_ramp_value(const struct log_ramp *k, double step, int path) {
    const double x = step + 1.0;
    if (path == NEXT_TO_LAST) return (k->last - log_ramp_way(k, log_ramp_few(k, x), 1.0)) * k->unit;
    if (path == ONE_CELL_OF_ONE_END) {
        const pair series = log2_series((pair){x * k->reciprocal - 1.0, 0.0}, k->cell_low); /* below 2^27 the product is exact */
        const pair octaves = {k->log_of_end_high + k->sense * (k->cell_high + series.high), k->log_of_end_low + k->sense * series.low};
        return (k->anchor + k->sense * log_ramp_way(k, octaves, 1.0)) * k->unit;
    }
    return log_ramp_in_parts(k, step, path, path == EXPANDED_LOG);
}
