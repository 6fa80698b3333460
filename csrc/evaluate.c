/* Tables of segments over one step, a range or an array: the vector widths, the choice among them, and what happens
   around the loops of evaluate.h. */
#include "lrvec.h"

/* Steps are worked on in blocks that stay in the first-level cache. A block's steps are offset + index[0 ... count - 1]. */
#define BLOCK 1024

struct block {
    double offset;
    double least, greatest; /* of the index */
    ptrdiff_t count;
    int mixed;   /* least and greatest do not stand for this block: take the path that always holds */
    int ascends; /* the index does */
    int valid;   /* no step is outside 0 ... LRVEC_LAST_STEP */
    int is_run;  /* the index is `iota`, over and over */
};

/* Rows whose steps are told to a segment at a time: few enough for what belongs to them to stay in that cache. Where a
   segment has fewer of them than one in RARE, its rows are picked; else it is computed for all, which takes less time. */
#define ROWS 64
#define RARE 8

/* A segment's constant columns, written out. */
struct columns {
    const lrvec_row_segment *segment;
    double parameters[LRVEC_MAX_PARAMETERS][ROWS], origin[ROWS];
};

/* The index of a run is so short that the values do not push it out of that cache. */
#define STRIP 256

static double iota[STRIP] __attribute__((aligned(64)));

struct width {
    void (*shape[LRVEC_SHAPE_COUNT])(const void *, const struct block *, const double *, double *);
    void (*run[LRVEC_SHAPE_COUNT])(const void *, const struct block *, lrvec_fine *, double *); /* or NULL */
    void (*convert)(const int64_t *, struct block *, double *);
    void (*owners)(const double *, ptrdiff_t, const lrvec_segment *, ptrdiff_t, int64_t *);
    int (*invalid)(const int64_t *, ptrdiff_t);
    int (*jumps)(const int64_t *, ptrdiff_t);
    void (*narrow)(const double *, ptrdiff_t, float *);
    int (*pointwise)(const lrvec_rows *, ptrdiff_t, ptrdiff_t, const int64_t *, ptrdiff_t, double *);
    void (*fold)(const double *, ptrdiff_t, double *);
    ptrdiff_t (*place_of)(double, const double *, ptrdiff_t);
};

#if defined(__GNUC__) && defined(__x86_64__)
#define X86_WIDTHS 1
#endif

#define WIDTH(name) name##_baseline
#define TARGET
#include "evaluate.h"
#undef WIDTH
#undef TARGET

#ifdef X86_WIDTHS
#define WIDTH(name) name##_avx2
#define TARGET __attribute__((target("avx2,tune=haswell")))
#include "evaluate.h"
#undef WIDTH
#undef TARGET

#define WIDTH(name) name##_avx512
/* A compiler that tunes for this processor prefers vectors of 256 bits. gcc can be told otherwise; clang ignores a whole
   target list with that option in it, and so tunes for none. */
#if defined(__clang__)
#define TARGET __attribute__((target("avx512f,avx512dq,avx512bw,avx512vl")))
#else
#define TARGET __attribute__((target("avx512f,avx512dq,avx512bw,avx512vl,prefer-vector-width=512,tune=skylake-avx512")))
#endif
#include "evaluate.h"
#undef WIDTH
#undef TARGET
#endif

/* ---- the choice of a width ---- */

#ifdef X86_WIDTHS
const char *const lrvec_widths[] = {"baseline", "avx2", "avx512", NULL};
static const struct width *const kernels_of[] = {&kernels_baseline, &kernels_avx2, &kernels_avx512};
#else
const char *const lrvec_widths[] = {"baseline", NULL};
static const struct width *const kernels_of[] = {&kernels_baseline};
#endif

static const struct width *chosen = &kernels_baseline;

static int processor_has(int width) {
#ifdef X86_WIDTHS
    if (width == 1) return __builtin_cpu_supports("avx2");
    if (width == 2)
        return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
               __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl");
#endif
    return width == 0;
}

