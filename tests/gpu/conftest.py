"""pytest learns here on which device the suite runs, and stops at once where that device is missing.

LRVEC_TEST_DEVICE is the device: `cuda`, which is also what an unset one means here, or `cpu`. LRVEC_TEST_CUPY=0 leaves CuPy
out.
"""

import os
import sys
from importlib.util import find_spec
from pathlib import Path

import driver
import pytest

DEVICE = os.environ.setdefault("LRVEC_TEST_DEVICE", "cuda")
os.environ.setdefault("XLA_PYTHON_CLIENT_PREALLOCATE", "false")  # JAX would leave no memory to torch
sys.path.append(str(Path(__file__).parents[1] / "frameworks"))


def pytest_configure(config: pytest.Config) -> None:
    if problem := without_a_gpu() if DEVICE == "cuda" else "":
        pytest.exit(problem, returncode=pytest.ExitCode.USAGE_ERROR)
    config.addinivalue_line("filterwarnings", "default")  # whatever the libraries say of a GPU that nobody has tried
    config.addinivalue_line("filterwarnings", r"error:::lrvec\b")


def pytest_report_header() -> str:
    left_out = "" if DEVICE == "cuda" else "; not here, since it needs a GPU: that CUDA captures graphs, and CuPy"
    return f"device: {DEVICE}{left_out}"


def without_a_gpu() -> str:
    """One line that says what is missing, or nothing. What takes no time is asked first."""
    if not driver.devices():
        return driver.NO_GPU
    libraries = ["torch", "jax", "optax", *(["cupy"] if os.environ.get("LRVEC_TEST_CUPY") != "0" else [])]
    if missing := [name for name in libraries if find_spec(name) is None]:
        return f"not installed: {', '.join(missing)}"
    import jax
    import torch

    if not torch.cuda.is_available():
        return f"torch {torch.__version__} does not see the GPU"
    try:
        jax.config.update("jax_platforms", DEVICE)
        jax.devices()
    except RuntimeError:
        return f"jax {jax.__version__} does not see the GPU"
    return ""
