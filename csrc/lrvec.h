/* lrvec: the C face. Learning-rate schedules as tables of segments, evaluated over steps.

   A table is an array of segments in the order of their starts, the first one starting at step 0. Each holds one shape
   (a closed form, shapes.h), or an operation on other tables (operations.h), on the steps from its start to the next
   one's. A step is an integer from 0 to LRVEC_LAST_STEP. The kernels take valid tables and ranges for granted: whoever calls has
   checked them.

   A value depends on the table and its step alone. It has the same bits in every function, width and block here: the
   arithmetic is + - * / sqrt and bit operations on IEEE doubles in one fixed order, without contraction (build with
   -ffp-contract=off). */
#ifndef LRVEC_H
#define LRVEC_H

#include <stddef.h>
#include <stdint.h>

#include "operations.h"

#define LRVEC_LAST_STEP (INT64_C(1) << 53)

typedef struct {
    double start;  /* this segment serves the steps from here on; it need not be an integer */
    double origin; /* the step at which its shape's own clock stands at 0; at most `start` */
    enum lrvec_shape shape; /* or LRVEC_OPERATION */
    const void *constants;  /* of lrvec_prepare; or an lrvec_operation */
} lrvec_segment;

/* A step of a half cosine is a coarse part and a fine one (shapes/half_cosine.h). What the fine parts give follows from the
   angle of a step and from the fraction that all of them have, and is kept here for the next run of such waves: in numbers[0]
   for a clock that goes up from the begin of a coarse part, in numbers[1] for one that goes down from its end. The fine parts
   stand in the order in which a range with this stride meets them: 0, stride, 2 stride, ..., then 1, 1 + stride, ... */
enum { LRVEC_FINE_ROOM = FINE + 8 }; /* vectors may reach behind the end */

/* Waves up to this length keep their corrections in the same memory, one for each step, in place of fine parts. */
enum { LRVEC_CORRECTED = 256 };

typedef struct {
    union {
        double numbers[2][2][LRVEC_FINE_ROOM], corrections[LRVEC_CORRECTED + 8];
    };
    pair angle[2], corrected; /* of a step: of the numbers, and of the corrections; 0 where there are none */
    double fraction[2], stride[2];
} lrvec_fine;

LRVEC_INLINE void lrvec_make_new(lrvec_fine *fine) {
    fine->angle[0] = fine->angle[1] = fine->corrected = (pair){0.0, 0.0};
}

typedef struct {
    const lrvec_segment *segments;
    ptrdiff_t count;
    lrvec_fine *fine; /* for this table's user alone; or NULL */
    int depth;        /* of the operations: 0 if there is none, 1 if their tables have none, ... */
} lrvec_table;

/* An operation has at least one table; the size, at least 1, and its inverse are a clock's. */
typedef struct {
    enum lrvec_operator operator;
    ptrdiff_t count;
    const lrvec_table *tables;
    double size, inverse;
} lrvec_operation;

extern const char *const lrvec_operator_names[];

/* The fine parts that a table keeps; or, if it keeps none, the caller's `own`, made new. */
LRVEC_INLINE lrvec_fine *lrvec_fine_of(const lrvec_table *table, lrvec_fine *own) {
    lrvec_make_new(own);
    return table->fine ? table->fine : own;
}

/* A signature is a shape's name, and its parameters with their roles. There are LRVEC_SHAPE_COUNT, in the enum's order. */
typedef struct {
    const char *name;
    enum lrvec_role role;
} lrvec_parameter;

typedef struct {
    const char *name;
    int count;
    lrvec_parameter parameters[LRVEC_MAX_PARAMETERS];
} lrvec_signature;

extern const lrvec_signature lrvec_signatures[];
extern const char *const lrvec_role_names[];

/* A shape's constants take so many bytes, a multiple of a double's. lrvec_prepare makes them from the shape's parameters,
   which stand in the order of its signature. */
size_t lrvec_constants_size(enum lrvec_shape shape);
void lrvec_prepare(enum lrvec_shape shape, const double *parameters, void *constants);

/* The shape's value at a step of its own clock. */
double lrvec_shape_value(enum lrvec_shape shape, const void *constants, double step);

