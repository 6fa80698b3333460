/* The loops over values that a summary needs, for one vector width. The file of a width includes this as it does blocks-inl.h. */

/* Adds values to the lanes of a sum, from the first lane on. Finds the least and the greatest. */
TARGET static void WIDTH(fold)(const double *restrict values, ptrdiff_t count, double *restrict lanes, int more, double *restrict found) {
    double sum[LANES], least[LANES], greatest[LANES];
    ptrdiff_t i = 0;
    for (int lane = 0; lane < LANES; lane++) sum[lane] = lanes[lane], least[lane] = greatest[lane] = values[0];
    for (; i + LANES <= count; i += LANES)
        for (int lane = 0; lane < LANES; lane++) {
            sum[lane] += values[i + lane];
            least[lane] = minimum(values[i + lane], least[lane]);
            greatest[lane] = maximum(values[i + lane], greatest[lane]);
        }
    for (int lane = 0; i < count; i++, lane++) {
        sum[lane] += values[i];
        least[lane] = minimum(values[i], least[lane]);
        greatest[lane] = maximum(values[i], greatest[lane]);
    }
    for (int lane = 0; more && lane < LANES; lane++) lanes[lane] = sum[lane];
    for (int half = LANES / 2; half; half /= 2)
        for (int lane = 0; lane < half; lane++) {
            sum[lane] += sum[lane + half];
            least[lane] = minimum(least[lane + half], least[lane]);
            greatest[lane] = maximum(greatest[lane + half], greatest[lane]);
        }
    found[0] = sum[0], found[1] = least[0], found[2] = greatest[0];
}

/* The place at which a value is first met, which is known to be there. Looks at 256 values at a time, then at fewer. */
#define SEARCH(many)                                                                                                   \
    for (; i + many <= count; i += many) {                                                                             \
        uint64_t met = 0;                                                                                              \
        for (int j = 0; j < many; j++) met |= values[i + j] == value ? ~UINT64_C(0) : 0;                               \
        if (met) break;                                                                                                \
    }

TARGET static ptrdiff_t WIDTH(place_of)(double value, const double *values, ptrdiff_t count) {
    ptrdiff_t i = 0;
    SEARCH(256)
    SEARCH(32)
    while (i + 1 < count && values[i] != value) i++;
    return i;
}

#undef SEARCH
