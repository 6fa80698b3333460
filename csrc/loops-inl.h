/* What the loops of all vector widths inline, and their tables. The file of a width includes this, defines WIDTH and TARGET
   (blocks-inl.h), and then includes the loops: blocks-inl.h, columns-inl.h and sums-inl.h. */
#ifndef LRVEC_LOOPS_H
#define LRVEC_LOOPS_H

#include "widths.h"

/* 0, 1, 2, ...: the index of a run. */
static _Alignas(64) double iota[LONG + 8];

/* So many rows are evaluated at a time: few enough for what belongs to them to stay on the stack. Where a segment serves fewer
   of them than one in FEW, these rows are picked. Else it is evaluated for all, which takes less time. */
#define ROWS 56
#define FEW 8

/* How many numbers the first stage of a shape gives at most. */
#define FIRSTS(shape, ...) double shape[1 + shape##_FIRSTS];
enum { MOST_FIRSTS = sizeof(union { LRVEC_SHAPES(FIRSTS) }) / sizeof(double) - 1 };
#undef FIRSTS

/* The columns of a segment, packed; those that have one entry for all rows are written out. `ones` is what the first stage of the
   segment `staged` gave for the rows at hand. */
struct columns {
    const lrvec_row_segment *segment, *staged;
    double parameters[LRVEC_MAX_PARAMETERS][ROWS], origin[ROWS], ones[MOST_FIRSTS][ROWS];
};

/* The least and the greatest of numbers that are not negative. Their bits go up as they do, and a loop over integers vectorises. */
LRVEC_INLINE void find_extremes(const double *restrict numbers, ptrdiff_t count, double *least, double *greatest) {
    int64_t low = INT64_MAX, high = 0;
    for (ptrdiff_t i = 0; i < count; i++) {
        const int64_t bits = (int64_t)bits_of(numbers[i]);
        low = bits < low ? bits : low, high = bits > high ? bits : high;
    }
    *least = from_bits((uint64_t)low), *greatest = from_bits((uint64_t)high);
}

/* ---- a block of one shape ---- */

/* Steps of a block that are evaluated in one loop. */
struct strip {
    double offset;
    const double *index;
    ptrdiff_t size;
};

LRVEC_INLINE struct strip strip_of(const struct block *block, const double *index, ptrdiff_t done) {
    const ptrdiff_t left = block->count - done, size = left < STRIP ? left : STRIP;
    if (block->is_run) return (struct strip){block->offset + (double)done, iota, full_vectors(block, done, size)};
    return (struct strip){block->offset, index + done, full_vectors(block, done, size)};
}

#define STRIP_NONE(shape)                                                                                              \
    LRVEC_INLINE void shape##_strip(const struct shape *k, const struct strip *strip, int path, double *restrict out) { \
        const double offset = strip->offset, *restrict index = strip->index;                                           \
        for (ptrdiff_t i = 0; i < strip->size; i++) out[i] = shape##_on_path(k, offset + index[i], path);             \
    }
#define STRIP_CHAINED(shape)                                                                                           \
    LRVEC_INLINE void shape##_strip(const struct shape *k, const struct strip *strip, int path, double *restrict out) { \
        const double offset = strip->offset, *restrict index = strip->index;                                           \
        const ptrdiff_t size = strip->size;                                                                            \
        if (path == shape##_FIRST_PATH || path == shape##_SECOND_PATH) {                                               \
            for (ptrdiff_t i = 0; i < size; i++) out[i] = shape##_link(k, offset + index[i]);                          \
            for (ptrdiff_t i = 0; i < size; i++) out[i] = shape##_linked(k, offset + index[i], out[i], path);          \
        } else {                                                                                                       \
            for (ptrdiff_t i = 0; i < size; i++) out[i] = shape##_value(k, offset + index[i], path);                   \
        }                                                                                                              \
    }
#define STRIP_WAVE STRIP_NONE
#define STRIP_PARTS(...) STRIP_NONE
#define STRIP_CHAIN(...) STRIP_CHAINED
#define STRIP_OF(shape, parameters, path, run, ...) STRIP_##run(shape)

