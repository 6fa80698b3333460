/* Geometric: last + (first - last) (ratio^u - ratio) / (1 - ratio) with u = step / length, for ratio > 0; a line where that is 1.
   It is a power that goes from 1 to ratio, moved and stretched to both rates. Until half of the way is gone, the way from first
   is (last - first) (ratio^u - 1) / (ratio - 1). After that, the way from last is the same with first and last exchanged, 1 / ratio
   and 1 - u. Either is a factor times 2^y - 1, where y = k + r with an integer k and |r| <= 1/2, at least -1. */

struct geometric {
    double first, last, length, turn;
    double rate, head, tail;                           /* log2(ratio) / length */
    double early, early_exponent, late, late_exponent; /* the factors, each a mantissa with an exponent, in units */
    double unit;
    double origin, anchor, octave, lift, factor; /* what all steps have in common */
    double turned;                               /* ln(ratio) over half a part */
    struct zone zone;
};

enum { ONE_SIDE_AND_OCTAVE = 1, EXPANDED_GEOMETRIC = 2 };

/* A ratio of 1 is taken as 2^LEVEL. Then the curve is a line to 60 bits. */
#define LEVEL 0x1p-60

struct geometric_factors {
    pair octaves, early, late; /* log2(ratio); mantissas */
    double early_exponent, late_exponent, unit;
};

LRVEC_INLINE struct geometric_factors geometric_factors(const struct geometric_parameters *given) {
    struct geometric_factors found;
    double octave;
    const double ratio = split_exponent(given->ratio, &octave), size = maximum(octave, 0.0);
    const pair difference = difference_of(given->first, given->last, &found.early_exponent, &found.unit);
    const int level = given->ratio == 1.0;
    const pair excess = sum_of(ratio * scale_of(maximum(octave - size, -1022.0)), -scale_of(-size)); /* ratio - 1, by 2^-size */
    found.octaves = level ? (pair){LEVEL, 0.0} : log2_of(given->ratio);
    found.early = divide_pairs(difference, level ? (pair){LEVEL * LN2_HIGH, LEVEL * LN2_LOW} : excess);
    found.early_exponent -= size;
    found.late = multiply_pairs(found.early, (pair){ratio, 0.0});
    found.late_exponent = found.early_exponent + octave;
    return found;
}

LRVEC_INLINE void geometric_prepare(struct geometric *k, const struct geometric_parameters *given) {
    const struct geometric_factors factors = geometric_factors(given);
    const pair rate = divide_headed(factors.octaves, given->length), half = log2_of(0.5 * given->ratio + 0.5);
    double exponent;
    k->unit = factors.unit;
    k->first = in_units(given->first, k->unit), k->last = in_units(given->last, k->unit), k->length = given->length;
    k->turn = given->length * (absolute(factors.octaves.high) < 0x1p-10 ? 0.5 : half.high / factors.octaves.high);
    k->rate = rate.high + rate.low, k->head = rate.high, k->tail = rate.low;
    k->early = split_exponent(factors.early.high, &exponent), k->early_exponent = factors.early_exponent + exponent;
    k->late = split_exponent(factors.late.high, &exponent), k->late_exponent = factors.late_exponent + exponent;
    k->turned = k->rate * (LN2_HIGH * HALF_PART);
    const double most = maximum(absolute(factors.octaves.high), maximum(absolute(k->early_exponent), absolute(k->late_exponent)));
    const int gentle = absolute(k->turned) <= 1.0 / 32 && most < 400.0;
    k->zone = gentle ? zone_of(FAR * HALF_PART, k->length - FAR * HALF_PART) : NO_ZONE;
}

/* y - octave for part steps from the nearer end. `high` is exact. */
LRVEC_INLINE pair geometric_rest(const struct geometric *k, double part, double octave, int path) {
    const double coarse = path == ANY ? (part + 0x1.8p78) - 0x1.8p78 : 0.0, fine = part - coarse; /* times the head: exact */
    return (pair){path == ANY ? (coarse * k->head - octave) + fine * k->head : part * k->head - octave, part * k->tail};
}

/* (2^y - 1) / 2^octave, with lift = 1 - 2^-octave. The first term of the series is exact, and so is its sum with the lift. */
LRVEC_INLINE double geometric_growth(pair rest, double lift) {
    const double term = (rest.high + 0x1.8p26) - 0x1.8p26;
    const double ln2_head = head_of(LN2_HIGH), ln2_tail = (LN2_HIGH - ln2_head) + LN2_LOW;
    const double more = term * ln2_tail + ((rest.high - term) + rest.low) * LN2_HIGH;
    return (lift + term * ln2_head) + (exp2_bend(rest.high + rest.low) + more);
}

