/* Placed line: first + (last - first) (step - begin) / (end - begin), for begin <= step <= end. Both are positions on the clock,
   and need not be integers. The steps to either end are rounded once, however far the ends are from step 0. */

struct placed_line {
    struct line line;
    double begin, end;
};

LRVEC_INLINE void placed_line_prepare(struct placed_line *k, const struct placed_line_parameters *given) {
    k->begin = given->begin, k->end = given->end;
    line_prepare_over(&k->line, given->first, given->last, sum_of(k->end, -k->begin));
}

/* The line's paths; also of other shapes between two positions. */
LRVEC_INLINE int placed_half_of(double begin, double end, double least, double greatest) {
    return greatest - begin <= end - greatest ? EARLY : least - begin > end - least ? LATE : BOTH;
}

LRVEC_INLINE int placed_line_path(const struct placed_line *k, struct placed_line *own, double least, double greatest) {
    if (!line_is_scaled(&k->line, &own->line)) return ANY;
    return placed_half_of(k->begin, k->end, least, greatest);
}

LRVEC_INLINE double placed_line_value(const struct placed_line *k, double step, int path) {
    return line_between(&k->line, step - k->begin, k->end - step, path);
}
