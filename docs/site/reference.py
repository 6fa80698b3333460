"""This module writes the pages that are made of docstrings: one for each kind, and the reference of every public name.

`write(folder)` writes them in MyST's Markdown. A docstring is Markdown but for its sections and its formulas.
"""

from __future__ import annotations

import ast
import importlib.util
import inspect
import itertools
import re
import sys
import textwrap
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import lrvec
from formula import mathml

DOCS = Path(__file__).parents[1]
PACKAGE = Path(lrvec.__file__).parent

FRAMEWORKS = ("dask", "distributed", "keras", "optuna", "ray", "scipy", "torch", "transformers")
"""Modules that the public ones import."""

SPECIAL = ("__call__", "__getitem__")
"""These methods are shown beside the public ones if they have docstrings of their own."""

BLOCK = re.compile(r"((?:^>>> .*\n(?:.+\n)*)+)|((?:^    .*\n|^\n(?=    ))+)|((?:^(?! {4}|>>> ).+\n)+)", re.MULTILINE)
"""An example, a formula or a paragraph."""

TOP = {
    "values": ("Values", "What factories and questions return."),
    "questions": ("Questions and tools", "Functions that take schedules and sweeps."),
    "names-of-others": ("Helpers of other libraries", "Helpers of nano-optax by their own names."),
}
"""The pages of the names that `lrvec` itself has beside the kinds: title and sentence."""


CONSTANTS = {
    "lrvec.__version__": "The version.",
    "lrvec.engine": 'The engine that runs: "compiled" or "python".',
    "lrvec.simd": "The vector width that the compiled engine uses.",
}
"""What there is to say of the constants of `lrvec`."""


# ---- docstrings ----


def fenced(text: str, language: str) -> str:
    return f"```{language}\n{text}\n```"


def markdown(docstring: str) -> str:
    """Returns a docstring as Markdown: examples are fenced, formulas rendered, and sections have their titles."""
    parts: list[str] = []
    for title, body in sections(docstring):
        if title:
            parts.append(f"**{title}**")
        parts += definitions(body) if title == "Parameters" else blocks(body)
    return "\n\n".join(parts)


def sections(docstring: str) -> Iterator[tuple[str, str]]:
    """Yields the sections of a docstring with their titles; the text in front of the first one has none."""
    pieces = re.split(r"^(\w[\w ]*)\n-{3,}\n", docstring, flags=re.MULTILINE)
    yield "", pieces[0]
    yield from zip(pieces[1::2], pieces[2::2], strict=True)


def blocks(text: str) -> Iterator[str]:
    """Yields paragraphs, examples and formulas."""
    for example, formula, paragraph in BLOCK.findall(text.strip("\n") + "\n"):
        if example:
            yield fenced(re.sub(r" *# doctest: .*", "", example.strip()), "python")
        elif formula.strip():
            yield fenced(mathml(textwrap.dedent(formula)), "{raw} html")
        elif paragraph:
            yield paragraph.strip()


def definitions(text: str) -> Iterator[str]:
    """Yields the parameters of a section, each with its text."""
    described, _, rest = text.strip("\n").partition("\n\n")
    for entry in re.findall(r"^\S.*(?:\n +.*)*", described, re.MULTILINE):
        names, _, said = entry.partition(" : ")
        lines = [line.strip() for line in said.splitlines()]
        yield f"{', '.join(f'`{name}`' for name in names.split(', '))}\n: {' '.join(lines)}"
    yield from blocks(rest)


# ---- entries ----


def signature(target: Any) -> str:
    """Returns the parameters of a callable with their defaults."""
    try:
        found = inspect.signature(target)
    except (TypeError, ValueError):
        return ""
    bare = [
        one.replace(annotation=one.empty, default=one.default if one.default is one.empty else Shown(one.default))
        for one in found.parameters.values()
        if one.name != "self"
    ]
    return str(found.replace(parameters=bare, return_annotation=found.empty))


class Shown:
    """This stands for a default that has no plain repr."""

    def __init__(self, value: Any) -> None:
        self.text = repr(value) if isinstance(value, int | float | str | tuple | type(None)) else "..."

    def __repr__(self) -> str:
        return self.text


def entry(name: str, target: Any) -> str:
    """Returns the entry of a public name."""
    docstring = inspect.getdoc(target) or ""
    if inspect.isclass(target):
        return directive("py:class", f"{name}{class_signature(target)}", [markdown(docstring), *methods(target)], 5)
    if callable(target):
        functions = {one: value for one, value in vars(target).items() if inspect.isfunction(value) and one[0] != "_"}
        parts = [markdown(docstring), *(entry(f"{name}.{one}", value) for one, value in functions.items())]
        return directive("py:function", name + signature(target), parts, 5 if functions else 4)
    return directive("py:data", name, [about(name, target)], 4)


