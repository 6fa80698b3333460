/* Tables of segments over one step, a range or an array: what happens around the loops of a width. */
#include "pieces.h"

/* A part of a block serves where a whole block would take too much of the stack. A call, with all that it calls, takes less
   than 24 KiB of it, which tests/roads.c measures: 23.0 by gcc 12, of which the loop over curved cosines has 7.6. */
#define PART 512

/* The space that a call works in: the index of a block whose values go elsewhere, or the values of a run, or the index and the
   values of a part. */
union space {
    _Alignas(64) double block[BLOCK];
    struct {
        double index[PART], values[PART];
    } part;
};

/* ---- segments ---- */

#define NAME(role, name) name,
const char *const lrvec_role_names[] = {LRVEC_ROLES(NAME)};
#undef NAME

#define PARAMETER(role, name) {#name, LRVEC_##role},
#define SIGNATURE(shape, parameters, ...) {#shape, shape##_PARAMETERS, {parameters}},
const lrvec_signature lrvec_signatures[] = {LRVEC_SHAPES(SIGNATURE)};
#undef SIGNATURE
#undef PARAMETER

size_t lrvec_constants_size(enum lrvec_shape shape) {
#define SIZE(name, ...) sizeof(struct name),
    static const size_t sizes[] = {LRVEC_SHAPES(SIZE)};
#undef SIZE
    return sizes[shape];
}

/* Each shape's prepare, which is long, once for the two functions below. */
#define MAKE(shape, ...)                                                                                               \
    LRVEC_APART static void shape##_make(void *constants, const struct shape##_parameters *given) {                    \
        shape##_prepare(constants, given);                                                                             \
    }
LRVEC_SHAPES(MAKE)
#undef MAKE

void lrvec_prepare(enum lrvec_shape shape, const double *parameters, void *constants) {
    switch (shape) {
#define CASE(name, ...) \
    case LRVEC_##name: name##_make(constants, (const struct name##_parameters *)parameters); break;
        LRVEC_SHAPES(CASE)
#undef CASE
    case LRVEC_SHAPE_COUNT: break;
    }
}

/* A row's parameters, from its columns. A loop over a number of columns that is not known before would take up to 14 ns longer. */
#define PARAMETER(role, name) given.name = entry(columns++, row);
#define OF_ROW(shape, parameters, ...)                                                                                 \
    static inline struct shape##_parameters shape##_of_row(const lrvec_column *columns, ptrdiff_t row) {               \
        struct shape##_parameters given;                                                                               \
        parameters                                                                                                     \
        return given;                                                                                                  \
    }
LRVEC_SHAPES(OF_ROW)
#undef OF_ROW
#undef PARAMETER

void lrvec_prepare_row(enum lrvec_shape shape, const lrvec_column *columns, ptrdiff_t row, void *constants) {
    switch (shape) {
#define CASE(name, ...)                                                               \
    case LRVEC_##name: {                                                              \
        const struct name##_parameters given = name##_of_row(columns, row);           \
        name##_make(constants, &given);                                               \
        break;                                                                        \
    }
        LRVEC_SHAPES(CASE)
#undef CASE
    case LRVEC_SHAPE_COUNT: break;
    }
}

double lrvec_precise_value(enum lrvec_shape shape, const double *parameters, double step) {
    switch (shape) {
#define CASE(name, ...) \
    case LRVEC_##name: return name##_precise((const struct name##_parameters *)parameters, step);
        LRVEC_SHAPES(CASE)
#undef CASE
    case LRVEC_SHAPE_COUNT: break;
    }
    return 0.0;
}

/* Each shape's value at a step is a function of its own: in one of all shapes, the simple ones would save the registers of the others. */
#define VALUE_AT(name, ...) \
    static double name##_at(const void *constants, double step) { return name##_alone(constants, step); }
LRVEC_SHAPES(VALUE_AT)
#undef VALUE_AT

static double operation_at(const void *constants, double step) { return lrvec_operation_value(constants, step); }

double lrvec_shape_value(enum lrvec_shape shape, const void *constants, double step) {
#define AT(name, ...) [LRVEC_##name] = name##_at,
    static double (*const values[])(const void *, double) = {LRVEC_SHAPES(AT)[LRVEC_OPERATION] = operation_at};
#undef AT
    return values[shape](constants, step);
}

