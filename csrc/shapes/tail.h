/* Tail: last + (first - last) (scale / (shift + slope step))^power, for positive shift, slope and scale, and power >= 0.
   With c = shift / slope the base is (c + step) slope / scale. Inverse square roots and inverses have a shorter way than the
   others, which raised.h computes by a logarithm. All expansions are binomial series. The curve goes towards `last`
   for ever. */

#define LARGEST 0x1.fffffffffffffp1023 /* no rate of a kind lies beyond the doubles */

struct tail {
    double last;
    pair c;
    int inverse_root, inverse;
    double whole, whole_head, whole_tail, inverse_whole, rest; /* (first - last) (scale / slope)^power, over 2^exponent */
    double exponent, scale, unit;    /* the rates are in units; scale = 2^exponent */
    double power, binomial[TERMS];   /* of -power, from the first one on */
    pair unit_log;                   /* log2(scale / slope), `high` on a grid of 2^-20 */
    pair height;                     /* first - last, over 2^exponent */
    struct zone zone;
};

/* Whole blocks in the zone, blocks that need not be, and those of inverse roots and of inverses that are outside it. */
enum {
    EXPANDED_TAIL = 1, EXPANDED_INVERSE_ROOT = 2, EXPANDED_INVERSE = 3,
    ZONED_TAIL = 4, ZONED_INVERSE_ROOT = 5, ZONED_INVERSE = 6,
    INVERSE_ROOT = 7, INVERSE = 8
};

/* x / y = the pair times 2^exponent, for positive numbers. */
LRVEC_INLINE pair split_quotient(double x, double y, double *exponent) {
    double above, below;
    const pair quotient = divide_pairs((pair){split_exponent(x, &above), 0.0}, (pair){split_exponent(y, &below), 0.0});
    *exponent = above - below;
    return quotient;
}

LRVEC_INLINE void tail_raise(struct tail *k, double power) {
    k->power = power;
    LRVEC_UNROLL
    for (int n = 0; n < TERMS; n++) k->binomial[n] = (n ? k->binomial[n - 1] : 1.0) * (power - n) / (n + 1);
}

LRVEC_INLINE void tail_prepare(struct tail *k, const struct tail_parameters *given) {
    k->height = difference_of(given->last, given->first, &k->exponent, &k->unit);
    k->last = in_units(given->last, k->unit);
    k->inverse_root = given->power == 0.5, k->inverse = given->power == 1.0;
    double c_exponent, unit_exponent;
    pair c = split_quotient(given->shift, given->slope, &c_exponent);
    pair unit = split_quotient(given->scale, given->slope, &unit_exponent);
    /* Beyond these sizes of c, the base is c or the step; it is the ratio of both that counts. */
    const double over = maximum(c_exponent - 170.0, 0.0), size = two_to_the(maximum(c_exponent - over, -110.0));
    k->c = (pair){c.high * size, c.low * size};
    unit_exponent -= over;

    const double odd = unit_exponent - 2.0 * round_to_integer(0.5 * unit_exponent - 0.25);
    const pair even = {unit.high * two_to_the(odd), unit.low * two_to_the(odd)}, root = pair_sqrt(even.high);
    const pair half = {root.high, root.low + 0.5 * even.low / root.high};
    const pair direct = k->inverse ? unit : half, whole = multiply_pairs(k->height, direct), parts = headed(whole);
    k->whole = whole.high, k->whole_head = parts.high, k->whole_tail = parts.low;
    k->inverse_whole = whole.high == 0.0 ? 0.0 : 1.0 / whole.high, k->rest = whole.low * k->inverse_whole;

    tail_raise(k, -given->power);
    const pair log = log2_of(unit.high), sum = sum_of(log.high, unit.low / unit.high * (0.5 * TWO_OVER_LN2_HIGH));
    const double coarse = (sum.high + 0x1.8p32) - 0x1.8p32;
    k->unit_log = (pair){unit_exponent + coarse, (sum.high - coarse) + (sum.low + log.low)};
    k->exponent += k->inverse ? unit_exponent : k->inverse_root ? 0.5 * (unit_exponent - odd) : 0.0;
    k->scale = two_to_the(minimum(maximum(k->exponent, -1022.0), 1023.0)); /* of moderate exponents, which alone need it */

    /* Far from c all values of a zone are moderate too. */
    const double far = FAR * HALF_PART * maximum(given->power, 1.0);
    const double octaves = maximum(absolute(unit_exponent - 12.0), absolute(unit_exponent - 61.0));
    const int gentle = k->inverse || k->inverse_root || (given->power <= 64.0 && given->power * octaves < 600.0);
    k->zone = gentle && is_moderate(k->exponent) && k->c.high < 0x1p60 ? zone_of(maximum(far - k->c.high, 0.0), 0x1p49) : NO_ZONE;
}

