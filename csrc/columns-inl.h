/* The loops over rows with one step each, for one vector width. The file of a width includes this as it does blocks-inl.h. */

/* Writes the value of each of several rows at a step of its own. A row's constants are made, used once and forgotten. */
#define EACH(shape, ...)                                                                                               \
    TARGET static void WIDTH(shape##_each)(const double *const *columns, const double *restrict step, ptrdiff_t count, \
                                           double *restrict out) {                                                     \
        for (ptrdiff_t i = 0; i < count; i++) {                                                                        \
            const struct shape##_parameters given = shape##_in_row(columns, i);                                        \
            out[i] = shape##_once(&given, step[i]);                                                                    \
        }                                                                                                              \
    }

LRVEC_SHAPES(EACH)

#undef EACH

/* Writes the values of NAME_each in stages. The first one needs no step, and may be `made` already, for another step of the same
   rows. Returns 0 if the parameters and the steps are not all usual. A shape with two ways to the first numbers takes the easy one
   where all rows may. */
#define FIRSTS(shape, first)                                                                                           \
    if (!made)                                                                                                         \
        for (ptrdiff_t i = 0; i < count; i++) shape##_##first##_in(columns, i, step[i], ones);
#define ONE_WAY(shape)                                                                                                 \
    uint64_t unusual = 0;                                                                                              \
    for (ptrdiff_t i = 0; i < count; i++) unusual |= shape##_unusual_in(columns, i, step[i]);                          \
    if (unusual) return 0;                                                                                             \
    FIRSTS(shape, first)
#define TWO_WAYS(shape)                                                                                                \
    uint64_t uneasy = 0;                                                                                               \
    for (ptrdiff_t i = 0; i < count; i++) uneasy |= shape##_uneasy_in(columns, i, step[i]);                            \
    if (uneasy) { ONE_WAY(shape) } else { FIRSTS(shape, easy_first) }
