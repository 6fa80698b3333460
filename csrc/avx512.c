/* The loops on vectors of 512 bits. */
#include "widths.h"

#ifdef LRVEC_X86_WIDTHS
#include "loops-inl.h"

#define WIDTH(name) name##_avx512
/* A compiler that tunes for this processor prefers vectors of 256 bits. gcc can be told otherwise; clang ignores a whole
   target list with that option in it, and so tunes for none. */
#if defined(__clang__)
#define TARGET __attribute__((target("avx512f,avx512dq,avx512bw,avx512vl")))
#else
#define TARGET __attribute__((target("avx512f,avx512dq,avx512bw,avx512vl,prefer-vector-width=512,tune=skylake-avx512")))
#endif
#include "blocks-inl.h"
#include "columns-inl.h"
#include "sums-inl.h"
const struct width lrvec_avx512 = KERNELS;
#endif
