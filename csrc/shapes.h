/* The shapes: the closed forms that the kernels know, one after another. Each has its constants (a struct), a prepare
   (parameters to constants, once per segment), a value (constants and step to rate, once per step) and a path.

   Each curve is anchored at the end that it is nearer to: the distance from there goes to zero without cancellation, so
   both ends are exact and a value next to a floor keeps its digits. Differences of rates are held as mantissa and
   exponent, so nothing overflows or underflows before the result does. `step` is the shape's own clock: an integer, in
   0 ... length where the shape has a length.

   Paths are about speed alone. `path` looks at the least and the greatest step of a block and says which operations
   cannot change a value there: a clamp that no step reaches, a choice that all steps make alike. `value`, compiled once
   for each path, leaves those out; what it does not leave out it does in the same order. So the bits are the same on
   every path that holds, and ANY always does. `path` is inlined into the loops of each width, and may keep in the
   constants, its block's own copy, what all steps of the block have in common; `stretch` says for how many steps from a
   given one that stays so, and blocks are cut there. */
#ifndef LRVEC_SHAPES_H
#define LRVEC_SHAPES_H

#include "elementary.h"

/* Every shape with the names of its parameters in their order; the enum, the tables of names and the dispatch are made
   from this list. */
#define LRVEC_SHAPES(SHAPE)                                                    \
    SHAPE(constant, 1, "value")                                                \
    SHAPE(line, 3, "first", "last", "length")                                  \
    SHAPE(half_cosine, 3, "first", "last", "length")                           \
    SHAPE(repeated_half_cosine, 3, "first", "last", "period")                  \
    SHAPE(power, 4, "first", "last", "length", "power")                        \
    SHAPE(exponential, 3, "first", "factor", "steps_per_factor")               \
    SHAPE(staircase, 3, "first", "factor", "width")                            \
    SHAPE(halving, 3, "first", "last", "length")                               \
    SHAPE(inverse_sqrt, 2, "peak", "peak_step")                                \
    SHAPE(one_minus_sqrt, 3, "first", "last", "length")                        \
    SHAPE(triangle, 3, "low", "high", "half_period")                           \
    SHAPE(halving_triangle, 3, "low", "high", "half_period")                   \
    SHAPE(decaying_triangle, 4, "low", "high", "half_period", "factor")

#define LRVEC_MAX_PARAMETERS 4

#define LRVEC_ENUM(name, ...) LRVEC_##name,
enum lrvec_shape { LRVEC_SHAPES(LRVEC_ENUM) LRVEC_SHAPE_COUNT };
#undef LRVEC_ENUM

/* Shapes with an addition theorem, and how many numbers belong to either part of a step. A shape's clock goes up or down
   with its steps; what it shows is coarse + fine, a multiple of FINE and a rest. `coarse` and `fine` compute the numbers of
   each part, and `joined` makes the value of both, by the very operations of `value`. So in a run of consecutive steps the
   ones are the same for FINE steps, and the others for each multiple; on the paths from 1 to SPLIT_PATHS, as long as the
   clock shows integers, which it need not where lengths are fractions. The numbers of `fine` depend on `wave_length` alone. */
#define LRVEC_SPLIT_SHAPES(SHAPE) \
    SHAPE(half_cosine, 3, 2)      \
    SHAPE(repeated_half_cosine, 3, 2)

#define SPLIT_PATHS 2

/* The greatest multiple of FINE up to 0 <= clock <= 2^53. */
LRVEC_INLINE double coarse_of(double clock) {
    const double nearest = (clock + FINE * ROUND) - FINE * ROUND;
    return nearest - (nearest > clock ? FINE : 0.0);
}

/* A value from parameters that serve for one step only. */
#define ONCE(shape)                                                  \
    LRVEC_INLINE double shape##_once(const double *p, double step) { \
        struct shape k;                                              \
        shape##_prepare(&k, p);                                      \
        return shape##_value(&k, step, ANY);                         \
    }

/* Shapes that have a shorter way to that, with the same bits, for usual parameters and steps: `unusual` is 0 for these. It
   goes in three stages, so that a loop over each keeps the processor busy: the numbers of the first and of the second, how
   many there are, and `third` makes the value. */
#define LRVEC_STAGED_SHAPES(SHAPE) \
    SHAPE(half_cosine, 9, 4)       \
    SHAPE(power, 5, 3)             \
    SHAPE(exponential, 3, 2)

/* ---- parts that several shapes share ---- */

/* to - from = (mantissa.high + mantissa.low) 2^exponent with 1 <= |mantissa.high| < 2 (or 0); 2^exponent is a double. */
LRVEC_INLINE pair difference_of(double from, double to, double *exponent) {
    const int large = absolute(from) > 1.0 || absolute(to) > 1.0;
    const double unit = large ? 0x1p-2 : 0x1p60; /* neither the difference nor its rest leaves the normal range */
    const pair difference = sum_of(to * unit, -from * unit);
    double size;
    const double mantissa = split_exponent(difference.high, &size);
    *exponent = size + (large ? 2.0 : -60.0);
    if (*exponent > 1023.0) { /* |to - from| >= 2^1024 */
        *exponent = 1023.0;
        return (pair){2.0 * mantissa, 0.0};
    }
    return (pair){mantissa, difference.low * two_to_the(maximum(-size, -1022.0))};
}

