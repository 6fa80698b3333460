/* Curved cosine: last + (first - last) ((1 + cos(pi u^k)) / 2)^exponent with u = step / length, for 0 < step < length, k > 0 and
   exponent > 0.
   With x the angle pi / 2 u^k, or what it lacks of pi / 2 if that is less, the base of the power is 1 - sin(x)^2 or sin(x)^2. It is a
   pair, and so is its logarithm: an error of the base would be multiplied by the exponent. For a faint k the angle would leave the
   doubles: it is held over a power of two. */

struct curved_cosine {
    double first, last, length;
    double mantissa, exponent_of_rates, scale, unit; /* first - last = mantissa * scale, rounded; scale = 2^exponent_of_rates, in units */
    double angle_head, angle_tail;                   /* pi / 2 length */
    double log_high, log_low;                        /* log2(length) */
    double inverse_head, inverse_tail;               /* 1 / length */
    double k, k_head, k_tail;
    int faint;                        /* whether k is below 2^-400 */
    int plain;                        /* whether no value leaves the normal doubles */
    double sunk, fall_high, fall_low; /* then log2(u) times the fall is pi / 2 (1 - u^k), over 2^-sunk; else sunk = 0 */
    double exponent, exponent_head, exponent_tail;
    uint64_t wave; /* all ones where the exponent is 1 */
    double binomial[TERMS]; /* of k - 1, from the second one on */
    struct zone zone;
};

/* STEPS: k is 1. WAVE: the exponent is 1. EXPANDED: all steps are in the zone. PLAIN: all are outside it, and no value leaves the
   normal doubles. SOME: for all other blocks. ANY: single steps, and blocks of a faint k. */
enum {
    PLAIN_STEPS = 1, PLAIN_WAVE = 2, EXPANDED_STEPS = 3, EXPANDED_WAVE = 4, EXPANDED_BOTH = 5,
    SOME_EXPANDED_STEPS = 6, SOME_EXPANDED_BOTH = 7, PLAIN_BOTH = 8
};

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
    k->exponent = minimum(given->exponent, 0x1p1000), k->faint = k->k < 0x1p-400;
    k->wave = k->exponent == 1.0 && !k->faint ? ~UINT64_C(0) : 0;
    double octave;
    const double mantissa = split_exponent(k->k, &octave);
    const pair quarter = multiply_pairs((pair){0.5 * PI_HIGH, 0.5 * PI_LOW}, (pair){LN2_HIGH, LN2_LOW});
    const pair fall = multiply_pairs(quarter, (pair){-mantissa, 0.0});
    k->sunk = k->faint ? -octave : 0.0, k->fall_high = fall.high, k->fall_low = fall.low;
    k->exponent_head = head_of(k->exponent), k->exponent_tail = k->exponent - k->exponent_head;
    LRVEC_UNROLL
    for (int n = 0; n < TERMS; n++) k->binomial[n] = (n ? k->binomial[n - 1] : 1.0) * (k->k - 1.0 - n) / (n + 1);
    /* Within these limits all weights are moderate too. */
    const double most = maximum(k->exponent, 1.0), from_first = FAR * HALF_PART * maximum(k->k, 1.0) * most;
    const int gentle = k->exponent <= 64.0 && k->k >= 1.0 / 64 && k->k <= 64.0;
    const double from_last = FAR * HALF_PART * most;
    double octaves, depth;
    split_exponent(k->length / (from_last * minimum(k->k, 1.0)), &octaves);
    split_exponent(k->length / minimum(k->k, 1.0), &depth); /* one step before the end the base is 2^(-2 depth - 2) or more */
    const int is_usual = is_moderate(k->exponent_of_rates) && k->exponent > FAINT;
    const int has_zone = is_usual && gentle && 2.0 * k->exponent * octaves < 600.0;
    k->zone = has_zone ? zone_of(from_first, k->length - from_last) : NO_ZONE;
    k->plain = is_usual && (k->wave || 2.0 * k->exponent * (depth + 1.0) < 800.0);
}

LRVEC_INLINE int curved_cosine_path(const struct curved_cosine *k, struct curved_cosine *own, double least, double greatest) {
    if (k->faint) return ANY;
    const int straight = k->k == 1.0, wave = k->wave != 0, some = straight ? SOME_EXPANDED_STEPS : SOME_EXPANDED_BOTH;
    const int within = is_within(&k->zone, least, greatest), outside = is_outside(&k->zone, least, greatest);
    if (!(within || (outside && k->plain))) return some;
    own->mantissa = k->mantissa * k->scale;
    if (within) return straight ? EXPANDED_STEPS : wave ? EXPANDED_WAVE : EXPANDED_BOTH;
    return wave ? PLAIN_WAVE : straight ? PLAIN_STEPS : PLAIN_BOTH;
}

