/* A target of libFuzzer: the bytes choose a table, with operations or without, and steps. Every way of asking must give the bits of
   single steps, on every vector width; summaries and questions must give what a loop over the values gives.
   `.ci/fuzz` builds it and runs it. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- numbers: the bytes, and behind them what a generator makes of the last ones ---- */

static const uint8_t *bytes;
static size_t left;
static uint64_t state;

static uint64_t draw(void) {
    uint64_t given = 0;
    const size_t taken = left < sizeof given ? left : sizeof given;
    memcpy(&given, bytes, taken), bytes += taken, left -= taken;
    uint64_t z = state = (state + given + UINT64_C(0x9e3779b97f4a7c15)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return taken == sizeof given ? given : z ^ z >> 31;
}

#include "draws.h"

/* ---- tables ---- */

enum { MOST_TABLES = 1 + 3 + 9 + 27, PLAIN_SHAPES = LRVEC_half_cosine + 1 };

static lrvec_segment segments[MOST_TABLES][MOST_SEGMENTS];
static lrvec_table tables[MOST_TABLES];
static lrvec_operation operations[MOST_TABLES];
static lrvec_segment outer[MOST_TABLES];
static int table_count;

/* A table of `table_count` ones that lasts to the last step. Clocks of real sizes need the shapes that serve between steps. */
static const lrvec_table *new_composed(int shapes, span *steps) {
    lrvec_segment *const own = segments[table_count];
    const ptrdiff_t count = compose(shapes, own, steps);
    tables[table_count] = (lrvec_table){.segments = own, .count = count};
    return &tables[table_count++];
}

/* An operation on other tables, which lie one after another. */
static const lrvec_table *new_operation(int depth, span *steps) {
    const enum lrvec_operator operator = (enum lrvec_operator)below(LRVEC_OPERATION_COUNT);
    const int is_clock = operator >= LRVEC_operation_repeat, is_real = operator >= LRVEC_operation_real_repeat;
    const ptrdiff_t count = is_clock ? 1 : 1 + (ptrdiff_t)below(3);
    lrvec_table *const inner = calloc((size_t)count, sizeof *inner);
    if (!inner) abort();
    int deepest = 0;
    *steps = (span){0, 0};
    for (ptrdiff_t i = 0; i < count; i++) {
        span own;
        const int deeper = depth > 0 && !is_real && below(3) == 0;
        inner[i] = *(deeper ? new_operation(depth - 1, &own) : new_composed(is_real ? PLAIN_SHAPES : LRVEC_SHAPE_COUNT, &own));
        if (inner[i].depth > deepest) deepest = inner[i].depth;
        if (own.greatest > steps->greatest) steps->greatest = own.greatest;
    }
    double size = (double)draw_count(2 * steps->greatest + 1);
    if (is_real) size += (double)below(1 << 20) * 0x1p-20;
    if (is_clock) steps->greatest = steps->greatest < LRVEC_LAST_STEP / 4 ? 3 * steps->greatest + 3 : LRVEC_LAST_STEP;
    operations[table_count] = (lrvec_operation){operator, count, inner, size, 1.0 / size};
    outer[table_count] = (lrvec_segment){.shape = LRVEC_OPERATION, .constants = &operations[table_count]};
    tables[table_count] = (lrvec_table){.segments = &outer[table_count], .count = 1, .depth = deepest + 1};
    return &tables[table_count++];
}

static const lrvec_table *new_table(span *steps) {
    table_count = 0;
    if (below(3) == 0) return new_operation(2, steps);
    if (below(2)) return new_composed(LRVEC_SHAPE_COUNT, steps);
    segments[0][0] = draw_segment((enum lrvec_shape)below(LRVEC_SHAPE_COUNT), LRVEC_LAST_STEP, steps);
    tables[0] = (lrvec_table){.segments = segments[0], .count = 1};
    return &tables[table_count++];
}

static void free_tables(void) {
    for (int i = 0; i < table_count; i++) {
        const lrvec_table *table = &tables[i];
        if (table->segments->shape == LRVEC_OPERATION) free((void *)operations[i].tables);
        else
            for (ptrdiff_t segment = 0; segment < table->count; segment++) free((void *)table->segments[segment].constants);
    }
}

/* ---- what must hold ---- */

static const char *width;

static void fail(const char *what, int64_t step, double value, double wanted) {
    fprintf(stderr, "%s, %s: at step %" PRId64 " %a, wanted %a\n", width, what, step, value, wanted);
    abort();
}

/* What is no number has any bits. */
static int same(double value, double other) { return bits_of(value) == bits_of(other) || (value != value && other != other); }

static int is_short(const int64_t *steps, ptrdiff_t count) {
    for (ptrdiff_t i = 0; i < count; i++)
        if (steps[i] > INT32_MAX) return 0;
    return 1;
}

static void check_values(const lrvec_table *table, const int64_t *steps, int64_t stride, ptrdiff_t count, const double *wanted) {
    static double values[MOST_STEPS];
    static float narrow[MOST_STEPS];
    static int32_t short_steps[MOST_STEPS];
    enum { ARRAY, RANGE_OF_STEPS, SHORT_ARRAY, SORTS };
    static const char *const names[] = {"array", "range", "short array"};
    for (int sort = 0; sort < SORTS; sort++) {
        if ((sort == RANGE_OF_STEPS && !stride) || (sort == SHORT_ARRAY && !is_short(steps, count))) continue;
        for (ptrdiff_t i = 0; i < count; i++) short_steps[i] = (int32_t)steps[i];
        if (sort == RANGE_OF_STEPS) {
            lrvec_range(table, steps[0], stride, count, values), lrvec_range_float(table, steps[0], stride, count, narrow);
        } else if (sort == ARRAY) {
            lrvec_array(table, steps, count, values), lrvec_array_float(table, steps, count, narrow);
        } else {
            lrvec_array_short(table, short_steps, count, values), lrvec_array_short_float(table, short_steps, count, narrow);
        }
        for (ptrdiff_t i = 0; i < count; i++) {
            if (!same(values[i], wanted[i])) fail(names[sort], steps[i], values[i], wanted[i]);
            if (!same((double)narrow[i], (double)(float)wanted[i])) fail("float", steps[i], (double)narrow[i], wanted[i]);
        }
    }
}

static void check_summary(const lrvec_table *table, const int64_t *steps, ptrdiff_t count, const double *wanted) {
    lrvec_summary found;
    ptrdiff_t least = 0, greatest = 0;
    for (ptrdiff_t i = 0; i < count; i++) {
        if (wanted[i] != wanted[i]) return;
        if (wanted[i] < wanted[least]) least = i;
        if (wanted[i] > wanted[greatest]) greatest = i;
    }
    lrvec_summarize(table, steps, 0, 1, count, &found);
    if (found.least != wanted[least] || found.least_at != (double)least) fail("least", steps[least], found.least, wanted[least]);
    if (found.greatest != wanted[greatest] || found.greatest_at != (double)greatest)
        fail("greatest", steps[greatest], found.greatest, wanted[greatest]);
    if (!same(found.first, wanted[0])) fail("first", steps[0], found.first, wanted[0]);
    if (!same(found.last, wanted[count - 1])) fail("last", steps[count - 1], found.last, wanted[count - 1]);
}

/* A cubic goes one way with the slopes that the kind `piecewise` gives it, and questions rely on that. With any slopes it may not. */
static int has_cubic(void) {
    for (int i = 0; i < table_count; i++)
        for (ptrdiff_t segment = 0; segment < tables[i].count; segment++)
            if (tables[i].segments[segment].shape == LRVEC_cubic) return 1;
    return 0;
}

/* Questions about the steps from `start` on, whose values are given. */
static void check_questions(const lrvec_table *table, int64_t start, ptrdiff_t count, const double *wanted) {
    ptrdiff_t least = 0, greatest = 0;
    for (ptrdiff_t i = 0; i < count; i++) {
        if (!(absolute(wanted[i]) <= 0x1.fffffffffffffp1023)) return;
        if (wanted[i] < wanted[least]) least = i;
        if (wanted[i] > wanted[greatest]) greatest = i;
    }
    lrvec_extremes seen = {0};
    if (lrvec_extremes_of(table, start, start + count, &seen) == LRVEC_DONE) {
        if (seen.least != wanted[least] || seen.least_at != (double)(start + least))
            fail("least of extremes", start + least, seen.least, wanted[least]);
        if (seen.greatest != wanted[greatest] || seen.greatest_at != (double)(start + greatest))
            fail("greatest of extremes", start + greatest, seen.greatest, wanted[greatest]);
    }
    const double threshold = below(4) ? wanted[below((uint64_t)count)] : draw_rate();
    for (int relation = LRVEC_BELOW; relation <= LRVEC_AT_LEAST; relation++) {
        ptrdiff_t i = 0;
        while (i < count && !(relation == LRVEC_BELOW     ? wanted[i] < threshold
                              : relation == LRVEC_AT_MOST ? wanted[i] <= threshold
                              : relation == LRVEC_ABOVE   ? wanted[i] > threshold
                                                          : wanted[i] >= threshold))
            i++;
        int64_t next = start;
        const int64_t found = lrvec_first_step(table, (enum lrvec_relation)relation, threshold, start, start + count, &next);
        const int64_t first = i < count ? start + i : LRVEC_NO_STEP;
        if (found != LRVEC_NOT_YET && found != first) fail("first step", start, (double)found, (double)first);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static int64_t steps[MOST_STEPS];
    static double wanted[MOST_STEPS];
    bytes = data, left = size, state = 0;
    span within;
    const lrvec_table *const table = new_table(&within);
    const enum way way = (enum way)below(WAYS);
    int64_t stride = 0;
    const ptrdiff_t count = draw_steps(way, within, steps, &stride);
    if (way != RANGE) stride = 0;
    for (const char *const *name = lrvec_widths; *name; name++) {
        if (!lrvec_choose_width(width = *name)) continue;
        for (ptrdiff_t i = 0; i < count; i++) {
            const double value = lrvec_value(table, steps[i]);
            if (name == lrvec_widths) wanted[i] = value;
            else if (!same(value, wanted[i])) fail("one step", steps[i], value, wanted[i]);
        }
        check_values(table, steps, stride, count, wanted);
        check_summary(table, steps, count, wanted);
        if (stride == 1 && !has_cubic()) check_questions(table, steps[0], count, wanted);
    }
    free_tables();
    return 0;
}