def about(name: str, target: Any) -> str:
    """Returns what is said of a name in one sentence or some: of a constant, the string behind it."""
    if callable(target):
        return summary(target)
    return documented(name) or CONSTANTS.get(name) or repr(target)


def class_signature(target: type) -> str:
    """Returns the parameters of a class that users make, which are those that its docstring tells of."""
    return signature(target.__init__) if "Parameters\n" in (target.__doc__ or "") else ""


def methods(target: type) -> Iterator[str]:
    """Yields the entries of a class's own public methods and properties."""
    for name in dir(target):
        if name.startswith("_") and name not in SPECIAL:
            continue
        value = inspect.getattr_static(target, name)
        if not any(name in vars(base) for base in target.__mro__ if base.__module__.startswith("lrvec")):
            continue
        if isinstance(value, staticmethod | classmethod):
            value = value.__func__
        docstring = value.__doc__ if name in SPECIAL else inspect.getdoc(value)
        if isinstance(value, property):
            yield directive("py:property", name, [markdown(docstring or "")], 4)
        elif inspect.isroutine(value) and docstring:
            yield directive("py:method", f"{name}{signature(value)}", [markdown(inspect.cleandoc(docstring))], 4)


def documented(name: str) -> str:
    """Returns the string that stands behind a module's constant."""
    module, _, constant = name.rpartition(".")
    body = ast.parse(inspect.getsource(importlib.import_module(module))).body
    for one, behind in itertools.pairwise(body):
        targets = one.targets if isinstance(one, ast.Assign) else []
        names = {node.id for target in targets for node in ast.walk(target) if isinstance(node, ast.Name)}
        if constant in names and isinstance(behind, ast.Expr) and isinstance(behind.value, ast.Constant):
            return str(behind.value.value)
    return ""


def directive(kind: str, argument: str, parts: Iterable[str], ticks: int) -> str:
    return f"{'`' * ticks}{{{kind}}} {argument}\n\n" + "\n\n".join(part for part in parts if part) + f"\n{'`' * ticks}"


# ---- public names ----


def modules() -> list[str]:
    """Returns the public modules below `lrvec`."""
    found = []
    for path in sorted(PACKAGE.rglob("*.py")):
        parts = path.relative_to(PACKAGE).with_suffix("").parts
        parts = parts[:-1] if parts[-1] == "__init__" else parts
        if parts and not any(part.startswith("_") for part in parts):
            found.append(".".join(("lrvec", *parts)))
    return found


def imported(name: str) -> ModuleType:
    """Imports a module. Frameworks that are not installed are stood in for."""
    from sphinx.ext.autodoc.mock import mock

    with mock([framework for framework in FRAMEWORKS if importlib.util.find_spec(framework) is None]):
        return importlib.import_module(name)


def public() -> dict[str, dict[str, Any]]:
    """Returns the public names of each page, but for the kinds."""
    kinds = lrvec.kinds()
    pages: dict[str, dict[str, Any]] = {page: {} for page in TOP}
    seen = {id(getattr(lrvec, name)) for name in lrvec.__all__}
    for name in lrvec.__all__:
        if name not in kinds:
            target = getattr(lrvec, name)
            pages[page_of(target)][f"lrvec.{name}"] = target
    for module in modules():
        found = imported(module)
        targets = {f"{module}.{name}": getattr(found, name) for name in getattr(found, "__all__", ())}
        own = {name: target for name, target in targets.items() if id(target) not in seen}
        if own:
            pages[module.removeprefix("lrvec.")] = own
    return pages


def page_of(target: Any) -> str:
    if inspect.isclass(target):
        return "values"
    return "names-of-others" if "dialects" in getattr(target, "__module__", "") else "questions"


def summary(target: Any) -> str:
    """Returns the first sentence of a docstring, on one line."""
    first = (inspect.getdoc(target) or "").partition("\n\n")[0].replace("\n", " ")
    return first.partition(". ")[0].removesuffix(".").replace("|", "\\|")


# ---- pages ----


