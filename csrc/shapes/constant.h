/* Constant: value. */

struct constant {
    double value;
};

LRVEC_INLINE void constant_prepare(struct constant *k, const struct constant_parameters *given) { k->value = given->value; }

LRVEC_INLINE double constant_value(const struct constant *k, double step) {
    (void)step;
    return k->value;
}
