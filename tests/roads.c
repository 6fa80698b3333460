/* Every road into the kernels, over tables with every shape: `roads stack [width]` prints how many bytes of stack the longest
   one takes, and its name; `roads change width seconds` goes all of them while another thread changes the steps, for a build
   with sanitizers to watch. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "lrvec.h"

enum { STEPS = 5000, ROWS = 700, LENGTH = 1000, TABLES = LRVEC_SHAPE_COUNT + 3 };

static void *allocated(size_t size) {
    void *const memory = calloc(1, size);
    if (!memory) abort();
    return memory;
}

/* ---- tables ---- */

/* A parameter of this role. */
static double parameter_of(enum lrvec_role role, int place, double power) {
    switch (role) {
    case LRVEC_RATE: return 1.0 / (1.0 + place);
    case LRVEC_FACTOR: return 0.999;
    case LRVEC_DIVISOR:
    case LRVEC_NUMBER: return 1.0;
    case LRVEC_EXPONENT: return power;
    default: return LENGTH;
    }
}

/* The step of a shape's clock at which it begins. */
static double delay_of(const lrvec_signature *signature) {
    for (int i = 0; i < signature->count; i++)
        if (signature->parameters[i].role == LRVEC_START) return LENGTH;
    return 0.0;
}

static lrvec_segment segment_of(enum lrvec_shape shape, double start, double power) {
    const lrvec_signature *const signature = &lrvec_signatures[shape];
    void *const constants = allocated(lrvec_constants_size(shape));
    double parameters[LRVEC_MAX_PARAMETERS];
    for (int i = 0; i < signature->count; i++) parameters[i] = parameter_of(signature->parameters[i].role, i, power);
    lrvec_prepare(shape, parameters, constants);
    return (lrvec_segment){start, start - delay_of(signature), shape, constants};
}

/* Segments of LENGTH steps less a few: two constants, so many others from this shape on, a constant. */
static lrvec_table table_of(int shape, ptrdiff_t count, double length, double power) {
    lrvec_segment *const segments = allocated((size_t)(count + 3) * sizeof *segments);
    segments[0] = segment_of(LRVEC_constant, 0.0, power), segments[1] = segment_of(LRVEC_constant, LENGTH, power);
    for (ptrdiff_t i = 0; i < count; i++) {
        const enum lrvec_shape next = (enum lrvec_shape)((shape + i) % LRVEC_SHAPE_COUNT);
        segments[2 + i] = segment_of(next, 2.0 * LENGTH + length * (double)i, power);
    }
    segments[2 + count] = segment_of(LRVEC_constant, 2.0 * LENGTH + length * (double)count, power);
    return (lrvec_table){segments, count + 3, NULL, 0};
}

static lrvec_table tables[TABLES];
static lrvec_rows rows_of[LRVEC_SHAPE_COUNT];

static void make_tables(void) {
    for (int shape = 0; shape < LRVEC_SHAPE_COUNT; shape++) tables[shape] = table_of(shape, 1, LENGTH, 3.0);
    tables[LRVEC_SHAPE_COUNT] = table_of(0, LRVEC_SHAPE_COUNT, 200.0, 20.0);
    tables[LRVEC_SHAPE_COUNT + 1] = table_of(0, 60, 40.0, 0.5);
    tables[LRVEC_SHAPE_COUNT + 2] = table_of(LRVEC_power, 1, LENGTH, 0.5);
    for (int shape = 0; shape < LRVEC_SHAPE_COUNT; shape++) {
        lrvec_row_segment *const segments = allocated(3 * sizeof *segments);
        const lrvec_signature *const signature = &lrvec_signatures[shape];
        double *const numbers = allocated((4 + LRVEC_MAX_PARAMETERS) * ROWS * sizeof *numbers), *const level = numbers;
        double *const starts = level + ROWS, *const origins = starts + ROWS, *const ends = origins + ROWS;
        double *const parameters = ends + ROWS;
        static const double zero = 0.0;
        for (int row = 0; row < ROWS; row++) {
            const double start = 2.0 * LENGTH + row;
            level[row] = 1.0, starts[row] = start, origins[row] = start - delay_of(signature), ends[row] = start + LENGTH;
            for (int i = 0; i < signature->count; i++)
                parameters[i * ROWS + row] = parameter_of(signature->parameters[i].role, i, 3.0);
        }
        segments[0] = (lrvec_row_segment){LRVEC_constant, {&zero, 0, NULL}, {&zero, 0, NULL}, {{level, 1, NULL}}, NULL};
        segments[1] = (lrvec_row_segment){(enum lrvec_shape)shape, {starts, 1, NULL}, {origins, 1, NULL}, {{NULL, 0, NULL}}, NULL};
        segments[2] = (lrvec_row_segment){LRVEC_constant, {ends, 1, NULL}, {ends, 1, NULL}, {{level, 0, NULL}}, NULL};
        for (int i = 0; i < signature->count; i++) /* every other one a column, to have both */
            segments[1].parameters[i] = (lrvec_column){&parameters[i * ROWS], i % 2, NULL};
        rows_of[shape] = (lrvec_rows){segments, 3, 0};
    }
}

