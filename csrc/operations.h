/* The operations: formulas over tables in place of numbers. An operation is one row of the table below; its twin stands in
   src/lrvec/_engine/operations.py.

   OF_VALUES   combines the values of several tables at the same step, from the first two on.
   OF_CLOCK    is the value of one table at another step, which depends on the step and a size. CYCLES(n) says that this other
               step comes again after n sizes; NONE says that it never does, or not as an integer.

   A size that need not be an integer has operations of its own, real_... The remainder of a step by such a size is a double
   without an error, and need not be an integer either.

   is_of_clock and is_of_real_clock go by the order of the rows: values, clocks, clocks of real sizes. */
#ifndef LRVEC_OPERATIONS_H
#define LRVEC_OPERATIONS_H

#include "shapes.h"

/*        operation  formula                                                                      cycle */
#define LRVEC_OPERATIONS(OF_VALUES, OF_CLOCK)                                                               \
    OF_VALUES(add,      value + other)                                                                      \
    OF_VALUES(multiply, value * other)                                                                      \
    OF_VALUES(minimum,  other < value ? other : value)                                                      \
    OF_VALUES(maximum,  other > value ? other : value)                                                      \
    OF_CLOCK(repeat,    divide(step, size, inverse, 0).remainder,                                 CYCLES(1)) \
    OF_CLOCK(mirror,    mirrored(divide(step, 2.0 * size, 0.5 * inverse, 0).remainder, size),     CYCLES(2)) \
    OF_CLOCK(every,     divide(step, size, inverse, 0).quotient,                                  NONE)     \
    OF_CLOCK(stride,    minimum(step * size, 0x1p53),                                             NONE)     \
    OF_CLOCK(real_repeat, divide_by_real(step, size).remainder,                                   NONE)     \
    OF_CLOCK(real_mirror, mirrored(divide_by_real(step, 2.0 * size).remainder, size),             NONE)     \
    OF_CLOCK(real_every,  divide_by_real(step, size).quotient,                                    NONE)

/* step - quotient size, for an integer 0 <= quotient <= 2^53 not far from step / size. The parts of the quotient have 26 bits. */
LRVEC_INLINE double remainder_of(double step, double size, double quotient) {
    const double high = (quotient + 0x1.8p79) - 0x1.8p79, low = quotient - high, head = head_of(size), tail = size - head;
    const double product = quotient * size;
    const double rest = ((high * head - product) + high * tail + low * head) + low * tail;
    return (step - product) - rest;
}

/* step = quotient size + remainder with 0 <= remainder < size, for step < 2^53 size. The rounded quotient is right or one off. */
LRVEC_INLINE division divide_by_real(double step, double size) {
    const double ratio = step / size, whole = (ratio + TWO_52) - TWO_52, guess = whole - (whole > ratio ? 1.0 : 0.0);
    const double rest = remainder_of(step, size, guess);
    const double quotient = guess + ((rest >= size ? 1.0 : 0.0) - (rest < 0.0 ? 1.0 : 0.0));
    return (division){quotient, remainder_of(step, size, quotient)};
}

/* A clock that goes up to a length and back. */
LRVEC_INLINE double mirrored(double step, double length) { return minimum(step, 2.0 * length - step); }

#define VALUES_ENUM(name, formula) LRVEC_operation_##name,
#define CLOCK_ENUM(name, formula, cycle) LRVEC_operation_##name,
enum lrvec_operator { LRVEC_OPERATIONS(VALUES_ENUM, CLOCK_ENUM) LRVEC_OPERATION_COUNT };
#undef VALUES_ENUM
#undef CLOCK_ENUM

/* How many sizes a clock's cycle takes: 0 where it has none, as all operations of values. */
#define CYCLE_NONE 0
#define CYCLE_CYCLES(n) n
#define VALUES_CYCLE(name, formula) 0,
#define CLOCK_CYCLE(name, formula, cycle) CYCLE_##cycle,
static const int lrvec_cycles[] = {LRVEC_OPERATIONS(VALUES_CYCLE, CLOCK_CYCLE)};
#undef VALUES_CYCLE
#undef CLOCK_CYCLE

/* The step at which a clock's table is evaluated. */
LRVEC_INLINE double clock_of(enum lrvec_operator operator, double step, double size, double inverse) {
    switch (operator) {
#define VALUES_CASE(name, formula)
#define CLOCK_CASE(name, formula, cycle) \
    case LRVEC_operation_##name: return formula;
        LRVEC_OPERATIONS(VALUES_CASE, CLOCK_CASE)
#undef VALUES_CASE
#undef CLOCK_CASE
    default: return step;
    }
}

LRVEC_INLINE double combined(enum lrvec_operator operator, double value, double other) {
    switch (operator) {
#define VALUES_CASE(name, formula) \
    case LRVEC_operation_##name: return formula;
#define CLOCK_CASE(name, formula, cycle)
        LRVEC_OPERATIONS(VALUES_CASE, CLOCK_CASE)
#undef VALUES_CASE
#undef CLOCK_CASE
    default: return value;
    }
}

LRVEC_INLINE int is_of_clock(enum lrvec_operator operator) { return operator >= LRVEC_operation_repeat; }
LRVEC_INLINE int is_of_real_clock(enum lrvec_operator operator) { return operator >= LRVEC_operation_real_repeat; }

#endif
