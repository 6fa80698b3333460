/* The shapes: the closed forms that the kernels know, a file each in shapes/. Each has its constants (a struct), a prepare
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
    SHAPE(floored_inverse_sqrt, 3, "peak", "floor", "peak_step")               \
    SHAPE(one_minus_sqrt, 3, "first", "last", "length")                        \
    SHAPE(triangle, 3, "low", "high", "half_period")                           \
    SHAPE(halving_triangle, 3, "low", "high", "half_period")                   \
    SHAPE(decaying_triangle, 4, "low", "high", "half_period", "factor")

#define LRVEC_MAX_PARAMETERS 8

#define LRVEC_ENUM(name, ...) LRVEC_##name,
enum lrvec_shape { LRVEC_SHAPES(LRVEC_ENUM) LRVEC_SHAPE_COUNT };
#undef LRVEC_ENUM

/* Shapes with an addition theorem, and how many numbers belong to either part of a step. A shape's clock goes up or down
   with its steps; what it shows is coarse + fine, a multiple of FINE and a rest. `coarse` and `fine` compute the numbers of
   each part, and `joined` makes the value of both, by the very operations of `value`. So in a run of consecutive steps the
   ones are the same for FINE steps, and the others for each multiple; on the paths from 1 to SPLIT_PATHS, as long as the
   clock shows integers up to 2^52, which it need not where lengths are fractions. The numbers of `fine` depend on
   `wave_length` alone; `coarse` leaves out what adds nothing to waves that are `usual`. */
#define LRVEC_SPLIT_SHAPES(SHAPE) \
    SHAPE(half_cosine, 4, 2)      \
    SHAPE(repeated_half_cosine, 4, 2)

#define SPLIT_PATHS 2

/* The greatest multiple of FINE up to an integer 0 <= clock <= 2^52. Of other numbers it may be the next one, or beyond 2^52 the
   one before. */
LRVEC_INLINE double coarse_of(double clock) { return (clock - 0.5 * (FINE - 1) + FINE * ROUND) - FINE * ROUND; }

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
    SHAPE(half_cosine, 9, 5)       \
    SHAPE(power, 5, 3)             \
    SHAPE(exponential, 3, 2)

#include "shapes/parts.h"
#include "shapes/constant.h"
#include "shapes/line.h"
#include "shapes/half_cosine.h"
#include "shapes/repeated_half_cosine.h"
#include "shapes/power.h"
#include "shapes/exponential.h"
#include "shapes/staircase.h"
#include "shapes/halving.h"
#include "shapes/inverse_sqrt.h"
#include "shapes/floored_inverse_sqrt.h"
#include "shapes/one_minus_sqrt.h"
#include "shapes/triangles.h"

#endif