LRVEC_SHAPES(STRIP_OF)

#undef STRIP_OF
#undef STRIP_CHAIN
#undef STRIP_PARTS
#undef STRIP_WAVE
#undef STRIP_CHAINED
#undef STRIP_NONE

/* ---- a run of a wave ---- */

/* So many coarse parts are made at a time: more than a long block has, and more than a block with a stride. */
enum { PARTS = 136 };

/* Steps in any order are looked at NEAR at a time. Where there are PICKED steps at most between the least and the greatest, the values
   of all of them are made, and are picked from. */
enum { NEAR = 72, PICKED = 4 * NEAR };

/* Places are ptrdiff_t below: Python builds its extensions with -fwrapv, under which a loop over sums of ints does not become one
   over vectors. */

LRVEC_INLINE void coarse_parts_of(const struct half_cosine *k, double begin, double sense, int path, enum waves waves, ptrdiff_t parts,
                                  double (*restrict coarse)[PARTS]) {
    double mine[COARSES];
    for (ptrdiff_t i = 0; i < (parts + 7) / 8 * 8; i++) {
        half_cosine_coarse(k, begin + sense * iota[i], path, waves, mine);
        for (int j = 0; j < COARSES; j++) coarse[j][i] = mine[j];
    }
}

LRVEC_INLINE void coarse_parts(const struct half_cosine *k, double begin, double sense, int path, ptrdiff_t parts,
                               double (*restrict coarse)[PARTS]) {
    if (k->usual) coarse_parts_of(k, begin, sense, path, USUAL, parts, coarse);
    else coarse_parts_of(k, begin, sense, path, MIXED, parts, coarse);
}

/* Writes the values of one coarse part with `count` fine ones, from the place `from` on. */
LRVEC_INLINE void join(const double *coarse, const double (*fine)[LRVEC_FINE_ROOM], ptrdiff_t from, ptrdiff_t count, double *restrict out) {
    for (ptrdiff_t i = 0; i < count; i++)
        out[i] = half_cosine_of_parts(coarse, (const double[]){fine[0][from + i], fine[1][from + i]}, 1.0);
}

/* Writes the values of whole coarse parts, from the part `part` on. */
LRVEC_INLINE void join_parts_of_wave(const double (*coarse)[PARTS], const double (*fine)[LRVEC_FINE_ROOM], ptrdiff_t part, ptrdiff_t parts,
                                     const struct ahead *ahead, double *restrict out) {
    for (ptrdiff_t i = 0; i < parts; i++) {
        double mine[COARSES];
        for (int j = 0; j < COARSES; j++) mine[j] = coarse[j][part + i];
        ask_ahead(ahead, i * FINE, FINE);
        join(mine, fine, 0, FINE, out + i * FINE);
    }
}

/* A run of a wave has a stride from 1 to this. */
enum { STRIDES = FINE / 8 };

/* The places of a coarse part in the order in which a range with a stride meets them: 0, stride, ..., then 1, 1 + stride, ... A
   place stands in this order at its slot, and `rest` says how many places of its part the range meets from it on. */
static struct order {
    _Alignas(64) double places[FINE];
    uint8_t slot[FINE], rest[FINE];
} orders[STRIDES];

static void make_order(int stride, struct order *order) {
    for (int first = 0, slot = 0; first < stride; first++)
        for (int place = first; place < FINE; place += stride, slot++) {
            order->places[slot] = place;
            order->slot[place] = (uint8_t)slot, order->rest[place] = (uint8_t)((FINE - 1 - place) / stride + 1);
        }
}

LRVEC_INLINE int is_angle_of(const struct half_cosine *k, pair angle) {
    return angle.high == k->angle_head && angle.low == k->angle_tail;
}

