/* Rows: as many tables as a sweep has schedules, each made from the columns when its turn comes. */
#include "lrvec.h"

#include <string.h>

#define BLOCK 1024

static inline double entry(const lrvec_column *column, ptrdiff_t row) { return column->values[row * column->stride]; }

size_t lrvec_row_size(const lrvec_rows *rows) {
    size_t size = sizeof(lrvec_fine);
    for (ptrdiff_t i = 0; i < rows->count; i++)
        size += sizeof(lrvec_segment) + lrvec_constants_size(rows->segments[i].shape);
    return size;
}

lrvec_table lrvec_row(const lrvec_rows *rows, ptrdiff_t row, void *space) {
    lrvec_fine *fine = space;
    lrvec_segment *segments = (lrvec_segment *)(fine + 1);
    char *constants = (char *)(segments + rows->count);
    ptrdiff_t count = 0;
    for (ptrdiff_t i = 0; i < rows->count; i++) {
        const lrvec_row_segment *from = &rows->segments[i];
        const double start = entry(&from->start, row);
        /* A segment that ends where it starts, or starts after the last step, is not there. */
        if (start > (double)LRVEC_LAST_STEP || (i + 1 < rows->count && entry(&rows->segments[i + 1].start, row) <= start)) continue;
        double parameters[LRVEC_MAX_PARAMETERS];
        for (int j = 0; j < lrvec_signatures[from->shape].count; j++) parameters[j] = entry(&from->parameters[j], row);
        lrvec_prepare(from->shape, parameters, constants);
        segments[count++] = (lrvec_segment){start, entry(&from->origin, row), from->shape, constants};
        constants += lrvec_constants_size(from->shape);
    }
    return (lrvec_table){segments, count, fine};
}

/* ---- summaries ---- */

/* The sums of blocks of BLOCK values, counted from the first step, as high + low. So the bits do not depend on how the work
   is shared out, as long as a share is a multiple of a block. */
static void add_block(lrvec_summary *summary, const double *values, ptrdiff_t done, ptrdiff_t count) {
    double found[3];
    lrvec_fold(values, count, found);
    const pair sum = sum_of(summary->sum, found[0]);
    summary->sum = sum.high;
    summary->rest += sum.low;
    if (!done || found[1] < summary->least) {
        const ptrdiff_t place = lrvec_place_of(found[1], values, count);
        summary->least = values[place], summary->least_at = (double)(done + place);
    }
    if (!done || found[2] > summary->greatest) {
        const ptrdiff_t place = lrvec_place_of(found[2], values, count);
        summary->greatest = values[place], summary->greatest_at = (double)(done + place);
    }
    if (!done) summary->first = values[0];
    summary->last = values[count - 1];
}

void lrvec_summarize(const lrvec_table *table, const int64_t *steps, int64_t start, int64_t stride, ptrdiff_t count,
                     lrvec_summary *summary) {
    double values[BLOCK] __attribute__((aligned(64)));
    lrvec_fine own;
    const lrvec_table kept = {table->segments, table->count, lrvec_fine_of(table, &own)};
    memset(summary, 0, sizeof *summary);
    for (ptrdiff_t done = 0; done < count; done += BLOCK) {
        const ptrdiff_t size = count - done < BLOCK ? count - done : BLOCK;
        if (steps) lrvec_array(&kept, steps + done, size, values);
        else lrvec_range(&kept, start + done * stride, stride, size, values);
        add_block(summary, values, done, size);
    }
}
