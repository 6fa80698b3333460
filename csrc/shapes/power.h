/* Power: last + (first - last) ((length - step) / length)^power, for 0 < step < length and power >= 0.
   For a power up to GENTLE, the remaining steps are 2^e (1 + rho) / c. Their power is a number for the octave e, times a number
   for the cell, times (1 + rho)^power by its binomial series. So a step costs neither a logarithm nor an exponential. For a
   greater power that series would be too long, and of a length above LONGEST there are too many octaves: then the weight of
   first is 2^(power log2(remaining / length)). Squares are products. */

#define GENTLE 16.0
#define LONGEST 0x1p54 /* the table of octaves ends here; only compositions slow a curve down to a longer one */
#define BINOMIALS 9    /* the next one is below 2^-57 */
#define OCTAVES 64     /* 55 up to LONGEST; and a power of two, so that steps behind the length look into the table too */

struct power {
    double first, last, length;
    double mantissa, exponent, scale; /* first - last = mantissa * scale, scale = 2^exponent, in units */
    double unit;
    double power, power_head, power_tail, length_log_high, length_log_low; /* log2(length) */
    double least;                         /* steep: where fewer steps remain, the weight of first is 0 */
    int steep, square;                    /* the power is above GENTLE, or the length above LONGEST; the power is 2 */
    double curvature_high, curvature_low; /* square: (first - last) / length^2 / scale */
    double binomial[BINOMIALS];
    double cell_high[LOG2_CELLS], cell_low[LOG2_CELLS]; /* c^-power */
    double octave_high[OCTAVES], octave_low[OCTAVES];   /* (2^e / length)^power; heads, as cell_high */
    double one_reciprocal, one_high, one_low;           /* of the one cell that holds all steps */
};

enum { ONE_CELL_NEAR_FIRST = 1, ONE_CELL_NEAR_LAST = 2, SQUARE = 3, GENTLE_POWER = 4, STEEP_POWER = 5 };

/* 2^(power (high + low)), with `high` a head, as a head and a rest. */
LRVEC_INLINE pair power_of_two_to(const struct power *k, double high, double low) {
    const double exponent = round_to_integer(k->power * (high + low));
    const double rest = (k->power_head * high - exponent) + (k->power_tail * high + k->power * low);
    const pair value = headed(exp2_pair(rest));
    const double scale = scale_of(maximum(exponent, -1022.0));
    return (pair){value.high * scale, value.low * scale};
}

/* Makes all constants but the tables and those of steep powers. */
LRVEC_INLINE void power_start(struct power *k, const struct power_parameters *given, pair difference, double unit) {
    k->first = in_units(given->first, unit), k->last = in_units(given->last, unit);
    k->length = given->length, k->unit = unit;
    k->mantissa = difference.high;
    k->power = minimum(given->power, 2300.0 * k->length); /* then one step is enough to underflow: 1 - 1/n < 2^(-1/n) */
    k->power_head = head_of(k->power);
    k->power_tail = k->power - k->power_head;
    const pair length_log = log2_of_step(k->length);
    k->length_log_high = length_log.high;
    k->length_log_low = length_log.low;
    const pair curvature = divide_pairs(difference, product_of(k->length, k->length));
    k->curvature_high = curvature.high, k->curvature_low = curvature.low;
    k->square = k->power == 2.0;
}

LRVEC_INLINE void power_binomials(struct power *k) {
    LRVEC_UNROLL
    for (int n = 0; n < BINOMIALS; n++) k->binomial[n] = (n ? k->binomial[n - 1] : 1.0) * (k->power - n) / (n + 1);
}

/* Makes all constants but the tables. */
LRVEC_INLINE void power_begin(struct power *k, const struct power_parameters *given) {
    double unit;
    const pair difference = difference_of(given->last, given->first, &k->exponent, &unit);
    power_start(k, given, difference, unit);
    power_binomials(k);
    k->scale = scale_of(k->exponent);
    k->steep = k->power > GENTLE || k->length > LONGEST;
    const double octaves = 2300.0 / maximum(k->power, GENTLE), whole = round_to_integer(octaves);
    k->least = k->length * (1.0 + exp2_minus_one(whole - octaves)) * two_to_the(-whole);
    k->least = maximum(minimum(k->least, k->length - 1.0), 1.0);
}

static inline void power_prepare(struct power *k, const struct power_parameters *given) {
    power_begin(k, given);
    if (k->square || k->steep) return;
    for (int cell = 0; cell < LOG2_CELLS; cell++) {
        const pair value = power_of_two_to(k, LOG2_CELL[cell][1], LOG2_CELL[cell][2]);
        k->cell_high[cell] = value.high, k->cell_low[cell] = value.low;
    }
    for (int octave = 0; octave < OCTAVES; octave++) {
        const pair value = power_of_two_to(k, octave - k->length_log_high, -k->length_log_low);
        k->octave_high[octave] = value.high, k->octave_low[octave] = value.low;
    }
}

