/* Rows: as many tables as a sweep has schedules, each made from the columns when its turn comes. */
#include "widths.h"

#define LINE 64 /* bytes of the cache; vectors of the fine parts do not lie across two of them */

size_t lrvec_row_size(const lrvec_rows *rows) {
    size_t size = sizeof(lrvec_fine) + LINE - 1;
    for (ptrdiff_t i = 0; i < rows->count; i++)
        size += sizeof(lrvec_segment) + lrvec_constants_size(rows->segments[i].shape);
    return size;
}

lrvec_table lrvec_row(const lrvec_rows *rows, ptrdiff_t row, void *space) {
    lrvec_fine *fine = (lrvec_fine *)((char *)space + (LINE - (uintptr_t)space % LINE) % LINE);
    lrvec_segment *segments = (lrvec_segment *)(fine + 1);
    char *constants = (char *)(segments + rows->count);
    ptrdiff_t count = 0;
    for (ptrdiff_t i = 0; i < rows->count; i++) {
        const lrvec_row_segment *from = &rows->segments[i];
        const double start = entry(&from->start, row);
        /* A segment that ends where it starts, or starts after the last step, is left out. */
        if (start > (double)LRVEC_LAST_STEP || (i + 1 < rows->count && entry(&rows->segments[i + 1].start, row) <= start)) continue;
        lrvec_prepare_row(from->shape, from->parameters, row, constants);
        segments[count++] = (lrvec_segment){start, entry(&from->origin, row), from->shape, constants};
        constants += lrvec_constants_size(from->shape);
    }
    return (lrvec_table){segments, count, fine};
}

int lrvec_rows_pointwise(const lrvec_rows *rows, ptrdiff_t first, ptrdiff_t count, const int64_t *steps, ptrdiff_t stride,
                         double *out) {
    return lrvec_chosen->pointwise(rows, first, count, steps, stride, out);
}

int lrvec_rows_precise(const lrvec_rows *rows, ptrdiff_t first, ptrdiff_t count, const int64_t *steps, ptrdiff_t stride,
                       double *out) {
    for (ptrdiff_t i = 0; i < count; i++) {
        const int64_t step = read_once(steps + i * stride);
        const lrvec_row_segment *mine = rows->segments;
        if (invalidity(step) >> 63) return 0;
        for (ptrdiff_t j = 1; j < rows->count; j++)
            if (entry(&rows->segments[j].start, first + i) <= (double)step) mine = &rows->segments[j];
        const double own_step = (double)step - entry(&mine->origin, first + i);
        out[i] = lrvec_precise_value_in_row(mine->shape, mine->parameters, first + i, own_step);
    }
    return 1;
}