/* The shape's value from its parameters; with little error, if the shape has PAIRS in the column `precise` of shapes.h. */
double lrvec_precise_value(enum lrvec_shape shape, const double *parameters, double step);

/* The table's value at one step. */
double lrvec_value(const lrvec_table *table, int64_t step);

/* The part of a table's curve in which the last single step lay: it serves the steps begin ... end - 1. The end is negative for a
   table without curves that are expanded. Such a part is for one table, for which lrvec_begin_part makes it, and for one user at
   a time. */
typedef struct {
    double begin, end, origin, middle;
    struct expansion expansion; /* about the middle, on the clock of the segment whose origin this is */
} lrvec_part;

void lrvec_begin_part(const lrvec_table *table, lrvec_part *last);

/* The table's value at one step, from the part of the last one if both lie in it; of a table with curves that are expanded. */
double lrvec_value_beside(const lrvec_table *table, int64_t step, lrvec_part *last);

/* The value of any table at one step, by the shorter of the two functions above. */
LRVEC_INLINE double lrvec_value_again(const lrvec_table *table, int64_t step, lrvec_part *last) {
    return last->end < 0.0 ? lrvec_value(table, step) : lrvec_value_beside(table, step, last);
}

/* What the functions below return that evaluate many steps. Operations need memory, and so does lrvec_integral. Unless all went
   well, anything may stand in `out`. */
enum { LRVEC_INVALID_STEP, LRVEC_DONE, LRVEC_NO_MEMORY };

/* out[i] = value(first + i * stride) for 0 <= i < count; every such step is valid. */
int lrvec_range(const lrvec_table *table, int64_t first, int64_t stride, ptrdiff_t count, double *out);
int lrvec_range_float(const lrvec_table *table, int64_t first, int64_t stride, ptrdiff_t count, float *out);

/* out[i] = value(steps[i]). `out` does not overlap with `steps`. */
int lrvec_array(const lrvec_table *table, const int64_t *steps, ptrdiff_t count, double *out);
int lrvec_array_float(const lrvec_table *table, const int64_t *steps, ptrdiff_t count, float *out);
int lrvec_array_short(const lrvec_table *table, const int32_t *steps, ptrdiff_t count, double *out);
int lrvec_array_short_float(const lrvec_table *table, const int32_t *steps, ptrdiff_t count, float *out);

/* The index of the first step outside 0 ... LRVEC_LAST_STEP, or -1. */
ptrdiff_t lrvec_first_invalid(const int64_t *steps, ptrdiff_t count);
ptrdiff_t lrvec_first_invalid_short(const int32_t *steps, ptrdiff_t count);

/* The first of the steps, if they are valid and consecutive, as those of lrvec_range are, and at least one; else -1. */
int64_t lrvec_run_start(const int64_t *steps, ptrdiff_t count);
int64_t lrvec_run_start_short(const int32_t *steps, ptrdiff_t count);

/* ---- rows: one table each, from columns ---- */

/* A column has one entry a row; with stride 0, one entry for all rows. The entries are doubles; or, if `counts` is not NULL,
   those integers, each as the double nearest to it. */
typedef struct {
    const double *values;
    ptrdiff_t stride;
    const int64_t *counts;
} lrvec_column;

typedef struct lrvec_row_operation lrvec_row_operation;

typedef struct {
    enum lrvec_shape shape;
    lrvec_column start, origin, parameters[LRVEC_MAX_PARAMETERS];
    const lrvec_row_operation *operation; /* of LRVEC_OPERATION */
} lrvec_row_segment;

typedef struct {
    const lrvec_row_segment *segments;
    ptrdiff_t count;
    int depth; /* as a table's */
} lrvec_rows;

struct lrvec_row_operation {
    enum lrvec_operator operator;
    ptrdiff_t count;
    const lrvec_rows *tables;
    lrvec_column size;
};

/* The table of one row takes so many bytes at most. lrvec_row makes it in such a space, which is zeroed before the first row,
   and keeps what one row has in common with the next. A segment whose start is not below the next one's, or is past the last
   step, is left out. */
size_t lrvec_row_size(const lrvec_rows *rows);
lrvec_table lrvec_row(const lrvec_rows *rows, ptrdiff_t row, void *space);

