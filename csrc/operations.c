/* Operations on tables: one step, a run, or a block. */
#include "pieces.h"

#define NAME_OF_VALUES(name, formula) #name,
#define NAME_OF_CLOCK(name, formula, cycle) #name,
const char *const lrvec_operator_names[] = {LRVEC_OPERATIONS(NAME_OF_VALUES, NAME_OF_CLOCK) NULL};
#undef NAME_OF_VALUES
#undef NAME_OF_CLOCK

static inline double shown(const lrvec_operation *operation, double step) {
    return clock_of(operation->operator, step, operation->size, operation->inverse);
}

double lrvec_operation_value(const lrvec_operation *operation, double step) {
    double value = lrvec_table_value(&operation->tables[0], shown(operation, step));
    for (ptrdiff_t i = 1; i < operation->count; i++)
        value = combined(operation->operator, value, lrvec_table_value(&operation->tables[i], step));
    return value;
}

/* The length of a clock's cycle, if it is not longer than `count` steps; else 0. */
static ptrdiff_t cycle_within(const lrvec_operation *operation, ptrdiff_t count) {
    const double cycle = operation->size * lrvec_cycles[operation->operator];
    return cycle > (double)count ? 0 : (ptrdiff_t)cycle;
}

/* For how many steps from this one the clock goes on step by step. */
static double stretch_from(const lrvec_operation *operation, double step) {
    if (is_of_real_clock(operation->operator)) return operation->size - divide_by_real(step, operation->size).remainder;
    return operation->size - divide(step, operation->size, operation->inverse, 0).remainder;
}

double lrvec_operation_stretch(const lrvec_operation *operation, double step) {
    const enum lrvec_operator operator = operation->operator;
    return !is_of_clock(operator) || operator == LRVEC_operation_stride || cycle_within(operation, BLOCK) ? ENDLESS
                                                                                                         : stretch_from(operation, step);
}

/* ---- runs on a clock ---- */

/* Writes the values of steps that are all between the same two multiples of the size. */
static void evaluate_stretch(const lrvec_operation *operation, double step, ptrdiff_t count, struct work work, double *out) {
    const lrvec_table *const table = &operation->tables[0];
    const double from = shown(operation, step), to = shown(operation, step + (double)(count - 1));
    if (to > from || count == 1) {
        lrvec_evaluate_run(table, from, count, work, out);
    } else if (to < from) {
        lrvec_evaluate_run(table, to, count, work, out);
        for (ptrdiff_t i = 0, j = count - 1; i < j; i++, j--) {
            const double value = out[i];
            out[i] = out[j], out[j] = value;
        }
    } else {
        const double value = lrvec_table_value(table, from);
        for (ptrdiff_t i = 0; i < count; i++) out[i] = value;
    }
}

/* Writes the values of consecutive steps, stretch by stretch. */
static void evaluate_stretches(const lrvec_operation *operation, double step, ptrdiff_t count, struct work work, double *out) {
    for (ptrdiff_t done = 0, size; done < count; done += size) {
        const double left = stretch_from(operation, step + (double)done);
        size = steps_before(left, count - done);
        const struct work here = {work.fine, work.levels, further_ahead(work.ahead, done)};
        evaluate_stretch(operation, step + (double)done, size, here, out + done);
    }
}

/* Evaluates a cycle that is not longer than a block, unless the level has it already. */
static void keep_cycle(const lrvec_operation *operation, ptrdiff_t cycle, struct level *level) {
    if (level->cycle_of == operation) return;
    evaluate_stretches(operation, 0.0, cycle, (struct work){.fine = &level->fine, .levels = level + 1}, level->cycle);
    copy_cycles(cycle, cycle, BLOCK, (struct ahead){0, 0}, level->cycle + cycle);
    level->cycle_of = operation;
}

