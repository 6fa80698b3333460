/* The shapes: the closed forms that the kernels know. A shape is one row of the table below, one file in shapes/ with its
   include, and its plain formula in src/lrvec/_engine/shapes.py.

   The row gives the shape's name and its parameters, each with a role. From it are made the enum, the signatures that
   Python and the tests read, all dispatch, and `struct NAME_parameters`, so that a formula says given->length.

   Every shape defines
     struct NAME    its constants;
     NAME_prepare   makes the constants from the parameters, once per segment;
     NAME_value     the rate from the constants and a step, once per step: a few operations, without a branch or a call.

   `step` is the shape's own clock: an integer, in 0 ... length where the shape has a length. On the clock of a real period
   (operations.h) it is a fraction; constants, lines, half cosines and placed shapes serve there. Each curve is anchored at the
   end that it is nearer to: the distance from there goes to zero without cancellation, so both ends are exact and a value
   next to a floor keeps its digits. Differences of rates are held as mantissa and exponent, so nothing overflows or
   underflows before the result does.

   The other columns are about speed alone: what they name gives the bits of prepare and value, and the digests see to that.
   NONE asks for nothing.

   path   PATHS(n)   A path from 1 to n, at most 8, leaves out of `value` what cannot change its result on the steps of a block: a clamp
                     that no step reaches, a choice that all steps make alike. NAME_path looks at the least and the greatest
                     step and names a path that holds; ANY always does. NAME_value then takes the path as its last argument,
                     and is compiled once for each. NAME_path may keep in `own`, the block's own copy of the constants, what
                     all steps of the block have in common. ANY goes by the constants themselves, so that tables which no
                     other path reads are never copied.
          CUT(n)     PATHS(n), and NAME_stretch says for how many steps from a given one the path is likely to stay. Blocks
                     are cut there.
   run    WAVE       On the paths EARLY, LATE and OTHER_WAVE the shape is a half cosine whose clock goes up or down with the steps.
                     NAME_wave gives the half cosine, and NAME_ends a step's distances from both its ends. The addition theorem
                     serves a run of steps.
          PARTS(i, j, k)   On these paths all steps are in the shape's zone, and NAME_expand gives the expansion about the middle of
                     a part (parts.h). In a run it serves all steps of the part.
          CHAIN(i, j)   On these paths so many operations wait for each other that a processor comes to the next values late.
                     NAME_link makes a number from a step, and NAME_linked the value from it, in a loop each.
   rows   ONCE       NAME_once makes one value from parameters that serve once, for loops over many rows.
          STAGED(n, m)   ONCE, and a shorter way for usual parameters and steps: NAME_unusual is 0 for these. NAME_first
                     makes n numbers, NAME_second m numbers, and NAME_third the value; a loop over each keeps the
                     processor busy.
          FORKED(n, m)   STAGED, and where NAME_uneasy is 0 for all rows, NAME_easy_first makes the first numbers in less time.
                     Such rows are usual.

   The next column is about a value that becomes a parameter of another segment, and must not add its error to that one's.

   precise  PAIRS    NAME_precise makes one value from its parameters, in pairs of doubles: slow, and with an error of 1.5 ulp
                     at most. Without it such a value has the bits of all others.

   The last column is for questions about the curve, which look at few of its steps.

   course   CYCLES   NAME_turn says for how many steps from a given one, at least 1, the curve goes one way; or does so without a
                     jump, if it is to be `smooth`. It may say less. NAME_cycle says what comes again. Without them the curve
                     goes one way on all its steps. */
#ifndef LRVEC_SHAPES_H
#define LRVEC_SHAPES_H

#include "elementary.h"

#define LRVEC_MAX_PARAMETERS 8

