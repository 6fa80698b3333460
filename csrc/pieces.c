/* Pieces: the steps on which a table goes one way. A question about the curve looks at few steps of each piece. */
#include <float.h>

#include "pieces.h"

/* ---- where a piece ends ---- */

/* The search for a bend begins with so many steps. Where it is among these, they are looked at one by one. */
#define SETTLED 2048.0

static double turn_of(const lrvec_segment *segment, double step, int smooth) {
    switch (segment->shape) {
#define CASE(name, ...) \
    case LRVEC_##name: return name##_turn(segment->constants, step, smooth);
        LRVEC_SHAPES(CASE)
#undef CASE
    case LRVEC_OPERATION: return ENDLESS;
    }
    return ENDLESS;
}

/* The steps from `step` on for which a clock that goes down from there meets no turn of its table. */
static double turn_behind(const lrvec_table *table, double step, int smooth) {
    double low = 0.0, high = floored(step); /* the table goes one way from step - low to step */
    while (low < high) {
        const double middle = high - floored(0.5 * (high - low));
        if (lrvec_piece_end(table, step - middle, smooth) > step) low = middle;
        else high = middle - 1.0;
    }
    return low + 1.0;
}

static double remainder_by(const lrvec_operation *operation, double step, double size) {
    return is_of_real_clock(operation->operator) ? divide_by_real(step, size).remainder : divide(step, size, 1.0 / size, 0).remainder;
}

static void bounds_of(const lrvec_table *table, double from, double to, double *low, double *high);

/* The bounds of all values of an operation's tables combined, on steps on which the curves within go one way. */
static void combined_bounds(const lrvec_operation *operation, double from, double to, double *low, double *high) {
    const enum lrvec_operator operator = operation->operator;
    bounds_of(&operation->tables[0], from, to, low, high);
    for (ptrdiff_t i = 1; i < operation->count; i++) {
        double least, most;
        bounds_of(&operation->tables[i], from, to, &least, &most);
        const double both = combined(operator, *low, least), all = combined(operator, *high, most);
        const double low_most = operator == LRVEC_operation_multiply ? *low * most : both;
        const double high_least = operator == LRVEC_operation_multiply ? *high * least : both;
        *low = minimum(minimum(both, all), minimum(low_most, high_least));
        *high = maximum(maximum(both, all), maximum(low_most, high_least));
    }
}

/* The least and the greatest value on steps on which all curves within a table go one way. */
static void bounds_of(const lrvec_table *table, double from, double to, double *low, double *high) {
    const lrvec_segment *segment = &table->segments[lrvec_segment_at(table, from)];
    if (segment->shape == LRVEC_OPERATION) {
        const lrvec_operation *operation = segment->constants;
        from -= segment->origin, to -= segment->origin;
        if (!is_of_clock(operation->operator)) {
            combined_bounds(operation, from, to, low, high);
            return;
        }
        const double first = clock_of(operation->operator, from, operation->size, operation->inverse);
        const double last = clock_of(operation->operator, to, operation->size, operation->inverse);
        bounds_of(&operation->tables[0], minimum(first, last), maximum(first, last), low, high);
        return;
    }
    const double first = lrvec_table_value(table, from), last = lrvec_table_value(table, to);
    *low = minimum(first, last), *high = maximum(first, last);
}

/* Whether one table is the least or the greatest of all at each of the steps, so that the curve does not bend there. */
static int is_settled(const lrvec_operation *operation, double from, double to) {
    const double sign = operation->operator == LRVEC_operation_maximum ? 1.0 : -1.0;
    double best_near = 0.0, best_far = 0.0, others_far = 0.0; /* bounds of the table that is ahead, and of all others */
    for (ptrdiff_t i = 0; i < operation->count; i++) {
        double low, high;
        if (lrvec_piece_end(&operation->tables[i], from, 0) <= to) return 0;
        bounds_of(&operation->tables[i], from, to, &low, &high);
        const double near = sign * (sign > 0.0 ? low : high), far = sign * (sign > 0.0 ? high : low);
        if (i == 0) best_near = near, best_far = far, others_far = -INFINITY;
        else if (near > best_near) others_far = maximum(others_far, best_far), best_near = near, best_far = far;
        else others_far = maximum(others_far, far);
    }
    return best_near >= others_far;
}

