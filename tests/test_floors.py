"""These tests check the direction of imports: a module imports only from floors below its own, or from its own package."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from each import each
from processes import python

import lrvec

PACKAGE = Path(lrvec.__file__).parent

FLOORS = (
    ("_blocks", "_draw", "_frameworks", "_program"),
    ("_checks",),
    ("_registry",),
    ("_engine",),
    ("_lowering",),
    ("_evaluate",),
    ("_values",),
    ("schedules", "queries", "roles", "plateau"),
    ("dialects", "_plot", "clocks"),
    ("_adapters", "_logs", "recipes"),
    ("read",),
    ("cli", "nemo", "dask", "search", "torch", "keras"),
    ("__main__", "transformers"),
)
"""The ground first, the front doors last. The modules of one row do not know each other."""

ROOT = FLOORS.index(("read",))
"""`lrvec` itself has names of all floors: only front doors may import one."""

EARLIER_PLACES = {"compose", "cyclical", "groups", "megatron", "stateful", "sweep"}
"""Modules that only import names which have moved; like the front doors, nobody imports them."""

FLOOR = {name: floor for floor, names in enumerate(FLOORS) for name in names} | dict.fromkeys(EARLIER_PLACES, len(FLOORS))
MODULES = {path.relative_to(PACKAGE).with_suffix("").parts: path for path in sorted(PACKAGE.rglob("*.py"))}


@cache
def imported(module: tuple[str, ...]) -> frozenset[tuple[str, ...]]:
    return frozenset(_imported(module))


def _imported(module: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """The modules of the package that a module imports anywhere, also within functions, but for its type checker."""
    tree = ast.parse(MODULES[module].read_text())
    own_package = module[:-1]
    ignored = {
        id(node)
        for block in ast.walk(tree)
        if isinstance(block, ast.If) and isinstance(block.test, ast.Name) and block.test.id == "TYPE_CHECKING"
        for part in block.body
        for node in ast.walk(part)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for name in node.names:
                package, *inside = name.name.split(".")
                if package == "lrvec":
                    yield tuple(inside)
        if isinstance(node, ast.ImportFrom) and id(node) not in ignored:
            path = tuple(node.module.split(".")) if node.module else ()
            if not node.level and path[0] != "lrvec":
                continue
            base = own_package[: len(own_package) - (node.level - 1)] + path if node.level else path[1:]
            for name in node.names:
                whole = (*base, name.name)
                yield whole if whole in MODULES or (*whole, "__init__") in MODULES else base


def place(module: tuple[str, ...]) -> tuple[str, ...]:
    return (*module, "__init__") if (*module, "__init__") in MODULES else module


@each([module for module in MODULES if module != ("__init__",)], lambda module: module[0])
def test_imports_run_downwards(module: tuple[str, ...]) -> None:
    floor = FLOOR[module[0]]
    for other in imported(module):
        if other[:1] != module[:1]:
            assert (FLOOR[other[0]] if other else ROOT) < floor, f"{'.'.join(module)} imports {'.'.join(other) or 'lrvec'}"


def test_no_circle() -> None:
    """Also none within a package: a module is reached by nothing that it reaches."""
    reached: dict[tuple[str, ...], set[tuple[str, ...]]] = {
        module: {place(other) for other in imported(module)} & MODULES.keys() for module in MODULES
    }
    left = dict(reached)
    while left:
        free = {module for module, others in left.items() if not (others & left.keys()) - {module}}
        assert free, f"a circle among {sorted('.'.join(module) for module in left)}"
        for module in free:
            del left[module]


def test_every_module_has_a_floor() -> None:
    assert {module[0] for module in MODULES} - {"__init__"} == FLOOR.keys()


def test_every_public_module_is_an_attribute() -> None:
    """Also of a program that has imported lrvec alone, as version 0.1.0 had it. Some modules import a framework first."""
    public = {module[0] for module in MODULES if not module[0].startswith("_")}
    for name in sorted(public - {"dask", "keras", "search", "torch", "transformers"}):
        assert python(f"import lrvec; print(lrvec.{name}.__name__)") == f"lrvec.{name}\n"