/*        shape                 parameters, with their roles                                    path      run   rows          precise   course */
#define LRVEC_SHAPES(SHAPE)                                                                                                                    \
    SHAPE(constant,             RATE(value),                                                    NONE,     NONE, NONE,         NONE,  NONE)     \
    SHAPE(line,                 RATE(first) RATE(last) LENGTH(length),                          PATHS(3), NONE, NONE,         NONE,  NONE)     \
    SHAPE(half_cosine,          RATE(first) RATE(last) LENGTH(length),                          CUT(4),   WAVE, STAGED(9, 5), PAIRS, NONE)     \
    SHAPE(repeated_half_cosine, RATE(first) RATE(last) PERIOD(period),                          CUT(4),   WAVE, ONCE,         NONE,  CYCLES)   \
    SHAPE(power,                RATE(first) RATE(last) INNER_LENGTH(length) EXPONENT(power),    CUT(5),   CHAIN(1, 2), STAGED(5, 3), NONE, NONE) \
    SHAPE(exponential,          RATE(first) FACTOR(factor) DIVISOR(steps_per_factor),           PATHS(2), CHAIN(2, 2), FORKED(3, 2), NONE, CYCLES) \
    SHAPE(staircase,            RATE(first) FACTOR(factor) PERIOD(width),                       CUT(2),   NONE, NONE,         NONE,  CYCLES)   \
    SHAPE(geometric,            RATE(first) RATE(last) LENGTH(length) POSITIVE(ratio),          CUT(2),   PARTS(2, 2, 2), NONE, PAIRS, NONE)   \
    SHAPE(floored_inverse_sqrt, RATE(peak) RATE(floor) START(peak_step),                        NONE,     NONE, NONE,         NONE,  CYCLES)   \
    SHAPE(triangle,             RATE(low) RATE(high) COUNT(half_period),                        CUT(2),   NONE, NONE,         NONE,  CYCLES)   \
    SHAPE(halving_triangle,     RATE(low) RATE(high) COUNT(half_period),                        CUT(2),   NONE, NONE,         NONE,  CYCLES)   \
    SHAPE(decaying_triangle,    RATE(low) RATE(high) COUNT(half_period) FACTOR(factor),         CUT(3),   CHAIN(3, 3), NONE,  NONE,  CYCLES)   \
    SHAPE(logistic,             RATE(first) RATE(last) LENGTH(length) NUMBER(low) NUMBER(high), CUT(1),   PARTS(1, 1, 1), NONE,         PAIRS, NONE)     \
    SHAPE(rise,                 RATE(first) RATE(last) INNER_LENGTH(length) EXPONENT(power),    CUT(8),   PARTS(3, 4, 4), NONE, PAIRS, NONE)   \
    SHAPE(tail,                 RATE(first) RATE(last) POSITIVE(shift) POSITIVE(slope) POSITIVE(scale) EXPONENT(power), CUT(8), PARTS(1, 2, 3), STAGED(7, 3), NONE, NONE) \
    SHAPE(rex,                  RATE(first) RATE(last) LENGTH(length) POSITIVE(beta),           CUT(2),   PARTS(2, 2, 2), NONE,         NONE,  NONE)     \
    SHAPE(arc,                  RATE(first) RATE(last) INNER_LENGTH(length) EXPONENT(power),    CUT(7),   PARTS(3, 4, 4), NONE, NONE, NONE)    \
    SHAPE(hyperbola,            RATE(first) RATE(last) LENGTH(length) BOUND(bound),             CUT(3),   PARTS(3, 3, 3), NONE, NONE, NONE)    \
    SHAPE(log_ramp,             RATE(first) RATE(last) INNER_LENGTH(length),                    CUT(3),   PARTS(3, 3, 3), NONE,         NONE,  NONE)     \
    SHAPE(cubic,                RATE(first) RATE(last) LENGTH(length) RATE(first_slope) RATE(last_slope), PATHS(3), NONE, NONE, NONE, NONE)    \
    SHAPE(curved_cosine,        RATE(first) RATE(last) INNER_LENGTH(length) EXPONENT(k) EXPONENT(exponent), CUT(8), PARTS(3, 4, 5), NONE, NONE, NONE) \
    SHAPE(placed_line,          RATE(first) RATE(last) BEGIN(begin) END(end),                   PATHS(3), NONE, NONE,         NONE,  NONE)     \
    SHAPE(placed_half_cosine,   RATE(first) RATE(last) BEGIN(begin) END(end),                   CUT(4),   WAVE, ONCE,         NONE,  NONE)

/* The roles, with their names in src/lrvec/_engine/shapes.py. */
#define LRVEC_ROLES(ROLE)                                                                        \
    ROLE(RATE, "rate")                 /* a shape is linear in its rates */                      \
    ROLE(COUNT, "count")               /* of steps; at least 1, as all counts below */           \
    ROLE(LENGTH, "length")             /* the shape is defined from step 0 to this one */        \
    ROLE(INNER_LENGTH, "inner length") /* the shape is defined between step 0 and this one */    \
    ROLE(START, "start")               /* the shape is defined from this step on */              \
    ROLE(PERIOD, "period")             /* by which steps are divided as integers */              \
    ROLE(FACTOR, "factor")             /* of any sign, raised to a number of steps */            \
    ROLE(DIVISOR, "divisor")           /* the steps to a factor; 1 for a negative one */         \
    ROLE(EXPONENT, "exponent")         /* at least 0 */                                          \
    ROLE(BOUND, "bound")               /* a count, of the length before it at least */           \
    ROLE(POSITIVE, "positive")         /* any above 0 */                                         \
    ROLE(BEGIN, "begin")               /* the shape is defined from this position on */          \
    ROLE(END, "end")                   /* to this position, which is above the one before it */  \
    ROLE(NUMBER, "number")             /* any */

