/* Prints a digest of the kernels' values and summaries, bit for bit, for every shape and way of asking, and for rows at a
   step each, precise ones too: `digests [width [sets]]`, from so many sets of parameters a shape, 100 if it is not said.
   Builds that agree print the same lines, whatever the compiler, the processor or the vector width.

   Parameters and steps come from integers alone. Fails where an array or a range differs from single steps, or at a NaN
   among the values, whose bits depend on the processor. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "widths.h"

enum { MOST_ROWS = 300 };

static int sets = 100;

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

#include "draws.h"

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
    static int32_t short_steps[MOST_STEPS];
    int is_short = 1;
    for (ptrdiff_t i = 0; i < count; i++) short_steps[i] = (int32_t)steps[i], is_short = is_short && steps[i] <= INT32_MAX;
    if (is_short) {
        static double same[MOST_STEPS];
        static float same_narrow[MOST_STEPS];
        lrvec_array_short(table, short_steps, count, same), lrvec_array_short_float(table, short_steps, count, same_narrow);
        if (memcmp(same, out, (size_t)count * sizeof *same) || memcmp(same_narrow, narrow, (size_t)count * sizeof *narrow)) {
            fprintf(stderr, "%s, %s: %td steps of 32 bits differ\n", name, way_names[way], count);
            exit(1);
        }
    }
    lrvec_part last;
    lrvec_begin_part(table, &last);
    for (ptrdiff_t i = 0; i < count; i++) {
        const double value = lrvec_value(table, steps[i]), again = lrvec_value_again(table, steps[i], &last);
        const float rounded = (float)value;
        if (bits_of(value) != bits_of(again) || bits_of(value) != bits_of(out[i]) || memcmp(&rounded, &narrow[i], sizeof rounded) || value != value) {
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
    for (int set = 0; set < sets; set++) {
        lrvec_segment segments[MOST_SEGMENTS];
        span within;
        ptrdiff_t count = 1;
        if (shape < LRVEC_SHAPE_COUNT) segments[0] = draw_segment((enum lrvec_shape)shape, LRVEC_LAST_STEP, &within);
        else count = compose(LRVEC_SHAPE_COUNT, segments, &within);
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
        {LRVEC_constant, {&zero, 0, NULL}, {&zero, 0, NULL}, {{level, 1, NULL}}, NULL},
        {shape, {start, 1, NULL}, {start, 1, NULL}, {{NULL, 0, NULL}}, NULL},
        {LRVEC_constant, {end, 1, NULL}, {end, 1, NULL}, {{level, 1, NULL}}, NULL},
    };
    for (int i = 0; i < signature->count; i++) segments[1].parameters[i] = (lrvec_column){columns[i], 1, NULL};
    const lrvec_rows rows = {segments, 3, 0};
    void *const space = calloc(1, lrvec_row_size(&rows));
    if (!space) abort();
    uint64_t seed = 0, precise = 0;
    draw_anew_for(signature->name);
    for (int set = 0; set < sets; set++) {
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
    if (count > 2) sets = atoi(arguments[2]);
    for (int shape = 0; shape <= LRVEC_SHAPE_COUNT; shape++) print_digests(shape);
    for (int shape = 0; shape < LRVEC_SHAPE_COUNT; shape++) print_rows((enum lrvec_shape)shape);
    return 0;
}
