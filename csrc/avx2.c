/* The loops on vectors of 256 bits. */
#include "widths.h"

#ifdef LRVEC_X86_WIDTHS
#include "loops-inl.h"

#define WIDTH(name) name##_avx2
#define TARGET __attribute__((target("avx2,tune=haswell")))
#include "blocks-inl.h"
#include "columns-inl.h"
#include "sums-inl.h"
const struct width lrvec_avx2 = KERNELS;
#endif