/* 2^exponent for an integer -1074 <= exponent <= 1023. */
LRVEC_INLINE double scale_of(double exponent) {
    return exponent < -1022.0 ? two_to_the(exponent + 60.0) * 0x1p-60 : two_to_the(exponent);
}

/* Every shape's first path is ANY; the others are named where they are used. */
enum { ANY = 0 };

/* For shapes that have nothing to be cut at. */
#define ENDLESS 0x1p60

/* Whether values of the size of 2^exponent stay normal under all that is done to them before the last addition. Then a
   power of two may be multiplied in early, with the same bits. */
LRVEC_INLINE int is_moderate(double exponent) { return exponent > -150.0 && exponent < 900.0; }

/* The top bit is set unless a number or a difference is not 0 and need not be held as a mantissa and an exponent. */
LRVEC_INLINE uint64_t immoderate(double x) {
    const double size = absolute(x);
    return exceeds(size, 0x1p100) | exceeds(0x1p-100, size);
}

/* x = quotient * divisor + remainder with 0 <= remainder < divisor, for integers 0 <= x <= 2^53 and 1 <= divisor <= 2^53.
   Up to SMALL the rounded quotient is right or one too small; beyond, less one, never too large and at most two too small.
   Integers throughout, so that both ways agree. */
#define SMALL 0x1p50

typedef struct {
    double quotient, remainder;
} division;

LRVEC_INLINE division mend(division d, double divisor) {
    const int short_of = d.remainder >= divisor;
    return (division){d.quotient + (short_of ? 1.0 : 0.0), d.remainder - (short_of ? divisor : 0.0)};
}

LRVEC_INLINE division divide(double x, double divisor, double inverse, int small) {
    division d;
    if (small) {
        d.quotient = round_to_integer(x * inverse - 0.5);
    } else {
        const double nearest = (maximum(x * inverse - 0.5, 0.0) + TWO_52) - TWO_52;
        d.quotient = maximum(nearest - 1.0, 0.0);
    }
    d.remainder = x - d.quotient * divisor;
    return small ? mend(d, divisor) : mend(mend(d, divisor), divisor);
}

/* |factor|^(step / steps_per_factor) = 2^(step * rate), with rate = head + tail. */
struct growth {
    double rate, head, tail, limit;
    uint64_t alternates;         /* all ones where the factor is negative */
    double octave, octave_scale; /* the one power of two of all steps */
};

LRVEC_INLINE void growth_prepare(struct growth *k, double factor, double steps_per_factor) {
    const int zero = factor == 0.0; /* then 1 at step 0, and 0 after it */
    const pair rate = divide_pairs(log2_of(absolute(factor)), (pair){steps_per_factor, 0.0});
    const pair parts = headed(zero ? (pair){-2300.0, 0.0} : rate);
    k->rate = zero ? -2300.0 : rate.high;
    k->head = parts.high, k->tail = parts.low;
    k->limit = zero ? 1.0 : 2300.0 / absolute(rate.high); /* from there on any double times the power is 0 or infinite */
    k->alternates = factor < 0.0 ? ~UINT64_C(0) : 0;
}

/* Ways of growth: with one power of two for all steps, or with normal results at least. */
enum { PLAIN = 1, ONE_OCTAVE = 2 };

/* mantissa * 2^exponent * factor^(step / steps_per_factor). */
LRVEC_INLINE double grow(const struct growth *k, double mantissa, double exponent, double step, int path) {
    const double s = path == ANY ? minimum(step, k->limit) : step;
    const double high = path == ANY ? (s + 0x1.8p78) - 0x1.8p78 : 0.0, low = s - high; /* both times the head: exact */
    const double octave = path == ONE_OCTAVE ? k->octave : round_to_integer(s * k->rate);
    const double rest = path == ANY ? (high * k->head - octave) + low * k->head : s * k->head - octave;
    const double value = mantissa + mantissa * exp2_minus_one(rest + s * k->tail);
    if (path == ONE_OCTAVE) return value * k->octave_scale;
    if (path == PLAIN) return value * two_to_the(octave + exponent);
    return from_bits(bits_of(scale_by_power_of_two(value, octave + exponent)) ^ (sign_of_parity(step) & k->alternates));
}

LRVEC_INLINE int growth_path(struct growth *k, double exponent, double least, double greatest) {
    const double from = round_to_integer(k->rate * least), to = round_to_integer(k->rate * greatest);
    if (greatest > k->limit || greatest >= 0x1p27 || k->alternates || minimum(from, to) + exponent < -1020.0 ||
        maximum(from, to) + exponent > 1020.0)
        return ANY;
    k->octave = from, k->octave_scale = two_to_the(from + exponent);
    return from == to ? ONE_OCTAVE : PLAIN;
}