/* Makes what the fine parts give for a clock that goes up or down, each with this fraction, unless it is there already. */
LRVEC_INLINE void refine(const struct half_cosine *k, int stride, int down, double fraction, lrvec_fine *fine) {
    const double *const places = orders[stride - 1].places, begin = down ? FINE - 1 : 0, sense = down ? -1.0 : 1.0;
    double own[FINES];
    if (is_angle_of(k, fine->angle[down]) && fine->stride[down] == stride && fine->fraction[down] == fraction) return;
    for (ptrdiff_t i = 0; i < FINE; i++) {
        half_cosine_fine(k, (begin + sense * places[i]) + fraction, own);
        for (int j = 0; j < FINES; j++) fine->numbers[down][j][i] = own[j];
    }
    fine->angle[down] = (pair){k->angle_head, k->angle_tail};
    fine->stride[down] = stride, fine->fraction[down] = fraction;
    fine->corrected = (pair){0.0, 0.0};
}

/* Writes the values of consecutive steps of a short wave. The steps and the length are integers, so that squares are exact. Makes the
   corrections of all its steps, and keeps them, unless `count` is less than half of these steps. */
LRVEC_INLINE void run_of_short_wave(const struct half_cosine *k, double first, ptrdiff_t count, ptrdiff_t size, lrvec_fine *fine,
                                    double *restrict out) {
    const ptrdiff_t begin = (ptrdiff_t)first, all = (ptrdiff_t)k->length + 8;
    const int kept = is_angle_of(k, fine->corrected);
    if (k->length > LRVEC_CORRECTED || (!kept && 2.0 * (double)count < k->length)) {
        for (ptrdiff_t i = 0; i < size; i++)
            out[i] = short_half_cosine_corrected(k, first + iota[i], short_half_cosine_correction(k, first + iota[i]));
        return;
    }
    if (!kept) {
        for (ptrdiff_t i = 0; i < all; i++) fine->corrections[i] = short_half_cosine_correction(k, iota[i]);
        lrvec_make_new(fine), fine->corrected = (pair){k->angle_head, k->angle_tail};
    }
    const double *const corrections = fine->corrections + begin;
    for (ptrdiff_t i = 0; i < size; i++) out[i] = short_half_cosine_corrected(k, first + iota[i], corrections[i]);
}

/* Writes the values of a block's steps of a wave, each a stride behind the one before it; `from` and `to` are the ends of the first
   and the last one. Returns 0 if they are too few or too far from each other, if the path of a long wave does not keep to one end, or
   if their clock does not go step by step, or beyond 2^52. The clock goes up or down with the steps. What it shows is a coarse part,
   a multiple of FINE, and a fine one: what a coarse part gives serves FINE steps, and what the fine ones give serves all coarse
   parts. Where lengths are fractions, all fine parts have the same one. `at` is the place in its part, in the order of the steps, of
   the first step that is still to be done. */
