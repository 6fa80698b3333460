/* Logistic: last + (first - last) (1 - tanh(x)) / 2, where x goes from low to high over the length.
   The way from the nearer end is (first - last) t / (1 + t) with t = e^(-2 |x|). That end is last where x > 0, else first. x may
   change its sign within the length, so length times x is a pair: low (length - step) + high step, with what the rounding of both
   products leaves out. t is a power of two, whose exponent is that pair times 2 / (ln2 length). */

struct logistic {
    double first, last, length;
    double low, high;             /* of x, in a unit in which their products with steps are finite */
    double rate_head, rate_tail;  /* 2 / (ln2 length), times that unit */
    double limit;                 /* from this length |x| on, t is 0 beside any double */
    double mantissa, exponent, unit; /* first - last = mantissa 2^exponent, rounded, in units */
    double scale, turn;           /* 2^exponent; how much 2 x grows over half a part */
    struct zone zone;
};

enum { EXPANDED_LOGISTIC = 1 };

LRVEC_INLINE void logistic_prepare(struct logistic *k, const struct logistic_parameters *given) {
    const pair difference = difference_of(given->last, given->first, &k->exponent, &k->unit);
    k->mantissa = difference.high + difference.low;
    k->first = in_units(given->first, k->unit), k->last = in_units(given->last, k->unit), k->length = given->length;
    const int large = absolute(given->low) > 0x1p900 || absolute(given->high) > 0x1p900;
    k->low = given->low * (large ? 0x1p-124 : 1.0), k->high = given->high * (large ? 0x1p-124 : 1.0);
    const pair rate = divide_headed((pair){TWO_OVER_LN2_HIGH, TWO_OVER_LN2_LOW}, given->length);
    k->rate_head = rate.high * (large ? 0x1p124 : 1.0), k->rate_tail = rate.low * (large ? 0x1p124 : 1.0);
    k->limit = 2300.0 / k->rate_head;
    k->scale = scale_of(k->exponent), k->turn = PART_SIZE * (given->high - given->low) / given->length;
    const double most = maximum(absolute(given->low), absolute(given->high));
    const int gentle = absolute(k->turn) <= 1.0 / 32 && most < 200.0 && is_moderate(k->exponent);
    k->zone = gentle ? zone_of(PART_SIZE, k->length - PART_SIZE) : NO_ZONE;
}

LRVEC_INLINE int logistic_path(const struct logistic *k, struct logistic *own, double least, double greatest) {
    if (!is_within(&k->zone, least, greatest)) return ANY;
    own->mantissa = k->mantissa * k->scale;
    return EXPANDED_LOGISTIC;
}

static inline double logistic_stretch(const struct logistic *k, double step) { return left_in_zone(&k->zone, step, ENDLESS); }

/* t, as power 2^-octave; and whether x > 0. */
LRVEC_INLINE pair logistic_power(const struct logistic *k, double step, double *octave, int *late) {
    const pair from = product_of(k->low, k->length - step), to = product_of(k->high, step), sum = sum_of(from.high, to.high);
    const pair turned = sum_of(sum.high, sum.low + (from.low + to.low)); /* length x */
    const int beyond = absolute(turned.high) > k->limit;
    *late = turned.high > 0.0;
    const double high = beyond ? k->limit : absolute(turned.high), low = beyond ? 0.0 : negated_if(!*late, turned.low);
    const double head = head_of(high), tail = (high - head) + low;
    *octave = round_to_integer(high * k->rate_head);
    const double rest = (head * k->rate_head - *octave) + (head * k->rate_tail + tail * (k->rate_head + k->rate_tail));
    return exp2_pair(-rest);
}

/* With w = t / (1 + t) and y = 2 |x|, w' = -w (1 - w). */
LRVEC_INLINE struct expansion logistic_expand(const struct logistic *k, double step, int path) {
    double octave, bend[TERMS + 1] = {1.0}; /* of w, over w */
    int late;
    const pair power = logistic_power(k, step, &octave, &late);
    const double whole = power.high + power.low, size = two_to_the(-minimum(octave, 100.0)), sum = 1.0 + whole * size;
    const double height = k->mantissa * whole / sum;
    const double way = path == ANY ? scale_by_power_of_two(height, k->exponent - octave) : height * two_to_the(-octave);
    const double weight = whole * size / sum, turn = negated_if(late, k->turn), toward = negated_if(!late, way);
    const pair rate = sum_of(late ? k->last : k->first, toward);
    struct expansion found = {rate.high, rate.low, {0.0}};
#define BEND(n)                                                                                     \
    bend[n + 1] = turn * (1.0 / (n + 1)) * (bend[n] - weight * term_of_product(bend, bend, n));     \
    found.terms[n] = toward * bend[n + 1];
    FOR_EACH_TERM(BEND)
#undef BEND
    return found;
}

IN_PARTS(logistic)
OUTSIDE_PARTS(logistic)

LRVEC_INLINE double logistic_value(const struct logistic *k, double step, int path) {
    return logistic_in_parts(k, step, path, path == EXPANDED_LOGISTIC);
}

/* Computes as logistic_expand does, with the difference and the quotient as pairs. */
static inline double logistic_precise(const struct logistic_parameters *given, double step) {
    struct logistic k;
    double exponent, unit, octave;
    int late;
    logistic_prepare(&k, given);
    const pair difference = difference_of(given->last, given->first, &exponent, &unit);
    const pair power = logistic_power(&k, step, &octave, &late);
    const double size = two_to_the(-minimum(octave, 100.0));
    const pair whole = sum_of(1.0, power.high * size), sum = quick_sum(whole.high, whole.low + power.low * size);
    const pair way = divide_pairs(multiply_pairs(difference, power), sum);
    const double toward = late ? 1.0 : -1.0, most = exponent - octave;
    const pair scaled = {scale_by_power_of_two(toward * way.high, most), scale_by_power_of_two(toward * way.low, most)};
    return anchored(late ? given->last : given->first, scaled, 0.0, unit);
}
