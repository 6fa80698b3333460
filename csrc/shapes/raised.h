/* What rise, arc and tail share: x^power for a base x > 0, from the cell that x lies in.
   With x = 2^octave (1 + rho) / c, x^power is a number for the cell, M, times (1 + rho)^power by its binomial series. Where
   x^power - 1 is asked for, the cell has M - 1 in place of M, and both terms go to 0 with it. The cell next to 1 from below has
   c = 1. So a value costs neither a logarithm nor an exponential among steps of one cell. For a steep power the series is too
   long: x^power is 2^(power log2(x)). */

#define RAISED_TERMS 9 /* the next one is below 2^-55 for the powers from MOST_NEGATIVE to MOST_POSITIVE */
#define MOST_NEGATIVE -6.0
#define MOST_POSITIVE 16.0

struct raised {
    double power;
    int steep;
    double binomial[RAISED_TERMS];
};

LRVEC_INLINE void raised_prepare(struct raised *k, double power) {
    k->power = power;
    k->steep = power < MOST_NEGATIVE || power > MOST_POSITIVE;
    const double gentle = k->steep ? 0.0 : power;
    LRVEC_UNROLL
    for (int n = 0; n < RAISED_TERMS; n++) k->binomial[n] = (n ? k->binomial[n - 1] : 1.0) * (gentle - n) / (n + 1);
}

/* Where x lies: a head near 1 / x, and log2 of the reciprocal of that head, `log_high` on a grid of 2^-20. */
struct raised_place {
    double reciprocal, log_high, log_low;
};

#define NEXT_TO_ONE 0x1.fbfffffffffffp-1 /* behind this double the last cell below 1 begins */
#define RAISED_SHIFT 120.0 /* x may be as small as 2^-120 */

LRVEC_INLINE uint64_t raised_cell_number(double x) { return log2_place_of(x * 0x1p120); }
LRVEC_INLINE double least_in_raised_cell(uint64_t number) { return least_at_place(number) * 0x1p-120; }

/* 1 for an x in the last cell below 1, which is to be measured from 1; else 0. There is no condition in this, since compilers
   would put what it chooses between on two sides of a branch. */
LRVEC_INLINE double is_next_to_one(double x) { return from_bits((0 - (exceeds(x, NEXT_TO_ONE) >> 63)) & bits_of(1.0)); }

/* `next` is is_next_to_one(x) for a base x up to 1, and 0 for all others. */
LRVEC_INLINE struct raised_place raised_place_of(double x, double next) {
    const uint64_t place = raised_cell_number(x), cell = cell_of(place);
    const double octave = octave_of(place) - RAISED_SHIFT, other = 1.0 - next;
    return (struct raised_place){
        LOG2_CELL[cell][0] * two_to_the(-octave) * other + next,
        (octave + LOG2_CELL[cell][1]) * other,
        LOG2_CELL[cell][2] * other,
    };
}

/* 2^(high + low) = 2^exponent (1 + excess), where the error of the excess is that of exp2_bend. */
LRVEC_INLINE pair exp2_excess(pair x, double *exponent) {
    const double clamped = minimum(maximum(x.high, -2400.0), 2400.0), low = choose(clamped == x.high, x.low, 0.0);
    *exponent = round_to_integer(clamped);
    const double fraction = clamped - *exponent, r = fraction + low, rest = (fraction - r) + low;
    const pair first = product_of(r, LN2_HIGH), sum = quick_sum(first.high, exp2_bend(r));
    const double more = first.low + (r * LN2_LOW + rest * (LN2_HIGH + LN2_HIGH * sum.high));
    return quick_sum(sum.high, sum.low + more);
}

/* power (high + low). */
LRVEC_INLINE pair times_power(double power, double high, double low) {
    const pair product = product_of(power, high);
    return quick_sum(product.high, product.low + power * low);
}

/* Whether x^power = 2^exponent (1 + excess) is nearer to 1 than to 0, for an x up to 1. */
LRVEC_INLINE int is_near_one(pair excess, double exponent) {
    return two_to_the(maximum(exponent, -2.0)) * (1.0 + excess.high) > 0.5;
}