LRVEC_INLINE double lift_of(double octave) { return 1.0 - two_to_the(-minimum(octave, 1000.0)); }

LRVEC_INLINE int geometric_path(const struct geometric *k, struct geometric *own, double least, double greatest) {
    const int late = least > k->turn;
    if (is_within(&k->zone, least, greatest)) return EXPANDED_GEOMETRIC;
    if (!is_outside(&k->zone, least, greatest)) return ANY;
    own->origin = late ? k->length : 0.0;
    const double from = least - own->origin, to = greatest - own->origin;
    const double octave = round_to_integer(from * k->rate), exponent = (late ? k->late_exponent : k->early_exponent) + octave;
    if (late != (greatest > k->turn) || octave != round_to_integer(to * k->rate) || absolute(from) >= 0x1p27 || to >= 0x1p27 ||
        absolute(exponent) > 850.0)
        return ANY;
    own->anchor = late ? k->last : k->first;
    own->octave = octave, own->lift = lift_of(octave);
    own->factor = (late ? k->late : k->early) * two_to_the(exponent);
    return ONE_SIDE_AND_OCTAVE;
}

static inline double geometric_stretch(const struct geometric *k, double step) {
    const int late = step > k->turn;
    const double origin = late ? k->length : 0.0, octave = round_to_integer((step - origin) * k->rate);
    const double edge = origin + (octave + (k->rate > 0.0 ? 0.5 : -0.5)) / k->rate;
    const double end = late ? edge : minimum(edge, k->turn);
    return left_in_zone(&k->zone, step, end - step < TWO_52 ? (double)(int64_t)(end - step) + 1.0 : ENDLESS);
}

/* The terms are those of size e^(turned z). */
LRVEC_INLINE struct expansion geometric_expand(const struct geometric *k, double step, int path) {
    const int late = step > k->turn;
    const double part = step - (late ? k->length : 0.0), octave = round_to_integer(part * k->rate), lift = lift_of(octave);
    const double growth = geometric_growth(geometric_rest(k, part, octave, ANY), lift), factor = late ? k->late : k->early;
    const double exponent = (late ? k->late_exponent : k->early_exponent) + octave;
    const double size = factor * growth, scale = path == EXPANDED_GEOMETRIC ? two_to_the(exponent) : 1.0;
    const double way = path == EXPANDED_GEOMETRIC ? size * scale : scale_by_power_of_two(size, exponent);
    const pair rate = sum_of(late ? k->last : k->first, way);
    struct expansion found = {rate.high, rate.low, {0.0}};
    double power = factor * (growth + (1.0 - lift));
    power = path == EXPANDED_GEOMETRIC ? power * scale : scale_by_power_of_two(power, exponent);
    LRVEC_UNROLL
    for (int n = 0; n < TERMS; n++) power *= k->turned * (1.0 / (n + 1)), found.terms[n] = power;
    return found;
}

IN_PARTS(geometric)
OUTSIDE_PARTS(geometric)

/* Error 2.7 ulp (first 1, last 3.7147651343668896e-05, length 73, ratio 1 + 2^-43.8, step 37). */
LRVEC_INLINE double geometric_value(const struct geometric *k, double step, int path) {
    if (path == ONE_SIDE_AND_OCTAVE) {
        const double growth = geometric_growth(geometric_rest(k, step - k->origin, k->octave, path), k->lift);
        return (k->anchor + k->factor * growth) * k->unit;
    }
    return geometric_in_parts(k, step, path, path == EXPANDED_GEOMETRIC);
}

/* Computes as geometric_expand does, but rounds only the bend of the power. */
static inline double geometric_precise(const struct geometric_parameters *given, double step) {
    struct geometric k;
    geometric_prepare(&k, given);
    const struct geometric_factors factors = geometric_factors(given);
    const int late = step > k.turn;
    const double part = step - (late ? k.length : 0.0), octave = round_to_integer(part * k.rate);
    const pair exact = geometric_rest(&k, part, octave, ANY), rest = sum_of(exact.high, exact.low);
    const pair term = multiply_pairs(rest, (pair){LN2_HIGH, LN2_LOW}), sum = sum_of(lift_of(octave), term.high);
    const pair growth = quick_sum(sum.high, sum.low + (exp2_bend(rest.high) + term.low));
    const pair way = multiply_pairs(late ? factors.late : factors.early, growth);
    const double exponent = (late ? factors.late_exponent : factors.early_exponent) + octave;
    const pair scaled = {scale_by_power_of_two(way.high, exponent), scale_by_power_of_two(way.low, exponent)};
    return anchored(late ? given->last : given->first, scaled, 0.0, k.unit);
}