/* c + step, as high + low. */
LRVEC_INLINE pair tail_base(const struct tail *k, double step) {
    const pair sum = sum_of(k->c.high, step);
    return (pair){sum.high, sum.low + k->c.low};
}

LRVEC_INLINE struct raised_place tail_place(const struct tail *k, pair base) {
    struct raised_place at = raised_place_of(base.high, 0.0);
    at.log_high -= k->unit_log.high, at.log_low -= k->unit_log.low;
    return at;
}

LRVEC_INLINE pair tail_rho(pair base, double reciprocal) {
    const pair rho = offset_in_cell(base.high, reciprocal);
    return quick_sum(rho.high, rho.low + base.low * reciprocal);
}

LRVEC_INLINE int tail_path(const struct tail *k, struct tail *own, double least, double greatest) {
    const int within = is_within(&k->zone, least, greatest), outside = is_outside(&k->zone, least, greatest);
    if (k->inverse_root || k->inverse) {
        if (!is_moderate(k->exponent)) return ANY;
        own->whole = k->whole * k->scale, own->whole_head = k->whole_head * k->scale, own->whole_tail = k->whole_tail * k->scale;
        own->inverse_whole = k->inverse_whole * two_to_the(-k->exponent);
        if (k->inverse) return within ? EXPANDED_INVERSE : outside ? INVERSE : ZONED_INVERSE;
        return within ? EXPANDED_INVERSE_ROOT : outside ? INVERSE_ROOT : ZONED_INVERSE_ROOT;
    }
    if (!within) return ZONED_TAIL;
    own->height.high = k->height.high * k->scale, own->height.low = k->height.low * k->scale;
    return EXPANDED_TAIL;
}

static inline double tail_stretch(const struct tail *k, double step) { return left_in_zone(&k->zone, step, ENDLESS); }

/* The correction of the root gets what the base's rounding left out: 1 / sqrt(x + low) = (1 - low / 2 x) / sqrt(x). */
LRVEC_INLINE pair tail_of_root(const struct tail *k, pair base) {
    double correction;
    const double root = inverse_sqrt_of(base.high, &correction), more = correction - 0.5 * base.low * (root * root);
    return (pair){root * k->whole_head, root * k->whole_tail + root * k->whole * more};
}

LRVEC_INLINE pair tail_of_inverse(const struct tail *k, pair base) {
    const double quotient = k->whole / base.high;
    return (pair){quotient, quotient * (k->rest - base.low * (quotient * k->inverse_whole))};
}

/* The way from last. */
LRVEC_INLINE pair tail_way(const struct tail *k, pair base, int path) {
    if (path == EXPANDED_INVERSE_ROOT || path == ZONED_INVERSE_ROOT || path == INVERSE_ROOT) return tail_of_root(k, base);
    if (path == EXPANDED_INVERSE || path == ZONED_INVERSE || path == INVERSE) return tail_of_inverse(k, base);
    if (path == ANY && (k->inverse_root || k->inverse)) {
        const pair way = k->inverse ? tail_of_inverse(k, base) : tail_of_root(k, base);
        if (is_moderate(k->exponent)) return (pair){way.high * k->scale, way.low * k->scale};
        return (pair){scale_by_power_of_two(way.high + way.low, k->exponent), 0.0};
    }
    double exponent;
    int less_one;
    const struct raised_place at = tail_place(k, base);
    const pair raised = raised_by_log(k->power, &at, tail_rho(base, at.reciprocal), 0, &less_one, &exponent);
    const double height = raised.high * k->height.high + (raised.low * k->height.high + raised.high * k->height.low);
    const double way = path == EXPANDED_TAIL ? height * two_to_the(exponent) : scale_by_power_of_two(height, exponent + k->exponent);
    return (pair){way, 0.0};
}

LRVEC_INLINE double tail_on_way(const struct tail *k, pair way) { return k->last + (way.high + way.low); }