#define RATE(name) PARAMETER(RATE, name)
#define COUNT(name) PARAMETER(COUNT, name)
#define LENGTH(name) PARAMETER(LENGTH, name)
#define INNER_LENGTH(name) PARAMETER(INNER_LENGTH, name)
#define START(name) PARAMETER(START, name)
#define PERIOD(name) PARAMETER(PERIOD, name)
#define FACTOR(name) PARAMETER(FACTOR, name)
#define DIVISOR(name) PARAMETER(DIVISOR, name)
#define EXPONENT(name) PARAMETER(EXPONENT, name)
#define BOUND(name) PARAMETER(BOUND, name)
#define POSITIVE(name) PARAMETER(POSITIVE, name)
#define BEGIN(name) PARAMETER(BEGIN, name)
#define END(name) PARAMETER(END, name)
#define NUMBER(name) PARAMETER(NUMBER, name)

/* ---- what the table makes before the shapes are known ---- */

#define LRVEC_ENUM(name, ...) LRVEC_##name,
enum lrvec_shape { LRVEC_SHAPES(LRVEC_ENUM) LRVEC_SHAPE_COUNT, LRVEC_OPERATION = LRVEC_SHAPE_COUNT };
enum lrvec_role { LRVEC_ROLES(LRVEC_ENUM) LRVEC_ROLE_COUNT };
#undef LRVEC_ENUM

/* Each shape's parameters by name, one behind the other as in a signature. */
#define PARAMETER(role, name) double name;
#define STRUCT(shape, parameters, ...) \
    struct shape##_parameters {        \
        parameters                     \
    };
LRVEC_SHAPES(STRUCT)
#undef STRUCT
#undef PARAMETER

/* How many parameters each shape has. */
#define PARAMETER(role, name) +1
#define PARAMETER_COUNT(shape, parameters, ...) \
    enum { shape##_PARAMETERS = 0 parameters }; \
    _Static_assert(shape##_PARAMETERS <= LRVEC_MAX_PARAMETERS, #shape " has more parameters than LRVEC_MAX_PARAMETERS");
LRVEC_SHAPES(PARAMETER_COUNT)
#undef PARAMETER_COUNT
#undef PARAMETER

/* ---- the shapes ---- */

#include "shapes/parts.h"
#include "shapes/constant.h"
#include "shapes/line.h"
#include "shapes/half_cosine.h"
#include "shapes/repeated_half_cosine.h"
#include "shapes/power.h"
#include "shapes/exponential.h"
#include "shapes/staircase.h"
#include "shapes/geometric.h"
#include "shapes/floored_inverse_sqrt.h"
#include "shapes/triangles.h"
#include "shapes/logistic.h"
#include "shapes/raised.h"
#include "shapes/rise.h"
#include "shapes/tail.h"
#include "shapes/rex.h"
#include "shapes/arc.h"
#include "shapes/hyperbola.h"
#include "shapes/log_ramp.h"
#include "shapes/cubic.h"
#include "shapes/curved_cosine.h"
#include "shapes/placed_line.h"
#include "shapes/placed_half_cosine.h"

/* ---- what the table makes of the shapes ---- */

/* A column's word becomes part of the name of a macro: X_NONE, or X_PATHS(n). That macro may give the name of another one. */
#define PATHS_NONE 0
#define PATHS_PATHS(n) n
#define PATHS_CUT(n) n
#define FIRST_PATH_NONE 0
#define FIRST_PATH_WAVE 0
#define FIRST_PATH_PARTS(i, j, k) i
#define FIRST_PATH_CHAIN(i, j) i
#define SECOND_PATH_NONE 0
#define SECOND_PATH_WAVE 0
#define SECOND_PATH_PARTS(i, j, k) j
#define SECOND_PATH_CHAIN(i, j) j
#define THIRD_PATH_NONE 0
#define THIRD_PATH_WAVE 0
#define THIRD_PATH_PARTS(i, j, k) k
#define THIRD_PATH_CHAIN(i, j) j
#define FIRSTS_NONE 0
#define FIRSTS_ONCE 0
#define FIRSTS_STAGED(n, m) n
#define FIRSTS_FORKED(n, m) n
#define SECONDS_NONE 0
#define SECONDS_ONCE 0
#define SECONDS_STAGED(n, m) m
#define SECONDS_FORKED(n, m) m
#define NUMBERS(shape, parameters, path, run, rows, ...)                                                  \
    enum { shape##_PATHS = PATHS_##path, shape##_FIRSTS = FIRSTS_##rows, shape##_SECONDS = SECONDS_##rows }; \
    enum {                                                                                                \
        shape##_FIRST_PATH = FIRST_PATH_##run, /* those of PARTS or CHAIN */                                     \
        shape##_SECOND_PATH = SECOND_PATH_##run,                                                          \
        shape##_THIRD_PATH = THIRD_PATH_##run,                                                            \
    };
LRVEC_SHAPES(NUMBERS)
#undef NUMBERS

/* Every shape gets NAME_on_path, its value on a path, and NAME_path. */
#define ON_PATH_NONE(shape)                                                              \
    LRVEC_INLINE double shape##_on_path(const struct shape *k, double step, int path) {  \
        (void)path;                                                                      \
        return shape##_value(k, step);                                                   \
    }                                                                                    \
    LRVEC_INLINE int shape##_path(const struct shape *k, struct shape *own, double least, double greatest) { \
        (void)k, (void)own, (void)least, (void)greatest;                                 \
        return ANY;                                                                      \
    }
#define ON_PATH_OWN(shape)                                                               \
    LRVEC_INLINE double shape##_on_path(const struct shape *k, double step, int path) {  \
        return shape##_value(k, step, path);                                             \
    }
