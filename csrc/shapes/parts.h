/* What several shapes share. */

/* to - from = (mantissa.high + mantissa.low) 2^exponent unit with 1 <= |mantissa.high| < 2 (or 0) and -1074 <= exponent <= 1023.
   The unit is 1, or 4 where the difference reaches 2^1024. A curve holds its rates in units, and multiplies each value by the
   unit at the end. Where the unit is 4, one rate is at least 2^1023 and the other at least 2^970, so their quarters are exact. */
LRVEC_INLINE pair difference_of(double from, double to, double *exponent, double *unit) {
    const int large = absolute(from) > 1.0 || absolute(to) > 1.0;
    const double multiple = large ? 0x1p-2 : 0x1p60; /* neither the difference nor its rest leaves the normal range */
    const pair difference = sum_of(to * multiple, -from * multiple);
    double size;
    const double mantissa = split_exponent(difference.high, &size);
    const double whole = size + (large ? 2.0 : -60.0);
    *unit = whole > 1023.0 ? 4.0 : 1.0;
    *exponent = whole > 1023.0 ? whole - 2.0 : whole;
    return (pair){mantissa, difference.low * two_to_the(maximum(-size, -1022.0))};
}

LRVEC_INLINE double in_units(double rate, double unit) { return rate * (unit > 1.0 ? 0.25 : 1.0); }

/* 2^exponent for an integer -1074 <= exponent <= 1023. */
LRVEC_INLINE double scale_of(double exponent) {
    return exponent < -1022.0 ? two_to_the(exponent + 60.0) * 0x1p-60 : two_to_the(exponent);
}

/* (anchor + way 2^exponent) unit, rounded once where the way is not far below the normal doubles: the end of a precise value. */
static inline double anchored(double anchor, pair way, double exponent, double unit) {
    const double scale = scale_of(exponent);
    const pair rate = sum_of(in_units(anchor, unit), way.high * scale);
    return (rate.high + (rate.low + way.low * scale)) * unit;
}

/* log2(1 - rest / length) for rest <= length / 128, from 1 / length as a head and a tail; as log2_series has it. */
LRVEC_INLINE pair log2_of_share(double rest, double inverse_head, double inverse_tail) {
    const double head = head_of(rest), tail = rest - head;
    const pair share = quick_sum(head * inverse_head, head * inverse_tail + tail * (inverse_head + inverse_tail));
    return log2_series((pair){-share.high, -share.low}, 0.0);
}

/* The path that always holds; the others are named where they are used. */
enum { ANY = 0 };

/* The stretch of steps among which no block is to be cut. */
#define ENDLESS 0x1p60

/* A cycle of a curve: value(t + length) - about = ratio (value(t) - about). The length is 0 if there is none. */
struct cycle {
    double length;
    pair ratio;
    double about;
};

#define NO_CYCLE ((struct cycle){0.0, {1.0, 0.0}, 0.0})

/* factor^count for an integer count, by squaring. */
static inline pair whole_power(double factor, double count) {
    pair power = {1.0, 0.0}, square = {factor, 0.0};
    for (uint64_t left = (uint64_t)count; left; left >>= 1) {
        if (left & 1) power = multiply_pairs(power, square);
        square = multiply_pairs(square, square);
    }
    return power;
}

/* Whether values of the size of 2^exponent stay normal in all that is done to them before the last addition. Then they may be
   multiplied by a power of two early, with the same bits. */
LRVEC_INLINE int is_moderate(double exponent) { return exponent > -150.0 && exponent < 900.0; }

/* The top bit is set if a number or a difference is 0, or must be held as a mantissa and an exponent. */
LRVEC_INLINE uint64_t immoderate(double x) {
    const double size = absolute(x);
    return exceeds(size, 0x1p100) | exceeds(0x1p-100, size);
}

/* x = quotient * divisor + remainder with 0 <= remainder < divisor, for integers 0 <= x <= 2^53 and 1 <= divisor <= 2^53.
   Up to SMALL the rounded quotient is right or one too small. Beyond SMALL one is subtracted from it: then it is never too
   large, and at most two too small. All numbers are integers, so both ways agree. */
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

/* A mantissa without a low part. Adding -0.0 changes nothing, and costs nothing. */
#define WHOLE(mantissa) ((pair){mantissa, -0.0})

/* Paths of growth: with normal results; and with one power of two for all steps besides. */
enum { PLAIN = 1, ONE_OCTAVE = 2 };

/* (high + low) * 2^exponent * factor^(step / steps_per_factor). */
LRVEC_INLINE double grow(const struct growth *k, pair mantissa, double exponent, double step, int path) {
    const double s = path == ANY ? minimum(step, k->limit) : step;
    const double high = path == ANY ? (s + 0x1.8p78) - 0x1.8p78 : 0.0, low = s - high; /* both times the head: exact */
    const double octave = path == ONE_OCTAVE ? k->octave : round_to_integer(s * k->rate);
    const double rest = path == ANY ? (high * k->head - octave) + low * k->head : s * k->head - octave;
    const double whole = mantissa.high + mantissa.low;
    const double value = mantissa.high + (mantissa.low + whole * exp2_minus_one(rest + s * k->tail));
    if (path == ONE_OCTAVE) return value * k->octave_scale;
    if (path == PLAIN) return value * two_to_the(octave + exponent);
    return from_bits(bits_of(scale_by_power_of_two(value, octave + exponent)) ^ (sign_of_parity(step) & k->alternates));
}

LRVEC_INLINE int growth_path(const struct growth *k, struct growth *own, double exponent, double least, double greatest) {
    const double from = round_to_integer(k->rate * least), to = round_to_integer(k->rate * greatest);
    if (greatest > k->limit || greatest >= 0x1p27 || k->alternates || minimum(from, to) + exponent < -1020.0 ||
        maximum(from, to) + exponent > 1020.0)
        return ANY;
    own->octave = from, own->octave_scale = two_to_the(from + exponent);
    return from == to ? ONE_OCTAVE : PLAIN;
}

/* A power that has grown to infinity, or fallen to 0, stays there: only before that its sign alternates. */
static inline double growth_turn(const struct growth *k, double step, double width, double left) {
    return k->alternates && step < k->limit * width ? left : ENDLESS;
}