/* Writes the values of steps over several cycles. */
static void evaluate_cycles(const lrvec_operation *operation, double step, ptrdiff_t count, struct work work, double *out) {
    struct level *const level = work.levels;
    const ptrdiff_t cycle = cycle_within(operation, count);
    if (!cycle) {
        evaluate_stretches(operation, step, count, (struct work){&level->fine, level + 1, work.ahead}, out);
        return;
    }
    keep_cycle(operation, cycle, level);
    const ptrdiff_t into = (ptrdiff_t)divide(step, (double)cycle, 1.0 / (double)cycle, 0).remainder;
    copy_ahead(level->cycle + into, count, work.ahead, out);
}

/* Picks the values at what a clock shows, in the level's index, from its cycle. Returns 0 if the cycle is too long, or if the clock
   shows fractions. */
static int pick_from_cycle(const lrvec_operation *operation, ptrdiff_t count, struct level *level, double *out) {
    const ptrdiff_t cycle = cycle_within(operation, count);
    int fractions = 0;
    if (!cycle) return 0;
    for (ptrdiff_t i = 0; i < count; i++) fractions |= (double)(int32_t)level->index[i] != level->index[i];
    if (fractions) return 0;
    keep_cycle(operation, cycle, level);
    for (ptrdiff_t i = 0; i < count; i++) out[i] = level->cycle[(int32_t)level->index[i]];
    return 1;
}

/* ---- blocks ---- */

/* Whether a table has one value at all steps of a block, as a limit has. */
static int is_level(const lrvec_table *table, const struct block *block, double *value) {
    const ptrdiff_t place = lrvec_segment_at(table, block->offset + block->least);
    const lrvec_segment *segment = &table->segments[place];
    if (segment->shape != LRVEC_constant || block->offset + block->greatest >= lrvec_segment_end(table, place)) return 0;
    *value = lrvec_shape_value(segment->shape, segment->constants, 0.0);
    return 1;
}

/* Evaluates a table over steps that stand in the level's index, each `stride` behind the one before it unless that is 0. */
static void evaluate_index(const lrvec_table *table, ptrdiff_t count, double stride, struct level *level, lrvec_fine *fine,
                           double *out) {
    struct block block = {.count = count};
    lrvec_chosen->survey(&block, level->index);
    if (block.ascends && go_in_step(block.least, block.greatest, stride, count)) block.stride = stride;
    lrvec_evaluate_block(table, block, level->index, (struct work){.fine = fine, .levels = level + 1}, out);
}

void lrvec_operate(const lrvec_operation *operation, const struct block *block, const double *index, struct work work, double *out) {
    struct level *const level = work.levels;
    const enum lrvec_operator operator = operation->operator;
    if (is_of_clock(operator)) {
        if (block->is_run && operator != LRVEC_operation_stride) {
            const struct work ours = {work.fine, work.levels, block->ahead};
            evaluate_cycles(operation, block->offset, block->count, ours, out);
        } else if (block->is_run) {
            for (ptrdiff_t i = 0; i < block->count; i++) level->index[i] = shown(operation, block->offset + (double)i);
            evaluate_index(&operation->tables[0], block->count, operation->size, level, &level->fine, out);
        } else {
            lrvec_chosen->clock[operator](operation, block->offset, index, block->count, level->index);
            if (pick_from_cycle(operation, block->count, level, out)) return;
            evaluate_index(&operation->tables[0], block->count, 0.0, level, &level->fine, out);
        }
        return;
    }
    for (ptrdiff_t i = 0; i < operation->count; i++) {
        double *const values = i ? level->values : out, value;
        if (i && is_level(&operation->tables[i], block, &value)) {
            lrvec_chosen->combine_one[operator](value, block->count, out);
            continue;
        }
        lrvec_fine *const fine = i ? &level->fine : work.fine;
        if (block->is_run) {
            const struct work inner = {.fine = fine, .levels = level + 1, .ahead = {block->ahead.from, i ? 0 : block->ahead.size}};
            lrvec_evaluate_run(&operation->tables[i], block->offset, block->count, inner, values);
        } else {
            for (ptrdiff_t j = 0; j < block->count; j++) level->index[j] = block->offset + index[j];
            evaluate_index(&operation->tables[i], block->count, block->stride, level, fine, values);
        }
        if (i) lrvec_chosen->combine[operator](level->values, block->count, out);
    }
}