#define ON_PATH_PATHS(n) ON_PATH_OWN
#define ON_PATH_CUT(n) ON_PATH_OWN
#define ON_PATH(shape, parameters, path, ...) ON_PATH_##path(shape)
LRVEC_SHAPES(ON_PATH)
#undef ON_PATH

/* Every shape gets NAME_alone, its value at a single step. */
#define ALONE_NONE(shape)                                                                                  \
    LRVEC_INLINE double shape##_alone(const struct shape *k, double step) { return shape##_on_path(k, step, ANY); }
#define ALONE_EXPANDED(shape)                                                                              \
    LRVEC_INLINE double shape##_alone(const struct shape *k, double step) {                                \
        if (!is_in(&k->zone, step)) return shape##_outside(k, step);                                       \
        const double middle = middle_of(step, 1);                                                          \
        const struct expansion e = shape##_expand(k, middle, ANY);                                         \
        return expanded(&e, step - middle);                                                                \
    }
#define ALONE_WAVE(shape)                                                                                  \
    LRVEC_INLINE double shape##_alone(const struct shape *k, double step) {                                \
        return half_cosine_single(shape##_wave(k), shape##_ends(k, step, ANY));                            \
    }
#define ALONE_PARTS(...) ALONE_EXPANDED
#define ALONE_CHAIN(...) ALONE_NONE
#define ALONE(shape, parameters, path, run, ...) ALONE_##run(shape)
LRVEC_SHAPES(ALONE)
#undef ALONE

/* Every shape gets NAME_stretch. */
#define STRETCH_NONE(shape)                                                       \
    static inline double shape##_stretch(const struct shape *k, double step) {    \
        (void)k, (void)step;                                                      \
        return ENDLESS;                                                           \
    }
#define STRETCH_OWN(shape)
#define STRETCH_PATHS(n) STRETCH_NONE
#define STRETCH_CUT(n) STRETCH_OWN
#define STRETCH(shape, parameters, path, ...) STRETCH_##path(shape)
LRVEC_SHAPES(STRETCH)
#undef STRETCH

/* Every shape gets NAME_once, one value from parameters that serve once. */
#define ONCE_NONE(shape)                                                                              \
    LRVEC_INLINE double shape##_once(const struct shape##_parameters *given, double step) {           \
        struct shape k;                                                                               \
        shape##_prepare(&k, given);                                                                   \
        return shape##_on_path(&k, step, ANY);                                                        \
    }
#define ONCE_ONCE(shape)
#define ONCE_STAGED(n, m) ONCE_ONCE
#define ONCE_FORKED(n, m) ONCE_ONCE
#define ONCE_OF(shape, parameters, path, run, rows, ...) ONCE_##rows(shape)
LRVEC_SHAPES(ONCE_OF)
#undef ONCE_OF

/* Every shape gets NAME_precise, its value with little error. */
#define PRECISE_NONE(shape)                                                                                \
    static inline double shape##_precise(const struct shape##_parameters *given, double step) {            \
        return shape##_once(given, step);                                                                  \
    }
#define PRECISE_PAIRS(shape)
#define PRECISE_OF(shape, parameters, path, run, rows, precise, ...) PRECISE_##precise(shape)
LRVEC_SHAPES(PRECISE_OF)
#undef PRECISE_OF

/* Every shape gets NAME_turn and NAME_cycle. */
#define COURSE_NONE(shape)                                                                  \
    static inline double shape##_turn(const struct shape *k, double step, int smooth) {     \
        (void)k, (void)step, (void)smooth;                                                  \
        return ENDLESS;                                                                     \
    }                                                                                       \
    static inline struct cycle shape##_cycle(const struct shape *k) {                       \
        (void)k;                                                                            \
        return NO_CYCLE;                                                                    \
    }
#define COURSE_CYCLES(shape)
#define COURSE_OF(shape, parameters, path, run, rows, precise, course) COURSE_##course(shape)
LRVEC_SHAPES(COURSE_OF)
#undef COURSE_OF

#endif