/* out[i] = value of row first + i at steps[i * stride]. */
int lrvec_rows_pointwise(const lrvec_rows *rows, ptrdiff_t first, ptrdiff_t count, const int64_t *steps, ptrdiff_t stride,
                         double *out);

/* Writes the values of row first + i at steps[0 ... width - 1], or, if `steps` is NULL, at start, start + stride, ...; as floats if
   `narrow`. That at step j stands i * pitch + j * gap bytes behind `out`. Up to LRVEC_FEW steps it takes less time than to make each
   row's table does. The rows have no operations. */
enum { LRVEC_FEW = 16 };
int lrvec_rows_few(const lrvec_rows *rows, ptrdiff_t first, ptrdiff_t count, const int64_t *steps, int64_t start, int64_t stride,
                   ptrdiff_t width, void *out, ptrdiff_t pitch, ptrdiff_t gap, int narrow);

/* As lrvec_rows_pointwise, but each value of a shape is that of lrvec_precise_value. */
int lrvec_rows_precise(const lrvec_rows *rows, ptrdiff_t first, ptrdiff_t count, const int64_t *steps, ptrdiff_t stride,
                       double *out);

/* The summary of a table over count > 0 steps. The sum is (sum + rest) * unit, to a few 2^-53 times the sum of the absolute
   values. The unit is 1, or LRVEC_LARGE once the sum is too large for a double. The places are those at which each extreme is
   first met. */
#define LRVEC_LARGE 0x1p64
typedef struct {
    double sum, rest, unit, least, greatest, first, last, least_at, greatest_at;
} lrvec_summary;

/* Summarizes over steps[0 ... count - 1]; or, if `steps` is NULL, over start, start + stride, ... */
int lrvec_summarize(const lrvec_table *table, const int64_t *steps, int64_t start, int64_t stride, ptrdiff_t count,
                    lrvec_summary *summary);

/* ---- questions about a curve ---- */

enum lrvec_relation { LRVEC_BELOW, LRVEC_AT_MOST, LRVEC_ABOVE, LRVEC_AT_LEAST };

/* The first of the steps start ... stop - 1 at which the value is below a threshold, or whatever the relation says: LRVEC_NO_STEP if
   there is none. A search that has looked at many steps returns LRVEC_NOT_YET, and is to go on from `next`. The stop is at most
   LRVEC_LAST_STEP + 1. */
enum { LRVEC_NO_STEP = -1, LRVEC_NOT_YET = -2 };
#define LRVEC_PATIENCE 0x1p24
int64_t lrvec_first_step(const lrvec_table *table, enum lrvec_relation relation, double threshold, int64_t start, int64_t stop,
                         int64_t *next);

/* The functions below take the steps start ... stop - 1, and a stop up to LRVEC_LAST_STEP + 1. After many steps they too return
   LRVEC_NOT_YET, and are then to be called again with the same numbers, and `next` as the start. */

/* The extremes, and the steps at which each is first met. `any` is 0 before the first step. */
typedef struct {
    double least, greatest, least_at, greatest_at;
    int any;
    int64_t next;
} lrvec_extremes;

int lrvec_extremes_of(const lrvec_table *table, int64_t start, int64_t stop, lrvec_extremes *seen);

/* The sum is (sum + rest) * unit. The unit is given: 1, or LRVEC_LARGE if that one gave a sum that is not finite. The size is about
   the sum of absolute values. All numbers but the unit are 0 before the first step. */
typedef struct {
    double sum, rest, size, unit;
    int64_t next;
} lrvec_sum;

int lrvec_integral(const lrvec_table *table, int64_t start, int64_t stop, lrvec_sum *sum);

/* ---- widths ---- */

/* The vector widths of this build, narrowest first, ending with NULL; and whether this processor has one. */
extern const char *const lrvec_widths[];
int lrvec_has_width(const char *name);

/* Makes the kernels use the named width; or, if `name` is NULL, the widest that the processor has. Returns its name, or NULL
   if the processor lacks it. It must be called once before any evaluation. */
const char *lrvec_choose_width(const char *name);

#endif
