/* What the files know of each other that answer questions about curves. */
#ifndef LRVEC_PIECES_H
#define LRVEC_PIECES_H

#include "widths.h"

/* The step behind the last one from `step` on to which the table goes one way; or does so without a jump, if it is to be smooth. It
   may be sooner. From a step that is a fraction it is a whole number of steps away, too. */
double lrvec_piece_end(const lrvec_table *table, double step, int smooth);

/* What comes again in a segment. */
struct cycle lrvec_cycle_of(const lrvec_segment *segment);

/* The last segment that starts at `step` or before, and the start of the next one. */
ptrdiff_t lrvec_segment_at(const lrvec_table *table, double step);
double lrvec_segment_end(const lrvec_table *table, ptrdiff_t segment);

#endif
