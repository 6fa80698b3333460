"""Which modules of tests are collected: those about the compiled engine need one.

Where Python's is asked for and the other was not built, they are left out. Where nothing is asked for they fail."""

import gc
import importlib.util
import os

ABOUT_THE_COMPILED_ENGINE = ["test_extension.py"]

missing = importlib.util.find_spec("lrvec._engine._kernels") is None
collect_ignore = ABOUT_THE_COMPILED_ENGINE if missing and os.environ.get("LRVEC_ENGINE") == "python" else []


def pytest_collection_finish() -> None:
    """Puts ten thousand tests out of the garbage collector's sight, which else walks them again and again."""
    gc.collect()
    gc.freeze()