LRVEC_INLINE int run_of_wave(const struct half_cosine *k, int path, struct ends from, struct ends to, const struct block *block,
                             lrvec_fine *fine, double *restrict out) {
    const ptrdiff_t count = block->count;
    if (path == OTHER_WAVE && k->length < LONG) {
        const int are_integers = floored(from.step) == from.step && floored(k->length) == k->length;
        const int fit = from.rest == k->length - from.step && to.rest == k->length - to.step;
        if (block->stride > 1.0 || count < 8 || from.step < 0.0 || to.rest < 0.0 || !are_integers || !fit) return 0;
        if (!go_in_step(from.step, to.step, block->stride, count)) return 0;
        ask_ahead(&block->ahead, 0, count);
        run_of_short_wave(k, from.step, count, full_vectors(block, 0, count), fine, out);
        return 1;
    }
    if (path == OTHER_WAVE) path = to.step <= to.rest ? EARLY : from.step > from.rest ? LATE : BOTH;
    const double from_clock = path == LATE ? from.rest : from.step, to_clock = path == LATE ? to.rest : to.step;
    const double begin = coarse_of(from_clock), into = round_to_integer(from_clock - begin - NUDGE);
    const double fraction = from_clock - (begin + into), most = maximum(from_clock, to_clock);
    const int down = from_clock > to_clock, far = most > TWO_52 || block->stride > STRIDES;
    const int is_nearer = absolute(fraction) < 0.49 || (fraction == 0.5 && most < 0x1p42); /* to its own coarse part in all parts */
    if ((path != EARLY && path != LATE) || count < FINE || far || !(into >= 0.0 && into < FINE) || !is_nearer ||
        !go_in_step(minimum(from_clock, to_clock), maximum(from_clock, to_clock), block->stride, count))
        return 0;
    double coarse[COARSES][PARTS], mine[COARSES];
    const int stride = (int)block->stride;
    const double sense = down ? -FINE : FINE;
    refine(k, stride, down, fraction, fine);
    const double(*const numbers)[LRVEC_FINE_ROOM] = fine->numbers[down];
    const struct order *const order = &orders[stride - 1];
    int at = down ? FINE - 1 - (int)into : (int)into;
    ptrdiff_t done = 0, part = 0;
    coarse_parts(k, begin, sense, path, (at + (count - 1) * stride) / FINE + 1, coarse);
    if (stride == 1) {
        for (ptrdiff_t size, parts; done < count; done += size, part += parts, at = 0) {
            const ptrdiff_t left = count - done;
            const struct ahead ahead = further_ahead(block->ahead, done);
            if (at == 0 && left >= FINE) {
                parts = left / FINE, size = parts * FINE;
                join_parts_of_wave(coarse, numbers, part, parts, &ahead, out + done);
            } else {
                parts = 1, size = FINE - at < left ? FINE - at : left;
                for (int j = 0; j < COARSES; j++) mine[j] = coarse[j][part];
                ask_ahead(&ahead, 0, size);
                join(mine, numbers, at, full_vectors(block, done, size), out + done);
            }
        }
        return 1;
    }
    for (ptrdiff_t size; done < count; done += size, part++, at += (int)size * stride - FINE) {
        const ptrdiff_t left = count - done, slot = order->slot[at], full = order->rest[at];
        size = full < left ? full : left;
        for (int j = 0; j < COARSES; j++) mine[j] = coarse[j][part];
        ask_ahead(&block->ahead, done, size);
        if ((size + 7) / 8 * 8 <= left) for (ptrdiff_t i = 0; i < size; i += 8) join(mine, numbers, slot + i, 8, out + done + i);
        else join(mine, numbers, slot, size, out + done);
    }
    return 1;
}

/* Writes the values of steps of a wave that are near to each other, in any order. The coarse parts are made for the whole reach of
   the clock, from its least number to its greatest, which takes less time than one for each step. Returns 0 if the reach is too
   long for that, or if the clock does not show integers up to 2^52. */
LRVEC_INLINE int near_steps_of_wave(const struct half_cosine *k, int path, const double *restrict clock, ptrdiff_t count,
                                    lrvec_fine *fine, double *restrict out) {
    double coarse[COARSES][PARTS];
    int32_t place[NEAR];
    int fractions = 0;
    double least, greatest;
    find_extremes(clock, count, &least, &greatest);
    const double begin = coarse_of(least), reach = greatest - begin;
    if (!(least >= 0.0) || greatest > TWO_52 || reach >= (PARTS - 8) * FINE || reach > 0.5 * FINE * (double)count) return 0;
    for (ptrdiff_t i = 0; i < count; i++) {
        place[i] = (int32_t)(clock[i] - begin);
        fractions |= (double)place[i] != clock[i] - begin;
    }
    if (fractions) return 0;
    refine(k, 1, 0, 0.0, fine);
    const double(*const numbers)[LRVEC_FINE_ROOM] = fine->numbers[0];
    const ptrdiff_t parts = (ptrdiff_t)(reach / FINE) + 1;
    coarse_parts(k, begin, FINE, path, parts, coarse);
    if (parts * FINE <= PICKED) {
        double values[PICKED];
        join_parts_of_wave(coarse, numbers, 0, parts, &(struct ahead){0}, values);
        for (ptrdiff_t i = 0; i < count; i++) {
            LRVEC_SCALAR
            out[i] = values[place[i]];
        }
        return 1;
    }
    for (ptrdiff_t i = 0; i < count; i++) {
        LRVEC_SCALAR
        const uint32_t part = (uint32_t)place[i] / FINE, rest = (uint32_t)place[i] % FINE;
        out[i] = half_cosine_of_parts((const double[]){coarse[0][part], coarse[1][part], coarse[2][part], coarse[3][part]},
                                      (const double[]){numbers[0][rest], numbers[1][rest]}, 1.0);
    }
    return 1;
}