/* The steps for which the least or the greatest of several tables does not bend, up to `left`. They are found by doubling. */
static double settled_for(const lrvec_operation *operation, double step, double left) {
    double size = minimum(left, SETTLED);
    if (!is_settled(operation, step, step + size - 1.0)) return 1.0;
    for (double more; size < left; size = more) {
        more = minimum(size + size, left);
        if (!is_settled(operation, step, step + more - 1.0)) break;
    }
    return size;
}

static double operation_turn(const lrvec_operation *operation, double step, int smooth) {
    const lrvec_table *const table = &operation->tables[0];
    const enum lrvec_operator operator = operation->operator;
    const double size = operation->size;
    if (!is_of_clock(operator)) {
        double end = ENDLESS;
        for (ptrdiff_t i = 0; i < operation->count; i++)
            end = minimum(end, lrvec_piece_end(&operation->tables[i], step, smooth));
        const int bends = smooth && (operator == LRVEC_operation_minimum || operator == LRVEC_operation_maximum);
        return bends ? settled_for(operation, step, maximum(minimum(end, (double)LRVEC_LAST_STEP) - step, 1.0)) : end - step;
    }
    const double at = clock_of(operator, step, size, operation->inverse);
    if (operator == LRVEC_operation_stride) return (lrvec_piece_end(table, at, smooth) - at) / size;
    const double left = size - remainder_by(operation, step, size);
    if (operator == LRVEC_operation_every || operator == LRVEC_operation_real_every)
        return smooth ? left : left + (lrvec_piece_end(table, at, 0) - at - 1.0) * size;
    if ((operator == LRVEC_operation_mirror || operator == LRVEC_operation_real_mirror) &&
        remainder_by(operation, step, 2.0 * size) >= size)
        return minimum(left, turn_behind(table, at, smooth));
    return minimum(left, lrvec_piece_end(table, at, smooth) - at);
}

double lrvec_piece_end(const lrvec_table *table, double step, int smooth) {
    const ptrdiff_t place = lrvec_segment_at(table, step);
    const lrvec_segment *segment = &table->segments[place];
    const double own = step - segment->origin;
    const double turn = segment->shape == LRVEC_OPERATION ? operation_turn(segment->constants, own, smooth)
                                                          : turn_of(segment, own, smooth);
    const double end = minimum(step + maximum(turn, 1.0), lrvec_segment_end(table, place));
    return step + ceiled(end - step);
}

/* ---- which way a piece goes ---- */

/* Whether a curve rises (1), falls (-1) or stays (0) on a piece with these first and last steps; UNKNOWN_WAY where what it is made of
   does not agree. */
enum { UNKNOWN_WAY = 2 };
static int table_way(const lrvec_table *table, double from, double to);

static int way_between(double first, double last) { return last > first ? 1 : last < first ? -1 : 0; }

/* The way of an operation on values: that of all its tables, if they agree. A product also asks for the signs of its factors. */
static int combined_way(const lrvec_operation *operation, double from, double to) {
    int way = 0, sign = 1;
    for (ptrdiff_t i = 0; i < operation->count; i++) {
        const double first = lrvec_table_value(&operation->tables[i], from), last = lrvec_table_value(&operation->tables[i], to);
        int own = table_way(&operation->tables[i], from, to);
        if (own == UNKNOWN_WAY) return UNKNOWN_WAY;
        if (operation->operator == LRVEC_operation_multiply) {
            const int sign_of_this = first >= 0.0 && last >= 0.0 ? 1 : first <= 0.0 && last <= 0.0 ? -1 : 0;
            if (!sign_of_this) return UNKNOWN_WAY;
            way *= sign_of_this, own *= sign, sign *= sign_of_this;
        }
        if (way && own && way != own) return UNKNOWN_WAY;
        way = way ? way : own;
    }
    return way;
}

static int segment_way(const lrvec_segment *segment, double from, double to) {
    from -= segment->origin, to -= segment->origin;
    if (segment->shape != LRVEC_OPERATION)
        return way_between(lrvec_shape_value(segment->shape, segment->constants, from),
                           lrvec_shape_value(segment->shape, segment->constants, to));
    const lrvec_operation *operation = segment->constants;
    if (!is_of_clock(operation->operator)) return combined_way(operation, from, to);
    const double first = clock_of(operation->operator, from, operation->size, operation->inverse);
    const double last = clock_of(operation->operator, to, operation->size, operation->inverse);
    const int way = table_way(&operation->tables[0], minimum(first, last), maximum(first, last));
    return way == UNKNOWN_WAY || first <= last ? way : -way;
}