/* ---- constant: value ---- */

struct constant {
    double value;
};

#define constant_PATHS 1

LRVEC_INLINE void constant_prepare(struct constant *k, const double *p) { k->value = p[0]; }

LRVEC_INLINE int constant_path(struct constant *k, double least, double greatest) {
    (void)k, (void)least, (void)greatest;
    return ANY;
}

static inline double constant_stretch(const struct constant *k, double step) {
    (void)k, (void)step;
    return ENDLESS;
}

LRVEC_INLINE double constant_value(const struct constant *k, double step, int path) {
    (void)step, (void)path;
    return k->value;
}

ONCE(constant)

/* ---- line: first + (last - first) step / length ---- */

struct line {
    double first, last, length;
    double slope_head, slope_tail;    /* (last - first) / length / scale */
    double mantissa, exponent, scale; /* last - first = mantissa * scale, scale = 2^exponent */
};

#define line_PATHS 3
enum { EARLY = 1, LATE = 2 }; /* all steps in the first half; all in the second */

LRVEC_INLINE void line_prepare(struct line *k, const double *p) {
    k->first = p[0], k->last = p[1], k->length = p[2];
    const pair difference = difference_of(k->first, k->last, &k->exponent);
    const pair slope = divide_headed(difference, k->length);
    k->slope_head = slope.high, k->slope_tail = slope.low;
    k->mantissa = difference.high;
    k->scale = scale_of(k->exponent);
}

LRVEC_INLINE int half_of(double length, double least, double greatest) {
    return greatest <= length - greatest ? EARLY : least > length - least ? LATE : ANY;
}

LRVEC_INLINE int line_path(struct line *k, double least, double greatest) {
    if (!is_moderate(k->exponent)) return ANY;
    k->slope_head *= k->scale, k->slope_tail *= k->scale, k->mantissa *= k->scale, k->scale = 1.0;
    return half_of(k->length, least, greatest);
}

static inline double line_stretch(const struct line *k, double step) {
    (void)k, (void)step;
    return ENDLESS;
}

LRVEC_INLINE double line_value(const struct line *k, double step, int path) {
    const double rest = k->length - step;
    const double nearer = path == EARLY ? step : path == LATE ? rest : minimum(step, rest);
    const double distance = (nearer * k->slope_head + nearer * k->slope_tail) * (path == ANY ? k->scale : 1.0);
    const int early = path == ANY ? step <= rest : path == EARLY;
    return early ? k->first + distance : k->last - distance;
}

ONCE(line)

/* ---- half cosine: last + (first - last) (1 + cos(pi step / length)) / 2 ----
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

/* ---- repeated half cosine: the half cosine over step mod period ---- */

struct repeated_half_cosine {
    struct half_cosine wave;
    double inverse;     /* 1 / period */
    double cycle_start; /* of the one cycle that holds all steps */
};

#define repeated_half_cosine_PATHS 4
enum { ONE_CYCLE_EARLY = EARLY, ONE_CYCLE_LATE = LATE, SMALL_STEPS = 3 };

LRVEC_INLINE void repeated_half_cosine_prepare(struct repeated_half_cosine *k, const double *p) {
    half_cosine_prepare(&k->wave, p);
    k->inverse = 1.0 / p[2];
}

LRVEC_INLINE int repeated_half_cosine_path(struct repeated_half_cosine *k, double least, double greatest) {
    const division from = divide(least, k->wave.length, k->inverse, 0), to = divide(greatest, k->wave.length, k->inverse, 0);
    k->cycle_start = least - from.remainder;
    const int half = from.quotient == to.quotient ? half_cosine_path(&k->wave, from.remainder, to.remainder) : ANY;
    return half != ANY ? half : greatest < SMALL ? SMALL_STEPS : ANY;
}

static inline double repeated_half_cosine_stretch(const struct repeated_half_cosine *k, double step) {
    return half_cosine_stretch(&k->wave, divide(step, k->wave.length, k->inverse, 0).remainder);
}

LRVEC_INLINE double repeated_half_cosine_value(const struct repeated_half_cosine *k, double step, int path) {
    if (path == ONE_CYCLE_EARLY || path == ONE_CYCLE_LATE) return half_cosine_value(&k->wave, step - k->cycle_start, path);
    return half_cosine_value(&k->wave, divide(step, k->wave.length, k->inverse, path == SMALL_STEPS).remainder, ANY);
}

LRVEC_INLINE void repeated_half_cosine_coarse(const struct repeated_half_cosine *k, double coarse, double *found) {
    half_cosine_coarse(&k->wave, coarse, found);
}

LRVEC_INLINE double repeated_half_cosine_wave_length(const struct repeated_half_cosine *k) { return k->wave.length; }

LRVEC_INLINE void repeated_half_cosine_fine(const struct repeated_half_cosine *k, double fine, double *found) {
    half_cosine_fine(&k->wave, fine, found);
}

LRVEC_INLINE double repeated_half_cosine_clock(const struct repeated_half_cosine *k, double step, int path) {
    return half_cosine_clock(&k->wave, step - k->cycle_start, path);
}