/* ---- a run of expansions ---- */

/* An expansion has so many doubles. So many parts are expanded at a time, in loops over LANES_OF_PARTS. */
enum { EXPANSION = sizeof(struct expansion) / sizeof(double), PART_COUNT = 16, LANES_OF_PARTS = 4 };

/* z at the steps of a part, z^2 and z^4. */
static _Alignas(64) double places[3][PART_SIZE];

/* Writes the values of `count` steps of one part: the distance of each from the middle is distance + index[i]. */
LRVEC_INLINE void join_part(const struct expansion *part, double distance, const double *restrict index, ptrdiff_t count,
                            double *restrict out) {
    for (ptrdiff_t i = 0; i < count; i++) {
        const double z = (distance + index[i]) * (1.0 / HALF_PART), z2 = z * z;
        out[i] = expanded_at(part, z, z2, z2 * z2);
    }
}

LRVEC_INLINE void join_whole_part(const struct expansion *part, double *restrict out) {
    for (ptrdiff_t i = 0; i < PART_SIZE; i++) out[i] = expanded_at(part, places[0][i], places[1][i], places[2][i]);
}

/* How many of the first of these steps, which ascend, lie before an end. */
LRVEC_INLINE ptrdiff_t steps_below(const double *index, ptrdiff_t count, double end) {
    enum { LOOK = 64 };
    ptrdiff_t below = 0, found = LOOK;
    for (ptrdiff_t size; found == LOOK; below += found) {
        size = count - below < LOOK ? count - below : LOOK;
        found = 0;
        for (ptrdiff_t i = 0; i < size; i++) found += index[below + i] < end;
    }
    return below;
}

/* Writes the values of the steps from the place `done` on that lie in these parts, the first of which begins at `begin`. The
   expansions are in columns. Returns the place of the next step. */
LRVEC_INLINE ptrdiff_t join_parts(double (*restrict columns)[PART_COUNT], ptrdiff_t parts, double begin, ptrdiff_t done,
                                  const struct block *block, const double *restrict index, double *restrict out) {
    for (ptrdiff_t part = 0, size; part < parts; part++, done += size) {
        const double middle = begin + (PART_SIZE * (double)part + HALF_PART), distance = block->offset - middle;
        const ptrdiff_t left = block->count - done;
        const double end = HALF_PART - distance; /* of the part, by the index */
        size = block->is_run         ? steps_before(end - (double)done, left)
               : block->stride > 0.0 ? steps_before((end - index[done]) / block->stride, left)
                                     : steps_below(index + done, left, end);
        struct expansion mine = {columns[0][part], columns[1][part], {0.0}};
        for (int j = 0; j < TERMS; j++) mine.terms[j] = columns[2 + j][part];
        ask_ahead(&block->ahead, done, size);
        if (block->is_run && size == PART_SIZE) join_whole_part(&mine, out + done);
        else if (block->is_run) join_part(&mine, distance + (double)done, iota, full_vectors(block, done, size), out + done);
        else join_part(&mine, distance, index + done, full_vectors(block, done, size), out + done);
    }
    return done;
}