static int table_way(const lrvec_table *table, double from, double to) {
    return segment_way(&table->segments[lrvec_segment_at(table, from)], from, to);
}

/* ---- cycles ---- */

struct cycle lrvec_cycle_of(const lrvec_segment *segment) {
    switch (segment->shape) {
#define CASE(name, ...) \
    case LRVEC_##name: return name##_cycle(segment->constants);
        LRVEC_SHAPES(CASE)
#undef CASE
    case LRVEC_OPERATION: {
        const lrvec_operation *operation = segment->constants;
        return (struct cycle){operation->size * lrvec_cycles[operation->operator], {1.0, 0.0}, 0.0};
    }
    }
    return NO_CYCLE;
}

/* ---- the first step that meets a condition ---- */

/* How far a value of this size may be from the exact one. Where values of a piece may cancel, the size is that of the larger end. */
static double doubt_of(double size) { return minimum(size, DBL_MAX) * 0x1p-47; }

/* So many steps next to one that meets a condition are looked at one by one, at least and at most: a curve that is next to its limit
   may differ there by its rounding. */
#define FEW 64.0
#define MANY_STEPS 0x1p14

/* So many steps at most are looked at one by one before the caller is asked again. */
#define STRETCH 0x1p22

struct condition {
    double sign, threshold; /* sign * value is to be below sign * threshold; */
    int or_equal;           /* or equal to it */
};

static struct condition condition_of(enum lrvec_relation relation, double threshold) {
    const int above = relation == LRVEC_ABOVE || relation == LRVEC_AT_LEAST;
    return (struct condition){above ? -1.0 : 1.0, above ? -threshold : threshold,
                              relation == LRVEC_AT_MOST || relation == LRVEC_AT_LEAST};
}

static int meets(const struct condition *condition, double value, double more) {
    const double own = condition->sign * value, threshold = condition->threshold + more;
    return own < threshold || (condition->or_equal && own == threshold);
}

/* The first step in (low, high] whose value meets the condition with `more` room; or the first that does not, if `wanted` is 0. That
   `high` is such a step is known, and that `low` is not. */
static double halved(const lrvec_table *table, const struct condition *condition, double more, int wanted, double low, double high) {
    while (high - low > 1.0) {
        const double middle = low + floored(0.5 * (high - low));
        if (meets(condition, lrvec_table_value(table, middle), more) == wanted) high = middle;
        else low = middle;
    }
    return high;
}

enum { ROOM = 256 }; /* values that are looked at at a time */

/* The first of the steps in [from, to) that meets the condition, or -1. */
static double scanned(const lrvec_table *table, const struct condition *condition, double from, double to) {
    double values[ROOM];
    for (double step = from; step < to; step += ROOM) {
        const ptrdiff_t count = to - step < ROOM ? (ptrdiff_t)(to - step) : ROOM;
        if (lrvec_range(table, (int64_t)step, 1, count, values) != LRVEC_DONE)
            for (ptrdiff_t i = 0; i < count; i++) values[i] = lrvec_table_value(table, step + (double)i);
        for (ptrdiff_t i = 0; i < count; i++)
            if (meets(condition, values[i], 0.0)) return step + (double)i;
    }
    return -1.0;
}

/* Whether all values of a piece are the same where both ends are. A curve is rounded between its ends, and an operation may be. */
static int is_level(const lrvec_segment *segment) {
    return segment->shape == LRVEC_constant || segment->shape == LRVEC_staircase;
}

/* The first step in [from, to), on which a segment goes one way, or -1. The step that halving finds may not be the first one: where
   the curve is flat, values go back and forth by their rounding. So all steps before it are looked at whose values are in doubt. */
static double first_of_piece(const lrvec_table *table, const lrvec_segment *segment, const struct condition *condition, double from,
                             double to) {
    const double last = to - 1.0, first_value = lrvec_table_value(table, from), last_value = lrvec_table_value(table, last);
    if (meets(condition, first_value, 0.0)) return from;
    if (last == from || (first_value == last_value && is_level(segment))) return -1.0;
    double size = absolute(condition->threshold);
    if (segment->shape == LRVEC_OPERATION || (first_value < 0.0) != (last_value < 0.0))
        size = maximum(size, maximum(absolute(first_value), absolute(last_value)));
    const double doubt = doubt_of(size);
    const int met = meets(condition, last_value, 0.0);
    if (meets(condition, first_value, doubt)) { /* in doubt from the first step on */
        const double end = met || meets(condition, last_value, doubt) ? to : halved(table, condition, doubt, 0, from, last);
        const double found = scanned(table, condition, from, minimum(end, from + MANY_STEPS));
        if (found >= 0.0) return found;
    }
    if (!met && !meets(condition, last_value, doubt)) return -1.0;
    const double found = met ? halved(table, condition, 0.0, 1, from, last) : to;
    double begin = found;
    if (!meets(condition, first_value, doubt)) begin = halved(table, condition, doubt, 1, from, minimum(found, last));
    begin = maximum(minimum(begin, found - FEW), maximum(from, found - MANY_STEPS));
    const double before = scanned(table, condition, begin, found);
    return before >= 0.0 ? before : met ? found : -1.0;
}