#define STAGED_NONE(shape)
#define STAGED_ONCE(shape)
#define STAGED_OWN(shape) STAGED_BY(shape, ONE_WAY)
#define STAGED_FORK(shape) STAGED_BY(shape, TWO_WAYS)
#define STAGED_BY(shape, WAYS)                                                                                         \
    TARGET static int WIDTH(shape##_staged)(const double *const *columns, const double *restrict step, ptrdiff_t count, \
                                            double (*restrict ones)[ROWS], int made, double *restrict out) {           \
        double others[shape##_SECONDS][ROWS];                                                                          \
        WAYS(shape)                                                                                                    \
        for (ptrdiff_t i = 0; i < count; i++) shape##_second_in(columns, i, step[i], ones, others);                    \
        for (ptrdiff_t i = 0; i < count; i++) out[i] = shape##_third_in(columns, i, step[i], ones, others);            \
        return 1;                                                                                                      \
    }
#define STAGED_STAGED(n, m) STAGED_OWN
#define STAGED_FORKED(n, m) STAGED_FORK
#define STAGED(shape, parameters, path, run, rows, ...) STAGED_##rows(shape)

LRVEC_SHAPES(STAGED)

#undef STAGED
#undef STAGED_FORKED
#undef STAGED_STAGED
#undef STAGED_BY
#undef STAGED_FORK
#undef STAGED_OWN
#undef STAGED_ONCE
#undef STAGED_NONE
#undef TWO_WAYS
#undef ONE_WAY
#undef FIRSTS

/* The entries of a column: those from `first` on, doubles where they lie; or, with an `order`, those of the rows first +
   order[0 ... count - 1], packed. A column with one entry for all is written out in `packed` already. */
TARGET static const double *WIDTH(entries)(const lrvec_column *column, ptrdiff_t first, const uint16_t *order,
                                           ptrdiff_t count, double *restrict packed) {
    if (!column->stride) return packed;
    if (!column->counts && !order) return column->values + first;
    if (!column->counts)
        for (ptrdiff_t i = 0; i < count; i++) packed[i] = column->values[first + order[i]];
    else if (order)
        for (ptrdiff_t i = 0; i < count; i++) packed[i] = (double)column->counts[first + order[i]];
    else
        for (ptrdiff_t i = 0; i < count; i++) packed[i] = (double)column->counts[first + i];
    return packed;
}

/* Writes out a column that has one entry for all rows. */
TARGET static void WIDTH(spread)(const lrvec_column *column, double *packed) {
    if (!column->stride)
        for (ptrdiff_t i = 0; i < ROWS; i++) packed[i] = *column->values;
}

/* Evaluates the rows from `first` on in one segment: all of them, or those of this order. */
TARGET static void WIDTH(segment_rows)(const lrvec_row_segment *segment, struct columns *columns, ptrdiff_t first,
                                       const double *steps, const uint16_t *order, ptrdiff_t count, double *out) {
#define EACH(shape, ...) [LRVEC_##shape] = {shape##_PARAMETERS, WIDTH(shape##_each)},
#define STAGED(shape, parameters, path, run, rows, ...) STAGED_##rows(shape)
#define STAGED_NONE(shape)
#define STAGED_ONCE(shape)
#define STAGED_OWN(shape) [LRVEC_##shape] = WIDTH(shape##_staged),
#define STAGED_STAGED(n, m) STAGED_OWN
#define STAGED_FORKED(n, m) STAGED_OWN
    static const struct {
        int parameters;
        void (*each)(const double *const *, const double *, ptrdiff_t, double *);
    } cases[] = {LRVEC_SHAPES(EACH)};
    static int (*const staged[LRVEC_SHAPE_COUNT])(const double *const *, const double *, ptrdiff_t, double (*)[ROWS], int,
                                                  double *) = {LRVEC_SHAPES(STAGED)};
#undef STAGED_FORKED
#undef STAGED_STAGED
#undef STAGED_OWN
#undef STAGED_ONCE
#undef STAGED_NONE
#undef STAGED
#undef EACH
    const int number = cases[segment->shape].parameters;
    const double *parameters[LRVEC_MAX_PARAMETERS];
    double step[ROWS], values[ROWS];
    if (columns->segment != segment) {
        for (int j = 0; j < number; j++) WIDTH(spread)(&segment->parameters[j], columns->parameters[j]);
        WIDTH(spread)(&segment->origin, columns->origin);
        columns->segment = segment;
    }
    const double *origin = WIDTH(entries)(&segment->origin, first, order, count, columns->origin);
    for (int j = 0; j < LRVEC_MAX_PARAMETERS; j++) /* a shape of fewer does not look at the others */
        parameters[j] = j < number ? WIDTH(entries)(&segment->parameters[j], first, order, count, columns->parameters[j]) : origin;
    if (order)
        for (ptrdiff_t i = 0; i < count; i++) step[i] = steps[order[i]] - origin[i];
    else
        for (ptrdiff_t i = 0; i < count; i++) step[i] = steps[i] - origin[i];
    double *found = order ? values : out;
    const int made = !order && columns->staged == segment;
    if (staged[segment->shape] && staged[segment->shape](parameters, step, count, columns->ones, made, found))
        columns->staged = order ? NULL : segment;
    else
        cases[segment->shape].each(parameters, step, count, found);
    if (order)
        for (ptrdiff_t i = 0; i < count; i++) out[order[i]] = values[i];
}

/* How many of the steps have reached the start of a segment. */
TARGET static ptrdiff_t WIDTH(reached)(const double *restrict from, const double *restrict steps, ptrdiff_t count) {
    int64_t total = 0;
    for (ptrdiff_t i = 0; i < count; i++) total += from[i] <= steps[i];
    return total;
}

/* Writes the values of ROWS rows at most, from `first` on, at a step of each. The segments of a row start one after another, and the
   last one that a step has reached serves it. So each segment is evaluated for all rows that have reached it, and the next one
   overwrites its values. */
TARGET static void WIDTH(rows_at)(const lrvec_rows *rows, struct columns *columns, ptrdiff_t first, ptrdiff_t size,
                                  const double *restrict at, double *restrict out) {
    double starts[2][ROWS], values[ROWS];
    uint16_t order[ROWS];
    const double *from = NULL, *next = NULL;
    ptrdiff_t here = size, later = 0;
    for (ptrdiff_t j = 0; here; j++, here = later, from = next) {
        const lrvec_row_segment *segment = &rows->segments[j];
        later = 0;
        if (j + 1 < rows->count) {
            WIDTH(spread)(&segment[1].start, starts[j % 2]);
            next = WIDTH(entries)(&segment[1].start, first, NULL, size, starts[j % 2]);
            later = WIDTH(reached)(next, at, size);
        }
        const ptrdiff_t mine = here - later;
        if (!mine) continue;
        if (mine * FEW >= size) {
            double *found = from && here < size ? values : out;
            WIDTH(segment_rows)(segment, columns, first, at, NULL, size, found);
            for (ptrdiff_t i = 0; found == values && i < size; i++) out[i] = choose(from[i] <= at[i], values[i], out[i]);
        } else {
            ptrdiff_t place = 0;
            for (ptrdiff_t i = 0; i < size; i++) {
                order[place] = (uint16_t)i;
                place += (!from || from[i] <= at[i]) & !(later && next[i] <= at[i]);
            }
            WIDTH(segment_rows)(segment, columns, first, at, order, mine, out);
        }
    }
}

/* out[i] = value of row first + i at steps[i * stride]. Returns LRVEC_DONE or LRVEC_INVALID_STEP. */
TARGET static int WIDTH(pointwise)(const lrvec_rows *rows, ptrdiff_t first, ptrdiff_t count, const int64_t *steps,
                                   ptrdiff_t stride, double *out) {
    struct columns columns;
    columns.segment = NULL;
    double at[ROWS];
    for (ptrdiff_t size; count; first += size, steps += size * stride, out += size, count -= size) {
        uint64_t outside = 0;
        size = count < ROWS ? count : ROWS;
        if (stride) {
            for (ptrdiff_t i = 0; i < size; i++) {
                const int64_t step = steps[i];
                outside |= invalidity(step), at[i] = (double)step;
            }
        } else {
            const int64_t step = read_once(steps);
            outside = invalidity(step);
            for (ptrdiff_t i = 0; i < size; i++) at[i] = (double)step;
        }
        if (outside >> 63) return LRVEC_INVALID_STEP;
        columns.staged = NULL;
        WIDTH(rows_at)(rows, &columns, first, size, at, out);
    }
    return LRVEC_DONE;
}

/* Writes the values of rows at a few steps, as lrvec_rows_few has it. */
TARGET static int WIDTH(few)(const lrvec_rows *rows, ptrdiff_t first, ptrdiff_t count, const int64_t *steps, int64_t start,
                             int64_t stride, ptrdiff_t width, void *out, ptrdiff_t pitch, ptrdiff_t gap, int narrow) {
    struct columns columns;
    columns.segment = NULL;
    double at[ROWS], values[ROWS];
    for (ptrdiff_t done = 0, size; done < count; done += size) {
        size = count - done < ROWS ? count - done : ROWS;
        columns.staged = NULL;
        for (ptrdiff_t j = 0; j < width; j++) {
            const int64_t step = steps ? read_once(steps + j) : start + j * stride;
            if (invalidity(step) >> 63) return LRVEC_INVALID_STEP;
            for (ptrdiff_t i = 0; i < size; i++) at[i] = (double)step;
            WIDTH(rows_at)(rows, &columns, first + done, size, at, values);
            char *const here = (char *)out + done * pitch + j * gap;
            if (narrow)
                for (ptrdiff_t i = 0; i < size; i++) *(float *)(here + i * pitch) = (float)values[i];
            else
                for (ptrdiff_t i = 0; i < size; i++) *(double *)(here + i * pitch) = values[i];
        }
    }
    return LRVEC_DONE;
}