#define EXPAND_NONE(shape)
#define EXPAND_WAVE(shape)
#define EXPAND_PARTS(shape)                                                                                            \
    LRVEC_INLINE void shape##_parts(const struct shape *k, double begin, ptrdiff_t parts, int path,                    \
                                    double (*restrict columns)[PART_COUNT]) {                                          \
        const ptrdiff_t rounded = (parts + LANES_OF_PARTS - 1) / LANES_OF_PARTS * LANES_OF_PARTS;                      \
        for (ptrdiff_t i = 0; i < rounded; i++) {                                                                      \
            const struct expansion part = shape##_expand(k, begin + PART_SIZE * iota[i] + HALF_PART, path);            \
            columns[0][i] = part.high, columns[1][i] = part.low;                                                       \
            LRVEC_UNROLL                                                                                               \
            for (int j = 0; j < TERMS; j++) columns[2 + j][i] = part.terms[j];                                         \
        }                                                                                                              \
    }
#define EXPAND_OF_PARTS(...) EXPAND_PARTS
#define EXPAND_OF_NONE EXPAND_NONE
#define EXPAND_OF_WAVE EXPAND_WAVE
#define EXPAND_OF_CHAIN(...) EXPAND_NONE
#define EXPAND_IN(shape, parameters, path, run, ...) EXPAND_OF_##run(shape)
LRVEC_SHAPES(EXPAND_IN)
#undef EXPAND_IN

/* ---- rows ---- */

/* A row's entries in columns of parameters. */
#define PARAMETER(role, name) given.name = (*columns++)[row];
#define IN_ROW(shape, parameters, ...)                                                                                 \
    LRVEC_INLINE struct shape##_parameters shape##_in_row(const double *const *columns, ptrdiff_t row) {               \
        struct shape##_parameters given;                                                                               \
        parameters                                                                                                     \
        return given;                                                                                                  \
    }
LRVEC_SHAPES(IN_ROW)
#undef IN_ROW
#undef PARAMETER

/* The numbers that a stage hands on to the next one, kept and taken again. */
LRVEC_INLINE void keep(const double *numbers, int count, double (*rows)[ROWS], ptrdiff_t row) {
    for (int j = 0; j < count; j++) rows[j][row] = numbers[j];
}

LRVEC_INLINE void take(double *numbers, int count, double (*rows)[ROWS], ptrdiff_t row) {
    for (int j = 0; j < count; j++) numbers[j] = rows[j][row];
}

/* Whether anything about a row is unusual, or uneasy; and its stages. */
#define ASK_IN(shape, question)                                                                                        \
    LRVEC_INLINE uint64_t shape##_##question##_in(const double *const *columns, ptrdiff_t row, double step) {          \
        const struct shape##_parameters given = shape##_in_row(columns, row);                                          \
        return shape##_##question(&given, step);                                                                       \
    }