def kind_page(name: str, picture: Any, elsewhere: list[tuple[str, str]]) -> str:
    """Returns the page of a kind: picture, formula, parameters, past the end, source, example, and other libraries."""
    factory, kind = getattr(lrvec, name), lrvec.kinds()[name]
    found = dict(sections(inspect.getdoc(factory) or ""))
    returns, raises = found.get("Returns", ""), found.get("Raises", "")
    first, _, formula = found[""].partition("\n\n")
    said, _, behind = raises.partition("\n\n")
    parts = [
        f"# {name}",
        directive("py:function", f"lrvec.{name}{signature(factory)}", [first.replace("\n", " ")], 4),
        fenced(f'<div class="picture">{picture._repr_svg_()}</div>', "{raw} html"),
        fenced(shown_call(picture), "python"),
        "## Formula",
        *blocks(formula),
        "## Parameters",
        "| parameter | what it is | what it may be |\n|---|---|---|\n"
        + "\n".join(f"| `{one.name}` | {one.about} | {one.text} |" for one in kind.parameters.values()),
        "## Past the end",
        *blocks(past_the_end(returns)),
        "## What is refused",
        *blocks(said),
        "## Example and source" if "Source:" in behind else "## Example",
        *blocks(behind),
    ]
    if elsewhere:
        rows = "\n".join(f"| {library} | `{call}` |" for library, call in elsewhere)
        said = "It has a part in these [schedules of other libraries](../families.md):"
        parts += ["## In other libraries", f"{said}\n\n| library | call |\n|---|---|\n{rows}"]
    return "\n\n".join(parts) + "\n"


def past_the_end(returns: str) -> str:
    """Returns what a docstring says about the steps past the end, as sentences."""
    _, _, said = returns.strip().partition("; ")
    return said[:1].upper() + said[1:]


def shown_call(value: Any) -> str:
    """Returns the call that makes a value, with a parameter on each line where it is long."""
    call = repr(value)
    return call if len(call) <= 100 else call[:400] + (" ..." if len(call) > 400 else "")


def elsewhere() -> dict[str, list[tuple[str, str]]]:
    """Returns for each kind the schedules of other libraries that it has a part in, each by a library and a call."""
    import families

    found: dict[str, list[tuple[str, str]]] = {name: [] for name in lrvec.kinds()}
    for pair in families.names():
        _, call, native = families.example(pair)
        for name in found:
            if re.search(rf"\b{name}\(", native):
                found[name].append((pair[0], call))
    return found


def gallery(drawn: dict[str, Any]) -> str:
    """Returns the page with a small picture of every kind."""
    from sheet import CELL, ROW, cell

    box = f'viewBox="0 0 {CELL} {ROW}" font-family="monospace" font-size="11" fill="none" stroke="#787878"'
    cells = "".join(f'<a href="{name}.html"><svg {box}>{cell(name, 0)}</svg></a>' for name in drawn)
    curves = fenced(f'<div class="kinds">{cells}</div>', "{raw} html")
    return "\n\n".join(["# Gallery", "Every kind has a page.", curves, toctree(drawn)])


def toctree(pages: Iterable[str]) -> str:
    return fenced("\n".join([":hidden:", "", *pages]), "{toctree}") + "\n"


def reference(pages: dict[str, dict[str, Any]]) -> Iterator[tuple[str, str]]:
    """Yields the pages of the reference with their names."""
    overview = ["# Reference", "Every public name is here."]
    for page, names in pages.items():
        title, said = TOP[page] if page in TOP else (f"lrvec.{page}", summary(sys.modules[f"lrvec.{page}"]) + ".")
        entries = [entry(name, target) for name, target in names.items()]
        yield f"{page}.md", "\n\n".join([f"# {title}", said, *entries]) + "\n"
        rows = [f"| {{py:obj}}`{name}` | {about(name, target)} |" for name, target in names.items()]
        overview += [f"## {title}", "\n".join(["| name | |", "|---|---|", *rows])]
    rows = [f"| {{py:obj}}`lrvec.{name}` | {summary(getattr(lrvec, name))} |" for name in lrvec.kinds()]
    overview += ["## Kinds", "\n".join(["| name | |", "|---|---|", *rows]), toctree(pages)]
    yield "index.md", "\n\n".join(overview)


def write(folder: Path) -> None:
    """Writes all pages into `kinds/` and `reference/` of a folder."""
    sys.path.insert(0, str(DOCS))
    from sheet import typical

    (folder / "kinds").mkdir(exist_ok=True)
    (folder / "reference").mkdir(exist_ok=True)
    drawn = {name: typical(name) for name, kind in lrvec.kinds().items() if not kind.is_own}
    others = elsewhere()
    for name, value in drawn.items():
        (folder / "kinds" / f"{name}.md").write_text(kind_page(name, value, others[name]))
    (folder / "kinds" / "index.md").write_text(gallery(drawn))
    for name, text in reference(public()):
        (folder / "reference" / name).write_text(text)
