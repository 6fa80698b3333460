"""These tests run the examples on the pages that need JAX, matplotlib, pandas or torch."""

from __future__ import annotations

import doctest
import re
from pathlib import Path

import jax
import pytest

DOCS = Path(__file__).parents[2] / "docs"

PAGES = [page for page in sorted(DOCS.glob("*.md")) if re.search("^>>> import (jax|matplotlib|pandas|torch)$", page.read_text(), re.MULTILINE)]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_examples(page: Path) -> None:
    jax.config.update("jax_traceback_filtering", "off")  # else a note of JAX stands behind each error
    try:
        failed, tried = doctest.testfile(str(page), module_relative=False)
    finally:
        jax.config.update("jax_traceback_filtering", "auto")
    assert failed == 0
    assert tried > 0


def test_the_pages_about_frameworks_are_among_them() -> None:
    assert {"inside-jax-and-torch", "moving-from-nano-optax", "pictures", "steps"} <= {page.stem for page in PAGES}