#define FIRST_IN(shape, first)                                                                                         \
    LRVEC_INLINE void shape##_##first##_in(const double *const *columns, ptrdiff_t row, double step, double (*ones)[ROWS]) { \
        const struct shape##_parameters given = shape##_in_row(columns, row);                                          \
        double one[shape##_FIRSTS];                                                                                    \
        shape##_##first(&given, step, one);                                                                            \
        keep(one, shape##_FIRSTS, ones, row);                                                                          \
    }
#define SECOND_IN(shape)                                                                                               \
    LRVEC_INLINE void shape##_second_in(const double *const *columns, ptrdiff_t row, double step, double (*ones)[ROWS], \
                                        double (*others)[ROWS]) {                                                      \
        const struct shape##_parameters given = shape##_in_row(columns, row);                                          \
        double one[shape##_FIRSTS], other[shape##_SECONDS];                                                            \
        take(one, shape##_FIRSTS, ones, row);                                                                          \
        shape##_second(&given, step, one, other);                                                                      \
        keep(other, shape##_SECONDS, others, row);                                                                     \
    }
#define THIRD_IN(shape)                                                                                                \
    LRVEC_INLINE double shape##_third_in(const double *const *columns, ptrdiff_t row, double step, double (*ones)[ROWS], \
                                         double (*others)[ROWS]) {                                                     \
        const struct shape##_parameters given = shape##_in_row(columns, row);                                          \
        double one[shape##_FIRSTS], other[shape##_SECONDS];                                                            \
        take(one, shape##_FIRSTS, ones, row), take(other, shape##_SECONDS, others, row);                               \
        return shape##_third(&given, step, one, other);                                                                \
    }
#define STAGES_NONE(shape)
#define STAGES_ONCE(shape)
#define STAGES_OWN(shape) ASK_IN(shape, unusual) FIRST_IN(shape, first) SECOND_IN(shape) THIRD_IN(shape)
#define STAGES_OF_TWO_WAYS(shape) STAGES_OWN(shape) ASK_IN(shape, uneasy) FIRST_IN(shape, easy_first)
#define STAGES_STAGED(n, m) STAGES_OWN
#define STAGES_FORKED(n, m) STAGES_OF_TWO_WAYS
#define STAGES(shape, parameters, path, run, rows, ...) STAGES_##rows(shape)
LRVEC_SHAPES(STAGES)
#undef STAGES

/* ---- the widths ---- */

static void fill_tables(void) {
    for (int i = 0; i < (int)(sizeof iota / sizeof *iota); i++) iota[i] = i;
    for (int stride = 1; stride <= STRIDES; stride++) make_order(stride, &orders[stride - 1]);
    for (int i = 0; i < PART_SIZE; i++) {
        const double z = (i - HALF_PART) / HALF_PART;
        places[0][i] = z, places[1][i] = z * z, places[2][i] = (z * z) * (z * z);
    }
}

/* For a wave, and for a shape that is expanded, the loop of each path is a function of its own: all of them in one would take too
   much of the stack. Such a function copies the constants. A choice between two of them in memory would be a load on one side of a
   branch, and the loop would not vectorise. */
#define OF_NONE LRVEC_INLINE
#define OF_PARTS(...) OF_WAVE
#define OF_CHAIN(...) OF_NONE
#define CONSTANTS_NONE(shape, given) given
#define CONSTANTS_PARTS(...) CONSTANTS_WAVE
#define CONSTANTS_CHAIN(...) CONSTANTS_NONE
#define CONSTANTS_WAVE(shape, given) (const struct shape[]){*given}
#define OF_WAVE LRVEC_APART static

/* The members of struct width. */
#define SHAPE_OF(shape, ...) WIDTH(shape),
#define RUN_OF_NONE(shape)
#define RUN_OF_WAVE(shape) [LRVEC_##shape] = WIDTH(shape##_run),
#define RUN_OF_PARTS(...) RUN_OF_WAVE
#define RUN_OF_CHAIN(...) RUN_OF_NONE
#define RUN_OF(shape, parameters, path, run, ...) RUN_OF_##run(shape)
#define COMBINE_OF(name, formula) [LRVEC_operation_##name] = WIDTH(combine_##name),
#define COMBINE_ONE_OF(name, formula) [LRVEC_operation_##name] = WIDTH(combine_one_##name),
#define CLOCK_OF(name, formula, cycle) [LRVEC_operation_##name] = WIDTH(clock_##name),
#define NO_COMBINE(name, formula, cycle)
#define NO_CLOCK(name, formula)
#define STEPS_OF(kind, type) WIDTH(convert_##kind), WIDTH(invalid_##kind), WIDTH(jumps_##kind),
#define KERNELS                                                                                                        \
    {{LRVEC_SHAPES(SHAPE_OF)}, {LRVEC_SHAPES(RUN_OF)}, LRVEC_STEPS(STEPS_OF)                                           \
     WIDTH(space_out), WIDTH(owners), WIDTH(confine), WIDTH(put), WIDTH(survey), WIDTH(narrow),                        \
     {LRVEC_OPERATIONS(COMBINE_OF, NO_COMBINE)}, {LRVEC_OPERATIONS(COMBINE_ONE_OF, NO_COMBINE)},                       \
     {LRVEC_OPERATIONS(NO_CLOCK, CLOCK_OF)}, WIDTH(pointwise), WIDTH(few), WIDTH(fold), WIDTH(place_of), fill_tables}

#endif
