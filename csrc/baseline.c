/* The loops on the vectors that every processor of its kind has. */
#include "loops-inl.h"

#define WIDTH(name) name##_baseline
#define TARGET
#include "blocks-inl.h"
#include "columns-inl.h"
#include "sums-inl.h"
const struct width lrvec_baseline = KERNELS;
