/* What the loops of a vector width (baseline.c, avx2.c, avx512.c) and the functions around them (tables.c, rows.c) know of each other. */
#ifndef LRVEC_WIDTHS_H
#define LRVEC_WIDTHS_H

#include "lrvec.h"

/* As stdlib.h declares them. Clang cannot read mingw's stdlib.h by MSVC's rules, by which CI has it compile the kernels. */
void *malloc(size_t size);
void *calloc(size_t count, size_t size);
void free(void *memory);

/* Steps are worked on in blocks that stay in the first-level cache. A block's steps on the shape's clock are
   offset + index[0 ... count - 1], both integers unless lengths are fractions. */
#define BLOCK 1024

/* A run whose values stay where they are made is cut into longer blocks, so that more steps share what a block costs. Such a block
   lies in 32 parts of an expansion (shapes/parts.h) at most, which are full vectors. */
#define LONG_BLOCK (31 * PART_SIZE)

/* A run whose values are rounded to floats is cut into blocks that stay in the first-level cache beside what is rounded, and lie in 16
   parts at most. */
#define ROUNDED_BLOCK (15 * PART_SIZE)

/* The memory that the next block's values go to. A loop asks for it as it goes, since stores alone would wait for it at the begin
   of each page: from an address on, so many bytes for each value of its own block. The size is 0 where there is nothing to ask
   for. */
struct ahead {
    uintptr_t from;
    ptrdiff_t size;
};

/* A strip is so short that the memory of the next block that belongs to it can be asked for in one go. */
#define STRIP 128

enum { LINE = 64 }; /* bytes that memory and caches hand on at a time */

/* The first address from this one on at which a line begins. */
LRVEC_INLINE void *next_line(void *memory) { return (char *)memory + (LINE - (uintptr_t)memory % LINE) % LINE; }

LRVEC_INLINE void ask_ahead(const struct ahead *ahead, ptrdiff_t done, ptrdiff_t count) {
    const uintptr_t from = ahead->from + (uintptr_t)(done * ahead->size);
    for (ptrdiff_t i = 0; i < count * ahead->size; i += LINE) LRVEC_ASK(from + (uintptr_t)i);
}

LRVEC_INLINE struct ahead further_ahead(struct ahead ahead, ptrdiff_t done) {
    return (struct ahead){ahead.from + (uintptr_t)(done * ahead.size), ahead.size};
}

/* Copies values, and asks strip by strip for the memory ahead. */
LRVEC_INLINE void copy_ahead(const double *values, ptrdiff_t count, struct ahead ahead, double *out) {
    for (ptrdiff_t done = 0, size; done < count; done += size) {
        size = count - done < STRIP ? count - done : STRIP;
        ask_ahead(&ahead, done, size);
        memcpy(out + done, values + done, (size_t)size * sizeof *out);
    }
}

/* Copies the values of steps that lie whole cycles behind others, of which `known` values stand before `out`: from ever more of them. */
LRVEC_INLINE void copy_cycles(ptrdiff_t cycle, ptrdiff_t known, ptrdiff_t count, struct ahead ahead, double *out) {
    for (ptrdiff_t done = 0, size; done < count; done += size) {
        const ptrdiff_t back = known + done - (known + done) % cycle;
        size = count - done < back ? count - done : back;
        copy_ahead(out + done - back, size, further_ahead(ahead, done), out + done);
    }
}

struct block {
    double offset;
    double least, greatest; /* of the index */
    ptrdiff_t count;
    ptrdiff_t room; /* so many steps may be read and values be written; those behind the count do not matter */
    int ascends; /* the index does */
    int is_run;  /* the index is 0, 1, 2, ... and given as NULL */
    double stride; /* a step of the index is so far from the one before it: 1 for a run; 0 if the distances differ */
    struct ahead ahead;
};

/* Whether what is `least` at one end of `count` steps and `greatest` at the other goes up by the stride with each step: without a
   rounding, or all of them are rounded alike, since the greatest has the last places of the least. Beyond 2^53 odd numbers are rounded
   up and down by turns. */
LRVEC_INLINE int go_in_step(double least, double greatest, double stride, ptrdiff_t count) {
    const double distance = stride * (double)(count - 1);
    return least + distance == greatest && greatest - distance == least && greatest <= (double)LRVEC_LAST_STEP;
}

/* The size of a loop over `count` steps of a block from the place `done` on: a few more, if there is room, so that the last vector is
   full. */
LRVEC_INLINE ptrdiff_t full_vectors(const struct block *block, ptrdiff_t done, ptrdiff_t count) {
    const ptrdiff_t rounded = (count + 7) / 8 * 8;
    return done + rounded <= block->room ? rounded : count;
}

/* A sum has so many lanes, to which the values are added in turn. */
enum { LANES = 32 };

/* Another thread may change a step of an array at any time. So one private copy of a step says whether it is valid, and leads
   to its place in a table or an array. No function reads a step again for that. */
LRVEC_INLINE int64_t read_once(const int64_t *step) { return *(const volatile int64_t *)step; }
LRVEC_INLINE int64_t read_once_short(const int32_t *step) { return *(const volatile int32_t *)step; }

/* The types that steps in memory have. */
#define LRVEC_STEPS(STEPS) STEPS(long, int64_t) STEPS(short, int32_t)

