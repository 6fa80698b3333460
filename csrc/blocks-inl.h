/* The loops over a block of steps, for one vector width. The file of a width includes this, with WIDTH(name) set to a name of that
   width's own and TARGET to the attribute that lets the compiler use its instructions. Each loop is its shape's value function, so
   no width has a formula of its own. */

/* ---- a block of one shape ---- */

/* A shape's loop on one path. */
#define ON(shape, run, way)                                                                                            \
    TARGET OF_##run void WIDTH(shape##_on_##way)(const struct shape *given, const struct block *block,                 \
                                                 const double *restrict index, double *restrict out) {                 \
        const struct shape *const k = CONSTANTS_##run(shape, given);                                                   \
        for (ptrdiff_t done = 0; done < block->count; done += STRIP) {                                                 \
            const struct strip strip = strip_of(block, index, done);                                                   \
            ask_ahead(&block->ahead, done, strip.size);                                                                \
            shape##_strip(k, &strip, way, out + done);                                                                 \
        }                                                                                                              \
    }

#define EVALUATE(shape, parameters, paths, run, ...)                                                                   \
    ON(shape, run, 0) ON(shape, run, 1) ON(shape, run, 2) ON(shape, run, 3) ON(shape, run, 4) ON(shape, run, 5)        \
    ON(shape, run, 6) ON(shape, run, 7) ON(shape, run, 8)                                                              \
    TARGET static void WIDTH(shape)(const void *constants, const struct block *block, const double *restrict index,    \
                                    double *restrict out) {                                                            \
        const struct shape *const k = constants;                                                                       \
        struct shape own = *k;                                                                                         \
        const double least = block->offset + block->least, greatest = block->offset + block->greatest;                 \
        const int path = shape##_path(k, &own, least, greatest);                                                       \
        if (shape##_PATHS >= 1 && path == 1) WIDTH(shape##_on_1)(&own, block, index, out);                             \
        else if (shape##_PATHS >= 2 && path == 2) WIDTH(shape##_on_2)(&own, block, index, out);                        \
        else if (shape##_PATHS >= 3 && path == 3) WIDTH(shape##_on_3)(&own, block, index, out);                        \
        else if (shape##_PATHS >= 4 && path == 4) WIDTH(shape##_on_4)(&own, block, index, out);                        \
        else if (shape##_PATHS >= 5 && path == 5) WIDTH(shape##_on_5)(&own, block, index, out);                        \
        else if (shape##_PATHS >= 6 && path == 6) WIDTH(shape##_on_6)(&own, block, index, out);                        \
        else if (shape##_PATHS >= 7 && path == 7) WIDTH(shape##_on_7)(&own, block, index, out);                        \
        else if (shape##_PATHS >= 8 && path == 8) WIDTH(shape##_on_8)(&own, block, index, out);                        \
        else WIDTH(shape##_on_0)(k, block, index, out);                                                                \
    }

LRVEC_SHAPES(EVALUATE)

#undef EVALUATE
#undef ON

/* ---- runs, and steps that are near to each other ---- */

/* The shapes of waves share these two, which are long. */
TARGET static int WIDTH(run_of_wave)(const struct half_cosine *k, int path, struct ends from, struct ends to, const struct block *block,
                                     lrvec_fine *fine, double *restrict out) {
    return run_of_wave(k, path, from, to, block, fine, out);
}

TARGET static int WIDTH(near_steps_of_wave)(const struct half_cosine *k, int path, const double *restrict clock, ptrdiff_t count,
                                            lrvec_fine *fine, double *restrict out) {
    return near_steps_of_wave(k, path, clock, count, fine, out);
}

#define RUN_NONE(shape)
#define RUN_WAVE(shape)                                                                                                \
    TARGET static int WIDTH(shape##_run)(const void *constants, const struct block *block, const double *restrict index, \
                                         lrvec_fine *fine, double *restrict out) {                                     \
        struct shape own = *(const struct shape *)constants;                                                           \
        const double first = block->offset + block->least, last = block->offset + block->greatest;                     \
        const int path = shape##_path(constants, &own, first, last);                                                   \
        const struct half_cosine *const k = shape##_wave(&own);                                                        \
        if (block->stride > 0.0) {                                                                                     \
            const struct ends from = shape##_ends(&own, first, path), to = shape##_ends(&own, last, path);             \
            const int in_step = go_in_step(first, last, block->stride, block->count);                                  \
            if (in_step && WIDTH(run_of_wave)(k, path, from, to, block, fine, out)) return 1;                          \
        }                                                                                                              \
        if (!index) return 0;                                                                                          \
        const int far = last - first > 0.5 * FINE * (double)block->count;                                              \
        if (far || k->length < LONG || (path != EARLY && path != LATE)) return 0;                                      \
        double clock[NEAR];                                                                                            \
        for (ptrdiff_t done = 0; done < block->count; done += NEAR) {                                                  \
            const ptrdiff_t left = block->count - done, size = left < NEAR ? left : NEAR;                              \
            for (ptrdiff_t i = 0; i < size; i++) {                                                                     \
                const struct ends ends = shape##_ends(&own, block->offset + index[done + i], path);                    \
                clock[i] = path == LATE ? ends.rest : ends.step;                                                       \
            }                                                                                                          \
            ask_ahead(&block->ahead, done, size);                                                                      \
            if (!WIDTH(near_steps_of_wave)(k, path, clock, size, fine, out + done)) return 0;                          \
        }                                                                                                              \
        return 1;                                                                                                      \
    }
#define RUN_PARTS(...) RUN_EXPANDED
#define RUN_CHAIN(...) RUN_NONE
#define RUN_EXPANDED(shape)                                                                                            \
    TARGET static int WIDTH(shape##_run)(const void *constants, const struct block *block, const double *restrict index, \
                                         lrvec_fine *fine, double *restrict out) {                                     \
        const struct shape *const k = constants;                                                                       \
        const double first = block->offset + block->least, last = block->offset + block->greatest;                     \
        double columns[EXPANSION][PART_COUNT], begin = part_of(first);                                                 \
        const int far = !(block->ascends || block->is_run) || last - first > HALF_PART * (double)block->count;         \
        (void)fine;                                                                                                    \
        if (far || block->count < 2 * LANES_OF_PARTS || !is_within(&k->zone, first, last)) return 0;                   \
        struct shape own = *k;                                                                                         \
        const int path = shape##_path(k, &own, first, last);                                                           \
        ptrdiff_t parts;                                                                                               \
        for (ptrdiff_t done = 0; done < block->count; begin += PART_SIZE * (double)parts) {                            \
            parts = (ptrdiff_t)((last - begin) * (1.0 / PART_SIZE)) + 1;                                               \
            parts = parts < PART_COUNT ? parts : PART_COUNT;                                                           \
            if (path == shape##_FIRST_PATH) shape##_parts(&own, begin, parts, shape##_FIRST_PATH, columns);            \
            else if (path == shape##_SECOND_PATH) shape##_parts(&own, begin, parts, shape##_SECOND_PATH, columns);     \
            else shape##_parts(&own, begin, parts, shape##_THIRD_PATH, columns);                                       \
            done = join_parts(columns, parts, begin, done, block, index, out);                                         \
        }                                                                                                              \
        return 1;                                                                                                      \
    }
#define RUN(shape, parameters, path, run, ...) RUN_##run(shape)

LRVEC_SHAPES(RUN)

#undef RUN
#undef RUN_EXPANDED
#undef RUN_CHAIN
#undef RUN_PARTS
#undef RUN_WAVE
#undef RUN_NONE

/* ---- steps ---- */

/* first, first + stride, ..., all of them integers up to 2^53: exact. */
TARGET static void WIDTH(space_out)(double first, double stride, ptrdiff_t count, double *restrict index) {
    for (int i = 0; i < (int)count; i++) index[i] = first + i * stride;
}

/* Finds out whether the index ascends, and the least and the greatest step in it. */
TARGET static void WIDTH(survey)(struct block *block, const double *restrict index) {
    const ptrdiff_t count = block->count;
    uint64_t descents = 0;
    enum { LOOK = 256 };
    for (ptrdiff_t from = 1; from < count && !descents; from += LOOK) {
        const ptrdiff_t end = count - from < LOOK ? count : from + LOOK;
        for (ptrdiff_t i = from; i < end; i++) descents |= index[i] < index[i - 1] ? TOP_BIT : 0;
    }
    block->ascends = !descents;
    if (block->ascends) {
        block->least = index[0], block->greatest = index[count - 1];
        return;
    }
    find_extremes(index, count, &block->least, &block->greatest);
}

/* The loops over steps in memory, for each type of these:
   `invalid` tells whether any step is negative or past the last one;
   `jumps` tells whether any step is not the one after the step before it;
   `convert` converts steps to doubles, and surveys them. It returns 0 if a step is invalid. */
#define STEPS(kind, type)                                                                                              \
    TARGET static int WIDTH(invalid_##kind)(const type *steps, ptrdiff_t count) {                                      \
        uint64_t outside = 0;                                                                                          \
        for (ptrdiff_t i = 0; i < count; i++) outside |= invalidity(steps[i]);                                         \
        return (int)(outside >> 63);                                                                                   \
    }                                                                                                                  \
    TARGET static int WIDTH(jumps_##kind)(const type *steps, ptrdiff_t count) {                                        \
        u##type differs = 0;                                                                                           \
        for (ptrdiff_t i = 1; i < count; i++) differs |= ((u##type)steps[i] - (u##type)steps[i - 1]) ^ 1;              \
        return differs != 0;                                                                                           \
    }                                                                                                                  \
    TARGET static int WIDTH(convert_##kind)(const type *restrict steps, struct block *block, double *restrict index) { \
        const ptrdiff_t count = block->count;                                                                          \
        uint64_t all = 0, outside = 0;                                                                                 \
        for (ptrdiff_t i = 0; i < count; i++) {                                                                        \
            const uint64_t step = (uint64_t)(int64_t)steps[i];                                                         \
            all |= step;                                                                                               \
            index[i] = double_of(step);                                                                                \
        }                                                                                                              \
        if (all >> 52) {                                                                                               \
            for (ptrdiff_t i = 0; i < count; i++) {                                                                    \
                const int64_t step = steps[i];                                                                         \
                outside |= invalidity(step);                                                                           \
                index[i] = (double)step;                                                                               \
            }                                                                                                          \
            if (outside >> 63) return 0;                                                                               \
        }                                                                                                              \
        WIDTH(survey)(block, index);                                                                                   \
        return 1;                                                                                                      \
    }

LRVEC_STEPS(STEPS)

#undef STEPS

/* For each step, how many of the `bounds` it has reached. */
TARGET static void WIDTH(owners)(const double *restrict index, ptrdiff_t count, const lrvec_segment *bounds, ptrdiff_t number,
                                 uint8_t *restrict owner) {
    for (ptrdiff_t i = 0; i < count; i++) owner[i] = 0;
    for (ptrdiff_t j = 0; j < number; j++) {
        const double start = bounds[j].start;
        for (ptrdiff_t i = 0; i < count; i++) owner[i] = (uint8_t)(owner[i] + (index[i] >= start));
    }
}

/* Copies the steps from `start` on that lie before `end`, and puts `step` in place of the others. */
TARGET static void WIDTH(confine)(const double *restrict index, double start, double end, double step, ptrdiff_t count,
                                  double *restrict own) {
    for (ptrdiff_t i = 0; i < count; i++) own[i] = choose((index[i] >= start) & (index[i] < end), index[i], step);
}

/* Puts the values into `out` where steps have reached the start. */
TARGET static void WIDTH(put)(const double *restrict index, double start, const double *restrict values, ptrdiff_t count,
                              double *restrict out) {
    for (ptrdiff_t i = 0; i < count; i++) out[i] = choose(index[i] >= start, values[i], out[i]);
}

/* Rounds values to floats. */
TARGET static void WIDTH(narrow)(const double *restrict wide, ptrdiff_t count, float *restrict out) {
    for (ptrdiff_t i = 0; i < count; i++) out[i] = (float)wide[i];
}

/* ---- operations ---- */

/* values[i] = values[i] op others[i]; or op one other. */
#define COMBINE(name, formula)                                                                                         \
    TARGET static void WIDTH(combine_one_##name)(double other, ptrdiff_t count, double *restrict values) {             \
        for (ptrdiff_t i = 0; i < count; i++) values[i] = combined(LRVEC_operation_##name, values[i], other);          \
    }                                                                                                                  \
    TARGET static void WIDTH(combine_##name)(const double *restrict others, ptrdiff_t count, double *restrict values) { \
        for (ptrdiff_t i = 0; i < count; i++) values[i] = combined(LRVEC_operation_##name, values[i], others[i]);      \
    }
/* steps[i] = what the clock shows at offset + index[i]. */
#define CLOCK(name, formula, cycle)                                                                                    \
    TARGET static void WIDTH(clock_##name)(const lrvec_operation *operation, double offset, const double *restrict index, \
                                           ptrdiff_t count, double *restrict steps) {                                  \
        const double size = operation->size, inverse = operation->inverse;                                             \
        for (ptrdiff_t i = 0; i < count; i++)                                                                          \
            steps[i] = clock_of(LRVEC_operation_##name, offset + index[i], size, inverse);                             \
    }

LRVEC_OPERATIONS(COMBINE, CLOCK)

#undef COMBINE
#undef CLOCK