int lrvec_has_width(const char *name) {
    for (int i = 0; lrvec_widths[i]; i++)
        if (!strcmp(lrvec_widths[i], name)) return processor_has(i);
    return 0;
}

const char *lrvec_choose_width(const char *name) {
    for (int i = 0; i < STRIP; i++) iota[i] = i;
    int best = -1;
    for (int i = 0; lrvec_widths[i]; i++)
        if (processor_has(i) && (!name || !strcmp(lrvec_widths[i], name))) best = i;
    if (best < 0) return NULL;
    chosen = kernels_of[best];
    return lrvec_widths[best];
}

/* ---- segments ---- */

#define SIGNATURE(name, count, ...) {#name, count, {__VA_ARGS__}},
const lrvec_signature lrvec_signatures[] = {LRVEC_SHAPES(SIGNATURE)};
#undef SIGNATURE

size_t lrvec_constants_size(enum lrvec_shape shape) {
#define SIZE(name, ...) sizeof(struct name),
    static const size_t sizes[] = {LRVEC_SHAPES(SIZE)};
#undef SIZE
    return sizes[shape];
}

void lrvec_prepare(enum lrvec_shape shape, const double *parameters, void *constants) {
    switch (shape) {
#define CASE(name, ...) \
    case LRVEC_##name: name##_prepare(constants, parameters); break;
        LRVEC_SHAPES(CASE)
#undef CASE
    case LRVEC_SHAPE_COUNT: break;
    }
}

double lrvec_shape_value(enum lrvec_shape shape, const void *constants, double step) {
    switch (shape) {
#define CASE(name, ...) \
    case LRVEC_##name: return name##_value(constants, step, ANY);
        LRVEC_SHAPES(CASE)
#undef CASE
    case LRVEC_SHAPE_COUNT: break;
    }
    return 0.0;
}