LRVEC_INLINE double repeated_half_cosine_joined(const struct repeated_half_cosine *k, const double *coarse, const double *fine,
                                                int path) {
    return half_cosine_joined(&k->wave, coarse, fine, path);
}

ONCE(repeated_half_cosine)

/* ---- power: last + (first - last) ((length - step) / length)^power, for 0 < step < length and power >= 0 ----
   Up to GENTLE, the remaining steps are 2^e (1 + rho) / c: the power is a number for the octave e, times one for the cell,
   times (1 + rho)^power by its binomial series, so that a step costs neither a logarithm nor an exponential. Beyond, where
   that series is too long, it is 2^(power log2(remaining / length)). Squares are products. */

#define GENTLE 16.0
#define BINOMIALS 9 /* the next one is below 2^-57 */
#define OCTAVES 55

struct power {
    double first, last, length;
    double mantissa, exponent, scale; /* first - last = mantissa * scale, scale = 2^exponent */
    double power, power_head, power_tail, length_log_high, length_log_low; /* log2(length) */
    double least;           /* steep: where fewer steps remain, the power is 0 */
    int steep, square;                      /* above GENTLE; 2 */
    double curvature_high, curvature_low;   /* square: (first - last) / length^2 / scale */
    double binomial[BINOMIALS];
    double cell_high[LOG2_CELLS], cell_low[LOG2_CELLS]; /* c^-power */
    double octave_high[OCTAVES], octave_low[OCTAVES];   /* (2^e / length)^power; heads, as cell_high */
    double one_reciprocal, one_high, one_low;           /* of the one cell that holds all steps */
};

#define power_PATHS 4
enum { ONE_CELL_NEAR_FIRST = 1, ONE_CELL_NEAR_LAST = 2, SQUARE = 3 };

/* 2^(power (high + low)), with `high` a head, as a head and a rest. */
LRVEC_INLINE pair power_of_two_to(const struct power *k, double high, double low) {
    const double exponent = round_to_integer(k->power * (high + low));
    const double rest = (k->power_head * high - exponent) + (k->power_tail * high + k->power * low);
    const pair value = headed(quick_sum(1.0, exp2_minus_one(rest)));
    const double scale = scale_of(maximum(exponent, -1022.0));
    return (pair){value.high * scale, value.low * scale};
}