/* ---- roads ---- */

static int64_t *steps; /* STEPS of them, which another thread may change; read as pairs of int32 as well */
static double *values;
static float *narrow;

static void to_array(int i) { lrvec_array(&tables[i], steps, STEPS, values); }
static void to_float_array(int i) { lrvec_array_float(&tables[i], steps, STEPS, narrow); }
static void to_short_array(int i) { lrvec_array_short(&tables[i], (const int32_t *)steps, STEPS, values); }
static void to_short_float_array(int i) { lrvec_array_short_float(&tables[i], (const int32_t *)steps, STEPS, narrow); }
static void to_one_block(int i) { lrvec_array(&tables[i], steps, 77, values + STEPS - 77); }
static void to_range(int i) { lrvec_range(&tables[i], 0, 1, STEPS, values); }
static void to_float_range(int i) { lrvec_range_float(&tables[i], 1, 1, STEPS, narrow); }
static void to_strided_range(int i) { lrvec_range(&tables[i], STEPS, -1, STEPS, values); }
static void to_strided_float_range(int i) { lrvec_range_float(&tables[i], 0, 3, STEPS, narrow); }

static void to_value(int i) {
    for (int step = 0; step < 4 * LENGTH; step += 100) values[0] = lrvec_value(&tables[i], step);
}

static void to_summary(int i) {
    lrvec_summary summary;
    lrvec_summarize(&tables[i], steps, 0, 0, STEPS, &summary);
}

static void to_summary_of_range(int i) {
    lrvec_summary summary;
    lrvec_summarize(&tables[i], NULL, 0, 1, STEPS, &summary);
}

static void to_checks(int i) {
    const ptrdiff_t count = STEPS >> i % 12, invalid = lrvec_first_invalid(steps + STEPS - count, count);
    const int64_t start = lrvec_run_start(steps + STEPS - count, count);
    if (invalid < -1 || invalid >= count || start < -1 || start > LRVEC_LAST_STEP - count + 1) abort();
    const int32_t *const short_steps = (const int32_t *)(steps + STEPS - count);
    if (lrvec_first_invalid_short(short_steps, count) >= count || lrvec_run_start_short(short_steps, count) > INT32_MAX) abort();
}

static void to_rows(int i) {
    const lrvec_rows *const rows = &rows_of[i % LRVEC_SHAPE_COUNT];
    lrvec_rows_pointwise(rows, 0, ROWS, steps + STEPS - ROWS, 1, values);
    lrvec_rows_pointwise(rows, 0, ROWS, steps + STEPS - 1, 0, values);
}

static void to_few_steps(int i) {
    const lrvec_rows *const rows = &rows_of[i % LRVEC_SHAPE_COUNT];
    lrvec_rows_few(rows, 0, ROWS, steps + STEPS - 3, 0, 0, 3, values, 3 * sizeof *values, sizeof *values, 0);
    lrvec_rows_few(rows, 0, ROWS, NULL, 2 * LENGTH, 7, 3, narrow, 3 * sizeof *narrow, sizeof *narrow, 1);
}

static void to_a_row(int i) {
    const lrvec_rows *const rows = &rows_of[i % LRVEC_SHAPE_COUNT];
    void *const space = allocated(lrvec_row_size(rows));
    const lrvec_table table = lrvec_row(rows, i, space);
    lrvec_array(&table, steps, STEPS, values);
    free(space);
}

static const struct {
    const char *name;
    void (*go)(int);
} roads[] = {
    {"array", to_array},       {"float array", to_float_array},    {"one block", to_one_block},
    {"range", to_range},       {"float range", to_float_range},    {"strided range", to_strided_range},
    {"value", to_value},       {"summary of a range", to_summary_of_range}, {"strided float range", to_strided_float_range},
    {"summary", to_summary},   {"checks", to_checks},              {"rows", to_rows},
    {"a row", to_a_row},       {"short array", to_short_array},    {"short float array", to_short_float_array},
    {"few steps", to_few_steps},
};