/* For how many steps from this one, on the shape's clock, a block had better not be cut; see shapes.h. */
static double stretch_of(const lrvec_segment *segment, double step) {
    switch (segment->shape) {
#define CASE(name, ...) \
    case LRVEC_##name: return name##_stretch(segment->constants, step);
        LRVEC_SHAPES(CASE)
#undef CASE
    case LRVEC_SHAPE_COUNT: break;
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

/* The steps from `step` to where a block is to be cut: at its segment's end or, if that is worth it, at a stretch's. */
#define WORTH_CUTTING 64

static inline double reach_of(const lrvec_table *table, ptrdiff_t segment, double step) {
    const double left = end_of(table, segment) - step;
    const double stretch = stretch_of(&table->segments[segment], step - table->segments[segment].origin);
    return stretch >= WORTH_CUTTING && stretch < left ? stretch : left;
}

static inline void evaluate(const lrvec_segment *segment, struct block block, const double *index, double *out) {
    block.offset -= segment->origin;
    chosen->shape[segment->shape](segment->constants, &block, index, out);
}

static inline double segment_value(const lrvec_segment *segment, double step) {
    return lrvec_shape_value(segment->shape, segment->constants, step - segment->origin);
}

double lrvec_value(const lrvec_table *table, int64_t step) {
    return segment_value(&table->segments[segment_at(table, (double)step)], (double)step);
}

/* ---- runs ---- */

/* A block of consecutive steps: segment by segment, with no index but iota. */
static void run(const lrvec_table *table, double first, ptrdiff_t count, lrvec_fine *fine, double *out) {
    ptrdiff_t segment = segment_at(table, first);
    for (ptrdiff_t done = 0; done < count;) {
        const double step = first + (double)done;
        while (step >= end_of(table, segment)) segment++;
        const lrvec_segment *mine = &table->segments[segment];
        const double left = reach_of(table, segment, step);
        const ptrdiff_t size = left < (double)(count - done) ? (ptrdiff_t)left : count - done;
        const struct block block = {
            .offset = step - mine->origin, .greatest = (double)(size - 1), .count = size, .is_run = 1};
        if (chosen->run[mine->shape]) chosen->run[mine->shape](mine->constants, &block, fine, out + done);
        else chosen->shape[mine->shape](mine->constants, &block, iota, out + done);
        done += size;
    }
}

int lrvec_is_run(const int64_t *steps, ptrdiff_t count) {
    if (count < 1 || steps[0] < 0 || steps[0] > LRVEC_LAST_STEP || steps[count - 1] < 0) return 0;
    if (steps[count - 1] > LRVEC_LAST_STEP || steps[count - 1] - steps[0] != count - 1) return 0;
    for (ptrdiff_t done = 0; done < count; done += BLOCK) {
        const ptrdiff_t left = count - done;
        if (chosen->jumps(steps + done, left <= BLOCK ? left : BLOCK + 1)) return 0;
    }
    return 1;
}

/* ---- arrays ---- */

/* A block whose steps lie in several segments and do not ascend: sort the steps by segment, evaluate each group, put the
   values back. Where there are MANY segments in question the groups are too small to be worth it. */
#define MANY 32

static void scatter(const lrvec_table *table, const struct block *block, const double *index, double *out) {
    const ptrdiff_t first = segment_at(table, block->least), number = segment_at(table, block->greatest) - first + 1;
    if (number > MANY) {
        for (ptrdiff_t i = 0; i < block->count; i++)
            out[i] = segment_value(&table->segments[segment_at(table, index[i])], index[i]);
        return;
    }
    int64_t owner[BLOCK];
    uint16_t order[BLOCK];
    double sorted[BLOCK], values[BLOCK];
    ptrdiff_t ends[MANY + 1] = {0};
    chosen->owners(index, block->count, table->segments + first + 1, number - 1, owner);
    for (ptrdiff_t i = 0; i < block->count; i++) ends[owner[i] + 1]++;
    for (ptrdiff_t j = 0; j < number; j++) ends[j + 1] += ends[j];
    for (ptrdiff_t i = 0; i < block->count; i++) {
        const ptrdiff_t place = ends[owner[i]]++;
        order[place] = (uint16_t)i;
        sorted[place] = index[i];
    }
    for (ptrdiff_t j = 0, begin = 0; j < number; begin = ends[j++]) {
        const struct block group = {.count = ends[j] - begin, .mixed = 1};
        if (group.count) evaluate(&table->segments[first + j], group, sorted + begin, values + begin);
    }
    for (ptrdiff_t i = 0; i < block->count; i++) out[order[i]] = values[i];
}

/* Returns 0, and has written nothing, where a step is invalid. */
static int array_block(const lrvec_table *table, const int64_t *steps, ptrdiff_t count, lrvec_fine *fine, double *out) {
    if (lrvec_is_run(steps, count)) {
        run(table, (double)steps[0], count, fine, out);
        return 1;
    }
    double index[BLOCK] __attribute__((aligned(64)));
    struct block block = {.count = count, .valid = 1};
    chosen->convert(steps, &block, index);
    if (!block.valid) return 0;
    const ptrdiff_t segment = segment_at(table, block.least);
    if (block.ascends) {
        for (ptrdiff_t begin = 0; begin < count;) {
            const ptrdiff_t mine = segment_at(table, index[begin]);
            const double end = index[begin] + reach_of(table, mine, index[begin]);
            ptrdiff_t low = begin + 1, high = count; /* the first index at or past the end is among low ... high */
            if (index[count - 1] < end) low = count;
            while (low < high) {
                const ptrdiff_t middle = low + (high - low) / 2;
                if (index[middle] < end) low = middle + 1;
                else high = middle;
            }
            block.count = low - begin, block.least = index[begin], block.greatest = index[low - 1];
            evaluate(&table->segments[mine], block, index + begin, out + begin);
            begin = low;
        }
    } else if (block.greatest < end_of(table, segment)) {
        evaluate(&table->segments[segment], block, index, out);
    } else {
        scatter(table, &block, index, out);
    }
    return 1;
}

/* The size of the next block: the first one ends where `out` comes to a cache line. */
static inline ptrdiff_t block_size(ptrdiff_t left, const double *out) {
    const ptrdiff_t full = BLOCK - (ptrdiff_t)((uintptr_t)out % 64 / sizeof *out);
    return left < full ? left : full;
}

int lrvec_array(const lrvec_table *table, const int64_t *steps, ptrdiff_t count, double *out) {
    lrvec_fine own, *const fine = lrvec_fine_of(table, &own);
    for (ptrdiff_t done = 0, size; done < count; done += size) {
        size = block_size(count - done, out + done);
        if (!array_block(table, steps + done, size, fine, out + done)) return 0;
    }
    return 1;
}

int lrvec_array_float(const lrvec_table *table, const int64_t *steps, ptrdiff_t count, float *out) {
    double wide[BLOCK];
    lrvec_fine own, *const fine = lrvec_fine_of(table, &own);
    for (ptrdiff_t done = 0; done < count; done += BLOCK) {
        const ptrdiff_t size = count - done < BLOCK ? count - done : BLOCK;
        if (!array_block(table, steps + done, size, fine, wide)) return 0;
        chosen->narrow(wide, size, out + done);
    }
    return 1;
}

ptrdiff_t lrvec_first_invalid(const int64_t *steps, ptrdiff_t count) {
    for (ptrdiff_t done = 0; done < count; done += BLOCK) {
        const ptrdiff_t size = count - done < BLOCK ? count - done : BLOCK;
        if (!chosen->invalid(steps + done, size)) continue;
        for (ptrdiff_t i = done;; i++)
            if (steps[i] < 0 || steps[i] > LRVEC_LAST_STEP) return i;
    }
    return -1;
}

/* ---- ranges ---- */

static void range_block(const lrvec_table *table, int64_t first, int64_t stride, ptrdiff_t count, lrvec_fine *fine,
                        double *out) {
    if (stride == 1) {
        run(table, (double)first, count, fine, out);
    } else {
        int64_t steps[BLOCK];
        for (ptrdiff_t i = 0; i < count; i++) steps[i] = first + i * stride;
        array_block(table, steps, count, fine, out);
    }
}

void lrvec_range(const lrvec_table *table, int64_t first, int64_t stride, ptrdiff_t count, double *out) {
    lrvec_fine own, *const fine = lrvec_fine_of(table, &own);
    for (ptrdiff_t done = 0, size; done < count; done += size) {
        size = block_size(count - done, out + done);
        range_block(table, first + done * stride, stride, size, fine, out + done);
    }
}

void lrvec_range_float(const lrvec_table *table, int64_t first, int64_t stride, ptrdiff_t count, float *out) {
    double wide[BLOCK];
    lrvec_fine own, *const fine = lrvec_fine_of(table, &own);
    for (ptrdiff_t done = 0; done < count; done += BLOCK) {
        const ptrdiff_t size = count - done < BLOCK ? count - done : BLOCK;
        range_block(table, first + done * stride, stride, size, fine, wide);
        chosen->narrow(wide, size, out + done);
    }
}

/* ---- rows ---- */

int lrvec_rows_pointwise(const lrvec_rows *rows, ptrdiff_t first, ptrdiff_t count, const int64_t *steps, ptrdiff_t stride,
                         double *out) {
    return chosen->pointwise(rows, first, count, steps, stride, out);
}

void lrvec_fold(const double *values, ptrdiff_t count, double *found) { chosen->fold(values, count, found); }

ptrdiff_t lrvec_place_of(double value, const double *values, ptrdiff_t count) { return chosen->place_of(value, values, count); }
