/* The elementary functions of the kernels: + - * / sqrt and bit operations on doubles, in one fixed order.

   Each states its domain, its error and an input at which the largest error was seen. `u` is 2^-53. What runs
   once per step must vectorise: no branch, no call, no table but one. */
#ifndef LRVEC_ELEMENTARY_H
#define LRVEC_ELEMENTARY_H

#include <math.h>
#include <stdint.h>
#include <string.h>

#include "constants.h"

/* What a loop calls is always inlined: it could not vectorise around a call, and a path is then a constant in it. */
#if defined(__GNUC__)
#define LRVEC_INLINE static inline __attribute__((always_inline))
#else
#define LRVEC_INLINE static inline
#endif

/* What is called from several places, and is too long for a copy in each. */
#if defined(__GNUC__)
#define LRVEC_APART __attribute__((noinline))
#else
#define LRVEC_APART
#endif

/* This stands before a short loop within a loop that is to vectorise. */
#if defined(__clang__)
#define LRVEC_UNROLL _Pragma("unroll")
#elif defined(__GNUC__)
#define LRVEC_UNROLL _Pragma("GCC unroll 16")
#else
#define LRVEC_UNROLL
#endif

/* This stands in a loop that is not to become one over vectors: one that looks several numbers up for each value, which
   takes longer by instructions that gather. */
#if defined(__GNUC__)
#define LRVEC_SCALAR __asm__ volatile("");
#else
#define LRVEC_SCALAR
#endif

/* Asks for the line of memory with this address, which is to be written. */
#if defined(__GNUC__)
#define LRVEC_ASK(address) __builtin_prefetch((const void *)(address), 1)
#else
#define LRVEC_ASK(address) (void)(address)
#endif

/* ---- bits ---- */

LRVEC_INLINE uint64_t bits_of(double x) {
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    return bits;
}

LRVEC_INLINE double from_bits(uint64_t bits) {
    double x;
    memcpy(&x, &bits, sizeof x);
    return x;
}

#define TOP_BIT (UINT64_C(1) << 63)

/* Adding ROUND pushes the fraction of |x| < 2^51 out of the double: round to nearest, ties to even. */
#define ROUND 0x1.8p52
#define TWO_52 0x1p52

LRVEC_INLINE double round_to_integer(double x) { return (x + ROUND) - ROUND; }

/* A head is the first 26 significant bits of x, and zeros. The product of two heads is exact. */
#define TAIL_BITS UINT64_C(0x7ffffff)

LRVEC_INLINE double head_of(double x) { return from_bits(bits_of(x) & ~TAIL_BITS); }

/* The next integer downwards and upwards. Compilers without such an instruction would call the mathematical library. */
LRVEC_INLINE double floored(double x) {
    if (!(x > -0x1p52 && x < 0x1p52)) return x;
    const double whole = (double)(int64_t)x;
    return whole - (whole > x);
}
LRVEC_INLINE double ceiled(double x) { return -floored(-x); }

LRVEC_INLINE double minimum(double x, double y) { return x < y ? x : y; }
LRVEC_INLINE double maximum(double x, double y) { return x > y ? x : y; }
LRVEC_INLINE double absolute(double x) { return from_bits(bits_of(x) & ~TOP_BIT); }

/* The top bit says whether x > limit, for doubles that are not negative. */
LRVEC_INLINE uint64_t exceeds(double x, double limit) { return bits_of(limit) - bits_of(x); }

/* One of two numbers, which are both computed: a loop with a load on one side of a branch would not vectorise. */
LRVEC_INLINE double choose_by(uint64_t mask, double yes, double no) {
    return from_bits((bits_of(yes) & mask) | (bits_of(no) & ~mask));
}

LRVEC_INLINE double choose(int condition, double yes, double no) {
    return choose_by(condition ? ~UINT64_C(0) : 0, yes, no);
}

LRVEC_INLINE double negated_if(int condition, double x) { return x * (condition ? -1.0 : 1.0); }

/* x as a double for an integer 0 <= x < 2^52, in a way that every vector width has. */
LRVEC_INLINE double double_of(uint64_t x) { return from_bits(x | bits_of(TWO_52)) - TWO_52; }

/* 2^k for an integer -1022 <= k <= 1023: exact. */
LRVEC_INLINE double two_to_the(double k) { return from_bits(bits_of(k + (TWO_52 + 1023.0)) << 52); }

/* x 2^k for an integer k and |x| in {0} or [2^-100, 4]: one rounding at most, into the subnormals or to infinity. */
LRVEC_INLINE double scale_by_power_of_two(double x, double k) {
    const double clamped = minimum(maximum(k, -1200.0), 1200.0);
    const double half = round_to_integer(0.5 * clamped);
    return x * two_to_the(half) * two_to_the(clamped - half);
}

