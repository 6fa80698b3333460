"""`python tests/gpu` tests lrvec on a GPU, and then prints how fast it is there beside a bare multiply.

Whatever it does not know itself goes to pytest.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from pathlib import Path

import driver

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
LAWS = ["test_laws.py", "test_jax.py"]
"""The tests of tests/frameworks that hold on every device; those of CuPy need a GPU."""


def main() -> int:
    parser = argparse.ArgumentParser(prog="python tests/gpu", description=__doc__)
    parser.add_argument("--device", choices=["cuda", "cpu"], default="cuda", help=argparse.SUPPRESS)
    parser.add_argument("--without-cupy", action="store_true", help="where CuPy is not installed")
    options, others = parser.parse_known_args()
    if options.device == "cuda" and not driver.devices():
        sys.exit(driver.NO_GPU)
    cupy = options.device == "cuda" and not options.without_cupy
    os.environ |= {"LRVEC_TEST_DEVICE": options.device, "LRVEC_TEST_CUPY": str(int(cupy))}

    files = [HERE.parent / "frameworks" / name for name in [*LAWS, *(["test_cupy.py"] if cupy else [])]]
    tests = subprocess.run([sys.executable, "-m", "pytest", HERE, *files, *others], cwd=ROOT, check=False).returncode
    if tests > 1:  # pytest ran none
        return tests
    quick = ["--quick"] if options.device == "cpu" else []
    table = [sys.executable, "-m", "benchmarks", "gpu", "--device", options.device, *quick]
    throughput = subprocess.run(table, cwd=ROOT, check=False).returncode
    return tests or throughput


if __name__ == "__main__":
    sys.exit(main())
