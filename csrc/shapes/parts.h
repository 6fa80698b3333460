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

/* More steps than there are: what goes on for ever. */
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

/* ---- expansions ---- */

/* Far from the places where it bends most, in its zone, a curve is expanded about the middle of each part of PART_SIZE steps. What
   a middle gives serves all steps of its part. Outside the zone a step is its own middle. */
#define PART_SIZE 128
#define HALF_PART (0.5 * PART_SIZE)
enum { TERMS = 8 };

struct zone {
    double begin, end; /* multiples of PART_SIZE; all steps between them are on one of the shape's expanded paths */
};

/* The rate at the middle is high + low. The terms are those of the series in z, which goes from -1 to 1 over the part. */
struct expansion {
    double high, low, terms[TERMS];
};

#define NO_ZONE ((struct zone){ENDLESS, ENDLESS})

/* A series in distance / (FAR HALF_PART) leaves out less than 2^-59. */
#define FAR 96.0

/* The greatest zone within `from` ... `to`, which are not negative. */
LRVEC_INLINE struct zone zone_of(double from, double to) {
    const double grid = PART_SIZE * ROUND;
    const double begin = (from + PART_SIZE + grid) - grid, end = (to - PART_SIZE + grid) - grid;
    return begin < end && to < 0x1p50 ? (struct zone){begin, end} : NO_ZONE;
}

LRVEC_INLINE int is_in(const struct zone *zone, double step) { return step >= zone->begin && step < zone->end; }

/* The multiple of PART_SIZE at which an integer step's part begins. */
LRVEC_INLINE double part_of(double step) { return (step - 0.5 * (PART_SIZE - 1) + PART_SIZE * ROUND) - PART_SIZE * ROUND; }

LRVEC_INLINE double middle_of(double step, int in_zone) { return choose(in_zone, part_of(step) + HALF_PART, step); }

/* The value at z, from z^2 and z^4 too. */
LRVEC_INLINE double expanded_at(const struct expansion *e, double z, double z2, double z4) {
    const double *c = e->terms;
    const double early = (c[0] + c[1] * z) + z2 * (c[2] + c[3] * z), late = (c[4] + c[5] * z) + z2 * (c[6] + c[7] * z);
    return e->high + (e->low + z * (early + z4 * late));
}

LRVEC_INLINE double expanded(const struct expansion *e, double distance) {
    const double z = distance * (1.0 / HALF_PART), z2 = z * z;
    return expanded_at(e, z, z2, z2 * z2);
}

/* The term of z^n in the product of two series, for a literal n < TERMS. */
LRVEC_INLINE double term_of_product(const double *x, const double *y, int n) {
    double sum = x[0] * y[n];
    if (n >= 1) sum += x[1] * y[n - 1];
    if (n >= 2) sum += x[2] * y[n - 2];
    if (n >= 3) sum += x[3] * y[n - 3];
    if (n >= 4) sum += x[4] * y[n - 4];
    if (n >= 5) sum += x[5] * y[n - 5];
    if (n >= 6) sum += x[6] * y[n - 6];
    if (n >= 7) sum += x[7] * y[n - 7];
    return sum;
}

/* The terms of size (1 + a z + b z^2)^power, from that of z on. */
LRVEC_INLINE void terms_of_power(double size, double a, double b, double power, double *terms) {
    double before = 0.0, last = size;
    LRVEC_UNROLL
    for (int n = 0; n < TERMS; n++) {
        terms[n] = (last * (a * (power - n)) + before * (b * (2.0 * power - (n - 1)))) * (1.0 / (n + 1));
        before = last, last = terms[n];
    }
}

/* Does something for each n < TERMS, as a literal: compilers unroll no loop around others before they make vectors. */
#define FOR_EACH_TERM(DO) DO(0) DO(1) DO(2) DO(3) DO(4) DO(5) DO(6) DO(7)

/* The value on the path ANY, where outside the zone the distance is 0. */
LRVEC_INLINE double expanded_in(int in_zone, const struct expansion *e, double distance, double unit) {
    return choose(in_zone, expanded(e, distance), e->high * unit);
}

/* Makes NAME_in_parts, the value on a path on which all steps are in the zone, or some of them. */
#define IN_PARTS(shape)                                                                                                \
    LRVEC_INLINE double shape##_in_parts(const struct shape *k, double step, int path, int all) {                      \
        const int in_zone = all || is_in(&k->zone, step);                                                              \
        const double middle = middle_of(step, in_zone);                                                                \
        const struct expansion e = shape##_expand(k, middle, path);                                                    \
        return all ? expanded(&e, step - middle) : expanded_in(in_zone, &e, step - middle, k->unit);                   \
    }

/* Makes NAME_outside, the value at a single step outside the zone: the terms are not computed. */
#define OUTSIDE_PARTS(shape)                                                                                           \
    LRVEC_INLINE double shape##_outside(const struct shape *k, double step) {                                          \
        return shape##_expand(k, step, ANY).high * k->unit;                                                            \
    }