/* The sign bit of (-1)^step for 0 <= step <= 2^53, which is that of a negative factor's power. */
LRVEC_INLINE uint64_t sign_of_parity(double step) {
    /* Above 2^26 the multiple of 2^26 next to the step is even, and the rest is small enough for ROUND. */
    const double rest = step - ((step + 0x1.8p78) - 0x1.8p78);
    return bits_of(rest + ROUND) << 63;
}

/* ---- numbers as unevaluated sums high + low ---- */

typedef struct {
    double high, low;
} pair;

/* high + low = x + y exactly, if |x| >= |y| or x = 0. */
LRVEC_INLINE pair quick_sum(double x, double y) {
    const double sum = x + y;
    return (pair){sum, y - (sum - x)};
}

/* high + low = x + y exactly. */
LRVEC_INLINE pair sum_of(double x, double y) {
    const double sum = x + y, part = sum - x;
    return (pair){sum, (x - (sum - part)) + (y - part)};
}

/* high + low = x y exactly, short of under- and overflow (Dekker 1971). */
LRVEC_INLINE pair product_of(double x, double y) {
    const double product = x * y;
    const double x_head = head_of(x), y_head = head_of(y), x_tail = x - x_head, y_tail = y - y_head;
    return (pair){product, ((x_head * y_head - product) + x_head * y_tail + x_tail * y_head) + x_tail * y_tail};
}

/* The next three functions have a relative error of a few 2^-104. */
LRVEC_INLINE pair multiply_pairs(pair x, pair y) {
    const pair product = product_of(x.high, y.high);
    return quick_sum(product.high, product.low + (x.high * y.low + x.low * y.high));
}

LRVEC_INLINE pair divide_pairs(pair x, pair y) {
    const double inverse = 1.0 / y.high, quotient = x.high * inverse;
    const pair back = product_of(quotient, y.high);
    const double rest = ((x.high - back.high) - back.low) + (x.low - quotient * y.low);
    return quick_sum(quotient, rest * inverse);
}

LRVEC_INLINE pair pair_sqrt(double x) {
    const double root = sqrt(x);
    const pair square = product_of(root, root);
    return quick_sum(root, ((x - square.high) - square.low) / (2.0 * root));
}

/* A pair with the same sum, made of a head and a tail. */
LRVEC_INLINE pair headed(pair x) {
    const double head = head_of(x.high);
    return (pair){head, (x.high - head) + x.low};
}

/* The product of two numbers, each a head and a tail. `high`, the product of the heads, is exact, and `low` may overlap with
   it. The relative error of this, and of the quotients below, is a few 2^-78. */
LRVEC_INLINE pair multiply_headed(pair x, pair y) {
    return (pair){x.high * y.high, (x.high * y.low + x.low * y.high) + x.low * y.low};
}

/* x / y as a head and a tail: for a y that is a head and a tail; then for any y; then for a y that is a head. */
LRVEC_INLINE pair divide_headed_pairs(pair x, pair y) {
    const double inverse = 1.0 / (y.high + y.low), head = head_of(x.high * inverse);
    return (pair){head, (((x.high - head * y.high) - head * y.low) + x.low) * inverse};
}

LRVEC_INLINE pair divide_headed(pair x, double y) { return divide_headed_pairs(x, headed((pair){y, 0.0})); }

LRVEC_INLINE pair divide_headed_by_head(pair x, double y) {
    const double inverse = 1.0 / y, head = head_of(x.high * inverse);
    return (pair){head, ((x.high - head * y) + x.low) * inverse};
}

/* x as mantissa * 2^exponent with 1 <= |mantissa| < 2, subnormals too; 0 as 0 * 2^0. */
LRVEC_INLINE double split_exponent(double x, double *exponent) {
    const int tiny = absolute(x) < 0x1p-1022;
    const uint64_t bits = bits_of(tiny ? x * 0x1p54 : x);
    *exponent = x == 0.0 ? 0.0 : double_of(bits >> 52 & 0x7ff) - (tiny ? 1023.0 + 54.0 : 1023.0);
    return x == 0.0 ? x : from_bits((bits & UINT64_C(0x800fffffffffffff)) | UINT64_C(0x3ff0000000000000));
}

/* ---- powers, sines, logarithms and roots ---- */

