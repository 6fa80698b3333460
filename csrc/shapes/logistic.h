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
};

LRVEC_INLINE void logistic_prepare(struct logistic *k, const struct logistic_parameters *given) {
    const pair difference = difference_of(given->last, given->first, &k->exponent, &k->unit);
    k->mantissa = difference.high + difference.low;
    k->first = in_units(given->first, k->unit), k->last = in_units(given->last, k->unit), k->length = given->length;
    const int large = absolute(given->low) > 0x1p900 || absolute(given->high) > 0x1p900;
    k->low = given->low * (large ? 0x1p-124 : 1.0), k->high = given->high * (large ? 0x1p-124 : 1.0);
    const pair rate = divide_headed((pair){TWO_OVER_LN2_HIGH, TWO_OVER_LN2_LOW}, given->length);
    k->rate_head = rate.high * (large ? 0x1p124 : 1.0), k->rate_tail = rate.low * (large ? 0x1p124 : 1.0);
    k->limit = 2300.0 / k->rate_head;
}

LRVEC_INLINE double logistic_value(const struct logistic *k, double step) {
    const pair from = product_of(k->low, k->length - step), to = product_of(k->high, step), sum = sum_of(from.high, to.high);
    const pair turned = sum_of(sum.high, sum.low + (from.low + to.low)); /* length x */
    const int late = turned.high > 0.0, beyond = absolute(turned.high) > k->limit;
    const double high = beyond ? k->limit : absolute(turned.high), low = beyond ? 0.0 : negated_if(!late, turned.low);
    const double head = head_of(high), tail = (high - head) + low;
    const double octave = round_to_integer(high * k->rate_head);
    const double rest = (head * k->rate_head - octave) + (head * k->rate_tail + tail * (k->rate_head + k->rate_tail));
    const pair power = exp2_pair(-rest);
    const double whole = power.high + power.low, size = two_to_the(-minimum(octave, 100.0));
    const double way = scale_by_power_of_two(k->mantissa * whole / (1.0 + whole * size), k->exponent - octave);
    return (late ? k->last + way : k->first - way) * k->unit;
}