static inline double curved_cosine_stretch(const struct curved_cosine *k, double step) {
    return left_in_zone(&k->zone, step, ENDLESS);
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

/* x as a pair, and whether it counts from the end; and pi / 2 u^k, rounded. */
LRVEC_INLINE pair curved_angle(const struct curved_cosine *k, double step, int path, int *late, double *gone) {
    const double rest = k->length - step, nearer = minimum(step, rest);
    const pair straight = product_of(nearer, k->angle_head), plain = quick_sum(straight.high, straight.low + nearer * k->angle_tail);
    const int is_plain = k->k == 1.0;
    if (path == PLAIN_STEPS || path == EXPANDED_STEPS || path == SOME_EXPANDED_STEPS) {
        *late = step > rest, *gone = step * (k->angle_head + k->angle_tail);
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
    *gone = choose(is_plain, step * (k->angle_head + k->angle_tail), whole * (0.5 * PI_HIGH));
    if (path == ANY && k->faint) return multiply_pairs(quick_sum(high, low), (pair){k->fall_high, k->fall_low});
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

/* The terms of the series of way cos(x)^(2 exponent), where x grows by the terms of `angle`, from `tangent` on; by the first one
   alone, if that is all that there is. */
LRVEC_INLINE void curved_cosine_terms(double way, double exponent, double tangent, const double *angle, int straight, double *terms) {
    double tangents[TERMS + 1], squares[TERMS], falls[TERMS], wave[TERMS + 1]; /* of tan, 1 + tan^2, the rate of fall, the wave */
    tangents[0] = tangent, wave[0] = way;
#define TERM(n)                                                                                                        \
    squares[n] = (n ? 0.0 : 1.0) + term_of_product(tangents, tangents, n);                                             \
    falls[n] = straight ? tangents[n] * angle[0] : term_of_product(angle, tangents, n);                                \
    tangents[n + 1] = (straight ? squares[n] * angle[0] : term_of_product(angle, squares, n)) * (1.0 / (n + 1));       \
    terms[n] = wave[n + 1] = term_of_product(falls, wave, n) * (-2.0 * exponent / (n + 1));
    FOR_EACH_TERM(TERM)
#undef TERM
}

/* The weight of first, 2^octave (1 + excess), from the base of the power over 2^(-2 sunk). */
LRVEC_INLINE struct exp2_parts curved_cosine_weight(const struct curved_cosine *k, double high, double low, double sunk) {
    pair whole = log2_of(high);
    if (sunk > 0.0) {
        const pair deep = sum_of(-2.0 * sunk, whole.high);
        whole = quick_sum(deep.high, deep.low + whole.low);
    }
    const pair log = headed(quick_sum(whole.high, whole.low + low / high * (0.5 * TWO_OVER_LN2_HIGH)));
    const pair octaves = multiply_headed((pair){k->exponent_head, k->exponent_tail}, log);
    return exp2_parts_of(octaves.high, octaves.low);
}

LRVEC_INLINE struct expansion curved_cosine_expand(const struct curved_cosine *k, double step, int path) {
    int late;
    double gone;
    const int faint = path == ANY && k->faint; /* then the sine of an angle is the angle */
    const pair angle = curved_angle(k, step, path, &late, &gone);
    const pair square = faint ? multiply_pairs(angle, angle) : sine_squared(angle);
    const int is_some = path == ANY || path == SOME_EXPANDED_STEPS || path == SOME_EXPANDED_BOTH;
    const double scale = is_some ? k->scale : 1.0;
    const double plain = negated_if(!late, (square.high + square.low) * (k->mantissa * scale)); /* the square may be subnormal */
    if (path == PLAIN_WAVE) return (struct expansion){(late ? k->last : k->first) + plain, 0.0, {0.0}};
    const pair rest = sum_of(1.0, -square.high);
    const double high = late ? maximum(square.high, 0x1p-1000) : rest.high, low = late ? square.low : rest.low - square.low;
    const double sine = late ? rest.high : square.high;
    double way = plain, anchor = late ? k->last : k->first, left = high * k->mantissa * scale;
    if (path != EXPANDED_WAVE) {
        const struct exp2_parts weight = curved_cosine_weight(k, high, low, faint ? k->sunk : 0.0);
        const double octave = two_to_the(maximum(weight.octave, -1.0)); /* next to first that is 1 or 1/2 */
        const int near_first = weight.octave >= -1.0 && octave + octave * weight.excess > 0.5;
        const double fallen = maximum((1.0 - octave) - octave * weight.excess, 0.0) * (k->mantissa * scale);
        const double mantissa = k->mantissa + k->mantissa * weight.excess;
        const double above = is_some ? scale_by_power_of_two(mantissa, weight.octave + k->exponent_of_rates)
                                     : mantissa * two_to_the(weight.octave);
        way = choose_by(k->wave, way, near_first ? -fallen : above);
        anchor = choose_by(k->wave, anchor, near_first ? k->first : k->last);
        left = choose_by(k->wave, left, above);
    }
    if (path == PLAIN_STEPS || path == PLAIN_BOTH) return (struct expansion){anchor + way, 0.0, {0.0}};
    const pair rate = sum_of(anchor, way);
    struct expansion found = {rate.high, rate.low, {0.0}};
    const double part = HALF_PART / step;
    double growth[TERMS], power = gone * k->k * part;
    growth[0] = power;
    LRVEC_UNROLL
    for (int n = 1; n < TERMS; n++) power *= part, growth[n] = power * k->binomial[n - 1];
    curved_cosine_terms(left, k->exponent, sqrt(sine / high), growth, path == EXPANDED_STEPS || path == SOME_EXPANDED_STEPS,
                        found.terms);
    return found;
}

IN_PARTS(curved_cosine)
OUTSIDE_PARTS(curved_cosine)

/* Error 2.6 ulp of the peak (first 0, last 0.6684573021775899, length 59, k 1, exponent 2, step 1). From exponents of 64 on it grows
   with the exponent: 6 ulp at 1250. */
LRVEC_INLINE double curved_cosine_value(const struct curved_cosine *k, double step, int path) {
    if (path == PLAIN_STEPS || path == PLAIN_WAVE || path == PLAIN_BOTH) return curved_cosine_expand(k, step, path).high;
    return curved_cosine_in_parts(k, step, path, path == EXPANDED_STEPS || path == EXPANDED_WAVE || path == EXPANDED_BOTH);
}
