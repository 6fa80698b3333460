"""pytest reads here which modules of tests it collects: modules about the compiled engine need that engine.

They are left out if LRVEC_ENGINE asks for the Python engine and the compiled one was not built. If it was not built and
LRVEC_ENGINE asks for nothing, they fail."""

import gc
import importlib.util
import os

ABOUT_THE_COMPILED_ENGINE = ["engine/test_extension.py"]

missing = importlib.util.find_spec("lrvec._engine._kernels") is None
collect_ignore = ABOUT_THE_COMPILED_ENGINE if missing and os.environ.get("LRVEC_ENGINE") == "python" else []


def pytest_collection_finish() -> None:
    """Puts ten thousand tests out of the garbage collector's sight, which else walks them again and again."""
    gc.collect()
    gc.freeze()