/* 2^r - 1 - r ln 2 for |r| <= 1/2, except for a 2^-57 part of r. */
LRVEC_INLINE double exp2_bend(double r) {
    const double *c = EXP2_QUOTIENT;
    const double r2 = r * r, r4 = r2 * r2, r8 = r4 * r4;
    const double low = (c[1] + c[2] * r) + r2 * (c[3] + c[4] * r);
    const double high = (c[5] + c[6] * r) + r2 * (c[7] + c[8] * r);
    return r2 * ((low + r4 * high) + r8 * (c[9] + c[10] * r));
}

/* 2^r - 1 for |r| <= 1/2; error 2.6 u relative to the result (r = -0x1.e6c276efae93ap-2), so that it goes to 0 with r,
   and 0.9 u relative to 2^r. */
LRVEC_INLINE double exp2_minus_one(double r) { return r * EXP2_QUOTIENT[0] + exp2_bend(r); }

/* 2^r for |r| <= 1/2; error 0.32 u (r = -0x1.ff845fe2a730ap-2). */
LRVEC_INLINE pair exp2_pair(double r) {
    const double head = (r + 0x1.8p26) - 0x1.8p26, ln2_head = head_of(LN2_HIGH), ln2_tail = (LN2_HIGH - ln2_head) + LN2_LOW;
    const pair excess = quick_sum(head * ln2_head, exp2_bend(r)), power = quick_sum(1.0, excess.high);
    return (pair){power.high, power.low + (excess.low + (head * ln2_tail + (r - head) * LN2_HIGH))};
}

LRVEC_INLINE double polynomial_of_8(const double *c, double v) { /* v (c[0] + c[1] v + ... + c[7] v^7) */
    const double v2 = v * v, v3 = v * v2, v5 = v3 * v2;
    return (v * (c[0] + c[1] * v) + v3 * (c[2] + c[3] * v)) + v5 * ((c[4] + c[5] * v) + v2 * (c[6] + c[7] * v));
}

LRVEC_INLINE double polynomial_of_4(const double *c, double v) {
    const double v2 = v * v, v3 = v * v2;
    return v * (c[0] + c[1] * v) + v3 * (c[2] + c[3] * v);
}

/* sin(x)^2 / v - 1 and sin(2 x) / 2 x - 1 for v = x^2, x up to pi / 4, or for x near 0, up to FINE pi / (2 LONG).
   Their errors, relative to the sines: 0.77 u (v = 0x1.320af35bbdc5fp-1), 0.03 u (0x1.3bc5afb04634dp-7), 1.92 u
   (0x1.3ac20e3104ea1p-1), 0.16 u (0x1.3bd2f6dd06c31p-7). */
LRVEC_INLINE double sine_squared_correction(double v) { return polynomial_of_8(SINE_SQUARED, v); }
LRVEC_INLINE double sine_squared_correction_near_0(double v) { return polynomial_of_4(SINE_SQUARED_NEAR, v); }
LRVEC_INLINE double double_sine_correction(double v) { return polynomial_of_8(DOUBLE_SINE, v); }
LRVEC_INLINE double double_sine_correction_near_0(double v) { return polynomial_of_4(DOUBLE_SINE_NEAR, v); }

/* x > 0 lies in an octave, about 2^e sqrt(1/2) ... 2^e sqrt(2), and there in one of LOG2_CELLS cells. The cell's row of
   LOG2_CELL holds a head c near the reciprocal of the cell's middle, and -log2(c). x = 2^e (1 + rho) / c. */
#define LOG2_SHIFT 46 /* the bits of a mantissa within a cell */
LRVEC_INLINE uint64_t log2_place_of(double x) { return (bits_of(x) - LOG2_OFFSET) >> LOG2_SHIFT; }
LRVEC_INLINE double least_at_place(uint64_t place) { return from_bits((place << LOG2_SHIFT) + LOG2_OFFSET); }
LRVEC_INLINE uint64_t cell_of(uint64_t place) { return place & (LOG2_CELLS - 1); }
LRVEC_INLINE double octave_of(uint64_t place) { return double_of(place / LOG2_CELLS); } /* for x > 1 */

/* rho for `reciprocal` = c 2^-e as high + low, |rho| <= 1/128: exact. */
LRVEC_INLINE pair offset_in_cell(double x, double reciprocal) {
    const double head = head_of(x);
    return quick_sum(head * reciprocal - 1.0, (x - head) * reciprocal);
}

