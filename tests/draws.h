/* Random tables and steps, for programs that try the kernels. Such a program first defines

     static uint64_t draw(void);

   from which all numbers come, and no others: parameters and steps are made from integers alone. */
#ifndef LRVEC_DRAWS_H
#define LRVEC_DRAWS_H

#include <math.h>
#include <stdlib.h>

#include "widths.h"

enum { MOST_STEPS = 2500, MOST_SEGMENTS = 64 };

/* ---- numbers ---- */

static uint64_t below(uint64_t limit) { return draw() % limit; }

/* 0 ... limit - 1, every size equally likely. One draw a statement: C leaves the order within an expression open. */
static uint64_t of_any_size_below(uint64_t limit) {
    const uint64_t shift = below(64);
    return (draw() >> shift) % limit;
}

static int64_t draw_count(int64_t most) { return 1 + (int64_t)of_any_size_below((uint64_t)most); }

/* +-2^low ... +-2^high. */
static double draw_size(int low, int high) {
    const uint64_t exponent = (uint64_t)(1023 + low) + below((uint64_t)(high - low));
    return from_bits((draw() & UINT64_C(0x800fffffffffffff)) | exponent << 52);
}

static int usual; /* draw what a short way is there for */

static double draw_rate(void) {
    if (usual) return draw_size(-24, 4);
    switch (below(8)) {
    case 0: return 0.0;
    case 1: return draw_size(-1022, 1023);
    case 2: return 0x1p-1074 * (double)draw_count(INT64_C(1) << 52);
    default: return draw_size(-24, 4);
    }
}

static double draw_factor(void) {
    if (usual) return 1.0 - draw_size(-40, -7);
    switch (below(8)) {
    case 0: return draw_size(-1022, 1023);
    case 1: return below(2) ? 0.0 : -1.0;
    case 2: return absolute(draw_size(-4, 0));
    case 3: return -1.0 + draw_size(-30, -2);
    default: return 1.0 - absolute(draw_size(-40, -1));
    }
}

/* A count of steps, at most `longest`. */
static double draw_length(int64_t longest) {
    return usual ? (double)(300 + below(1000000)) : (double)draw_count(longest);
}

/* A position on a clock, before or at the last step. */
static double draw_position(int64_t longest) {
    const double whole = draw_length(longest / 4 + 1) - 1.0;
    return below(4) ? whole + (double)below(1 << 20) * 0x1p-20 : whole;
}

/* A parameter of this role, and the one before it. */
static double draw_parameter(enum lrvec_role role, double before, int64_t longest) {
    switch (role) {
    case LRVEC_RATE: return draw_rate();
    case LRVEC_COUNT:
    case LRVEC_LENGTH:
    case LRVEC_INNER_LENGTH:
    case LRVEC_START:
    case LRVEC_PERIOD: return draw_length(longest);
    case LRVEC_FACTOR: return draw_factor();
    case LRVEC_DIVISOR: return usual || before < 0.0 || below(2) ? 1.0 : (double)draw_count(longest);
    case LRVEC_EXPONENT: return below(2) ? 0.5 * (double)draw_count(8) : absolute(draw_size(-8, 12));
    case LRVEC_BEGIN: return draw_position(longest);
    case LRVEC_END: return before + 1.0 + draw_position(longest);
    case LRVEC_BOUND: return before + (below(4) ? (double)draw_count(longest) - 1.0 : 0.0);
    case LRVEC_POSITIVE:
        if (usual || below(3)) return (double)draw_count(longest);
        if (below(3)) return below(2) ? 0.5 : 1.0 + draw_size(-50, -2);
        return absolute(draw_size(-1022, 1023));
    case LRVEC_NUMBER: {
        const double number = below(4) ? draw_rate() : draw_size(-1022, 1023);
        return absolute(number) < 8.0 ? 4.0 * number : number; /* finite */
    }
    case LRVEC_ROLE_COUNT: break;
    }
    abort();
}

/* ---- tables ---- */

typedef struct {
    int64_t least, greatest;
} span;

static lrvec_segment new_segment(enum lrvec_shape shape, const double *parameters) {
    void *constants = malloc(lrvec_constants_size(shape));
    if (!constants) abort();
    lrvec_prepare(shape, parameters, constants);
    return (lrvec_segment){.shape = shape, .constants = constants};
}