/* The weight at the cell's middle, by the tables or without them, and the offset of the remaining steps from there. */
LRVEC_INLINE pair power_in_cell(const struct power *k, double remaining, int with_tables, double *rho) {
    const uint64_t place = log2_place_of(remaining), cell = cell_of(place), octave = place / LOG2_CELLS % OCTAVES;
    *rho = offset_in_cell(remaining, LOG2_CELL[cell][0] * two_to_the(-octave_of(place))).high;
    const pair of_cell = with_tables ? (pair){k->cell_high[cell], k->cell_low[cell]}
                                     : power_of_two_to(k, LOG2_CELL[cell][1], LOG2_CELL[cell][2]);
    const pair of_octave = with_tables ? (pair){k->octave_high[octave], k->octave_low[octave]}
                                       : power_of_two_to(k, octave_of(place) - k->length_log_high, -k->length_log_low);
    return (pair){of_octave.high * of_cell.high,
                  of_octave.high * of_cell.low + of_octave.low * (of_cell.high + of_cell.low)};
}

/* The weight at an offset from the cell's middle: that of the middle, and a rest. */
LRVEC_INLINE pair power_beside(const struct power *k, pair middle, double rho) {
    const double *c = k->binomial;
    const double rho2 = rho * rho, rho4 = rho2 * rho2;
    const double head = (c[0] + c[1] * rho) + rho2 * (c[2] + c[3] * rho);
    const double tail = ((c[4] + c[5] * rho) + rho2 * (c[6] + c[7] * rho)) + rho4 * c[8];
    return (pair){middle.high, middle.low + (middle.high + middle.low) * (rho * (head + rho4 * tail))};
}

LRVEC_INLINE pair gentle_weight(const struct power *k, double remaining) {
    double rho;
    const pair middle = power_in_cell(k, remaining, 1, &rho);
    return power_beside(k, middle, rho);
}

LRVEC_INLINE int is_near_first(pair weight) { return weight.high + weight.low > 0.5; }

/* Weights and their distances from 1 are both monotone, so the two ends speak for all steps between. */
LRVEC_INLINE int power_path(const struct power *k, struct power *own, double least, double greatest) {
    if (k->square && !is_moderate(k->exponent)) return ANY;
    if (k->square) {
        own->curvature_high = k->curvature_high * k->scale, own->curvature_low = k->curvature_low * k->scale;
        return SQUARE;
    }
    const double most = k->length - least, fewest = k->length - greatest;
    const uint64_t place = log2_place_of(most);
    if (k->steep) return STEEP_POWER;
    if (place != log2_place_of(fewest) || most >= 0x1p27 || !is_moderate(k->exponent) || k->power < FAINT) return GENTLE_POWER;
    const int near_first = is_near_first(gentle_weight(k, fewest));
    if (near_first != is_near_first(gentle_weight(k, most))) return GENTLE_POWER;
    double rho;
    const pair middle = power_in_cell(k, most, 1, &rho);
    own->one_reciprocal = LOG2_CELL[cell_of(place)][0] * two_to_the(-octave_of(place));
    own->one_high = middle.high, own->one_low = middle.low;
    own->mantissa = k->mantissa * k->scale;
    return near_first ? ONE_CELL_NEAR_FIRST : ONE_CELL_NEAR_LAST;
}

/* The steps to the end of this step's cell, which is 1 / LOG2_CELLS of an octave. */
static inline double power_stretch(const struct power *k, double step) {
    const double remaining = k->length - step;
    if (k->steep || k->square || remaining < 1.0) return ENDLESS;
    const double edge = least_at_place(log2_place_of(remaining));
    return (double)(int64_t)(remaining - edge) + 1.0;
}

/* The value for the weight 2^exponent (1 + excess). Next to last, this exponent is added to that of the difference: the
   product may be a normal number where the weight is not. */
LRVEC_INLINE double steep_value(const struct power *k, double remaining) {
    const pair log = log2_of_step(maximum(remaining, k->least));
    const double high = log.high - k->length_log_high, low = log.low - k->length_log_low;
    const double exponent = round_to_integer(k->power * (high + low));
    const double rest = (k->power_head * high - exponent) + (k->power_tail * high + k->power * low);
    const double excess = exp2_minus_one(rest), octave = two_to_the(maximum(exponent, -1.0)); /* next to first that is 1 or 1/2 */
    const int near_first = exponent >= -1.0 && octave + octave * excess > 0.5;
    const double fallen = maximum((1.0 - octave) - octave * excess, 0.0) * k->mantissa * k->scale;
    const double left = scale_by_power_of_two(k->mantissa + k->mantissa * excess, exponent + k->exponent);
    return (near_first ? k->first - fallen : k->last + left) * k->unit;
}