/* The zone of a shape that is expanded; NULL for all others. */
static inline const struct zone *zone_among(enum lrvec_shape shape, const void *constants) {
    switch (shape) {
#define ZONE_NONE(name)
#define ZONE_WAVE(name)
#define ZONE_EXPANDED(name) \
    case LRVEC_##name: return &((const struct name *)constants)->zone;
#define ZONE_PARTS(...) ZONE_EXPANDED
#define ZONE_CHAIN(...) ZONE_NONE
#define CASE(name, parameters, path, run, ...) ZONE_##run(name)
        LRVEC_SHAPES(CASE)
#undef CASE
    default: return NULL;
    }
}

static void expand(enum lrvec_shape shape, const void *constants, double middle, struct expansion *found) {
    switch (shape) {
#define CASE_NONE(name)
#define CASE_WAVE(name)
#define CASE_EXPANDED(name) \
    case LRVEC_##name: *found = name##_expand(constants, middle, ANY); break;
#define CASE_PARTS(...) CASE_EXPANDED
#define CASE_CHAIN(...) CASE_NONE
#define CASE(name, parameters, path, run, ...) CASE_##run(name)
        LRVEC_SHAPES(CASE)
#undef CASE
    default: break;
    }
}

/* For how many steps from this one, on the shape's clock, the path is likely to stay; see shapes.h. */
static double stretch_of(const lrvec_segment *segment, double step) {
    switch (segment->shape) {
#define CASE(name, ...) \
    case LRVEC_##name: return name##_stretch(segment->constants, step);
        LRVEC_SHAPES(CASE)
#undef CASE
    case LRVEC_OPERATION: return lrvec_operation_stretch(segment->constants, step);
    }
    return ENDLESS;
}

/* The last segment that starts at `step` or before, by halving without a branch to mispredict. */
static inline ptrdiff_t segment_at(const lrvec_table *table, double step) {
    const lrvec_segment *at = table->segments;
    for (ptrdiff_t count = table->count; count > 1;) {
        const ptrdiff_t half = count / 2;
        at += at[half].start <= step ? half : 0;
        count -= half;
    }
    return at - table->segments;
}

static inline double end_of(const lrvec_table *table, ptrdiff_t segment) {
    return segment + 1 < table->count ? table->segments[segment + 1].start : 2.0 * (double)LRVEC_LAST_STEP;
}

ptrdiff_t lrvec_segment_at(const lrvec_table *table, double step) { return segment_at(table, step); }
double lrvec_segment_end(const lrvec_table *table, ptrdiff_t segment) { return end_of(table, segment); }

/* The steps from `step` to where a block is to be cut: at the end of its segment, or of a stretch that has enough of the block's
   steps, which are about so far from each other. */
#define WORTH_CUTTING 32

static inline double reach_of(const lrvec_table *table, ptrdiff_t segment, double step, double apart) {
    const double left = end_of(table, segment) - step;
    const double stretch = stretch_of(&table->segments[segment], step - table->segments[segment].origin);
    return stretch >= WORTH_CUTTING * apart && stretch < left ? stretch : left;
}

/* Evaluates a block whose steps are on the segment's own clock. */
LRVEC_INLINE void evaluate_own(const lrvec_segment *segment, const struct block *block, const double *index, struct work work,
                               double *out) {
    if (segment->shape == LRVEC_OPERATION) {
        lrvec_operate(segment->constants, block, index, work, out);
        return;
    }
    int (*const run_of)(const void *, const struct block *, const double *, lrvec_fine *, double *) = lrvec_chosen->run[segment->shape];
    if (!run_of || !run_of(segment->constants, block, index, work.fine, out))
        lrvec_chosen->shape[segment->shape](segment->constants, block, index, out);
}

static inline double segment_value(const lrvec_segment *segment, double step) {
    return lrvec_shape_value(segment->shape, segment->constants, step - segment->origin);
}

/* Evaluates a block whose index holds the steps themselves. Where the segment's clock shows numbers beyond 2^53, which are rounded,
   each step goes its own way. */
static inline void evaluate(const lrvec_segment *segment, struct block block, const double *index, struct work work, double *out) {
    block.offset -= segment->origin;
    if (block.offset + block.greatest <= (double)LRVEC_LAST_STEP) evaluate_own(segment, &block, index, work, out);
    else for (ptrdiff_t i = 0; i < block.count; i++) out[i] = segment_value(segment, index[i]);
}

double lrvec_table_value(const lrvec_table *table, double step) {
    return segment_value(&table->segments[segment_at(table, step)], step);
}

