/* Rows: as many tables as a sweep has schedules, each made from the columns when its turn comes. */
#include "widths.h"

static size_t size_of(const lrvec_rows *rows) {
    size_t size = 0;
    for (ptrdiff_t i = 0; i < rows->count; i++) {
        const lrvec_row_segment *segment = &rows->segments[i];
        size += sizeof(lrvec_segment);
        if (segment->shape != LRVEC_OPERATION) {
            size += lrvec_constants_size(segment->shape);
            continue;
        }
        size += sizeof(lrvec_operation) + (size_t)segment->operation->count * sizeof(lrvec_table);
        for (ptrdiff_t j = 0; j < segment->operation->count; j++) size += size_of(&segment->operation->tables[j]);
    }
    return size;
}

size_t lrvec_row_size(const lrvec_rows *rows) { return sizeof(lrvec_fine) + LINE - 1 + size_of(rows); }

static char *make_table(const lrvec_rows *rows, ptrdiff_t row, char *space, lrvec_fine *fine, lrvec_table *table);

/* Makes a row's operation with its tables. Returns the end of the space that they take. */
static char *make_operation(const lrvec_row_operation *from, ptrdiff_t row, char *space, lrvec_operation *operation) {
    lrvec_table *const tables = (lrvec_table *)space;
    const double size = entry(&from->size, row);
    space += (size_t)from->count * sizeof *tables;
    for (ptrdiff_t i = 0; i < from->count; i++) space = make_table(&from->tables[i], row, space, NULL, &tables[i]);
    *operation = (lrvec_operation){from->operator, from->count, tables, size, 1.0 / size};
    return space;
}

/* Makes a row's table. Returns the end of the space that it takes. */
static char *make_table(const lrvec_rows *rows, ptrdiff_t row, char *space, lrvec_fine *fine, lrvec_table *table) {
    lrvec_segment *const segments = (lrvec_segment *)space;
    ptrdiff_t count = 0;
    space += (size_t)rows->count * sizeof *segments;
    for (ptrdiff_t i = 0; i < rows->count; i++) {
        const lrvec_row_segment *from = &rows->segments[i];
        const double start = entry(&from->start, row);
        /* A segment that ends where it starts, or starts after the last step, is left out. */
        if (start > (double)LRVEC_LAST_STEP || (i + 1 < rows->count && entry(&rows->segments[i + 1].start, row) <= start)) continue;
        segments[count++] = (lrvec_segment){start, entry(&from->origin, row), from->shape, space};
        if (from->shape == LRVEC_OPERATION) {
            space = make_operation(from->operation, row, space + sizeof(lrvec_operation), (lrvec_operation *)space);
        } else {
            lrvec_prepare_row(from->shape, from->parameters, row, space);
            space += lrvec_constants_size(from->shape);
        }
    }
    *table = (lrvec_table){segments, count, fine, rows->depth};
    return space;
}

lrvec_table lrvec_row(const lrvec_rows *rows, ptrdiff_t row, void *space) {
    /* Vectors of the fine parts do not lie across two lines. */
    lrvec_fine *fine = next_line(space);
    lrvec_table table;
    make_table(rows, row, (char *)(fine + 1), fine, &table);
    return table;
}

/* Writes the value of each row at its step. A row's table is made for that one value. */
static int each_table(const lrvec_rows *rows, ptrdiff_t first, ptrdiff_t count, const int64_t *steps, ptrdiff_t stride, double *out) {
    void *const space = calloc(1, lrvec_row_size(rows));
    if (!space) return LRVEC_NO_MEMORY;
    int state = LRVEC_DONE;
    for (ptrdiff_t i = 0; i < count && state == LRVEC_DONE; i++) {
        const int64_t step = read_once(steps + i * stride);
        if (invalidity(step) >> 63) {
            state = LRVEC_INVALID_STEP;
        } else {
            const lrvec_table table = lrvec_row(rows, first + i, space);
            out[i] = lrvec_value(&table, step);
        }
    }
    free(space);
    return state;
}

int lrvec_rows_pointwise(const lrvec_rows *rows, ptrdiff_t first, ptrdiff_t count, const int64_t *steps, ptrdiff_t stride,
                         double *out) {
    if (rows->depth) return each_table(rows, first, count, steps, stride, out);
    return lrvec_chosen->pointwise(rows, first, count, steps, stride, out);
}

int lrvec_rows_few(const lrvec_rows *rows, ptrdiff_t first, ptrdiff_t count, const int64_t *steps, int64_t start, int64_t stride,
                   ptrdiff_t width, void *out, ptrdiff_t pitch, ptrdiff_t gap, int narrow) {
    return lrvec_chosen->few(rows, first, count, steps, start, stride, width, out, pitch, gap, narrow);
}

/* Whether a shape among the rows has precise values that differ from all others. */
static int differ_precisely(const lrvec_rows *rows) {
#define DIFFERS_NONE 0
#define DIFFERS_PAIRS 1
#define DIFFERS(shape, parameters, path, run, staged, precise, ...) [LRVEC_##shape] = DIFFERS_##precise,
    static const uint8_t differs[LRVEC_SHAPE_COUNT + 1] = {LRVEC_SHAPES(DIFFERS)};
#undef DIFFERS
#undef DIFFERS_PAIRS
#undef DIFFERS_NONE
    for (ptrdiff_t i = 0; i < rows->count; i++)
        if (differs[rows->segments[i].shape]) return 1;
    return 0;
}

int lrvec_rows_precise(const lrvec_rows *rows, ptrdiff_t first, ptrdiff_t count, const int64_t *steps, ptrdiff_t stride,
                       double *out) {
    const int differ = differ_precisely(rows);
    if (rows->depth || !differ) {
        const int state = lrvec_rows_pointwise(rows, first, count, steps, stride, out);
        if (state != LRVEC_DONE || !differ) return state;
    }
    for (ptrdiff_t i = 0; i < count; i++) {
        const int64_t step = read_once(steps + i * stride);
        const lrvec_row_segment *mine = rows->segments;
        if (invalidity(step) >> 63) return LRVEC_INVALID_STEP;
        for (ptrdiff_t j = 1; j < rows->count; j++)
            if (entry(&rows->segments[j].start, first + i) <= (double)step) mine = &rows->segments[j];
        if (mine->shape == LRVEC_OPERATION) continue; /* its value is there */
        double parameters[LRVEC_MAX_PARAMETERS];
        for (int j = 0; j < lrvec_signatures[mine->shape].count; j++) parameters[j] = entry(&mine->parameters[j], first + i);
        out[i] = lrvec_precise_value(mine->shape, parameters, (double)step - entry(&mine->origin, first + i));
    }
    return LRVEC_DONE;
}
