"""These tests read the documentation that `.ci/docs` has built: the environment variable LRVEC_SITE names its folder."""

from __future__ import annotations

import ast
import os
import posixpath
import re
import zlib
from pathlib import Path

import pytest
from record import KINDS

import lrvec
from lrvec.dialects import names

SITE = Path(os.environ["LRVEC_SITE"])
ROOT = Path(__file__).parents[2]
PACKAGE = Path(lrvec.__file__).parent
PAGES = {path.relative_to(SITE).as_posix(): path.read_text() for path in SITE.rglob("*.html") if "_static" not in path.parts}
INVENTORY = zlib.decompress((SITE / "objects.inv").read_bytes().split(b"\n", 4)[4]).decode().splitlines()
ENTRIES = [line.split()[0] for line in INVENTORY if re.match(r"\S+ py:(?!module)", line)]


def public(path: Path) -> list[str]:
    """The names in the list `__all__` of a module."""
    for node in ast.parse(path.read_text()).body:
        if isinstance(node, ast.Assign) and [getattr(target, "id", "") for target in node.targets] == ["__all__"]:
            try:
                listed: list[str] = ast.literal_eval(node.value)
            except ValueError:  # a list of others' lists
                return []
            return listed
    return []


def test_every_public_name_is_in_the_reference_once() -> None:
    wanted = {f"lrvec.{name}" for name in lrvec.__all__} | {f"lrvec.dialects.{library}.{name}" for library, name in names()}
    known = set(lrvec.__all__)
    for path in PACKAGE.rglob("*.py"):
        parts = path.relative_to(PACKAGE).with_suffix("").parts
        parts = parts[:-1] if parts[-1] == "__init__" else parts
        if not any(part.startswith("_") for part in parts):
            wanted |= {".".join(("lrvec", *parts, name)) for name in public(path) if name not in known}
    assert len(wanted) > 150
    assert sorted(wanted - set(ENTRIES)) == []
    assert sorted({entry for entry in ENTRIES if ENTRIES.count(entry) > 1}) == []


@pytest.mark.parametrize("kind", [name for name, kind in KINDS.items() if not kind.is_own])
def test_a_kind_has_a_page(kind: str) -> None:
    page = PAGES[f"kinds/{kind}.html"]
    text = re.sub("<[^>]*>", "", page)
    assert "<math display='block'" in page
    assert page.count("<polyline") + page.count("<path") > 1
    for name, parameter in KINDS[kind].parameters.items():
        assert re.search(rf">{name}</span></code></p></td>", page), name
        assert parameter.about.replace("`", "")[:20] in text
    for title in ("Formula", "Parameters", "Past the end", "What is refused"):
        assert re.search(rf"<h2>{title}<", page)


@pytest.mark.parametrize("example", sorted(path.stem for path in (ROOT / "docs" / "examples").glob("plot_*.py")))
def test_an_example_has_run(example: str) -> None:
    assert f"sphx_glr_{example}_001.png" in PAGES[f"gallery/{example}.html"]


def links(page: str) -> set[str]:
    """The pages that a page leads to."""
    found = {target.partition("#")[0] for target in re.findall(r'<a [^>]*href="([^":]+)"', PAGES[page])}
    return {posixpath.normpath(posixpath.join(posixpath.dirname(page), target)) for target in found if target} & PAGES.keys()


def test_every_page_is_within_two_clicks_of_the_first_one() -> None:
    first = links("index.html")
    reached = first.union(*map(links, first))
    sources = {page for page in PAGES if page not in {"genindex.html", "py-modindex.html", "search.html"}}
    assert sorted(sources - reached) == []


def test_no_page_needs_the_network() -> None:
    for name, page in PAGES.items():
        assert re.findall(r'<(?:script|img|link rel="stylesheet")[^>]*(?:src|href)="https?:', page) == [], name