double lrvec_value(const lrvec_table *table, int64_t step) { return lrvec_table_value(table, (double)step); }

void lrvec_begin_part(const lrvec_table *table, lrvec_part *last) {
    *last = (lrvec_part){.end = -1.0};
    for (ptrdiff_t i = 0; i < table->count; i++) {
        const struct zone *const zone = zone_among(table->segments[i].shape, table->segments[i].constants);
        if (zone && zone->begin < zone->end) last->end = 0.0;
    }
}

double lrvec_value_beside(const lrvec_table *table, int64_t step, lrvec_part *last) {
    const double at = (double)step;
    if (at < last->end && at >= last->begin) return expanded(&last->expansion, (at - last->origin) - last->middle);
    const ptrdiff_t segment = segment_at(table, at);
    const lrvec_segment *const mine = &table->segments[segment];
    const double own = at - mine->origin;
    const struct zone *const zone = zone_among(mine->shape, mine->constants);
    if (!zone || !is_in(zone, own)) return lrvec_shape_value(mine->shape, mine->constants, own);
    last->origin = mine->origin, last->middle = middle_of(own, 1);
    const double middle = last->origin + last->middle;
    last->begin = maximum(middle - HALF_PART, mine->start), last->end = minimum(middle + HALF_PART, end_of(table, segment));
    expand(mine->shape, mine->constants, last->middle, &last->expansion);
    return expanded(&last->expansion, own - last->middle);
}

/* ---- runs ---- */

/* The length of the segment's cycle, if `count` consecutive steps are more than one and each cycle of them has the same values: what
   the segment's clock shows are integers, which are rounded nowhere. Else 0. */
static inline ptrdiff_t cycle_within(const lrvec_segment *segment, double first, ptrdiff_t count) {
    const struct cycle cycle = lrvec_cycle_of(segment);
    const double length = cycle.length, own = first - segment->origin;
    if (cycle.ratio.high != 1.0 || !(length >= 1.0 && length < (double)count) || own + (double)count > TWO_52) return 0;
    return floored(length) == length && floored(first) == first && floored(segment->origin) == segment->origin ? (ptrdiff_t)length : 0;
}

/* Whether a segment's clock rounds some of the steps up to this one, which have the fraction of this one. It does where the segment
   has begun before step 0, and shows fractions that are small beside that, or numbers beyond 2^53. */
static inline int rounds(const lrvec_segment *segment, double step) {
    const pair own = sum_of(step, -segment->origin);
    return own.low != 0.0 || own.high > (double)LRVEC_LAST_STEP;
}

/* Goes segment by segment. The index of a run is iota. */
void lrvec_evaluate_run(const lrvec_table *table, double first, ptrdiff_t count, struct work work, double *out) {
    ptrdiff_t segment = segment_at(table, first), begin = 0; /* where the segment's values begin in `out` */
    for (ptrdiff_t done = 0, size; done < count; done += size) {
        const double step = first + (double)done;
        while (step >= end_of(table, segment)) segment++, begin = done;
        const lrvec_segment *mine = &table->segments[segment];
        const double left = end_of(table, segment) - step;
        const ptrdiff_t all = steps_before(left, count - done), known = done - begin;
        const struct ahead ahead = further_ahead(work.ahead, done);
        if (rounds(mine, step + (double)(all - 1))) { /* each step in its own way */
            for (ptrdiff_t i = 0; i < all; i++) out[done + i] = segment_value(mine, step + (double)i);
            size = all;
            continue;
        }
        /* an operation cuts a run itself, and copies what is in several cycles */
        const ptrdiff_t cycle = mine->shape == LRVEC_OPERATION ? 0 : cycle_within(mine, first + (double)begin, known + all);
        if (cycle && cycle <= known) {
            size = all;
            copy_cycles(cycle, known, all, ahead, out + done);
            continue;
        }
        size = mine->shape == LRVEC_OPERATION ? all : steps_before(reach_of(table, segment, step, 1.0), count - done);
        if (cycle && size > cycle - known) size = cycle - known;
        const struct block block = {
            .offset = step - mine->origin, .greatest = (double)(size - 1), .count = size, .room = count - done, .is_run = 1,
            .stride = 1.0, .ahead = ahead};
        evaluate_own(mine, &block, NULL, work, out + done);
    }
}

