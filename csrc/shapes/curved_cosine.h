/* Curved cosine: last + (first - last) ((1 + cos(pi u^k)) / 2)^exponent with u = step / length, for 0 < step < length, k > 0 and
   exponent > 0.
   With x the angle pi / 2 u^k, or what it lacks of pi / 2 if that is less, the base of the power is 1 - sin(x)^2 or sin(x)^2. It is a
   pair, and so is its logarithm: an error of the base would be multiplied by the exponent. */

struct curved_cosine {
    double first, last, length;
    double mantissa, exponent_of_rates, scale, unit; /* first - last = mantissa * scale, rounded; scale = 2^exponent_of_rates, in units */
    double angle_head, angle_tail;                   /* pi / 2 length */
    double log_high, log_low;                        /* log2(length) */
    double inverse_head, inverse_tail;               /* 1 / length */
    double k, k_head, k_tail;
    double exponent, exponent_head, exponent_tail;
};

/* No value leaves the normal doubles, and k is 1, or the exponent is. */
enum { PLAIN_STEPS = 1, PLAIN_WAVE = 2 };

LRVEC_INLINE void curved_cosine_prepare(struct curved_cosine *k, const struct curved_cosine_parameters *given) {
    const pair difference = difference_of(given->last, given->first, &k->exponent_of_rates, &k->unit);
    const pair logarithm = log2_of_step(given->length), angle = divide_headed((pair){0.5 * PI_HIGH, 0.5 * PI_LOW}, given->length);
    k->first = in_units(given->first, k->unit), k->last = in_units(given->last, k->unit), k->length = given->length;
    k->mantissa = difference.high, k->scale = scale_of(k->exponent_of_rates);
    k->angle_head = angle.high, k->angle_tail = angle.low;
    k->log_high = logarithm.high, k->log_low = logarithm.low;
    const pair inverse = divide_headed((pair){1.0, 0.0}, given->length);
    k->inverse_head = inverse.high, k->inverse_tail = inverse.low;
    k->k = minimum(given->k, 0x1p1000), k->k_head = head_of(k->k), k->k_tail = k->k - k->k_head; /* more changes no value */
    k->exponent = minimum(given->exponent, 0x1p1000);
    k->exponent_head = head_of(k->exponent), k->exponent_tail = k->exponent - k->exponent_head;
}

LRVEC_INLINE int curved_cosine_path(const struct curved_cosine *k, struct curved_cosine *own, double least, double greatest) {
    (void)least, (void)greatest;
    const int steps = k->k == 1.0 && k->exponent <= 6.0, wave = k->exponent == 1.0;
    if (!(steps || wave) || !is_moderate(k->exponent_of_rates)) return ANY;
    own->mantissa = k->mantissa * k->scale;
    return wave ? PLAIN_WAVE : PLAIN_STEPS;
}

/* 2^(high + low), with `low` small, as 2^octave (1 + excess). Below 2^-2300 it is 2^-2300. */
struct exp2_parts {
    double octave, excess;
};

LRVEC_INLINE struct exp2_parts exp2_parts_of(double high, double low) {
    const int gone = high < -2300.0;
    const double octave = gone ? -2300.0 : round_to_integer(high);
    return (struct exp2_parts){octave, gone ? 0.0 : exp2_minus_one((high - octave) + low)};
}

/* x as a pair, and whether it counts from the end. */
LRVEC_INLINE pair curved_angle(const struct curved_cosine *k, double step, int path, int *late) {
    const double rest = k->length - step, nearer = minimum(step, rest);
    const pair straight = product_of(nearer, k->angle_head), plain = quick_sum(straight.high, straight.low + nearer * k->angle_tail);
    const int is_plain = k->k == 1.0;
    if (path == PLAIN_STEPS) {
        *late = step > rest;
        return plain;
    }
    const int near = 128.0 * rest <= k->length;
    const pair log = log2_of_step(step), few = log2_of_share(near ? rest : 0.0, k->inverse_head, k->inverse_tail);
    const double high = choose(near, few.high, log.high - k->log_high), low = choose(near, few.low, log.low - k->log_low); /* log2(u) */
    const pair octaves = sum_of(k->k_head * high, k->k_tail * high + k->k * low);
    const struct exp2_parts share = exp2_parts_of(octaves.high, octaves.low); /* u^k */
    const double octave = two_to_the(maximum(share.octave, -1000.0)), whole = octave + octave * share.excess;
    const double left = maximum((1.0 - octave) - octave * share.excess, 0.0);
    const double turned = minimum(whole, left) * (0.5 * PI_HIGH);
    *late = is_plain ? step > rest : whole > left;
    return (pair){is_plain ? plain.high : turned, is_plain ? plain.low : 0.0};
}

/* sin(x)^2 of a pair, as a pair, for 0 <= x <= pi / 4. */
LRVEC_INLINE pair sine_squared(pair x) {
    const double *c = SINE_SQUARED;
    const pair own = product_of(x.high, x.high), square = quick_sum(own.high, own.low + 2.0 * x.high * x.low);
    const double v = square.high, v2 = v * v, v4 = v2 * v2;
    const double bend = v2 * (((c[1] + c[2] * v) + v2 * (c[3] + c[4] * v)) + v4 * ((c[5] + c[6] * v) + v2 * c[7]));
    const double third = v * (1.0 / 3), head = head_of(third); /* c[0] is -1/3, rounded */
    const double tail = ((v - 3.0 * head) + square.low) * (1.0 / 3);
    const pair factor = quick_sum(1.0, -head);
    return multiply_pairs(square, quick_sum(factor.high, factor.low + (bend - tail)));
}

/* Error 2.6 ulp of the peak (first 0, last 0.6684573021775899, length 59, k 1, exponent 2, step 1). From exponents of 64 on it grows
   with the exponent: 6 ulp at 1250. */
LRVEC_INLINE double curved_cosine_value(const struct curved_cosine *k, double step, int path) {
    int late;
    const pair angle = curved_angle(k, step, path, &late), square = sine_squared(angle);
    const double scale = path == ANY ? k->scale : 1.0, unit = path == ANY ? k->unit : 1.0;
    const double way = (square.high + square.low) * k->mantissa * scale;
    const double plain = (late ? k->last + way : k->first - way) * unit;
    if (path == PLAIN_WAVE) return plain;
    const pair rest = sum_of(1.0, -square.high);
    const double high = late ? maximum(square.high, 0x1p-1000) : rest.high, low = late ? square.low : rest.low - square.low;
    const pair whole = log2_of(high), log = headed(quick_sum(whole.high, whole.low + low / high * (0.5 * TWO_OVER_LN2_HIGH)));
    const pair octaves = multiply_headed((pair){k->exponent_head, k->exponent_tail}, log);
    const struct exp2_parts weight = exp2_parts_of(octaves.high, octaves.low);
    const double octave = two_to_the(maximum(weight.octave, -1.0)); /* next to first that is 1 or 1/2 */
    const int near_first = weight.octave >= -1.0 && octave + octave * weight.excess > 0.5;
    const double fallen = maximum((1.0 - octave) - octave * weight.excess, 0.0) * k->mantissa * scale;
    const double mantissa = k->mantissa + k->mantissa * weight.excess;
    const double left = path == ANY ? scale_by_power_of_two(mantissa, weight.octave + k->exponent_of_rates)
                                    : mantissa * two_to_the(weight.octave);
    const double value = (near_first ? k->first - fallen : k->last + left) * unit;
    return choose(k->exponent == 1.0, plain, value);
}