/* log2(1 + rho) = (rho - rho^2/2 + rho^3/3 - ...) / ln2 for rho = r + low, |r| < 1/64. */
LRVEC_INLINE pair log2_near_one(double r, double low) {
    const double r2 = r * r, r4 = r2 * r2;
    const double first = (1.0 / 3 - 1.0 / 4 * r) + r2 * (1.0 / 5 - 1.0 / 6 * r);
    const double second = (1.0 / 7 - 1.0 / 8 * r) + r2 * (1.0 / 9 - 1.0 / 10 * r);
    const double cubic = r * r2 * ((first + r4 * second) + r4 * r4 * (1.0 / 11 - 1.0 / 12 * r));
    const double head = head_of(r), rest_of_square = (r - head) * (r + head);
    const pair two_terms = quick_sum(r, -0.5 * (head * head));
    const double rest = (low - r * low) - 0.5 * rest_of_square;
    const pair logarithm = headed((pair){two_terms.high, two_terms.low + (rest + cubic)});
    const pair product = multiply_headed(logarithm, headed((pair){0.5 * TWO_OVER_LN2_HIGH, 0.5 * TWO_OVER_LN2_LOW}));
    return quick_sum(product.high, product.low);
}

#define NEAR_ONE 0x1p-6

/* log2(x) of a normal or subnormal x > 0; error 2^-63.9 relative to the result (x = 0x1.f818a30ce2679p-1), and 2^-69.4 at most.
   With x = 2^e (1 + rho) / c it is e - log2(c) + log2(1 + rho), where c = 1 for an x near 1. */
LRVEC_INLINE pair log2_of(double x) {
    double exponent;
    const double mantissa = split_exponent(x, &exponent);
    const uint64_t place = log2_place_of(mantissa), cell = cell_of(place);
    const double octave = octave_of(place), unit = octave > 0.0 ? 0.5 : 1.0;
    const int near_one = absolute(mantissa * unit - 1.0) < NEAR_ONE;
    const pair rho = offset_in_cell(mantissa, choose(near_one, 1.0, LOG2_CELL[cell][0]) * unit);
    const double whole = exponent + octave + choose(near_one, 0.0, LOG2_CELL[cell][1]);
    const pair series = log2_near_one(rho.high, rho.low), sum = sum_of(whole, series.high);
    return quick_sum(sum.high, sum.low + (choose(near_one, 0.0, LOG2_CELL[cell][2]) + series.low));
}

/* log2(1 + rho) + more for |rho| <= 1/128, as a multiple of 2^-20 (`high`) and a rest below 2^-20 (`low`); error 2^-67, and
   0.8 u relative to a result that is near 0 because rho is. `more` is below 2^-20. */
LRVEC_INLINE pair log2_series(pair rho, double more) {
    const double *c = LOG2_QUOTIENT;
    const pair parts = headed(rho);
    const double first_head = head_of(c[0]), first_tail = c[0] - first_head; /* of the series' first coefficient */
    const double rho2 = rho.high * rho.high;
    const double series = (c[1] + c[2] * rho.high) + rho2 * ((c[3] + c[4] * rho.high) + rho2 * (c[5] + c[6] * rho.high));
    const double main = parts.high * first_head, coarse = (main + 0x1.8p32) - 0x1.8p32;
    const double low = (parts.low * first_head + rho.high * (first_tail + LOG2_QUOTIENT_LOW)) + rho2 * series;
    return (pair){coarse, (main - coarse) + (more + low)};
}

/* log2 of x >= 1 as a multiple of 2^-20 below 2^6 (`high`, a head) and a rest below 2^-20 (`low`); error 2^-67. */
LRVEC_INLINE pair log2_of_step(double x) {
    const uint64_t place = log2_place_of(x), cell = cell_of(place);
    const double octave = octave_of(place);
    const pair rho = offset_in_cell(x, LOG2_CELL[cell][0] * two_to_the(-octave));
    const pair series = log2_series(rho, LOG2_CELL[cell][2]);
    return (pair){octave + LOG2_CELL[cell][1] + series.high, series.low};
}

/* 1 / sqrt(x) = better (1 + correction), for a normal x > 0; for x = 0 both are finite. `better` is a head. The relative error
   of the sum is 2^-56, and 2^-55 more for x > 2^27, where x times a head is no longer exact. A linear guess on the bits comes
   first, then a fifth-order step, then a step with the residual. */
LRVEC_INLINE double inverse_sqrt_of(double x, double *correction) {
    const double guess = from_bits(UINT64_C(0x5fe6eb50c7b537a9) - (bits_of(x) >> 1));
    const double e = 1.0 - (x * guess) * guess;
    const double better = head_of(guess + guess * e * ((0.5 + 0.375 * e) + e * e * (0.3125 + 0.2734375 * e)));
    const double rest = 1.0 - (x * better) * better;
    *correction = rest * (0.5 + 0.375 * rest);
    return better;
}

#endif