enum { ROADS = sizeof roads / sizeof *roads };

/* ---- steps ---- */

/* Steps in the tables' reach: a run, ascending with gaps, descending, or in no order. */
static int64_t step_in(int order, int i) {
    switch (order % 4) {
    case 0: return i;
    case 1: return i + i % 2;
    case 2: return STEPS - i;
    default: return i * INT64_C(7919) % STEPS;
    }
}

static const int64_t odd_steps[] = {-1, INT64_MIN, INT64_MAX, LRVEC_LAST_STEP, LRVEC_LAST_STEP + 1, INT64_C(1) << 52,
                                    INT64_C(1) << 62, 2 * LENGTH, 0};

enum { ODD = sizeof odd_steps / sizeof *odd_steps };

static void set(volatile int64_t *step, int64_t value) { *step = value; }

static volatile int is_over;

/* Makes a step odd and right again, most of all the last ones, and all of them another order now and then. */
static void *change(void *nothing) {
    uint64_t state = 1;
    for (int order = 0; !is_over; order++) {
        for (int i = 0; i < STEPS; i++) set(&steps[i], step_in(order, i));
        for (int turn = 0; turn < 20000 && !is_over; turn++) {
            state = state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
            const int place = state >> 63 ? STEPS - 1 : (int)((state >> 33) % STEPS);
            set(&steps[place], odd_steps[(state >> 20) % ODD]);
            for (volatile int wait = 0; wait < (int)(state >> 40) % 64; wait++) {}
            set(&steps[place], step_in(order, place));
        }
    }
    return nothing;
}

static int go_while_steps_change(double seconds) {
    pthread_t other;
    struct timespec begin, now;
    long turns = 0;
    if (pthread_create(&other, NULL, change, NULL)) return 1;
    clock_gettime(CLOCK_MONOTONIC, &begin);
    do {
        for (int i = 0; i < TABLES; i++)
            for (int road = 0; road < ROADS; road++) roads[road].go(i);
        turns++;
        clock_gettime(CLOCK_MONOTONIC, &now);
    } while ((double)(now.tv_sec - begin.tv_sec) + 1e-9 * (double)(now.tv_nsec - begin.tv_nsec) < seconds);
    is_over = 1;
    pthread_join(other, NULL);
    printf("%ld times all roads\n", turns);
    return 0;
}

/* ---- stack ---- */

enum { STACK = 1 << 18, PAINT = 0xa5 };

static struct {
    int road, table;
    const unsigned char *top; /* of what the road takes */
} job;

static void *take(void *nothing) {
    const unsigned char here = 0;
    job.top = &here;
    roads[job.road].go(job.table);
    return nothing;
}

static int measure_stack(void) {
    unsigned char *const stack = aligned_alloc(4096, STACK);
    ptrdiff_t most = 0;
    int longest = 0, of = 0;
    if (!stack) return 1;
    for (int order = 0; order < 4; order++) {
        for (int i = 0; i < STEPS; i++) steps[i] = step_in(order, i);
        for (job.road = 0; job.road < ROADS; job.road++)
            for (job.table = 0; job.table < TABLES; job.table++) {
                pthread_t thread;
                pthread_attr_t attributes;
                memset(stack, PAINT, STACK);
                pthread_attr_init(&attributes);
                if (pthread_attr_setstack(&attributes, stack, STACK)) return 1;
                if (pthread_create(&thread, &attributes, take, NULL)) return 1;
                pthread_join(thread, NULL);
                const unsigned char *lowest = stack;
                while (*lowest == PAINT) lowest++;
                if (job.top - lowest > most) most = job.top - lowest, longest = job.road, of = job.table;
            }
    }
    printf("%td %s %d\n", most, roads[longest].name, of);
    return 0;
}

int main(int count, char **arguments) {
    if (count < 3 || !lrvec_choose_width(arguments[2])) return 2;
    make_tables();
    steps = allocated(STEPS * sizeof *steps), values = allocated(STEPS * sizeof *values), narrow = allocated(STEPS * sizeof *narrow);
    return count > 3 ? go_while_steps_change(atof(arguments[3])) : measure_stack();
}
