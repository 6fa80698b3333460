/* Prints a digest of the kernels' values and summaries, bit for bit, for every shape and way of asking, and for rows at a
   step each, precise ones too: `digests [width]`.
   Builds that agree print the same lines, whatever the compiler, the processor or the vector width.

   Parameters and steps come from integers alone. Fails where an array or a range differs from single steps, or at a NaN
   among the values, whose bits depend on the processor. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "widths.h"

enum { SETS = 100, MOST_STEPS = 2500, MOST_SEGMENTS = 64, MOST_ROWS = 300 };

/* ---- numbers ---- */

static uint64_t state;

static uint64_t draw(void) { /* splitmix64 */
    uint64_t z = state += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return z ^ z >> 31;
}

/* Starts anew for a shape, whose digests are then the same beside any other shapes. */
static void draw_anew_for(const char *name) {
    for (state = 0; *name; name++) state = (state ^ (unsigned char)*name) * UINT64_C(0x100000001b3);
}

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
            if (role == LRVEC_BEGIN) steps.least = steps_before(parameters[i], LRVEC_LAST_STEP);
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

/* Many short segments of any shape, one after another; a constant waits for a shape that is not defined from 0 on. */
static ptrdiff_t compose(lrvec_segment *segments, span *steps) {
    const ptrdiff_t most = 3 + (ptrdiff_t)below(MOST_SEGMENTS - 2);
    const int64_t longest = 1 + draw_count(4000);
    ptrdiff_t count = 0;
    int64_t start = 0;
    while (count + 3 <= most) {
        const lrvec_segment next = draw_segment((enum lrvec_shape)below(LRVEC_SHAPE_COUNT), longest, steps);
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

/* ---- digests ---- */

static uint64_t digest(uint64_t seed, uint64_t bits) { /* FNV-1a, eight bytes at once */
    return (seed ^ bits) * UINT64_C(0x100000001b3);
}

static uint64_t evaluate(const lrvec_table *table, enum way way, span within, uint64_t seed, const char *name) {
    static int64_t steps[MOST_STEPS];
    static double values[MOST_STEPS + 8];
    static float narrow[MOST_STEPS];
    int64_t stride = 1;
    const ptrdiff_t count = draw_steps(way, within, steps, &stride);
    double *out = values + below(8); /* at any place in a cache line */
    if (way == RANGE) {
        lrvec_range(table, steps[0], stride, count, out);
        lrvec_range_float(table, steps[0], stride, count, narrow);
    } else {
        lrvec_array(table, steps, count, out);
        lrvec_array_float(table, steps, count, narrow);
    }
    for (ptrdiff_t i = 0; i < count; i++) {
        const double value = lrvec_value(table, steps[i]);
        const float rounded = (float)value;
        if (bits_of(value) != bits_of(out[i]) || memcmp(&rounded, &narrow[i], sizeof rounded) || value != value) {
            fprintf(stderr, "%s, %s: step %" PRId64 " alone %a, among %td steps %a and %a\n", name, way_names[way],
                    steps[i], value, count, out[i], (double)narrow[i]);
            exit(1);
        }
        seed = digest(seed, bits_of(value));
    }
    lrvec_summary summary;
    lrvec_summarize(table, way == RANGE ? NULL : steps, steps[0], stride, count, &summary);
    const double sums[] = {summary.sum, summary.rest, summary.least, summary.greatest, summary.first, summary.last};
    for (int i = 0; i < 6; i++) seed = digest(seed, sums[i] == sums[i] ? bits_of(sums[i]) : 0); /* infinities may cancel */
    return digest(digest(seed, (uint64_t)summary.least_at), (uint64_t)summary.greatest_at);
}

static void print_digests(int shape) {
    const char *const name = shape < LRVEC_SHAPE_COUNT ? lrvec_signatures[shape].name : "composed";
    uint64_t digests[WAYS] = {0};
    draw_anew_for(name);
    for (int set = 0; set < SETS; set++) {
        lrvec_segment segments[MOST_SEGMENTS];
        span within;
        ptrdiff_t count = 1;
        if (shape < LRVEC_SHAPE_COUNT) segments[0] = draw_segment((enum lrvec_shape)shape, LRVEC_LAST_STEP, &within);
        else count = compose(segments, &within);
        const lrvec_table table = {.segments = segments, .count = count};
        for (int way = 0; way < WAYS; way++) digests[way] = evaluate(&table, (enum way)way, within, digests[way], name);
        for (ptrdiff_t i = 0; i < count; i++) free((void *)segments[i].constants);
    }
    for (int way = 0; way < WAYS; way++) printf("%s %s %016" PRIx64 "\n", name, way_names[way], digests[way]);
}

/* Rows of a constant, of this shape and of another constant, at a step each. */
static void print_rows(enum lrvec_shape shape) {
    static double columns[LRVEC_MAX_PARAMETERS + 3][MOST_ROWS], values[MOST_ROWS];
    static int64_t steps[MOST_ROWS];
    const lrvec_signature *signature = &lrvec_signatures[shape];
    double *start = columns[LRVEC_MAX_PARAMETERS], *end = start + MOST_ROWS, *level = end + MOST_ROWS, zero = 0.0;
    lrvec_row_segment segments[] = {
        {LRVEC_constant, {&zero, 0}, {&zero, 0}, {{level, 1}}, NULL},
        {shape, {start, 1}, {start, 1}, {{NULL, 0}}, NULL},
        {LRVEC_constant, {end, 1}, {end, 1}, {{level, 1}}, NULL},
    };
    for (int i = 0; i < signature->count; i++) segments[1].parameters[i] = (lrvec_column){columns[i], 1};
    const lrvec_rows rows = {segments, 3, 0};
    void *const space = calloc(1, lrvec_row_size(&rows));
    if (!space) abort();
    uint64_t seed = 0, precise = 0;
    draw_anew_for(signature->name);
    for (int set = 0; set < SETS; set++) {
        const ptrdiff_t count = (ptrdiff_t)draw_count(MOST_ROWS);
        usual = set % 4 != 0;
        const int64_t latest = below(2) ? 0 : 1000; /* of the starts */
        for (ptrdiff_t row = 0; row < count; row++) {
            double parameters[LRVEC_MAX_PARAMETERS];
            const span own = draw_parameters(shape, usual ? 1000000 : LRVEC_LAST_STEP / 4, parameters);
            for (int i = 0; i < signature->count; i++) columns[i][row] = parameters[i];
            const int64_t room = own.greatest - own.least, last = own.least + (room < 2000000 ? room : 2000000);
            start[row] = (double)of_any_size_below((uint64_t)latest + 1), level[row] = draw_rate();
            end[row] = start[row] + (double)last + 1.0;
            const int64_t at = own.least + (int64_t)below((uint64_t)(last - own.least) + 1 + (below(3) ? 0 : 1000));
            steps[row] = own.least || below(5) ? (int64_t)start[row] + at : (int64_t)below((uint64_t)start[row] + 1);
        }
        lrvec_rows_pointwise(&rows, 0, count, steps, 1, values);
        for (ptrdiff_t row = 0; row < count; row++) {
            const lrvec_table table = lrvec_row(&rows, row, space);
            const double value = lrvec_value(&table, steps[row]);
            if (bits_of(value) != bits_of(values[row])) {
                fprintf(stderr, "%s, row %td of %td: step %" PRId64 " alone %a, among rows %a\n", signature->name, row, count,
                        steps[row], value, values[row]);
                exit(1);
            }
            seed = digest(seed, bits_of(value));
        }
        lrvec_rows_precise(&rows, 0, count, steps, 1, values);
        for (ptrdiff_t row = 0; row < count; row++) precise = digest(precise, bits_of(values[row]));
    }
    usual = 0;
    free(space);
    printf("%s rows %016" PRIx64 "\n%s precise %016" PRIx64 "\n", signature->name, seed, signature->name, precise);
}

int main(int count, char **arguments) {
    const char *const width = count > 1 ? arguments[1] : "baseline";
    if (!lrvec_choose_width(width)) {
        fprintf(stderr, "no such width on this processor: %s\n", width);
        return 2;
    }
    for (int shape = 0; shape <= LRVEC_SHAPE_COUNT; shape++) print_digests(shape);
    for (int shape = 0; shape < LRVEC_SHAPE_COUNT; shape++) print_rows((enum lrvec_shape)shape);
    return 0;
}
