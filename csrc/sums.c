/* Sums of a table over a range of steps, from few of its values.

   On a piece that is smooth, the sum of all n = K m values is n times a mean, for odd m. The mean of the K values in the middles of
   m steps each is near to it, and so is that of every third of these, of every ninth and so on. By the formula of Euler and
   Maclaurin all these means are one number and a series in the square of the distance between the values. This is 1 for the mean of
   all, and m, 3 m, 9 m, ... for the others: their means are extrapolated to the distance 1 (Neville). Each extrapolation has its
   like from distances three times as large. How these two differ, and how fast that falls from one order to the next, tells what
   error is left. If it is too large, or if the curve leaps at an end, the piece is halved. What is short is added up.

   A line and a half cosine need none of this: the values of two steps as far from the middle add up to the same. */
#include "pieces.h"

/* Values are added as high + low, in multiples of the unit. */
struct total {
    pair sum;
    double size; /* the sum of absolute values, about */
    double unit;
};

static void add(struct total *total, pair sum, double size) {
    const pair high = sum_of(total->sum.high, sum.high);
    total->sum = (pair){high.high, high.low + (total->sum.low + sum.low)};
    total->size += size;
}

/* Adds a value that so many steps have. */
static void add_equal(struct total *total, double value, double steps) {
    add(total, product_of(value, steps), absolute(value * steps));
}

/* Adds a sum so many times. */
static void add_times(struct total *total, const struct total *one, double times) {
    const pair whole = product_of(one->sum.high, times);
    add(total, (pair){whole.high, whole.low + one->sum.low * times}, one->size * times);
}

/* The mean of a piece is extrapolated from NODES values, as many times as LEVELS says; but first from FEW_NODES, which may do. */
enum { NODES = 243, LEVELS = 5, FEW_NODES = 27, FEW_LEVELS = 3 };

/* Values are made ROOM at a time, and added up FOLDED at a time. */
enum { ROOM = 1024, FOLDED = 2 * LANES };

/* So many steps are added up without a look for a shorter way; and so many of a curve that has none. */
#define SHORT 1458.0
#define WALK 4096.0

/* So much error may be left in the mean of a part, relative to its mean of absolute values: by NODES values, and by FEW_NODES. In a
   part that is small beside the sum so far, it may be ALIKE_OF_ALL of that. */
#define ALIKE 0x1p-51
#define ALIKE_OF_FEW 0x1p-53
#define ALIKE_OF_ALL 0x1p-57

static int values_of(const lrvec_table *table, double first, double stride, ptrdiff_t count, double unit, double *values) {
    const int state = lrvec_range(table, (int64_t)first, (int64_t)stride, count, values);
    for (ptrdiff_t i = 0; unit != 1.0 && i < count; i++) values[i] /= unit;
    return state;
}

/* Adds up the values of the steps from `from` to `to`, FOLDED at a time: each goes through few plain additions. Their error is
   log2(FOLDED) u times the sum of absolute values at most, with u = 2^-53, and 0 for equal values. */
static int walk(const lrvec_table *table, double from, double to, struct total *total, double *values) {
    for (double step = from; step < to; step += ROOM) {
        const ptrdiff_t count = to - step < ROOM ? (ptrdiff_t)(to - step) : ROOM;
        const int state = values_of(table, step, 1.0, count, total->unit, values);
        if (state != LRVEC_DONE) return state;
        for (ptrdiff_t i = 0; i < count; i += FOLDED) {
            const ptrdiff_t some = count - i < FOLDED ? count - i : FOLDED;
            double lanes[LANES] = {0.0}, found[3];
            lrvec_chosen->fold(values + i, some, lanes, 0, found);
            add(total, (pair){found[0], 0.0}, maximum(absolute(found[1]), absolute(found[2])) * (double)some);
        }
    }
    return LRVEC_DONE;
}

static double sum_of_values(const double *values, ptrdiff_t first, ptrdiff_t stride, ptrdiff_t count) {
    double sums[3] = {0.0};
    for (ptrdiff_t i = 0; i < count; i += 3)
        for (int lane = 0; lane < 3 && i + lane < count; lane++) sums[lane] += values[first + (i + lane) * stride];
    return sums[0] + (sums[1] + sums[2]);
}