/* The square falls by (first - last) step (2 length - step) / length^2. */
LRVEC_INLINE double square_value(const struct power *k, double step, int path) {
    const double remaining = k->length - step;
    const double fallen = step * (k->length + remaining), left = remaining * remaining;
    const int near_first = fallen < left;
    const double area = near_first ? -fallen : left;
    const double distance = (area * k->curvature_high + area * k->curvature_low) * (path == ANY ? k->scale : 1.0);
    return ((near_first ? k->first : k->last) + distance) * (path == ANY ? k->unit : 1.0);
}

/* Next to first, 1 - weight.high is exact. Error 2.9 ulp (first 1.7, last 6.4e-9, length 58,194,510,634, power 1.878, step
   28,914,032,587). */
LRVEC_INLINE double power_of_weight(const struct power *k, pair weight, int near_first, double scale) {
    const double left = minimum(weight.high + weight.low, 1.0), fallen = maximum((1.0 - weight.high) - weight.low, 0.0);
    return near_first ? k->first - fallen * k->mantissa * scale : k->last + left * k->mantissa * scale;
}

LRVEC_INLINE double gentle_value(const struct power *k, pair weight) {
    return power_of_weight(k, weight, is_near_first(weight), k->scale) * k->unit;
}

/* On the paths of one cell: the offset from its middle. */
LRVEC_INLINE double power_link(const struct power *k, double step) {
    return (k->length - step) * k->one_reciprocal - 1.0; /* below 2^27 steps the product is exact */
}

LRVEC_INLINE double power_linked(const struct power *k, double step, double rho, int path) {
    (void)step;
    const pair weight = power_beside(k, (pair){k->one_high, k->one_low}, rho);
    return power_of_weight(k, weight, path == ONE_CELL_NEAR_FIRST, 1.0);
}

LRVEC_INLINE double power_value(const struct power *k, double step, int path) {
    if (path == SQUARE || (path == ANY && k->square)) return square_value(k, step, path);
    const double remaining = k->length - step;
    if (path == STEEP_POWER || (path == ANY && k->steep)) return steep_value(k, remaining);
    if (path == GENTLE_POWER || path == ANY) return gentle_value(k, gentle_weight(k, remaining));
    return power_linked(k, step, power_link(k, step), path);
}

LRVEC_INLINE double power_once(const struct power_parameters *given, double step) {
    struct power k;
    power_begin(&k, given);
    double rho;
    const double remaining = k.length - step;
    const pair middle = power_in_cell(&k, remaining, 0, &rho);
    const double value = choose(k.steep, steep_value(&k, remaining), gentle_value(&k, power_beside(&k, middle, rho)));
    return choose(k.square, square_value(&k, step, ANY), value);
}

/* Usual are gentle powers between rates whose difference is moderate as it is. */
LRVEC_INLINE uint64_t power_unusual(const struct power_parameters *given, double step) {
    (void)step;
    return (exceeds(given->power, GENTLE) | exceeds(given->length, LONGEST) | immoderate(given->first - given->last)) & TOP_BIT;
}

LRVEC_INLINE void power_first(const struct power_parameters *given, double step, double *found) {
    (void)step;
    struct power k;
    power_start(&k, given, sum_of(given->first, -given->last), 1.0);
    found[0] = k.mantissa, found[1] = k.length_log_high, found[2] = k.length_log_low;
    found[3] = k.curvature_high, found[4] = k.curvature_low;
}

LRVEC_INLINE struct power power_started(const struct power_parameters *given, const double *found) {
    const double power_head = head_of(given->power);
    return (struct power){
        .first = given->first, .last = given->last, .length = given->length,
        .power = given->power, .power_head = power_head, .power_tail = given->power - power_head,
        .mantissa = found[0], .length_log_high = found[1], .length_log_low = found[2],
        .curvature_high = found[3], .curvature_low = found[4], .scale = 1.0, .unit = 1.0, .square = given->power == 2.0,
    };
}

LRVEC_INLINE void power_second(const struct power_parameters *given, double step, const double *first, double *found) {
    const struct power k = power_started(given, first);
    const pair middle = power_in_cell(&k, k.length - step, 0, &found[2]);
    found[0] = middle.high, found[1] = middle.low;
}

LRVEC_INLINE double power_third(const struct power_parameters *given, double step, const double *first, const double *second) {
    struct power k = power_started(given, first);
    power_binomials(&k);
    const pair weight = power_beside(&k, (pair){second[0], second[1]}, second[2]);
    return choose(k.square, square_value(&k, step, ANY), gentle_value(&k, weight));
}
