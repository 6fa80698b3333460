"""These sizes were tuned. They change how long things take and how much memory, but never a value."""

PIECE = 1 << 19
"""A piece of work has so many values. It takes about half a millisecond: no longer than an interrupt may wait for each
thread, and much longer than it takes to start a thread."""

BLOCK = 65536
"""Steps or values that must be converted on the way are converted so many at a time."""

ROWS = 1 << 12
"""A piece of work has so many rows at most: making their tables takes time too."""

SUMMARIES = 1 << 9
"""A piece of work has the summaries of so many rows over consecutive steps. It takes about a millisecond."""

BATCH = 1 << 14
"""A batch has so many rows, or four times as many. So has a piece of work with one step a row."""

BATCHED = 8 << 20
"""A batch of more rows takes so many bytes at most. What Python does for a batch takes as long for few rows."""

LOWERED = 60 << 20
"""A sweep keeps so many bytes of lowered parameters at most."""

TABLE = 128
"""A row's table takes so many bytes at least, where each row has its own."""

SPAN = 1 << 20
"""A span has so many steps. Its summary takes some hundredths of a second at most, so that an interrupt is not kept
waiting. A sum is made of the sums of spans, whoever makes these, so this size is part of a sum's bits."""

SPANS = 1 << 14
"""So many summaries of spans are kept at a time; where there are more rows than this, one for each row."""

FIRST_WIDTH = 1024
"""A search for a sum first looks so many steps far, and then twice as far each time: a late answer takes few looks,
and an early one little work."""

LARGE_MAP = 8 * PIECE
"""An array of so many bytes or more asks its file for room on the disk. The pages of a smaller one are taken at once,
as writing would take them. The pages of an array larger than memory would go to the disk twice."""

PAGES = 1 << 26
"""So many bytes of a map's pages are taken between two chances for an interrupt."""

MATRIX_BYTES = 1 << 24
"""The command line writes so many bytes of a matrix at a time: enough work for all threads, and little memory."""

DRAWN_ROWS = 1024
"""The command line makes the sparklines of so many rows at a time: their values take 256 KiB."""

TASK = 1000
"""One of dask's tasks takes so many bytes at least."""
