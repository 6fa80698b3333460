/* Staircase: first factor^floor(step / width). */

struct staircase {
    struct exponential level;
    double width, inverse;
    double held; /* the one level of all steps */
};

enum { ONE_LEVEL = 2 }; /* or PLAIN */

LRVEC_INLINE void staircase_prepare(struct staircase *k, const struct staircase_parameters *given) {
    const struct exponential_parameters level = {.first = given->first, .factor = given->factor, .steps_per_factor = 1.0};
    exponential_prepare(&k->level, &level);
    k->width = given->width;
    k->inverse = 1.0 / given->width;
}

LRVEC_INLINE int staircase_path(const struct staircase *k, struct staircase *own, double least, double greatest) {
    const double from = divide(least, k->width, k->inverse, 0).quotient, to = divide(greatest, k->width, k->inverse, 0).quotient;
    if (from == to) {
        own->held = exponential_value(&k->level, from, ANY);
        return ONE_LEVEL;
    }
    return greatest < SMALL && exponential_path(&k->level, &own->level, from, to) != ANY ? PLAIN : ANY;
}

static inline double staircase_stretch(const struct staircase *k, double step) {
    return k->width - divide(step, k->width, k->inverse, 0).remainder;
}

LRVEC_INLINE double staircase_value(const struct staircase *k, double step, int path) {
    if (path == ONE_LEVEL) return k->held;
    return exponential_value(&k->level, divide(step, k->width, k->inverse, path == PLAIN).quotient, path);
}

static inline double staircase_turn(const struct staircase *k, double step, int smooth) {
    const double left = staircase_stretch(k, step);
    return smooth ? left : growth_turn(&k->level.growth, step, k->width, left);
}

static inline struct cycle staircase_cycle(const struct staircase *k) {
    return (struct cycle){k->width, {k->level.factor, 0.0}, 0.0};
}