/* All but the tables and what belongs to steep powers. */
LRVEC_INLINE void power_start(struct power *k, const double *p, pair difference) {
    k->first = p[0], k->last = p[1], k->length = p[2];
    k->mantissa = difference.high;
    k->power = minimum(p[3], 2300.0 * k->length); /* then one step is enough to underflow: 1 - 1/n < 2^(-1/n) */
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

/* All but the tables. */
LRVEC_INLINE void power_begin(struct power *k, const double *p) {
    const pair difference = difference_of(p[1], p[0], &k->exponent);
    power_start(k, p, difference);
    power_binomials(k);
    k->scale = scale_of(k->exponent);
    k->steep = k->power > GENTLE;
    const double octaves = 2300.0 / maximum(k->power, GENTLE), whole = round_to_integer(octaves);
    k->least = k->length * (1.0 + exp2_minus_one(whole - octaves)) * two_to_the(-whole);
    k->least = maximum(minimum(k->least, k->length - 1.0), 1.0);
}

static inline void power_prepare(struct power *k, const double *p) {
    power_begin(k, p);
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

/* The power at the cell's middle, with or without the tables, and the offset of the remaining steps from there. */
LRVEC_INLINE pair power_in_cell(const struct power *k, double remaining, int with_tables, double *rho) {
    const uint64_t place = log2_place_of(remaining), cell = cell_of(place), octave = place / LOG2_CELLS;
    *rho = offset_in_cell(remaining, LOG2_CELL[cell][0] * two_to_the(-octave_of(place))).high;
    const pair of_cell = with_tables ? (pair){k->cell_high[cell], k->cell_low[cell]}
                                     : power_of_two_to(k, LOG2_CELL[cell][1], LOG2_CELL[cell][2]);
    const pair of_octave = with_tables ? (pair){k->octave_high[octave], k->octave_low[octave]}
                                       : power_of_two_to(k, octave_of(place) - k->length_log_high, -k->length_log_low);
    return (pair){of_octave.high * of_cell.high,
                  of_octave.high * of_cell.low + of_octave.low * (of_cell.high + of_cell.low)};
}

LRVEC_INLINE double power_beside(const struct power *k, pair middle, double rho) {
    const double *c = k->binomial;
    const double rho2 = rho * rho, rho4 = rho2 * rho2;
    const double head = (c[0] + c[1] * rho) + rho2 * (c[2] + c[3] * rho);
    const double tail = ((c[4] + c[5] * rho) + rho2 * (c[6] + c[7] * rho)) + rho4 * c[8];
    return minimum(middle.high + (middle.low + (middle.high + middle.low) * (rho * (head + rho4 * tail))), 1.0);
}

LRVEC_INLINE double gentle_weight(const struct power *k, double remaining, int path) {
    double rho = remaining * k->one_reciprocal - 1.0; /* below 2^27 steps the product is exact */
    const pair middle = path == ANY ? power_in_cell(k, remaining, 1, &rho) : (pair){k->one_high, k->one_low};
    return power_beside(k, middle, rho);
}

/* The sizes of `rest` and `weight` below are both monotone, so the two ends speak for all steps between. */
LRVEC_INLINE int power_path(struct power *k, double least, double greatest) {
    if (k->square) return SQUARE;
    const double most = k->length - least, fewest = k->length - greatest;
    const uint64_t place = log2_place_of(most), cell = cell_of(place), octave = place / LOG2_CELLS;
    if (k->steep || place != log2_place_of(fewest) || most >= 0x1p27 || !is_moderate(k->exponent)) return ANY;
    const int near_first = gentle_weight(k, fewest, ANY) > 0.5;
    if (near_first != (gentle_weight(k, most, ANY) > 0.5)) return ANY;
    k->one_reciprocal = LOG2_CELL[cell][0] * two_to_the(-(double)octave);
    k->one_high = k->octave_high[octave] * k->cell_high[cell];
    k->one_low =
        k->octave_high[octave] * k->cell_low[cell] + k->octave_low[octave] * (k->cell_high[cell] + k->cell_low[cell]);
    k->mantissa *= k->scale;
    return near_first ? ONE_CELL_NEAR_FIRST : ONE_CELL_NEAR_LAST;
}

/* Up to the last step of this one's cell: a step of 1 / CELLS of the octave. */
static inline double power_stretch(const struct power *k, double step) {
    const double remaining = k->length - step;
    if (k->steep || k->square || remaining < 1.0) return ENDLESS;
    const double edge = from_bits((log2_place_of(remaining) << 46) + LOG2_OFFSET); /* the cell's least */
    return (double)(int64_t)(remaining - edge) + 1.0;
}

LRVEC_INLINE double steep_weight(const struct power *k, double remaining) {
    const pair log = log2_of_step(maximum(remaining, k->least));
    const double high = log.high - k->length_log_high, low = log.low - k->length_log_low;
    const double exponent = round_to_integer(k->power * (high + low));
    const double rest = (k->power_head * high - exponent) + (k->power_tail * high + k->power * low);
    return scale_by_power_of_two(1.0 + exp2_minus_one(rest), exponent);
}

/* The square falls by (first - last) step (2 length - step) / length^2. */
LRVEC_INLINE double square_value(const struct power *k, double step) {
    const double remaining = k->length - step;
    const double fallen = step * (k->length + remaining), left = remaining * remaining;
    const int near_first = fallen < left;
    const double area = near_first ? -fallen : left;
    const double distance = (area * k->curvature_high + area * k->curvature_low) * k->scale;
    return (near_first ? k->first : k->last) + distance;
}

LRVEC_INLINE double power_of_weight(const struct power *k, double weight, int near_first, double scale) {
    return near_first ? k->first - (1.0 - weight) * k->mantissa * scale : k->last + weight * k->mantissa * scale;
}

LRVEC_INLINE double power_value(const struct power *k, double step, int path) {
    if (path == SQUARE || (path == ANY && k->square)) return square_value(k, step);
    const double remaining = k->length - step;
    const int in_one_cell = path == ONE_CELL_NEAR_FIRST || path == ONE_CELL_NEAR_LAST;
    const double weight = path == ANY && k->steep ? steep_weight(k, remaining) : gentle_weight(k, remaining, path);
    return power_of_weight(k, weight, in_one_cell ? path == ONE_CELL_NEAR_FIRST : weight > 0.5, in_one_cell ? 1.0 : k->scale);
}

LRVEC_INLINE double power_once(const double *p, double step) {
    struct power k;
    power_begin(&k, p);
    double rho;
    const double remaining = k.length - step;
    const pair middle = power_in_cell(&k, remaining, 0, &rho);
    const double weight = choose(k.steep, steep_weight(&k, remaining), power_beside(&k, middle, rho));
    return choose(k.square, square_value(&k, step), power_of_weight(&k, weight, weight > 0.5, k.scale));
}

/* Gentle powers between rates whose difference is moderate as it is. */
LRVEC_INLINE uint64_t power_unusual(const double *p, double step) {
    (void)step;
    return (exceeds(p[3], GENTLE) | immoderate(p[0] - p[1])) & TOP_BIT;
}

LRVEC_INLINE void power_first(const double *p, double step, double *found) {
    (void)step;
    struct power k;
    power_start(&k, p, sum_of(p[0], -p[1]));
    found[0] = k.mantissa, found[1] = k.length_log_high, found[2] = k.length_log_low;
    found[3] = k.curvature_high, found[4] = k.curvature_low;
}

LRVEC_INLINE struct power power_started(const double *p, const double *found) {
    const double power_head = head_of(p[3]);
    return (struct power){
        .first = p[0], .last = p[1], .length = p[2], .power = p[3], .power_head = power_head, .power_tail = p[3] - power_head,
        .mantissa = found[0], .length_log_high = found[1], .length_log_low = found[2],
        .curvature_high = found[3], .curvature_low = found[4], .scale = 1.0, .square = p[3] == 2.0,
    };
}

LRVEC_INLINE void power_second(const double *p, double step, const double *first, double *found) {
    const struct power k = power_started(p, first);
    const pair middle = power_in_cell(&k, k.length - step, 0, &found[2]);
    found[0] = middle.high, found[1] = middle.low;
}

LRVEC_INLINE double power_third(const double *p, double step, const double *first, const double *second) {
    struct power k = power_started(p, first);
    power_binomials(&k);
    const double weight = power_beside(&k, (pair){second[0], second[1]}, second[2]);
    return choose(k.square, square_value(&k, step), power_of_weight(&k, weight, weight > 0.5, 1.0));
}

/* ---- exponential: first factor^(step / steps_per_factor); a negative factor takes steps_per_factor = 1 ---- */

struct exponential {
    double mantissa, exponent; /* first = mantissa * 2^exponent */
    struct growth growth;
};

#define exponential_PATHS 3

LRVEC_INLINE void exponential_prepare(struct exponential *k, const double *p) {
    k->mantissa = split_exponent(p[0], &k->exponent);
    growth_prepare(&k->growth, p[1], p[2]);
}

LRVEC_INLINE int exponential_path(struct exponential *k, double least, double greatest) {
    return growth_path(&k->growth, k->exponent, least, greatest);
}

static inline double exponential_stretch(const struct exponential *k, double step) {
    (void)k, (void)step;
    return ENDLESS;
}

LRVEC_INLINE double exponential_value(const struct exponential *k, double step, int path) {
    return grow(&k->growth, k->mantissa, k->exponent, step, path);
}

ONCE(exponential)

/* Steps below 2^27 of a factor next to 1, where |log2(factor)| <= 3 |factor - 1|, that stay within 2^900 of first. */
LRVEC_INLINE uint64_t exponential_unusual(const double *p, double step) {
    const double distance = absolute(p[1] - 1.0);
    const uint64_t near = exceeds(0x1p27, step) & exceeds(NEAR_ONE, distance) & exceeds(900.0, 3.0 * distance * step);
    return ((~near | immoderate(p[0])) & TOP_BIT) | (bits_of(p[2]) ^ bits_of(1.0));
}

LRVEC_INLINE void exponential_first(const double *p, double step, double *rate) {
    (void)step;
    const pair logarithm = log2_near_one(p[1] - 1.0, 0.0), parts = headed(logarithm);
    rate[0] = logarithm.high, rate[1] = parts.high, rate[2] = parts.low;
}

LRVEC_INLINE void exponential_second(const double *p, double step, const double *rate, double *found) {
    (void)p;
    found[0] = round_to_integer(step * rate[0]);
    found[1] = (step * rate[1] - found[0]) + step * rate[2];
}

LRVEC_INLINE double exponential_third(const double *p, double step, const double *rate, const double *found) {
    (void)step, (void)rate;
    return (p[0] + p[0] * exp2_minus_one(found[1])) * two_to_the(found[0]);
}

/* ---- staircase: first factor^floor(step / width) ---- */

struct staircase {
    struct exponential level;
    double width, inverse;
    double held; /* the one level of all steps */
};

#define staircase_PATHS 3
enum { ONE_LEVEL = 2 }; /* or PLAIN */

LRVEC_INLINE void staircase_prepare(struct staircase *k, const double *p) {
    const double level[] = {p[0], p[1], 1.0};
    exponential_prepare(&k->level, level);
    k->width = p[2];
    k->inverse = 1.0 / p[2];
}

LRVEC_INLINE int staircase_path(struct staircase *k, double least, double greatest) {
    const double from = divide(least, k->width, k->inverse, 0).quotient, to = divide(greatest, k->width, k->inverse, 0).quotient;
    if (from == to) {
        k->held = exponential_value(&k->level, from, ANY);
        return ONE_LEVEL;
    }
    return greatest < SMALL && exponential_path(&k->level, from, to) != ANY ? PLAIN : ANY;
}

static inline double staircase_stretch(const struct staircase *k, double step) {
    return k->width - divide(step, k->width, k->inverse, 0).remainder;
}

LRVEC_INLINE double staircase_value(const struct staircase *k, double step, int path) {
    if (path == ONE_LEVEL) return k->held;
    return exponential_value(&k->level, divide(step, k->width, k->inverse, path == PLAIN).quotient, path);
}

ONCE(staircase)

/* ---- halving: last + (first - last) (2^(1 - step / length) - 1) ----
   An exponential that halves from 2 to 1, less 1. In the first half, where it has fallen by 2 (1 - 2^(-step / length)), the
   end that the rate is nearer to changes. */

struct halving {
    double first, last, length;
    double inverse_high, inverse_low;       /* 1 / length */
    double difference_high, difference_low; /* (first - last) / scale */
    double scale;
};

#define halving_PATHS 3 /* as the line's */

LRVEC_INLINE void halving_prepare(struct halving *k, const double *p) {
    k->first = p[0], k->last = p[1], k->length = p[2];
    double exponent;
    const pair difference = difference_of(k->last, k->first, &exponent);
    const pair inverse = divide_pairs((pair){1.0, 0.0}, (pair){k->length, 0.0});
    k->inverse_high = inverse.high, k->inverse_low = inverse.low;
    k->difference_high = difference.high, k->difference_low = difference.low;
    k->scale = scale_of(exponent);
}

LRVEC_INLINE int halving_path(struct halving *k, double least, double greatest) {
    return half_of(k->length, least, greatest);
}

static inline double halving_stretch(const struct halving *k, double step) {
    (void)k, (void)step;
    return ENDLESS;
}

LRVEC_INLINE double halving_value(const struct halving *k, double step, int path) {
    const double rest = k->length - step;
    const int early = path == ANY ? step <= rest : path == EARLY;
    const double signed_part = early ? -step : rest;
    const double part = signed_part * k->inverse_high + signed_part * k->inverse_low;
    const double excess = exp2_minus_one(part);
    const int near_first = early && excess >= -0.25;
    const double weight = !early ? excess : near_first ? 2.0 * excess : 1.0 + 2.0 * excess;
    const double distance = (weight * k->difference_high + weight * k->difference_low) * k->scale;
    return (near_first ? k->first : k->last) + distance;
}

ONCE(halving)

/* ---- inverse square root: peak sqrt(peak_step / step), for step >= peak_step > 0 ---- */

struct inverse_sqrt {
    double whole, head, tail, scale; /* whole = head + tail = peak sqrt(peak_step) / scale */
};

#define inverse_sqrt_PATHS 1

LRVEC_INLINE void inverse_sqrt_prepare(struct inverse_sqrt *k, const double *p) {
    double exponent;
    const double mantissa = split_exponent(p[0], &exponent);
    const pair whole = multiply_pairs(pair_sqrt(p[1]), (pair){mantissa, 0.0});
    const pair parts = headed(whole);
    k->whole = whole.high, k->head = parts.high, k->tail = parts.low;
    k->scale = scale_of(exponent);
}

LRVEC_INLINE int inverse_sqrt_path(struct inverse_sqrt *k, double least, double greatest) {
    (void)k, (void)least, (void)greatest;
    return ANY;
}

static inline double inverse_sqrt_stretch(const struct inverse_sqrt *k, double step) {
    (void)k, (void)step;
    return ENDLESS;
}

LRVEC_INLINE double inverse_sqrt_value(const struct inverse_sqrt *k, double step, int path) {
    (void)path;
    double correction;
    const double root = inverse_sqrt_of(step, &correction);
    return (root * k->head + (root * k->tail + root * k->whole * correction)) * k->scale;
}

ONCE(inverse_sqrt)

/* ---- one minus sqrt: last + (first - last) (1 - sqrt(step / length)) ----
   In the first quarter sqrt(step / length) goes down from `first`; then 1 - sqrt(s / n) = (n - s) / (n + sqrt(n s)). */

struct one_minus_sqrt {
    double first, last, length, root;      /* root = sqrt(length) */
    double difference_high, difference_low; /* (first - last) / scale */
    double fall_high, fall_low;             /* that / root */
    double scale;
};

#define one_minus_sqrt_PATHS 3 /* EARLY: all steps in the first quarter; LATE: none */

LRVEC_INLINE void one_minus_sqrt_prepare(struct one_minus_sqrt *k, const double *p) {
    k->first = p[0], k->last = p[1], k->length = p[2];
    double exponent;
    const pair difference = difference_of(k->last, k->first, &exponent), root = pair_sqrt(k->length);
    const pair fall = divide_pairs(difference, root);
    k->root = root.high;
    k->difference_high = difference.high, k->difference_low = difference.low;
    k->fall_high = fall.high, k->fall_low = fall.low;
    k->scale = scale_of(exponent);
}

LRVEC_INLINE int one_minus_sqrt_path(struct one_minus_sqrt *k, double least, double greatest) {
    return 4.0 * greatest < k->length ? EARLY : 4.0 * least >= k->length ? LATE : ANY;
}

static inline double one_minus_sqrt_stretch(const struct one_minus_sqrt *k, double step) {
    (void)k, (void)step;
    return ENDLESS;
}

LRVEC_INLINE double one_minus_sqrt_value(const struct one_minus_sqrt *k, double step, int path) {
    const double root = sqrt_of(step);
    const int early = path == ANY ? 4.0 * step < k->length : path == EARLY;
    const double left = (k->length - step) / (k->length + root * k->root);
    const double fallen = (root * k->fall_high + root * k->fall_low) * k->scale;
    const double rest = (left * k->difference_high + left * k->difference_low) * k->scale;
    return early ? k->first - fallen : k->last + rest;
}

ONCE(one_minus_sqrt)

/* ---- triangle: low + (high - low) height, where height climbs 0 ... 1 over half a period and falls back ---- */

struct triangle {
    struct line climb;
    double period, inverse;
    double cycle, sense, zero; /* the one slope of all steps: climbed = zero + sense * step */
    double shrink;             /* 1/2 where high - low is infinite, else 1 */
};

#define triangle_PATHS 3
enum { ONE_SLOPE = 1, SMALL_CYCLES = 2 };

LRVEC_INLINE void triangle_prepare(struct triangle *k, const double *p) {
    line_prepare(&k->climb, p);
    k->period = 2.0 * p[2];
    k->inverse = 1.0 / k->period;
    k->shrink = k->climb.exponent < 1023.0 ? 1.0 : 0.5;
}

/* low + height * 2^exponent, for swings that reach beyond the largest double too. */
LRVEC_INLINE double triangle_swung(const struct triangle *k, double height, double exponent) {
    const double low = k->climb.first * k->shrink;
    return (low + scale_by_power_of_two(height * k->shrink, exponent)) / k->shrink;
}

LRVEC_INLINE int triangle_path(struct triangle *k, double least, double greatest) {
    const division from = divide(least, k->period, k->inverse, 0), to = divide(greatest, k->period, k->inverse, 0);
    if (greatest >= SMALL) return ANY;
    const int climbs = to.remainder <= k->climb.length, falls = from.remainder >= k->climb.length;
    if (from.quotient != to.quotient || !(climbs || falls)) return SMALL_CYCLES;
    k->cycle = from.quotient;
    k->sense = climbs ? 1.0 : -1.0;
    k->zero = climbs ? from.remainder - least : k->period - from.remainder + least;
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
    return line_value(&k->climb, triangle_climbed(k, step, path).remainder, ANY);
}

ONCE(triangle)

/* (high - low) height, without the scale of the climb. */
LRVEC_INLINE double triangle_height(const struct line *climb, double climbed) {
    return climbed * climb->slope_head + climbed * climb->slope_tail;
}

/* ---- halving triangle: low + (high - low) height / 2^floor(step / period) ---- */

struct halving_triangle {
    struct triangle wave;
};

#define halving_triangle_PATHS 3 /* as the triangle's, with normal heights */

LRVEC_INLINE void halving_triangle_prepare(struct halving_triangle *k, const double *p) { triangle_prepare(&k->wave, p); }

LRVEC_INLINE int halving_triangle_path(struct halving_triangle *k, double least, double greatest) {
    const double last_cycle = divide(greatest, k->wave.period, k->wave.inverse, 0).quotient;
    if (k->wave.shrink != 1.0 || k->wave.climb.exponent - last_cycle < -1020.0) return ANY;
    return triangle_path(&k->wave, least, greatest);
}

static inline double halving_triangle_stretch(const struct halving_triangle *k, double step) {
    return triangle_stretch(&k->wave, step);
}

LRVEC_INLINE double halving_triangle_value(const struct halving_triangle *k, double step, int path) {
    const struct line *climb = &k->wave.climb;
    const division at = triangle_climbed(&k->wave, step, path);
    const double height = triangle_height(climb, at.remainder), exponent = climb->exponent - at.quotient;
    const double whole = line_value(climb, at.remainder, ANY); /* of the first cycle, whose top is an end too */
    const double lower = path == ANY ? triangle_swung(&k->wave, height, exponent) : climb->first + height * two_to_the(exponent);
    return at.quotient == 0.0 ? whole : lower;
}

ONCE(halving_triangle)

/* ---- decaying triangle: low + (high - low) height factor^step ---- */

struct decaying_triangle {
    struct triangle wave;
    struct growth growth;
};

#define decaying_triangle_PATHS 3 /* as the triangle's, with plain growth */

LRVEC_INLINE void decaying_triangle_prepare(struct decaying_triangle *k, const double *p) {
    triangle_prepare(&k->wave, p);
    growth_prepare(&k->growth, p[3], 1.0);
}

LRVEC_INLINE int decaying_triangle_path(struct decaying_triangle *k, double least, double greatest) {
    if (k->wave.shrink != 1.0 || growth_path(&k->growth, k->wave.climb.exponent, least, greatest) == ANY) return ANY;
    return triangle_path(&k->wave, least, greatest);
}

static inline double decaying_triangle_stretch(const struct decaying_triangle *k, double step) {
    return triangle_stretch(&k->wave, step);
}

LRVEC_INLINE double decaying_triangle_value(const struct decaying_triangle *k, double step, int path) {
    const struct line *climb = &k->wave.climb;
    const double height = triangle_height(climb, triangle_climbed(&k->wave, step, path).remainder);
    if (path != ANY) return climb->first + grow(&k->growth, height, climb->exponent, step, PLAIN);
    const double low = climb->first * k->wave.shrink;
    return (low + grow(&k->growth, height * k->wave.shrink, climb->exponent, step, ANY)) / k->wave.shrink;
}

ONCE(decaying_triangle)

#endif