#define RUN_START(name, kind, type, read)                                                                              \
    int64_t name(const type *steps, ptrdiff_t count) {                                                                 \
        if (count < 1) return -1;                                                                                      \
        const int64_t first = read(steps), last = read(steps + count - 1);                                             \
        if (first < 0 || last < first || last > LRVEC_LAST_STEP || last - first != count - 1) return -1;               \
        for (ptrdiff_t done = 0; done < count; done += BLOCK) {                                                        \
            const ptrdiff_t left = count - done;                                                                       \
            if (lrvec_chosen->jumps_##kind(steps + done, left <= BLOCK ? left : BLOCK + 1)) return -1;                 \
        }                                                                                                              \
        return first;                                                                                                  \
    }
RUN_START(lrvec_run_start, long, int64_t, read_once)
RUN_START(lrvec_run_start_short, short, int32_t, read_once_short)
#undef RUN_START

/* ---- arrays ---- */

/* Evaluates BLENDED steps at most, which lie in FEW segments at most and do not ascend. Each segment is evaluated for all of them, with
   one of its own in place of those that are not. That takes less time than to sort them. */
#define BLENDED 128
#define FEW 3

static void blend(const lrvec_table *table, const struct block *block, const double *index, struct work work, double *out) {
    _Alignas(64) double own[BLENDED], values[BLENDED];
    for (ptrdiff_t j = segment_at(table, block->least), last = segment_at(table, block->greatest), first = j; j <= last; j++) {
        const lrvec_segment *const mine = &table->segments[j];
        const double end = end_of(table, j), whole = ceiled(mine->start), step = whole < end ? whole : mine->start;
        struct block all = {.count = block->count};
        lrvec_chosen->confine(index, mine->start, end, step, block->count, own);
        lrvec_chosen->survey(&all, own);
        evaluate(mine, all, own, work, j == first ? out : values);
        if (j > first) lrvec_chosen->put(index, mine->start, values, block->count, out);
    }
}

/* Evaluates SORTED steps at most, which lie in several segments and do not ascend. Sorts the steps by segment into `out`,
   evaluates each group, which puts the values in place of the index, and sorts the values back. With more than MANY segments
   the groups would be too small to be worth it. */
#define SORTED 256
#define MANY 32

static void scatter(const lrvec_table *table, const struct block *block, double *index, struct work work, double *out) {
    const ptrdiff_t first = segment_at(table, block->least), number = segment_at(table, block->greatest) - first + 1;
    if (number > MANY) {
        for (ptrdiff_t i = 0; i < block->count; i++)
            out[i] = segment_value(&table->segments[segment_at(table, index[i])], index[i]);
        return;
    }
    uint8_t owner[SORTED], order[SORTED];
    int32_t ends[MANY + 1] = {0};
    lrvec_chosen->owners(index, block->count, table->segments + first + 1, number - 1, owner);
    for (ptrdiff_t i = 0; i < block->count; i++) ends[owner[i] + 1]++;
    for (ptrdiff_t j = 0; j < number; j++) ends[j + 1] += ends[j];
    for (ptrdiff_t i = 0; i < block->count; i++) {
        const ptrdiff_t place = ends[owner[i]]++;
        order[place] = (uint8_t)i;
        out[place] = index[i];
    }
    for (ptrdiff_t j = 0, begin = 0; j < number; begin = ends[j++]) {
        struct block group = {.count = ends[j] - begin};
        if (!group.count) continue;
        lrvec_chosen->survey(&group, out + begin);
        evaluate(&table->segments[first + j], group, out + begin, work, index + begin);
    }
    for (ptrdiff_t i = 0; i < block->count; i++) out[order[i]] = index[i];
}

void lrvec_evaluate_block(const lrvec_table *table, struct block block, double *index, struct work work, double *out) {
    const ptrdiff_t count = block.count, segment = segment_at(table, block.least);
    if (block.ascends) {
        const double apart = maximum((block.greatest - block.least) / (double)count, 1.0);
        for (ptrdiff_t begin = 0; begin < count;) {
            const ptrdiff_t mine = segment_at(table, index[begin]);
            const double end = index[begin] + reach_of(table, mine, index[begin], apart);
            ptrdiff_t low = begin + 1, high = count; /* the first index at or past the end is among low ... high */
            if (index[count - 1] < end) low = count;
            while (low < high) {
                const ptrdiff_t middle = low + (high - low) / 2;
                if (index[middle] < end) low = middle + 1;
                else high = middle;
            }
            block.ahead = further_ahead(work.ahead, begin);
            block.room = count - begin, block.count = low - begin, block.least = index[begin], block.greatest = index[low - 1];
            evaluate(&table->segments[mine], block, index + begin, work, out + begin);
            begin = low;
        }
    } else if (block.greatest < end_of(table, segment)) {
        evaluate(&table->segments[segment], block, index, work, out);
    } else {
        const int are_few = segment_at(table, block.greatest) - segment < FEW;
        const ptrdiff_t size = are_few ? BLENDED : SORTED;
        for (ptrdiff_t done = 0; done < count; done += size) {
            block.count = count - done < size ? count - done : size;
            if (are_few) blend(table, &block, index + done, work, out + done);
            else scatter(table, &block, index + done, work, out + done);
        }
    }
}

/* The steps that are asked for: those of an array of either type; or, if both are NULL, first, first + stride, ... */
struct asked {
    const int64_t *steps;
    int64_t first, stride;
    const int32_t *short_steps;
};

/* The first of `count` steps from the step at `done` on, if they are a run; else -1. */
static inline int64_t start_of_run(const struct asked *asked, ptrdiff_t done, ptrdiff_t count) {
    return asked->steps         ? lrvec_run_start(asked->steps + done, count)
           : asked->short_steps ? lrvec_run_start_short(asked->short_steps + done, count)
           : asked->stride == 1 ? asked->first + done
                                : -1;
}

/* Returns the values of `count` steps from the step at `done` on: a block at most, or a long block of a run. `start` is what
   start_of_run says of them. The values stand in `out`; or, if that is NULL, in the space, which may not have room for all of them:
   `count` becomes their number. Returns NULL if a step is invalid. */
static const double *advance_from(int64_t start, const lrvec_table *table, const struct asked *asked, ptrdiff_t done,
                                  ptrdiff_t *count, struct work work, union space *space, double *out) {
    if (start >= 0) {
        if (!out) out = space->block;
        lrvec_evaluate_run(table, (double)start, *count, work, out);
        return out;
    }
    double *index = space->block;
    if (!out) {
        if (*count > PART) *count = PART;
        out = space->part.values;
    }
    struct block block = {.count = *count, .ascends = asked->stride > 0, .ahead = work.ahead};
    if (asked->steps) {
        if (!lrvec_chosen->convert_long(asked->steps + done, &block, index)) return NULL;
    } else if (asked->short_steps) {
        if (!lrvec_chosen->convert_short(asked->short_steps + done, &block, index)) return NULL;
    } else {
        const int64_t from = asked->first + done * asked->stride;
        lrvec_chosen->space_out((double)from, (double)asked->stride, block.count, index);
        block.stride = (double)(block.ascends ? asked->stride : 0);
        block.least = index[block.ascends ? 0 : block.count - 1];
        block.greatest = index[block.ascends ? block.count - 1 : 0];
    }
    lrvec_evaluate_block(table, block, index, work, out);
    return out;
}

static inline const double *advance(const lrvec_table *table, const struct asked *asked, ptrdiff_t done, ptrdiff_t *count,
                                    struct work work, union space *space, double *out) {
    return advance_from(start_of_run(asked, done, *count), table, asked, done, count, work, space, out);
}

/* The steps left in a block of `most` steps that ends where `out`, whose values have this width, comes to a cache line. */
static inline ptrdiff_t left_of_block(ptrdiff_t left, ptrdiff_t most, const void *out, size_t width) {
    const ptrdiff_t full = most - (ptrdiff_t)((uintptr_t)out % LINE / width);
    return left < full ? left : full;
}

/* Sets the size of the block that begins at `done`: of `most` steps if they are a run, else of BLOCK. Returns what start_of_run says
   of them. */
static inline int64_t next_run(const struct asked *asked, ptrdiff_t done, ptrdiff_t count, ptrdiff_t most, const void *out,
                               size_t width, ptrdiff_t *size) {
    *size = left_of_block(count - done, most, out, width);
    const int64_t start = start_of_run(asked, done, *size);
    if (start >= 0 || *size <= BLOCK) return start;
    *size = left_of_block(count - done, BLOCK, out, width);
    return start_of_run(asked, done, *size);
}

/* ---- the memory that operations work in ---- */

/* Takes memory for the operations of a table, if it has any: `memory` is what is to be freed. Returns whether there was enough. */
static int begin_work(const lrvec_table *table, lrvec_fine *own, struct work *work, void **memory) {
    *work = (struct work){.fine = lrvec_fine_of(table, own)};
    *memory = NULL;
    if (!table->depth) return 1;
    *memory = malloc((size_t)table->depth * sizeof(struct level) + LINE);
    if (!*memory) return 0;
    work->levels = next_line(*memory);
    for (int i = 0; i < table->depth; i++) lrvec_make_new(&work->levels[i].fine), work->levels[i].cycle_of = NULL;
    return 1;
}

/* ---- many steps ---- */

/* What to ask for while `size` values are made from `out` on: the memory of as many values a block further on, or `size` values
   further on if these are fewer. There is nothing to ask for if the `left` values end before. */
static inline struct ahead ahead_of(const void *out, ptrdiff_t width, ptrdiff_t size, ptrdiff_t left) {
    const ptrdiff_t distance = size < BLOCK ? size : BLOCK;
    return (struct ahead){(uintptr_t)out + (uintptr_t)(distance * width), left >= distance + size ? width : 0};
}

static int fill(const lrvec_table *table, const struct asked *asked, ptrdiff_t count, double *out) {
    union space space;
    _Alignas(64) lrvec_fine own;
    struct work work;
    void *memory;
    int state = LRVEC_DONE;
    if (!begin_work(table, &own, &work, &memory)) return LRVEC_NO_MEMORY;
    const ptrdiff_t most = table->depth ? BLOCK : LONG_BLOCK;
    for (ptrdiff_t done = 0, size; done < count && state == LRVEC_DONE; done += size) {
        const int64_t start = next_run(asked, done, count, most, out + done, sizeof *out, &size);
        work.ahead = ahead_of(out + done, sizeof *out, size, count - done);
        if (!advance_from(start, table, asked, done, &size, work, &space, out + done)) state = LRVEC_INVALID_STEP;
    }
    free(memory);
    return state;
}

static int fill_float(const lrvec_table *table, const struct asked *asked, ptrdiff_t count, float *out) {
    union space space;
    _Alignas(64) lrvec_fine own;
    struct work work;
    void *memory, *room;
    int state = LRVEC_DONE;
    if (!begin_work(table, &own, &work, &memory)) return LRVEC_NO_MEMORY;
    room = !table->depth && count > BLOCK ? malloc(ROUNDED_BLOCK * sizeof(double) + LINE) : NULL; /* else short blocks will do */
    double *const wide = room ? next_line(room) : NULL;
    const ptrdiff_t most = wide ? ROUNDED_BLOCK : BLOCK;
    for (ptrdiff_t done = 0, size; done < count && state == LRVEC_DONE; done += size) {
        const int64_t start = next_run(asked, done, count, most, out + done, sizeof *out, &size);
        work.ahead = ahead_of(out + done, sizeof *out, size, count - done);
        const double *values = advance_from(start, table, asked, done, &size, work, &space, start < 0 ? NULL : wide);
        if (values) lrvec_chosen->narrow(values, size, out + done);
        else state = LRVEC_INVALID_STEP;
    }
    free(memory);
    free(room);
    return state;
}

int lrvec_array(const lrvec_table *table, const int64_t *steps, ptrdiff_t count, double *out) {
    return fill(table, &(const struct asked){.steps = steps}, count, out);
}

int lrvec_array_float(const lrvec_table *table, const int64_t *steps, ptrdiff_t count, float *out) {
    return fill_float(table, &(const struct asked){.steps = steps}, count, out);
}

int lrvec_array_short(const lrvec_table *table, const int32_t *steps, ptrdiff_t count, double *out) {
    return fill(table, &(const struct asked){.short_steps = steps}, count, out);
}

int lrvec_array_short_float(const lrvec_table *table, const int32_t *steps, ptrdiff_t count, float *out) {
    return fill_float(table, &(const struct asked){.short_steps = steps}, count, out);
}

int lrvec_range(const lrvec_table *table, int64_t first, int64_t stride, ptrdiff_t count, double *out) {
    return fill(table, &(const struct asked){.first = first, .stride = stride}, count, out);
}

int lrvec_range_float(const lrvec_table *table, int64_t first, int64_t stride, ptrdiff_t count, float *out) {
    return fill_float(table, &(const struct asked){.first = first, .stride = stride}, count, out);
}

#define FIRST_INVALID(name, kind, type)                                                                                \
    ptrdiff_t name(const type *steps, ptrdiff_t count) {                                                               \
        for (ptrdiff_t done = 0; done < count; done += BLOCK) {                                                        \
            const ptrdiff_t size = count - done < BLOCK ? count - done : BLOCK;                                        \
            if (!lrvec_chosen->invalid_##kind(steps + done, size)) continue;                                           \
            for (ptrdiff_t i = done; i < done + size; i++)                                                             \
                if (lrvec_chosen->invalid_##kind(steps + i, 1)) return i;                                              \
        }                                                                                                              \
        return -1;                                                                                                     \
    }
FIRST_INVALID(lrvec_first_invalid, long, int64_t)
FIRST_INVALID(lrvec_first_invalid_short, short, int32_t)
#undef FIRST_INVALID

/* ---- summaries ---- */

static double fold(lrvec_summary *summary, const double *values, ptrdiff_t done, ptrdiff_t count, double *lanes, int more) {
    double extremes[3];
    lrvec_chosen->fold(values, count, lanes, more, extremes);
    if (!done || extremes[1] < summary->least) {
        const ptrdiff_t place = lrvec_chosen->place_of(extremes[1], values, count);
        summary->least = values[place], summary->least_at = (double)(done + place);
    }
    if (!done || extremes[2] > summary->greatest) {
        const ptrdiff_t place = lrvec_chosen->place_of(extremes[2], values, count);
        summary->greatest = values[place], summary->greatest_at = (double)(done + place);
    }
    if (!done) summary->first = values[0];
    summary->last = values[count - 1];
    return extremes[0];
}

/* Sums the values from the place `done` to `end` in the large unit, in which no sum of finite doubles overflows. Returns
   whether the steps were valid. */
static int large_sum(const lrvec_table *table, const struct asked *asked, ptrdiff_t done, ptrdiff_t end, struct work work,
                     union space *space, double *sum) {
    double total = 0.0, rest = 0.0;
    for (ptrdiff_t size; done < end; done += size) {
        size = end - done;
        const double *values = advance(table, asked, done, &size, work, space, NULL);
        if (!values) return 0;
        for (ptrdiff_t i = 0; i < size; i++) {
            const pair next = sum_of(total, values[i] / LRVEC_LARGE);
            total = next.high, rest += next.low;
        }
    }
    *sum = total + rest;
    return 1;
}

/* Adds up the sums of blocks of BLOCK values, counted from the first step, as high + low. So the bits do not depend on how the
   work is cut into spans, as long as a span is a multiple of a block. */
static int summarize(const lrvec_table *table, const struct asked *asked, ptrdiff_t count, struct work work,
                     lrvec_summary *summary) {
    union space space;
    *summary = (lrvec_summary){.unit = 1.0};
    for (ptrdiff_t done = 0; done < count;) {
        double lanes[LANES] = {0.0}, total = 0.0;
        const ptrdiff_t begin = done, end = count - done < BLOCK ? count : done + BLOCK;
        for (ptrdiff_t size; done < end; done += size) {
            size = end - done;
            const double *values = advance(table, asked, done, &size, work, &space, NULL);
            if (!values) return LRVEC_INVALID_STEP;
            total = fold(summary, values, done, size, lanes, done + size < end);
        }
        if (summary->unit == 1.0 && !isfinite(summary->sum + total)) {
            summary->sum /= LRVEC_LARGE, summary->rest /= LRVEC_LARGE;
            summary->unit = LRVEC_LARGE;
        }
        if (summary->unit != 1.0 && isfinite(total)) total /= LRVEC_LARGE;
        else if (summary->unit != 1.0 && isfinite(summary->least) && isfinite(summary->greatest))
            if (!large_sum(table, asked, begin, end, work, &space, &total)) return LRVEC_INVALID_STEP;
        const pair sum = sum_of(summary->sum, total);
        summary->sum = sum.high;
        summary->rest += sum.low;
    }
    return LRVEC_DONE;
}

int lrvec_summarize(const lrvec_table *table, const int64_t *steps, int64_t start, int64_t stride, ptrdiff_t count,
                    lrvec_summary *summary) {
    _Alignas(64) lrvec_fine own;
    struct work work;
    void *memory;
    if (!begin_work(table, &own, &work, &memory)) return LRVEC_NO_MEMORY;
    const int state = summarize(table, &(const struct asked){.steps = steps, .first = start, .stride = stride}, count, work, summary);
    free(memory);
    return state;
}