/* The series of (1 + r z)^-power, with r the share of half a part in the base. */
LRVEC_INLINE struct expansion tail_series(const struct tail *k, pair base, pair way) {
    const pair rate = sum_of(k->last, way.high);
    const double value = tail_on_way(k, way), share = HALF_PART / base.high;
    struct expansion found = {value, (rate.high - value) + (rate.low + way.low), {0.0}};
    double ratio = way.high + way.low;
    LRVEC_UNROLL
    for (int n = 0; n < TERMS; n++) ratio *= share, found.terms[n] = ratio * k->binomial[n];
    return found;
}

LRVEC_INLINE struct expansion tail_expand(const struct tail *k, double step, int path) {
    const pair base = tail_base(k, step);
    return tail_series(k, base, tail_way(k, base, path));
}

IN_PARTS(tail)

/* Beside the largest double, a last rounding gives infinity. */
LRVEC_INLINE double tail_limited(double value) { return maximum(minimum(value, LARGEST), -LARGEST); }

/* Moderate inverses and inverse roots need no limit. */
LRVEC_INLINE double tail_outside(const struct tail *k, double step) {
    const double value = tail_on_way(k, tail_way(k, tail_base(k, step), ANY));
    if ((k->inverse_root || k->inverse) && is_moderate(k->exponent)) return value;
    return tail_limited(value * k->unit);
}

LRVEC_INLINE double tail_value(const struct tail *k, double step, int path) {
    if (path == INVERSE_ROOT || path == INVERSE) return tail_on_way(k, tail_way(k, tail_base(k, step), path));
    if (path == ZONED_INVERSE_ROOT || path == ZONED_INVERSE) return tail_in_parts(k, step, path, 0);
    if (path == EXPANDED_TAIL || path == EXPANDED_INVERSE_ROOT || path == EXPANDED_INVERSE) return tail_in_parts(k, step, path, 1);
    return tail_limited(tail_in_parts(k, step, path, 0));
}

LRVEC_INLINE double tail_once(const struct tail_parameters *given, double step) {
    struct tail k;
    tail_prepare(&k, given);
    return tail_value(&k, step, ANY);
}

/* Usual are inverse roots of moderate numbers. */
LRVEC_INLINE uint64_t tail_unusual(const struct tail_parameters *given, double step) {
    (void)step;
    const double slope = given->slope;
    const uint64_t far = exceeds(given->scale, slope * 0x1p80) | exceeds(slope * 0x1p-80, given->scale) | exceeds(given->shift, slope * 0x1p59);
    return ((far | immoderate(slope) | immoderate(given->first - given->last)) & TOP_BIT) | (bits_of(given->power) ^ bits_of(0.5));
}

LRVEC_INLINE void tail_first(const struct tail_parameters *given, double step, double *found) {
    (void)step;
    struct tail k;
    struct tail_parameters root = *given;
    root.power = 0.5;
    tail_prepare(&k, &root);
    found[0] = k.c.high, found[1] = k.c.low;
    found[2] = k.whole * k.scale, found[3] = k.whole_head * k.scale, found[4] = k.whole_tail * k.scale;
    found[5] = k.zone.begin, found[6] = k.zone.end;
}

LRVEC_INLINE struct tail tail_of_usual(const struct tail_parameters *given, const double *found) {
    return (struct tail){
        .last = given->last, .c = {found[0], found[1]}, .whole = found[2], .whole_head = found[3], .whole_tail = found[4],
        .zone = {found[5], found[6]},
    };
}

LRVEC_INLINE void tail_second(const struct tail_parameters *given, double step, const double *numbers, double *found) {
    const struct tail k = tail_of_usual(given, numbers);
    const pair base = tail_base(&k, middle_of(step, is_in(&k.zone, step))), way = tail_of_root(&k, base);
    found[0] = base.high, found[1] = way.high, found[2] = way.low;
}

LRVEC_INLINE double tail_third(const struct tail_parameters *given, double step, const double *numbers, const double *found) {
    struct tail k = tail_of_usual(given, numbers);
    tail_raise(&k, -0.5);
    const int in_zone = is_in(&k.zone, step);
    const struct expansion e = tail_series(&k, (pair){found[0], 0.0}, (pair){found[1], found[2]});
    return expanded_in(in_zone, &e, step - middle_of(step, in_zone), 1.0);
}