/* Whether no cycle meets the condition if the first one does not: the others are like it, or nearer to `about`. */
static int tells_all(const struct condition *condition, const struct cycle *cycle) {
    const double about = condition->sign * cycle->about, ratio = cycle->ratio.high;
    if (ratio == 1.0) return 1;
    return 0.0 <= ratio && ratio < 1.0 &&
           (condition->threshold < about || (condition->threshold == about && !condition->or_equal));
}

int64_t lrvec_first_step(const lrvec_table *table, enum lrvec_relation relation, double threshold, int64_t start, int64_t stop,
                         int64_t *next) {
    const struct condition condition = condition_of(relation, threshold);
    const double last = (double)LRVEC_LAST_STEP, end_of_search = minimum((double)stop, last); /* no double holds the stop behind it */
    double step = (double)start, work = 0.0;
    while (step < end_of_search) {
        const ptrdiff_t place = lrvec_segment_at(table, step);
        const lrvec_segment *segment = &table->segments[place];
        const double begin = step, segment_end = ceiled(lrvec_segment_end(table, place));
        const struct cycle cycle = lrvec_cycle_of(segment);
        const int comes_again = cycle.length > 0.0 && tells_all(&condition, &cycle);
        const double end = minimum(comes_again ? minimum(segment_end, begin + cycle.length) : segment_end, end_of_search);
        while (step < end) {
            if (work > LRVEC_PATIENCE) {
                *next = (int64_t)step;
                return LRVEC_NOT_YET;
            }
            double piece_end = minimum(lrvec_piece_end(table, step, 0), end), found;
            if (segment->shape == LRVEC_OPERATION && segment_way(segment, step, piece_end - 1.0) == UNKNOWN_WAY) {
                piece_end = minimum(piece_end, step + STRETCH);
                found = scanned(table, &condition, step, piece_end);
                work += piece_end - step;
            } else {
                found = first_of_piece(table, segment, &condition, step, piece_end);
                work += FEW;
            }
            if (found >= 0.0) return (int64_t)found;
            step = piece_end;
        }
        if (comes_again) step = segment_end;
    }
    if (stop > LRVEC_LAST_STEP && meets(&condition, lrvec_table_value(table, last), 0.0)) return LRVEC_LAST_STEP;
    return LRVEC_NO_STEP;
}

/* ---- extremes ---- */

/* Looks at the values of the steps in [from, to), one by one. */
static int look(const lrvec_table *table, double from, double to, lrvec_extremes *seen) {
    double values[ROOM];
    for (double step = from; step < to; step += ROOM) {
        const ptrdiff_t count = to - step < ROOM ? (ptrdiff_t)(to - step) : ROOM;
        double lanes[LANES] = {0.0}, found[3];
        if (lrvec_range(table, (int64_t)step, 1, count, values) != LRVEC_DONE) return LRVEC_NO_MEMORY;
        lrvec_chosen->fold(values, count, lanes, 0, found);
        if (!seen->any || found[1] < seen->least) {
            const ptrdiff_t place = lrvec_chosen->place_of(found[1], values, count);
            seen->least = values[place], seen->least_at = step + (double)place;
        }
        if (!seen->any || found[2] > seen->greatest) {
            const ptrdiff_t place = lrvec_chosen->place_of(found[2], values, count);
            seen->greatest = values[place], seen->greatest_at = step + (double)place;
        }
        seen->any = 1;
    }
    return LRVEC_DONE;
}

/* Looks at the steps at both ends of a piece whose values are in doubt: the extreme of the others is not there. A curve that is flat
   for longer is halved for the step at which the extreme is first met. */