/* The top bit is set unless the step is valid. */
LRVEC_INLINE uint64_t invalidity(int64_t step) { return (uint64_t)step | ((uint64_t)LRVEC_LAST_STEP - (uint64_t)step); }

LRVEC_INLINE double entry(const lrvec_column *column, ptrdiff_t row) {
    return column->counts ? (double)column->counts[row * column->stride] : column->values[row * column->stride];
}

/* Does what lrvec_prepare does, with the parameters of one row. */
void lrvec_prepare_row(enum lrvec_shape shape, const lrvec_column *columns, ptrdiff_t row, void *constants);

/* The memory that an operation works in. */
struct level {
    lrvec_fine fine; /* of the tables within */
    _Alignas(64) double index[BLOCK], values[BLOCK];
    double cycle[2 * BLOCK]; /* the values of a clock's cycle, if it is short, and behind them those of a block from its begin on */
    const void *cycle_of;    /* the operation whose cycle this is; or NULL */
};

/* The memory that a table is evaluated with: the fine parts of its waves, and for each depth of operations a level, the first one
   for those of the table itself. */
struct work {
    lrvec_fine *fine;
    struct level *levels;
    struct ahead ahead; /* of the first value */
};

/* How many of `count` consecutive steps are less than a distance behind the first one. The distance need not be an integer. */
LRVEC_INLINE ptrdiff_t steps_before(double distance, ptrdiff_t count) {
    if (distance >= (double)count) return count;
    const ptrdiff_t whole = (ptrdiff_t)distance;
    return whole + (distance > (double)whole);
}

/* Writes the values of `count` consecutive steps, a block at most, or a long block where the table has no operations. */
void lrvec_evaluate_run(const lrvec_table *table, double first, ptrdiff_t count, struct work work, double *out);

/* Writes the values of a block, whose index holds the steps themselves. The index is lost. */
void lrvec_evaluate_block(const lrvec_table *table, struct block block, double *index, struct work work, double *out);

/* Does what the loops of a shape do: the block's steps are on the operation's own clock. */
void lrvec_operate(const lrvec_operation *operation, const struct block *block, const double *index, struct work work, double *out);

/* The value at one step of the operation's own clock. */
double lrvec_operation_value(const lrvec_operation *operation, double step);

/* For how many steps from this one the values go on as a curve's: for ever where a whole cycle fits into a block. */
double lrvec_operation_stretch(const lrvec_operation *operation, double step);

/* The table's value at one step, which may be a fraction. */
double lrvec_table_value(const lrvec_table *table, double step);

/* The functions of a width. */
struct width {
    /* Writes the values of a shape with these constants over a block of steps. `run`, where it is not NULL, has a shorter way for runs
       and for steps that are near to each other. It returns 0 where the steps are others; anything may then stand in `out`. */
    void (*shape[LRVEC_SHAPE_COUNT])(const void *constants, const struct block *block, const double *index, double *out);
    int (*run[LRVEC_SHAPE_COUNT])(const void *constants, const struct block *block, const double *index, lrvec_fine *fine, double *out);
    /* The others are described in blocks-inl.h, columns-inl.h and sums-inl.h. */
#define STEPS(kind, type)                                                                     \
    int (*convert_##kind)(const type *steps, struct block *block, double *index);             \
    int (*invalid_##kind)(const type *steps, ptrdiff_t count);                                \
    int (*jumps_##kind)(const type *steps, ptrdiff_t count);
    LRVEC_STEPS(STEPS)
#undef STEPS
    void (*space_out)(double first, double stride, ptrdiff_t count, double *index);
    void (*owners)(const double *index, ptrdiff_t count, const lrvec_segment *bounds, ptrdiff_t number, uint8_t *owner);
    void (*confine)(const double *index, double start, double end, double step, ptrdiff_t count, double *own);
    void (*put)(const double *index, double start, const double *values, ptrdiff_t count, double *out);
    void (*survey)(struct block *block, const double *index);
    void (*narrow)(const double *wide, ptrdiff_t count, float *out);
    void (*combine[LRVEC_OPERATION_COUNT])(const double *others, ptrdiff_t count, double *values);
    void (*combine_one[LRVEC_OPERATION_COUNT])(double other, ptrdiff_t count, double *values);
    void (*clock[LRVEC_OPERATION_COUNT])(const lrvec_operation *operation, double offset, const double *index, ptrdiff_t count,
                                         double *steps);
    int (*pointwise)(const lrvec_rows *rows, ptrdiff_t first, ptrdiff_t count, const int64_t *steps, ptrdiff_t stride,
                     double *out);
    int (*few)(const lrvec_rows *rows, ptrdiff_t first, ptrdiff_t count, const int64_t *steps, int64_t start, int64_t stride,
               ptrdiff_t width, void *out, ptrdiff_t pitch, ptrdiff_t gap, int narrow);
    void (*fold)(const double *values, ptrdiff_t count, double *lanes, int more, double *found);
    ptrdiff_t (*place_of)(double value, const double *values, ptrdiff_t count);
    void (*fill_tables)(void); /* before the first loop */
};

extern const struct width lrvec_baseline;
#if defined(__GNUC__) && defined(__x86_64__)
#define LRVEC_X86_WIDTHS 1
extern const struct width lrvec_avx2, lrvec_avx512;
#endif

/* The width that lrvec_choose_width has chosen. */
extern const struct width *lrvec_chosen;

#endif