/* The mean of `count` m steps, from values in the middles of m steps each. Returns whether it is known well enough. */
static int extrapolated(const double *values, ptrdiff_t count, int levels, double m, double first, double last, double alike,
                        double enough, double *mean, double *size) {
    double means[LEVELS + 1], lanes[LANES] = {0.0}, found[3];
    const double leap = absolute(first - values[0]), before = absolute(last - values[count - 1]);
    lrvec_chosen->fold(values, count, lanes, 0, found);
    *size = 0.0;
    for (ptrdiff_t i = 0; i < count; i++) *size += absolute(values[i]);
    *size /= (double)count;
    means[0] = found[0] / (double)count;
    for (ptrdiff_t level = 1, stride = 3, number = count / 3; level <= levels; level++, stride *= 3, number /= 3)
        means[level] = sum_of_values(values, stride / 2, stride, number) / (double)number;
    const double wanted = 1.0 / (m * m);
    double power = 9.0, differ = 0.0, differed = 0.0;
    for (int reach = 1; reach <= levels; reach++, power *= 9.0) {
        double distance = 1.0;
        differed = differ, differ = absolute(means[0] - means[1]);
        for (int level = 0; level + reach <= levels; level++, distance *= 9.0)
            means[level] += (means[level] - means[level + 1]) * ((distance - wanted) / (distance * (power - 1.0)));
    }
    *mean = means[0];
    const double noise = *size * 0x1p-48;
    if (leap > 2.0 * absolute(values[0] - values[1]) + noise) return 0;
    if (before > 2.0 * absolute(values[count - 1] - values[count - 2]) + noise) return 0;
    const double left = differ < differed ? differ * (differ / differed) : differ;
    return left <= maximum(alike * *size, enough);
}

/* The sum over a smooth piece. */
static int sum_smooth(const lrvec_table *table, double from, double to, struct total *total, double *values) {
    double ends[64];
    int left = 0;
    ends[left++] = to;
    while (left) {
        const double end = ends[left - 1], count = end - from;
        double mean, size;
        int state = LRVEC_DONE, known = 0;
        if (count <= SHORT) {
            if ((state = walk(table, from, end, total, values)) != LRVEC_DONE) return state;
            from = end, left--;
            continue;
        }
        const double enough = total->size / count * ALIKE_OF_ALL;
        double steps = 0.0;
        for (int few = 1; few >= 0 && !known; few--) {
            const ptrdiff_t nodes = few ? FEW_NODES : NODES;
            const double whole = floored(count / (double)nodes), m = 2.0 * floored(0.5 * (whole - 1.0)) + 1.0;
            steps = m * (double)nodes;
            if ((state = values_of(table, from + 0.5 * (m - 1.0), m, nodes, total->unit, values)) != LRVEC_DONE) return state;
            const double first = lrvec_table_value(table, from) / total->unit;
            const double last = lrvec_table_value(table, from + steps - 1.0) / total->unit;
            known = extrapolated(values, nodes, few ? FEW_LEVELS : LEVELS, m, first, last, few ? ALIKE_OF_FEW : ALIKE, enough,
                                 &mean, &size);
        }
        if (isinf(size) && total->unit == 1.0) { /* this unit is too small for the sum, or values are infinite */
            total->sum.high = size;
            return LRVEC_DONE;
        }
        if (known) {
            add(total, product_of(mean, steps), size * steps);
            from += steps;
            if (from == end) left--;
        } else if (isinf(lrvec_table_value(table, from)) && lrvec_table_value(table, from) == lrvec_table_value(table, end - 1.0)) {
            add(total, (pair){lrvec_table_value(table, from), 0.0}, 0.0);
            from = end, left--;
        } else {
            ends[left++] = from + floored(0.5 * count);
        }
    }
    return LRVEC_DONE;
}

static int sum_table(const lrvec_table *table, double from, double to, struct total *total, double *values, double *next);

/* Steps of a curve whose values at the same distance from the middle of these steps add up to the same. */
struct even {
    double begin, count;
    double first, last, unit; /* such two add up to (first + last) unit */
};

