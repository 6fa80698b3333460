"""These tests hold the tables of README, docs and CHANGELOG against the registry: what they name is there. The CHANGELOG names
every kind, and the page of errors every one that a search was made for. The pictures of the pages are drawn anew."""

from __future__ import annotations

import importlib.util
import inspect
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from cases import FORMULAS
from oracle import nearest, ulp_error
from record import KINDS, Case, exact

import lrvec

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]


def calls_in(page: Path) -> Iterator[tuple[str, list[str], bool]]:
    """Yields the calls in the first column of a table: the name, the parameters, and whether these are all."""
    for row in re.findall(r"^\| *(.*?) \|", page.read_text(), re.MULTILINE):
        for name, inside in re.findall(r"`(\w+)\(([^`]*)\)`", row):
            words = re.sub(r"\[.*\]|=\{.*\}", "", inside).split(",")
            names = [word.strip().removesuffix("=") for word in words if word.strip()]
            whole = "..." not in names and not inside.startswith("[")
            yield name, [one for one in names if one.isidentifier()], whole


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_a_table_calls_what_there_is(page: Path) -> None:
    """A call names a factory or another function, and its parameters in their order. If it has no dots, it names every
    parameter that must be given."""
    for name, parameters, whole in calls_in(page):
        assert name in lrvec.__all__
        taken = inspect.signature(getattr(lrvec, name)).parameters.values()
        assert parameters == [one.name for one in taken if one.name in parameters], name
        needed = {one.name for one in taken if one.default is one.empty and one.kind is not one.VAR_KEYWORD}
        assert not whole or needed <= set(parameters), name


def sections() -> dict[str, str]:
    """The CHANGELOG's text by headings: "Unreleased", and versions."""
    parts = re.split(r"^## (.+)$", (ROOT / "CHANGELOG.md").read_text(), flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def kinds_in(text: str) -> set[str]:
    return {kind for kind in KINDS if f"`{kind}`" in text}


def test_the_tables_of_speed_name_kinds() -> None:
    """A figure has the kind behind it that it belongs to."""
    named = re.findall(r"\| [\d.]+ (?:us )?`(\w+)`", (ROOT / "docs" / "speed.md").read_text())
    assert set(named) <= set(KINDS)
    assert len(named) > 10


def test_the_table_of_errors_has_kinds_with_a_formula() -> None:
    rows = re.findall(r"^\| (\w+) \| [\d,]+ \|", (ROOT / "docs" / "numerics.md").read_text(), re.MULTILINE)
    assert len(rows) == len(set(rows)) > 10
    assert set(rows) <= set(FORMULAS)


NUMERICS = (ROOT / "docs" / "numerics.md").read_text()
WITNESSES = re.findall(r"^- ([\d.]+) ulp: `(.+)\((\d+)\)` is (\S+), exact (\S+)$", NUMERICS, re.MULTILINE)


def case_of(call: str) -> Case:
    """The case of a call that makes a schedule."""

    def maker(kind: str) -> Callable[..., Case]:
        def make(*given: Any, **named: Any) -> Case:
            return Case(kind, dict(zip(KINDS[kind].positional, given, strict=False)) | named)

        return make

    made: Case = eval(call, {kind: maker(kind) for kind in KINDS})
    return made


def test_every_kind_of_the_table_of_errors_has_a_witness() -> None:
    rows = re.findall(r"^\| (\w+) \| [\d,]+ \| ?([\d.]*) ?\| ?([\d.]*) ?\|", NUMERICS, re.MULTILINE)
    shown = [(case_of(call).kind, error) for error, call, *_ in WITNESSES]
    wanted = [(kind, error) for kind, *errors in rows for error in errors if error not in ("", "0.00")]
    assert len(wanted) > 20
    assert sorted(shown) == sorted(wanted)


@pytest.mark.skipif(lrvec.engine != "compiled", reason="the page is about the compiled engine")
@pytest.mark.parametrize(("error", "call", "step", "value", "wanted"), WITNESSES)
def test_a_witness_shows_its_error(error: str, call: str, step: str, value: str, wanted: str) -> None:
    case = case_of(call)
    found = exact(case, int(step))
    assert repr(case.make()(int(step))) == value
    assert repr(nearest(found.value)) == wanted
    assert f"{ulp_error(float(value), found):.2f}" == error


def test_the_changelog_names_every_kind() -> None:
    assert kinds_in("".join(sections().values())) == set(KINDS)
    assert lrvec.__version__ in sections()


def test_the_version_is_that_of_the_citation() -> None:
    assert re.findall("^version: (.+)$", (ROOT / "CITATION.cff").read_text(), re.MULTILINE) == [lrvec.__version__]


def script(name: str) -> Any:
    """The module that `docs/NAME.py` is."""
    spec = importlib.util.spec_from_file_location(name, ROOT / "docs" / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_sheet_shows_every_kind_as_it_is() -> None:
    """A kind that has changed is drawn anew by `python docs/sheet.py`. One that no version has yet may be absent."""
    sheet = script("sheet")
    text = sheet.SHEET.read_text()
    named = re.findall(r"<text [^>]*>(\w+)</text>", text)
    new = kinds_in(sections().get("Unreleased", ""))
    assert named == [kind for kind in KINDS if kind in named or kind not in new], "run `python docs/sheet.py`"
    assert text == sheet.sheet(named), "run `python docs/sheet.py`"
    assert "(docs/_static/kinds.svg)" in (ROOT / "README.md").read_text()


def test_the_chart_shows_the_table_of_speed() -> None:
    speed = script("speed")
    assert speed.CHART.read_text() == speed.chart(), "run `python docs/speed.py`"
    machines, rivals = speed.rows()
    assert machines == ["Xeon", "EPYC"]
    assert dict(rivals)["numpy"] == [16.2, 26.6]


def test_the_readme_is_short_and_its_figures_of_speed_are_those_of_the_page() -> None:
    readme = (ROOT / "README.md").read_text()
    assert len(readme.splitlines()) <= 160
    shown = re.findall(r"^\| (?:numpy|`.+`|lrsched 0.5.0[^|]*) \| ([\d.]+) \| ([\d.]+) \|$", readme, re.MULTILINE)
    page = re.findall(r"^\|[^|]*\| ([\d.]+) `?[^|]*\| [^|]*\| ([\d.]+) [^|]*\|", (ROOT / "docs" / "speed.md").read_text(), re.MULTILINE)
    page = [tuple(f"{float(figure):.2g}" for figure in row) for row in page]
    assert len(shown) == 5
    for row in shown:
        assert tuple(f"{float(figure):.2g}" for figure in row) in page