/* x^power over 2^exponent; or x^power - 1 where `less_one`, which its nearness to 1 says. The exponent is then 0 or -1, and
   becomes 0. */
LRVEC_INLINE pair raised_of_excess(pair excess, int less_one, double *exponent) {
    const double scale = choose(less_one, two_to_the(maximum(*exponent, -1.0)), 1.0), whole = scale - choose(less_one, 1.0, 0.0);
    *exponent = choose(less_one, 0.0, *exponent);
    const pair sum = sum_of(whole, scale * excess.high);
    return (pair){sum.high, sum.low + scale * excess.low};
}

/* What a cell gives: height M, or height (M - 1) where `less_one`, as high + low; height M; and height M times the slope of the
   series in a distance delta from the middle of the cell. All are over 2^exponent. */
struct raised_cell {
    double high, low, height, slope_head, slope_tail, exponent;
    int less_one;
};

/* `slope`, a head and a tail, is height times power times rho over delta. Where the base is at most 1, `up_to_one`, the cell is
   measured from 1 if its middle is nearer to 1 than to 0. */
LRVEC_INLINE struct raised_cell raised_cell_of(const struct raised *k, const struct raised_place *at, pair height, pair slope,
                                               int up_to_one) {
    struct raised_cell cell;
    const pair excess = exp2_excess(times_power(k->power, at->log_high, at->log_low), &cell.exponent);
    cell.less_one = up_to_one && is_near_one(excess, cell.exponent);
    const double scale = choose(cell.less_one, two_to_the(maximum(cell.exponent, -1.0)), 1.0);
    const pair raised = raised_of_excess(excess, cell.less_one, &cell.exponent);
    const pair product = multiply_headed(headed(raised), headed(height));
    cell.high = product.high, cell.low = product.low;
    cell.height = scale * (height.high + height.high * excess.high);
    cell.slope_head = scale * slope.high;
    cell.slope_tail = scale * (slope.low + (slope.high + slope.low) * excess.high);
    return cell;
}

/* Whether all that a cell gives stays normal, times 2^exponent. The terms of a faint power do not. */
LRVEC_INLINE int raised_cell_is_moderate(const struct raised *k, const struct raised_cell *cell, double exponent) {
    return is_moderate(cell->exponent + exponent) && (k->power == 0.0 || absolute(k->power) > FAINT);
}

/* A cell times 2^exponent, for a loop in which all values stay normal. */
LRVEC_INLINE struct raised_cell raised_cell_scaled(struct raised_cell cell, double exponent) {
    const double scale = scale_of(cell.exponent + exponent);
    cell.high *= scale, cell.low *= scale, cell.height *= scale, cell.slope_head *= scale, cell.slope_tail *= scale;
    return cell;
}

/* height x^power, or height (x^power - 1), over 2^exponent, at a distance delta from the middle of the cell. */
LRVEC_INLINE double raised_way(const struct raised *k, const struct raised_cell *cell, double delta, double rho) {
    const double *c = k->binomial;
    const double rho2 = rho * rho, rho4 = rho2 * rho2;
    const double head = (c[1] + c[2] * rho) + rho2 * (c[3] + c[4] * rho);
    const double tail = (c[5] + c[6] * rho) + rho2 * (c[7] + c[8] * rho);
    const double bend = rho2 * (head + rho4 * tail);
    return (cell->high + delta * cell->slope_head) + (cell->low + (delta * cell->slope_tail + cell->height * bend));
}

/* x^power, or where `less_one` x^power - 1, over 2^exponent, by a logarithm; rho is a pair. */
LRVEC_INLINE pair raised_by_log(double power, const struct raised_place *at, pair rho, int up_to_one, int *less_one,
                                double *exponent) {
    const pair series = log2_near_one(rho.high, rho.low), sum = sum_of(at->log_high, series.high);
    const pair excess = exp2_excess(times_power(power, sum.high, sum.low + (series.low + at->log_low)), exponent);
    *less_one = up_to_one && is_near_one(excess, *exponent);
    return raised_of_excess(excess, *less_one, exponent);
}