/* The even part of the steps from `from` to `to` of a segment. Its count is 0 if there is none, or if it is short. */
static struct even even_part(const lrvec_segment *segment, double from, double to) {
    struct even even = {0.0, 0.0, 0.0, 0.0, 1.0};
    double length = 0.0;
    if (segment->shape == LRVEC_line) {
        const struct line *k = segment->constants;
        length = k->length, even.first = k->first, even.last = k->last, even.unit = k->unit;
    } else if (segment->shape == LRVEC_half_cosine) {
        const struct half_cosine *k = segment->constants;
        length = k->length, even.first = k->first, even.last = k->last, even.unit = k->unit;
    } else {
        return even;
    }
    if (floored(length) != length || floored(segment->origin) != segment->origin) return even;
    const double first = from - segment->origin, low = maximum(first, length - (to - 1.0 - segment->origin));
    const double count = length - low - low + 1.0;
    if (count < (double)FEW_NODES) return even;
    even.begin = from + (low - first), even.count = count;
    return even;
}

static void sum_even(const struct even *even, struct total *total) {
    const double scale = maximum(absolute(even->first), absolute(even->last)) > 1.0 ? 0.25 : 1.0; /* so that their sum is finite */
    const pair both = sum_of(even->first * scale, even->last * scale);
    const double half = 0.5 * even->count * (even->unit / scale / total->unit);
    const pair sum = product_of(both.high, half);
    add(total, (pair){sum.high, sum.low + both.low * half}, absolute(sum.high));
}

/* The sum over steps of one segment, piece by piece. What is cut into short pieces is added up. */
static int sum_pieces(const lrvec_table *table, double from, double to, struct total *total, double *values, double *next) {
    const ptrdiff_t place = lrvec_segment_at(table, from);
    const lrvec_segment *segment = &table->segments[place];
    double work = 0.0;
    for (double end; from < to; from = end) {
        if (next && work > LRVEC_PATIENCE) {
            *next = from;
            return LRVEC_NOT_YET;
        }
        end = minimum(lrvec_piece_end(table, from, 1), to);
        int state = LRVEC_DONE;
        const struct even even = even_part(segment, from, end);
        if (even.count > 0.0) {
            end = even.begin + even.count;
            if (even.begin > from) state = sum_smooth(table, from, even.begin, total, values);
            sum_even(&even, total);
            work += (double)NODES;
        } else if (segment->shape == LRVEC_constant ||
                   (segment->shape != LRVEC_OPERATION && end - from > SHORT &&
                    lrvec_table_value(table, from) == lrvec_table_value(table, end - 1.0))) {
            add_equal(total, lrvec_table_value(table, from) / total->unit, end - from);
        } else if (end - from <= SHORT) {
            end = minimum(from + WALK, to);
            state = walk(table, from, end, total, values);
            work += WALK;
        } else {
            state = sum_smooth(table, from, end, total, values);
            work += (double)NODES;
        }
        if (state != LRVEC_DONE) return state;
    }
    return LRVEC_DONE;
}

/* 1 + ratio + ratio^2 + ... of `count` terms, by doubling their number. */
static pair geometric_sum(pair ratio, double count) {
    pair sum = {0.0, 0.0}, power = {1.0, 0.0};
    for (int bit = 53; bit >= 0; bit--) {
        const pair more = multiply_pairs(sum, power), doubled = sum_of(sum.high, more.high);
        sum = (pair){doubled.high, doubled.low + (sum.low + more.low)};
        power = multiply_pairs(power, power);
        if (!((uint64_t)count >> bit & 1)) continue;
        const pair times = multiply_pairs(sum, ratio), one = sum_of(1.0, times.high);
        sum = (pair){one.high, one.low + times.low};
        power = multiply_pairs(power, ratio);
    }
    return sum;
}

/* The sum over whole cycles from `from` on. */
static int sum_cycles(const lrvec_table *table, const struct cycle *cycle, double from, double count, struct total *total,
                      double *values) {
    struct total one = {.unit = total->unit};
    const int state = sum_pieces(table, from, from + cycle->length, &one, values, NULL);
    if (state != LRVEC_DONE) return state;
    if (cycle->ratio.high == 1.0) {
        add_times(total, &one, count);
        return LRVEC_DONE;
    }
    const double about = cycle->about / total->unit;
    const pair low = product_of(-about, cycle->length), rest = sum_of(one.sum.high, low.high);
    const pair swing = {rest.high, rest.low + (one.sum.low + low.low)};
    if (swing.high != 0.0) {
        pair whole = multiply_pairs(swing, geometric_sum(cycle->ratio, count));
        if (!isfinite(whole.low)) whole.low = 0.0; /* the product alone may be infinite */
        add(total, whole, absolute(whole.high));
    }
    add_equal(total, about, cycle->length * count);
    return LRVEC_DONE;
}