/* The steps to the end of the zone; before it, to its begin, or `left` if that is less. */
LRVEC_INLINE double left_in_zone(const struct zone *zone, double step, double left) {
    return is_in(zone, step) ? zone->end - step : step < zone->begin ? minimum(zone->begin - step, left) : left;
}

/* Whether all steps of a block, or none of them, are in the zone. */
LRVEC_INLINE int is_within(const struct zone *zone, double least, double greatest) {
    return least >= zone->begin && greatest < zone->end;
}
LRVEC_INLINE int is_outside(const struct zone *zone, double least, double greatest) {
    return greatest < zone->begin || least >= zone->end;
}

/* A power, or a factor of steps, up to this may make terms subnormal. These are rounded otherwise if the scale of the rates is in
   them, so the scale is not taken into them. */
#define FAINT 0x1p-700

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

/* Whether values of the size of 2^exponent stay normal in all that is done to them before the last addition. Then they may be
   multiplied by a power of two early, with the same bits. */
LRVEC_INLINE int is_moderate(double exponent) { return exponent > -150.0 && exponent < 900.0; }

/* |factor|^(step / steps_per_factor) = 2^(step * rate), with rate = head + tail. */
struct growth {
    double rate, head, tail, limit;
    uint64_t alternates;         /* all ones where the factor is negative */
    double octave; /* the one power of two of all steps */
};

LRVEC_INLINE pair growth_rate(double factor, double steps_per_factor) {
    return divide_pairs(log2_of(absolute(factor)), (pair){steps_per_factor, 0.0});
}

LRVEC_INLINE void growth_prepare(struct growth *k, double factor, double steps_per_factor) {
    const int zero = factor == 0.0; /* then 1 at step 0, and 0 after it */
    const pair rate = growth_rate(factor, steps_per_factor);
    const pair parts = headed(zero ? (pair){-2300.0, 0.0} : rate);
    k->rate = zero ? -2300.0 : rate.high;
    k->head = parts.high, k->tail = parts.low;
    k->limit = zero ? 1.0 : 2300.0 / absolute(rate.high); /* from there on any double times the power is 0 or infinite */
    k->alternates = factor < 0.0 ? ~UINT64_C(0) : 0;
}

/* A mantissa without a low part. Adding -0.0 changes nothing, and costs nothing. */
#define WHOLE(mantissa) ((pair){mantissa, -0.0})

/* Paths of growth: with normal results; and with one power of two for all steps besides, which the mantissa has in it then. */
enum { PLAIN = 1, ONE_OCTAVE = 2 };

/* (high + low) * 2^rest. */
LRVEC_INLINE double grown(pair mantissa, double rest) {
    const double whole = mantissa.high + mantissa.low;
    return mantissa.high + (mantissa.low + whole * exp2_minus_one(rest));
}

/* What the one power of two leaves of a step's. */
LRVEC_INLINE double rest_in_octave(const struct growth *k, double step) {
    return (step * k->head - k->octave) + step * k->tail;
}

/* (high + low) * 2^exponent * factor^(step / steps_per_factor), on the path ANY or PLAIN. */
LRVEC_INLINE double grow(const struct growth *k, pair mantissa, double exponent, double step, int path) {
    const double s = path == ANY ? minimum(step, k->limit) : step;
    const double high = path == ANY ? (s + 0x1.8p78) - 0x1.8p78 : 0.0, low = s - high; /* both times the head: exact */
    const double octave = round_to_integer(s * k->rate);
    const double rest = path == ANY ? (high * k->head - octave) + low * k->head : s * k->head - octave;
    const double value = grown(mantissa, rest + s * k->tail);
    if (path == PLAIN) return value * two_to_the(octave + exponent);
    return from_bits(bits_of(scale_by_power_of_two(value, octave + exponent)) ^ (sign_of_parity(step) & k->alternates));
}

LRVEC_INLINE int growth_path(const struct growth *k, struct growth *own, double exponent, double least, double greatest) {
    const double from = round_to_integer(k->rate * least), to = round_to_integer(k->rate * greatest);
    if (greatest > k->limit || greatest >= 0x1p27 || k->alternates || minimum(from, to) + exponent < -1020.0 ||
        maximum(from, to) + exponent > 1020.0)
        return ANY;
    own->octave = from;
    return from == to && is_moderate(from + exponent) ? ONE_OCTAVE : PLAIN;
}

/* The steps for which a power goes one way: those that are `left` until its sign changes, if the factor is negative. A power that has
   grown to infinity, or fallen to 0, stays there. */
static inline double growth_turn(const struct growth *k, double step, double width, double left) {
    return k->alternates && step < k->limit * width ? left : ENDLESS;
}
