"""These tests are about the schedules of other libraries, as far as they need no other library."""

from __future__ import annotations

import importlib
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from each import each

import lrvec
from lrvec.dialects import names
from lrvec.dialects._foreign import FOREIGN

DOCS = Path(__file__).parents[2] / "docs"
NAMES = names()


def test_the_page_is_what_the_script_prints() -> None:
    """If not: python docs/families.py > docs/families.md"""
    printed = subprocess.run([sys.executable, DOCS / "families.py"], capture_output=True, text=True, check=True).stdout
    assert printed == (DOCS / "families.md").read_text()


def test_names() -> None:
    assert sorted(NAMES, key=lambda pair: pair[0]) == NAMES
    assert names("optax") == [pair for pair in NAMES if pair[0] == "optax"]
    assert ("optax", "sgdr_schedule") in NAMES
    message = f"library must be one of {tuple(sorted({library for library, _ in NAMES}))}, received 'optx'"
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        names("optx")


@each(NAMES, lambda listed: listed[0])
def test_a_module_lists_its_functions(listed: tuple[str, str]) -> None:
    library, name = listed
    module = getattr(lrvec.dialects, library)
    assert name in module.__all__
    assert FOREIGN[library, name].function is getattr(module, name).__wrapped__


def test_nothing_is_imported_from_the_libraries() -> None:
    libraries = sorted({library for library, _ in NAMES})
    asked = "import sys, lrvec.dialects as d; [getattr(d, one) for one in {0}]; print([one for one in {0} if one in sys.modules])"
    done = subprocess.run([sys.executable, "-c", asked.format(libraries)], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_other_attributes_of_the_package() -> None:
    assert {"optax", "names"} <= set(dir(lrvec.dialects))
    with pytest.raises(AttributeError, match=r"^module 'lrvec.dialects' has no attribute 'optx'$"):
        lrvec.dialects.optx  # type: ignore[attr-defined]  # noqa: B018


# ---- what each function refuses ----

REFUSED = {
    library: importlib.import_module(f"refused_{library}").REFUSED
    for library in sorted({library for library, _ in NAMES})
}


@each(
    [
        (library, name, given, message)
        for library, functions in REFUSED.items()
        for name, cases in functions.items()
        for given, message in cases
    ],
    lambda refused: refused[0],
)
def test_refused(refused: tuple[str, str, dict[str, Any], str]) -> None:
    library, name, given, message = refused
    with pytest.raises((ValueError, TypeError)) as refusal:
        getattr(getattr(lrvec.dialects, library), name)(**given)
    assert str(refusal.value) == message


def test_something_of_every_function_is_refused() -> None:
    assert {(library, name) for library, functions in REFUSED.items() for name in functions} == set(NAMES)


def test_missing_and_unknown_arguments() -> None:
    with pytest.raises(TypeError, match=r"missing 1 required positional argument: 'decay_steps'"):
        lrvec.dialects.optax.cosine_decay_schedule(1.0)
    with pytest.raises(TypeError, match=r"unexpected keyword argument 'steps'"):
        lrvec.dialects.optax.constant_schedule(1.0, steps=2)
