"""The benchmarks use one thread. `python -m benchmarks` prints side-by-side tables; `pytest benchmarks` times lrvec
alone."""

import os
import sys
from pathlib import Path

sys.path.append(str(Path(__file__).parents[1] / "tests"))  # the kinds' records are there

os.environ |= {
    "LRVEC_NUM_THREADS": "1",
    "NUMEXPR_NUM_THREADS": "1",
    "XLA_FLAGS": "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1",
    "JAX_PLATFORMS": "cpu",
}