/* A table at every so many steps has each of its values so many times. */
static int sum_every(const lrvec_operation *operation, double from, double to, struct total *total, double *values) {
    const lrvec_table *table = &operation->tables[0];
    const double size = operation->size;
    double first = floored(from / size), last = floored(to / size);
    struct total inner = {.unit = total->unit};
    if (first == last) {
        add_equal(total, lrvec_table_value(table, first) / total->unit, to - from);
        return LRVEC_DONE;
    }
    if (from > first * size) {
        add_equal(total, lrvec_table_value(table, first) / total->unit, (first + 1.0) * size - from);
        first += 1.0;
    }
    if (to > last * size) add_equal(total, lrvec_table_value(table, last) / total->unit, to - last * size);
    const int state = sum_table(table, first, last, &inner, values, NULL);
    if (state != LRVEC_DONE) return state;
    add_times(total, &inner, size);
    return LRVEC_DONE;
}

/* The sum over steps of one segment. */
static int sum_segment(const lrvec_table *table, const lrvec_segment *segment, double from, double to, struct total *total,
                       double *values, double *next) {
    if (segment->shape == LRVEC_OPERATION) {
        const lrvec_operation *operation = segment->constants;
        const double begin = from - segment->origin, end = to - segment->origin;
        if (operation->operator == LRVEC_operation_every) return sum_every(operation, begin, end, total, values);
        if (operation->operator == LRVEC_operation_add) {
            int state = LRVEC_DONE;
            for (ptrdiff_t i = 0; i < operation->count && state == LRVEC_DONE; i++)
                state = sum_table(&operation->tables[i], begin, end, total, values, NULL);
            return state;
        }
    }
    const struct cycle cycle = lrvec_cycle_of(segment);
    if (cycle.length >= 1.0 && floored(cycle.length) == cycle.length) {
        const double inverse = 1.0 / cycle.length;
        const double into = divide(from - segment->origin, cycle.length, inverse, 0).remainder;
        const double begin = into > 0.0 ? from + (cycle.length - into) : from;
        const double count = begin < to ? divide(to - begin, cycle.length, inverse, 0).quotient : 0.0;
        if (count > 2.0 && (cycle.length > SHORT || count * cycle.length > WALK)) {
            const double end = begin + count * cycle.length;
            int state = sum_pieces(table, from, begin, total, values, NULL);
            if (state == LRVEC_DONE) state = sum_cycles(table, &cycle, begin, count, total, values);
            return state == LRVEC_DONE ? sum_pieces(table, end, to, total, values, next) : state;
        }
    }
    return sum_pieces(table, from, to, total, values, next);
}

static int sum_table(const lrvec_table *table, double from, double to, struct total *total, double *values, double *next) {
    while (from < to) {
        const ptrdiff_t place = lrvec_segment_at(table, from);
        const double end = minimum(ceiled(lrvec_segment_end(table, place)), to);
        const int state = sum_segment(table, &table->segments[place], from, end, total, values, next);
        if (state != LRVEC_DONE) return state;
        from = end;
    }
    return LRVEC_DONE;
}

int lrvec_integral(const lrvec_table *table, int64_t start, int64_t stop, lrvec_sum *sum) {
    double *const values = malloc(ROOM * sizeof *values);
    double next = 0.0;
    if (!values) return LRVEC_NO_MEMORY;
    struct total total = {.sum = {sum->sum, sum->rest}, .size = sum->size, .unit = sum->unit};
    const double last = (double)LRVEC_LAST_STEP; /* no double holds the stop behind it */
    const int state = sum_table(table, (double)start, minimum((double)stop, last), &total, values, &next);
    if (state == LRVEC_DONE && stop > LRVEC_LAST_STEP) {
        const double value = lrvec_table_value(table, last) / total.unit;
        add(&total, (pair){value, 0.0}, absolute(value));
    }
    free(values);
    sum->sum = total.sum.high, sum->rest = total.sum.low, sum->size = total.size, sum->next = (int64_t)next;
    return state;
}