/* A shape's parameters, and the steps of its clock on which it is defined: at least one. */
static span draw_parameters(enum lrvec_shape shape, int64_t longest, double *parameters) {
    const lrvec_signature *signature = &lrvec_signatures[shape];
    span steps;
    do {
        steps = (span){0, LRVEC_LAST_STEP};
        for (int i = 0; i < signature->count; i++) {
            const enum lrvec_role role = signature->parameters[i].role;
            parameters[i] = draw_parameter(role, i ? parameters[i - 1] : 0.0, longest);
            if (role == LRVEC_LENGTH || role == LRVEC_INNER_LENGTH) steps.greatest = (int64_t)parameters[i] - 1;
            if (role == LRVEC_INNER_LENGTH) steps.least = 1;
            if (role == LRVEC_START) steps.least = (int64_t)parameters[i];
            if (role == LRVEC_BEGIN) steps.least = (int64_t)ceil(fmin(parameters[i], (double)LRVEC_LAST_STEP));
            if (role == LRVEC_END) steps.greatest = (int64_t)parameters[i];
        }
    } while (steps.least > steps.greatest);
    return steps;
}

static lrvec_segment draw_segment(enum lrvec_shape shape, int64_t longest, span *steps) {
    double parameters[LRVEC_MAX_PARAMETERS];
    *steps = draw_parameters(shape, longest, parameters);
    return new_segment(shape, parameters);
}

/* Many short segments of the first shapes, one after another; a constant waits for a shape that is not defined from 0 on. */
static ptrdiff_t compose(int shapes, lrvec_segment *segments, span *steps) {
    const ptrdiff_t most = 3 + (ptrdiff_t)below(MOST_SEGMENTS - 2);
    const int64_t longest = 1 + draw_count(4000);
    ptrdiff_t count = 0;
    int64_t start = 0;
    while (count + 3 <= most) {
        const lrvec_segment next = draw_segment((enum lrvec_shape)below((uint64_t)shapes), longest, steps);
        const double origin = (double)start;
        if (steps->least) {
            segments[count] = draw_segment(LRVEC_constant, longest, &(span){0, 0});
            segments[count].origin = segments[count].start = origin;
            count++, start += steps->least;
        }
        segments[count] = next;
        segments[count].origin = origin, segments[count].start = (double)start;
        const int64_t left = steps->greatest - steps->least;
        count++, start += 1 + (int64_t)below((uint64_t)(left < longest ? left : longest) + 1);
    }
    segments[count] = draw_segment(LRVEC_constant, longest, &(span){0, 0});
    segments[count].origin = segments[count].start = (double)start;
    *steps = (span){0, start + longest};
    return count + 1;
}

/* ---- steps ---- */

/* Any step, the ones near both ends more often. */
static int64_t draw_step(span steps) {
    const int64_t distance = (int64_t)of_any_size_below((uint64_t)(steps.greatest - steps.least) + 1);
    return below(2) ? steps.least + distance : steps.greatest - distance;
}

enum way { RANGE, SORTED, SHUFFLED, WAYS };
static const char *const way_names[] = {"range", "sorted", "shuffled"};

/* The steps of one call; for a range also its stride. */
static ptrdiff_t draw_steps(enum way way, span within, int64_t *steps, int64_t *stride) {
    ptrdiff_t count = (ptrdiff_t)draw_count(MOST_STEPS);
    steps[0] = draw_step(within);
    if (way == SHUFFLED) {
        for (ptrdiff_t i = 1; i < count; i++) steps[i] = draw_step(within);
        return count;
    }
    const int up = way == SORTED || below(4);
    const int64_t room = up ? within.greatest - steps[0] : steps[0] - within.least;
    const int64_t gap = below(2) ? 1 : 1 + room / count;
    *stride = up ? gap : -gap;
    if (way == RANGE && room / gap + 1 < count) count = (ptrdiff_t)(room / gap + 1);
    for (ptrdiff_t i = 1; i < count; i++) {
        const int64_t next = way == RANGE ? *stride : below(2) ? (int64_t)below(2 * (uint64_t)gap + 1) : 0;
        steps[i] = steps[i - 1] + next;
        if (steps[i] > within.greatest) steps[i] = within.greatest;
    }
    return count;
}

#endif
