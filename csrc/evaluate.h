/* The loops over a block of steps, for one vector width. evaluate.c includes this once per width, with WIDTH(name) set
   to a name of that width's own and TARGET to the attribute that lets the compiler use its instructions.

   The steps of a block are `offset + index[i]` on the shape's clock, both integers unless lengths are fractions: an array
   gives its steps for the index, a run 0, 1, 2, ... STRIP - 1, again and again. Each loop is its shape's value function,
   so no width has a formula of its own. */

#define LOOP(shape, way)                                                                                               \
    for (ptrdiff_t done = 0; done < count; done += STRIP) {                                                            \
        const ptrdiff_t size = count - done < STRIP ? count - done : STRIP;                                            \
        const double offset = block->offset + (block->is_run ? (double)done : 0.0);                                    \
        const double *restrict strip = index + (block->is_run ? 0 : done);                                             \
        double *restrict values = out + done;                                                                          \
        for (ptrdiff_t i = 0; i < size; i++) values[i] = shape##_value(&k, offset + strip[i], way);                    \
    }

#define EVALUATE(shape, ...)                                                                                           \
    TARGET static void WIDTH(shape)(const void *constants, const struct block *block, const double *restrict index,    \
                                    double *restrict out) {                                                            \
        struct shape k = *(const struct shape *)constants;                                                             \
        const ptrdiff_t count = block->count;                                                                          \
        const int path = block->mixed ? ANY : shape##_path(&k, block->offset + block->least, block->offset + block->greatest); \
        if (shape##_PATHS > 1 && path == 1) LOOP(shape, 1)                                                             \
        else if (shape##_PATHS > 2 && path == 2) LOOP(shape, 2)                                                        \
        else if (shape##_PATHS > 3 && path == 3) LOOP(shape, 3)                                                        \
        else LOOP(shape, ANY)                                                                                          \
    }

LRVEC_SHAPES(EVALUATE)

#undef EVALUATE
#undef LOOP

/* A run of consecutive steps of a split shape: what belongs to the coarse and to the fine parts of the steps, and then each
   value from one of either. Where the clock goes down, so do the parts. A part would begin at out[done], the first one
   `before` values ahead of `out`; of it are wanted those `from` ... `to` - 1. */
#define JOIN(shape, from, to)                                                                                          \
    for (int i = from; i < to; i++)                                                                                    \
        out[done + i] = shape##_joined(mine, (const double[]){numbers[0][i], numbers[1][i]})

#define COARSES(shape, coarses, waves)                                                                                 \
    for (int i = 0; i < (parts + 7) / 8 * 8; i++) {                                                                    \
        shape##_coarse(&k, begin + sense * iota[i], path, waves, mine);                                                \
        for (int j = 0; j < coarses; j++) coarse[j][i] = mine[j];                                                      \
    }

#define RUN(shape, coarses, fines)                                                                                     \
    TARGET static void WIDTH(shape##_run)(const void *constants, const struct block *block, lrvec_fine *fine,          \
                                          double *restrict out) {                                                      \
        enum { PARTS = BLOCK / FINE + 8 };                                                                             \
        struct shape k = *(const struct shape *)constants;                                                             \
        const double first = block->offset + block->least, last = block->offset + block->greatest;                     \
        const int count = (int)block->count, path = shape##_path(&k, first, last);                                     \
        const double from_clock = shape##_clock(&k, first, path), to_clock = shape##_clock(&k, last, path);            \
        const double begin = coarse_of(from_clock);                                                                    \
        const int down = from_clock > to_clock, far = maximum(from_clock, to_clock) > TWO_52;                          \
        const int into = from_clock - begin < FINE ? (int)(from_clock - begin) : 0;                                    \
        if (path < 1 || path > SPLIT_PATHS || count < FINE || far || begin + into != from_clock) {                     \
            WIDTH(shape)(constants, block, iota, out);                                                                 \
            return;                                                                                                    \
        }                                                                                                              \
        double coarse[coarses][PARTS], mine[coarses], own[fines];                                                      \
        const double length = shape##_wave_length(&k);                                                                 \
        if (fine->length != length) {                                                                                  \
            for (int i = 0; i < FINE; i++) {                                                                           \
                shape##_fine(&k, iota[i], own);                                                                        \
                for (int j = 0; j < fines; j++) fine->up[j][i] = fine->down[j][FINE - 1 - i] = own[j];                 \
            }                                                                                                          \
            fine->length = length;                                                                                     \
        }                                                                                                              \
        const double sense = down ? -FINE : FINE;                                                                      \
        const int before = down ? FINE - 1 - into : into, parts = (before + count + FINE - 1) / FINE;                  \
        if (shape##_usual(&k)) COARSES(shape, coarses, USUAL)                                                          \
        else COARSES(shape, coarses, RARE)                                                                             \
        const double(*numbers)[FINE] = down ? fine->down : fine->up;                                                   \
        for (int part = 0; part < parts; part++) {                                                                     \
            const int done = part * FINE - before, from = done < 0 ? -done : 0;                                        \
            const int to = count - done < FINE ? count - done : FINE;                                                  \
            for (int j = 0; j < coarses; j++) mine[j] = coarse[j][part];                                               \
            if (to - from == FINE) JOIN(shape, 0, FINE);                                                               \
            else JOIN(shape, from, to);                                                                                \
        }                                                                                                              \
    }

LRVEC_SPLIT_SHAPES(RUN)

#undef RUN
#undef COARSES
#undef JOIN

/* One step for each of several rows, whose constants are made, used once and forgotten. */
#define COLUMNS                                                                                                        \
    const double *p0 = parameters[0], *p1 = parameters[1], *p2 = parameters[2], *p3 = parameters[3];                   \
    const double *p4 = parameters[4], *p5 = parameters[5], *p6 = parameters[6], *p7 = parameters[7];                   \
    _Static_assert(LRVEC_MAX_PARAMETERS == 8, "a column for each")
#define PARAMETERS (const double[]){p0[i], p1[i], p2[i], p3[i], p4[i], p5[i], p6[i], p7[i]}
#define ALONE(shape, ...)                                                                                              \
    TARGET static void WIDTH(shape##_alone)(const double *const *parameters, const double *restrict step, ptrdiff_t count, \
                                            double *restrict out) {                                                    \
        COLUMNS;                                                                                                       \
        for (ptrdiff_t i = 0; i < count; i++) out[i] = shape##_once(PARAMETERS, step[i]);                              \
    }

LRVEC_SHAPES(ALONE)

/* The same in stages; or returns 0, where the parameters or the steps are not all usual. */
#define STAGED(shape, firsts, seconds)                                                                                 \
    TARGET static int WIDTH(shape##_staged)(const double *const *parameters, const double *restrict step, ptrdiff_t count, \
                                            double *restrict out) {                                                    \
        COLUMNS;                                                                                                       \
        double ones[firsts][ROWS], others[seconds][ROWS], one[firsts], other[seconds];                                 \
        uint64_t unusual = 0;                                                                                          \
        for (ptrdiff_t i = 0; i < count; i++) {                                                                        \
            unusual |= shape##_unusual(PARAMETERS, step[i]);                                                           \
            shape##_first(PARAMETERS, step[i], one);                                                                   \
            for (int j = 0; j < firsts; j++) ones[j][i] = one[j];                                                      \
        }                                                                                                              \
        if (unusual) return 0;                                                                                         \
        for (ptrdiff_t i = 0; i < count; i++) {                                                                        \
            for (int j = 0; j < firsts; j++) one[j] = ones[j][i];                                                      \
            shape##_second(PARAMETERS, step[i], one, other);                                                           \
            for (int j = 0; j < seconds; j++) others[j][i] = other[j];                                                 \
        }                                                                                                              \
        for (ptrdiff_t i = 0; i < count; i++) {                                                                        \
            for (int j = 0; j < firsts; j++) one[j] = ones[j][i];                                                      \
            for (int j = 0; j < seconds; j++) other[j] = others[j][i];                                                 \
            out[i] = shape##_third(PARAMETERS, step[i], one, other);                                                   \
        }                                                                                                              \
        return 1;                                                                                                      \
    }

LRVEC_STAGED_SHAPES(STAGED)

#undef STAGED
#undef ALONE
#undef PARAMETERS
#undef COLUMNS

/* Entries of a column: those from `first` on, where they lie; or those of the rows first + order[0 ... count - 1]; of a
   constant column, which is written out already, all. */
TARGET static const double *WIDTH(entries)(const lrvec_column *column, ptrdiff_t first, const uint16_t *order,
                                           ptrdiff_t count, double *packed) {
    if (!column->stride) return packed;
    if (!order) return column->values + first;
    for (ptrdiff_t i = 0; i < count; i++) packed[i] = column->values[first + order[i]];
    return packed;
}

/* Writes a constant column out. */
TARGET static void WIDTH(spread)(const lrvec_column *column, double *packed) {
    if (!column->stride)
        for (ptrdiff_t i = 0; i < ROWS; i++) packed[i] = *column->values;
}

/* Those rows from `first` on, all or of this order, whose steps lie in one segment. */
TARGET static void WIDTH(segment_rows)(const lrvec_row_segment *segment, struct columns *columns, ptrdiff_t first,
                                       const double *steps, const uint16_t *order, ptrdiff_t count, double *out) {
#define CASE(shape, number, ...) [LRVEC_##shape] = {WIDTH(shape##_alone), number},
#define STAGED(shape, ...) [LRVEC_##shape] = WIDTH(shape##_staged),
    static const struct {
        void (*alone)(const double *const *, const double *, ptrdiff_t, double *);
        int parameters;
    } cases[] = {LRVEC_SHAPES(CASE)};
    static int (*const staged[LRVEC_SHAPE_COUNT])(const double *const *, const double *, ptrdiff_t, double *) = {
        LRVEC_STAGED_SHAPES(STAGED)};
#undef STAGED
#undef CASE
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
    if (!staged[segment->shape] || !staged[segment->shape](parameters, step, count, found))
        cases[segment->shape].alone(parameters, step, count, found);
    if (order)
        for (ptrdiff_t i = 0; i < count; i++) out[order[i]] = values[i];
}

/* Whether any step is negative or past the last one. */
TARGET static int WIDTH(invalid)(const int64_t *steps, ptrdiff_t count) {
    uint64_t outside = 0;
    for (ptrdiff_t i = 0; i < count; i++) outside |= invalidity(steps[i]);
    return (int)(outside >> 63);
}

/* To how many of the steps a segment starts in time. */
TARGET static ptrdiff_t WIDTH(reached)(const double *restrict from, const double *restrict steps, ptrdiff_t count) {
    int64_t total = 0;
    for (ptrdiff_t i = 0; i < count; i++) total += from[i] <= steps[i];
    return total;
}

/* Row first + i at steps[i * stride]; or returns 0, where one of them is invalid. The segments of a row start one after
   another, and the last one that starts in time serves: each is told to all rows that have reached it, and the next one
   overrules it. */
TARGET static int WIDTH(pointwise)(const lrvec_rows *rows, ptrdiff_t first, ptrdiff_t count, const int64_t *steps,
                                   ptrdiff_t stride, double *out) {
    struct columns columns;
    columns.segment = NULL;
    double at[ROWS], starts[2][ROWS], values[ROWS];
    uint16_t order[ROWS];
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
        if (outside >> 63) return 0;
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
            if (mine * RARE >= size) {
                double *found = from && here < size ? values : out;
                WIDTH(segment_rows)(segment, &columns, first, at, NULL, size, found);
                for (ptrdiff_t i = 0; found == values && i < size; i++) out[i] = choose(from[i] <= at[i], values[i], out[i]);
            } else {
                ptrdiff_t place = 0;
                for (ptrdiff_t i = 0; i < size; i++) {
                    order[place] = (uint16_t)i;
                    place += (!from || from[i] <= at[i]) & !(later && next[i] <= at[i]);
                }
                WIDTH(segment_rows)(segment, &columns, first, at, order, mine, out);
            }
        }
    }
    return 1;
}

/* Adds values to the lanes of a sum, the first one to the first; finds the least and the greatest. */
TARGET static void WIDTH(fold)(const double *restrict values, ptrdiff_t count, double *restrict lanes, int more, double *restrict found) {
    double sum[LANES], least[LANES], greatest[LANES];
    ptrdiff_t i = 0;
    for (int lane = 0; lane < LANES; lane++) sum[lane] = lanes[lane], least[lane] = greatest[lane] = values[0];
    for (; i + LANES <= count; i += LANES)
        for (int lane = 0; lane < LANES; lane++) {
            sum[lane] += values[i + lane];
            least[lane] = minimum(values[i + lane], least[lane]);
            greatest[lane] = maximum(values[i + lane], greatest[lane]);
        }
    for (int lane = 0; i < count; i++, lane++) {
        sum[lane] += values[i];
        least[lane] = minimum(values[i], least[lane]);
        greatest[lane] = maximum(values[i], greatest[lane]);
    }
    for (int lane = 0; more && lane < LANES; lane++) lanes[lane] = sum[lane];
    for (int half = LANES / 2; half; half /= 2)
        for (int lane = 0; lane < half; lane++) {
            sum[lane] += sum[lane + half];
            least[lane] = minimum(least[lane + half], least[lane]);
            greatest[lane] = maximum(greatest[lane + half], greatest[lane]);
        }
    found[0] = sum[0], found[1] = least[0], found[2] = greatest[0];
}

/* Where a value that is there is first met: among so many values at a time, then among fewer of them. */
#define SEARCH(many)                                                                                                   \
    for (; i + many <= count; i += many) {                                                                             \
        uint64_t met = 0;                                                                                              \
        for (int j = 0; j < many; j++) met |= values[i + j] == value ? ~UINT64_C(0) : 0;                               \
        if (met) break;                                                                                                \
    }

TARGET static ptrdiff_t WIDTH(place_of)(double value, const double *values, ptrdiff_t count) {
    ptrdiff_t i = 0;
    SEARCH(256)
    SEARCH(32)
    while (i + 1 < count && values[i] != value) i++;
    return i;
}

#undef SEARCH

/* first, first + stride, ..., all of them integers up to 2^53: exact. */
TARGET static void WIDTH(space_out)(double first, double stride, ptrdiff_t count, double *restrict index) {
    for (int i = 0; i < (int)count; i++) index[i] = first + i * stride;
}

/* Converts steps to doubles; says whether they ascend, and the least and the greatest; or returns 0, where one is invalid. */
TARGET static int WIDTH(convert)(const int64_t *restrict steps, struct block *block, double *restrict index) {
    const ptrdiff_t count = block->count;
    uint64_t all = 0, outside = 0, descents = 0;
    for (ptrdiff_t i = 0; i < count; i++) {
        const uint64_t step = (uint64_t)steps[i];
        all |= step;
        index[i] = double_of(step);
    }
    if (all >> 52) {
        for (ptrdiff_t i = 0; i < count; i++) {
            const int64_t step = steps[i];
            outside |= invalidity(step);
            index[i] = (double)step;
        }
        if (outside >> 63) return 0;
    }
    for (ptrdiff_t i = 1; i < count; i++) descents |= index[i] < index[i - 1] ? TOP_BIT : 0;
    block->ascends = !descents;
    if (block->ascends) {
        block->least = index[0], block->greatest = index[count - 1];
        return 1;
    }
    enum { WAYS = 16 };
    double least[WAYS], greatest[WAYS];
    for (int way = 0; way < WAYS; way++) least[way] = greatest[way] = index[0];
    ptrdiff_t i = 0;
    for (; i + WAYS <= count; i += WAYS)
        for (int way = 0; way < WAYS; way++) {
            least[way] = minimum(index[i + way], least[way]);
            greatest[way] = maximum(index[i + way], greatest[way]);
        }
    for (; i < count; i++) {
        least[0] = minimum(index[i], least[0]);
        greatest[0] = maximum(index[i], greatest[0]);
    }
    block->least = least[0], block->greatest = greatest[0];
    for (int way = 1; way < WAYS; way++) {
        block->least = minimum(least[way], block->least);
        block->greatest = maximum(greatest[way], block->greatest);
    }
    return 1;
}

/* For each step, how many of the `bounds` it has reached. */
TARGET static void WIDTH(owners)(const double *restrict index, ptrdiff_t count, const lrvec_segment *bounds, ptrdiff_t number,
                                 uint8_t *restrict owner) {
    for (ptrdiff_t i = 0; i < count; i++) owner[i] = 0;
    for (ptrdiff_t j = 0; j < number; j++) {
        const double start = bounds[j].start;
        for (ptrdiff_t i = 0; i < count; i++) owner[i] = (uint8_t)(owner[i] + (index[i] >= start));
    }
}

/* Whether any step is not the one after the step before it. */
TARGET static int WIDTH(jumps)(const int64_t *steps, ptrdiff_t count) {
    uint64_t differs = 0;
    for (ptrdiff_t i = 1; i < count; i++) differs |= ((uint64_t)steps[i] - (uint64_t)steps[i - 1]) ^ 1;
    return differs != 0;
}

TARGET static void WIDTH(narrow)(const double *restrict wide, ptrdiff_t count, float *restrict out) {
    for (ptrdiff_t i = 0; i < count; i++) out[i] = (float)wide[i];
}

#define LOOP_OF(shape, ...) WIDTH(shape),
#define RUN_OF(shape, ...) [LRVEC_##shape] = WIDTH(shape##_run),
static const struct width WIDTH(kernels) = {
    {LRVEC_SHAPES(LOOP_OF)}, {LRVEC_SPLIT_SHAPES(RUN_OF)}, WIDTH(convert), WIDTH(space_out), WIDTH(owners), WIDTH(invalid),
    WIDTH(jumps),            WIDTH(narrow),                    WIDTH(pointwise), WIDTH(fold),    WIDTH(place_of),
};
#undef LOOP_OF
#undef RUN_OF
