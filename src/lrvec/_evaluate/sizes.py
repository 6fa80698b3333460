"""Every size that was tuned, and why. They change how long things take and how much memory, never a value."""

PIECE = 1 << 19
"""Values in a piece of work: about half a millisecond, so that an interrupt waits no longer than that for each thread,
and well above what it costs to start a thread."""

BLOCK = 65536
"""Steps at a time, where they or their values must be converted on the way."""

ROWS = 1 << 12
"""Rows in a piece of work at most: making their tables takes time too."""

BATCH = 1 << 14
"""Rows in a piece of work that has one step a row, and rows that are lowered at a time where memory matters."""

LOWERED = 60 << 20
"""Bytes of lowered parameters that a sweep keeps."""

TABLE = 128
"""Bytes of one row's table at least, where each row has its own."""

SPAN = 1 << 20
"""Steps of one row in one piece of a summary: some hundredths of a second at most, so that an interrupt is not kept
waiting. A sum is made of the sums of such spans, whoever made them: so this one is part of a sum's bits."""

SPANS = 1 << 14
"""Summaries of spans that are kept at a time, where the rows are not more."""

LARGE_MAP = 8 * PIECE
"""Bytes from which a file is asked for room on its disk. In smaller arrays the pages are taken at once, as writing them
would; those of an array larger than memory would go to the disk twice."""

PAGES = 1 << 26
"""Bytes of a map's pages between two chances for an interrupt."""

MATRIX_BYTES = 1 << 24
"""Bytes of a matrix that the command line writes at a time: enough work for all threads, and little memory."""

DRAWN_ROWS = 1024
"""Rows whose sparklines the command line makes at a time: their values take 256 KiB."""

TASK = 1000
"""Bytes of one of dask's tasks at least."""
