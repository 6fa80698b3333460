/* The choice of a vector width. */
#include "widths.h"

#ifdef LRVEC_X86_WIDTHS
const char *const lrvec_widths[] = {"baseline", "avx2", "avx512", NULL};
static const struct width *const kernels_of[] = {&lrvec_baseline, &lrvec_avx2, &lrvec_avx512};
#else
const char *const lrvec_widths[] = {"baseline", NULL};
static const struct width *const kernels_of[] = {&lrvec_baseline};
#endif

const struct width *lrvec_chosen = &lrvec_baseline;

static int processor_has(int width) {
#ifdef LRVEC_X86_WIDTHS
    if (width == 1) return __builtin_cpu_supports("avx2");
    if (width == 2)
        return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
               __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl");
#endif
    return width == 0;
}

int lrvec_has_width(const char *name) {
    for (int i = 0; lrvec_widths[i]; i++)
        if (!strcmp(lrvec_widths[i], name)) return processor_has(i);
    return 0;
}

const char *lrvec_choose_width(const char *name) {
    int best = -1;
    for (int i = 0; lrvec_widths[i]; i++)
        if (processor_has(i) && (!name || !strcmp(lrvec_widths[i], name))) best = i;
    if (best < 0) return NULL;
    kernels_of[best]->fill_tables();
    lrvec_chosen = kernels_of[best];
    return lrvec_widths[best];
}