static int look_at_piece(const lrvec_table *table, const lrvec_segment *segment, double from, double to, lrvec_extremes *seen) {
    const double last = to - 1.0, begin = lrvec_table_value(table, from), end = lrvec_table_value(table, last);
    if (to - from <= FEW) return look(table, from, to, seen);
    if (begin == end) { /* either extreme may be anywhere */
        const int state = look(table, from, is_level(segment) ? from + 1.0 : minimum(to, from + MANY_STEPS), seen);
        return state == LRVEC_DONE && !is_level(segment) ? look(table, maximum(from + MANY_STEPS, to - MANY_STEPS), to, seen) : state;
    }
    const double sign = end < begin ? 1.0 : -1.0; /* sign * value falls */
    const int differ = segment->shape == LRVEC_OPERATION || (begin < 0.0) != (end < 0.0);
    const double size = differ ? maximum(absolute(begin), absolute(end)) : 0.0;
    const double begin_doubt = doubt_of(maximum(size, absolute(begin))), end_doubt = doubt_of(maximum(size, absolute(end)));
    const struct condition left = {sign, sign * begin - begin_doubt, 0}, near = {sign, sign * end + end_doubt, 1};
    const double best = sign > 0.0 ? seen->greatest : -seen->least;
    if (!seen->any || sign * begin + begin_doubt > best) {
        const double zone = meets(&left, end, 0.0) ? halved(table, &left, 0.0, 1, from, last) : to;
        if (look(table, from, minimum(zone, from + MANY_STEPS), seen) != LRVEC_DONE) return LRVEC_NO_MEMORY;
    }
    if (sign * end - end_doubt < (sign > 0.0 ? seen->least : -seen->greatest)) {
        const double zone = meets(&near, begin, 0.0) ? from : halved(table, &near, 0.0, 1, from, last);
        const double before = sign > 0.0 ? seen->least : seen->greatest;
        if (look(table, maximum(zone, to - MANY_STEPS), to, seen) != LRVEC_DONE) return LRVEC_NO_MEMORY;
        const double found = sign > 0.0 ? seen->least : seen->greatest;
        if (found != before && zone < to - MANY_STEPS) {
            const struct condition there = {sign, sign * found, 1};
            *(sign > 0.0 ? &seen->least_at : &seen->greatest_at) = first_of_piece(table, segment, &there, from, to);
        }
    }
    return LRVEC_DONE;
}

int lrvec_extremes_of(const lrvec_table *table, int64_t start, int64_t stop, lrvec_extremes *seen) {
    const double last = (double)LRVEC_LAST_STEP, end_of_search = minimum((double)stop, last);
    double step = (double)start, work = 0.0;
    while (step < end_of_search) {
        const ptrdiff_t place = lrvec_segment_at(table, step);
        const lrvec_segment *segment = &table->segments[place];
        const double segment_end = ceiled(lrvec_segment_end(table, place));
        const struct cycle cycle = lrvec_cycle_of(segment);
        const int comes_again = cycle.length > 0.0 && cycle.ratio.high >= 0.0 && cycle.ratio.high <= 1.0;
        const double end = minimum(comes_again ? minimum(segment_end, step + cycle.length) : segment_end, end_of_search);
        while (step < end) {
            if (work > LRVEC_PATIENCE) {
                seen->next = (int64_t)step;
                return LRVEC_NOT_YET;
            }
            double piece_end = minimum(lrvec_piece_end(table, step, 0), end);
            int state;
            if (segment->shape == LRVEC_OPERATION && segment_way(segment, step, piece_end - 1.0) == UNKNOWN_WAY) {
                piece_end = minimum(piece_end, step + STRETCH);
                state = look(table, step, piece_end, seen);
                work += piece_end - step;
            } else {
                state = look_at_piece(table, segment, step, piece_end, seen);
                work += FEW;
            }
            if (state != LRVEC_DONE) return state;
            step = piece_end;
        }
        /* The other cycles are like the first one, or between it and what they go about. */
        if (comes_again && (cycle.ratio.high == 1.0 || (seen->least <= cycle.about && cycle.about <= seen->greatest)))
            step = segment_end;
    }
    if (stop > LRVEC_LAST_STEP) {
        const double value = lrvec_table_value(table, last);
        if (!seen->any || value < seen->least) seen->least = value, seen->least_at = last;
        if (!seen->any || value > seen->greatest) seen->greatest = value, seen->greatest_at = last;
        seen->any = 1;
    }
    return LRVEC_DONE;
}
