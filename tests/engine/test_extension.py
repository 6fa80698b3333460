"""These tests look at the object code of the extension, and build the kernels in other ways: the bits are the same everywhere."""

from __future__ import annotations

import ctypes
import math
import os
import re
import shutil
import subprocess
import sysconfig
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from processes import run

import lrvec
from lrvec._engine import _kernels
from lrvec._engine import reference as _reference
from lrvec._evaluate.summary import FIELDS
from lrvec._lowering.segments import At

ROOT = Path(__file__).parents[2]
EXTENSION = _kernels.__file__

FUSED = re.compile(r"vfn?m(add|sub)|f(n?m(add|sub)|m(la|ls|ad|sb)|nm(la|ls|ad|sb)|cmla)")
"""Fused multiply-adds: those of x86 begin with vf (FMA and FMA4), those of AArch64 with f."""

FUNCTIONS = {*dir(math), "cbrt", "exp10", "exp2", "fma", "pow10", "rint", "sincos"}
LIBM = {function + kind for function in FUNCTIONS for kind in ("", "f", "l")}


def output_of(*command: str | Path) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


@cache
def code() -> dict[str, list[str]]:
    """The instructions of each function of the extension."""
    functions: dict[str, list[str]] = {}
    for line in output_of("objdump", "--disassemble", "--no-show-raw-insn", EXTENSION).splitlines():
        if line.endswith(">:"):
            function = functions.setdefault(line[line.index("<") + 1 : -2], [])
        elif line.startswith(" "):
            function.append(line.partition(":\t")[2])
    return functions


@pytest.mark.parametrize(
    ("mnemonics", "fused"),
    [
        ("vfmadd132pd vfmadd213sd vfnmadd231pd vfmsubadd132ps vfnmsubss vfmaddpd", True),
        ("fmadd fmsub fnmadd fnmsub fmla fmls fmad fnmla fcmla", True),
        ("mulpd vmulpd vaddsd vsubpd vpmaddwd fmul fadd fsub fmov fnmul", False),
    ],
)
def test_a_fused_instruction_is_told_from_others(mnemonics: str, fused: bool) -> None:
    assert {bool(FUSED.match(mnemonic)) for mnemonic in mnemonics.split()} == {fused}


def test_no_fused_instruction() -> None:
    mnemonics = [line.partition(" ")[0] for lines in code().values() for line in lines]
    found = set(mnemonics)
    assert len(mnemonics) > 10_000
    assert any(re.match(r"v?mulpd|fmul", mnemonic) for mnemonic in found)
    assert {mnemonic for mnemonic in found if FUSED.match(mnemonic)} == set()


def test_no_call_of_the_mathematical_library() -> None:
    lines = output_of("nm", "--dynamic", "--undefined-only", EXTENSION).splitlines()
    symbols = {line.split()[-1].partition("@")[0] for line in lines}
    assert "PyFloat_FromDouble" in symbols
    assert symbols & LIBM == set()


@pytest.mark.parametrize("width", _kernels.widths())
def test_a_width_calls_its_own_functions_only(width: str) -> None:
    """Other code does not expect what it leaves in the upper halves of registers: on Intel a call costs 160 ns then."""
    own = {name: lines for name, lines in code().items() if re.search(rf"_{width}\b", name)}
    assert len(own) > 20
    calls = re.compile(r"\b(?:call|jmp|bl?)\s+[0-9a-f]+ <([^+]+)>$")
    others = {found[1] for lines in own.values() for line in lines if (found := calls.search(line))}
    assert {other for other in others if not re.search(rf"_{width}\b|@plt$", other)} == set()


# ---- the choice of an engine and a width ----


def imported(**forced: str) -> subprocess.CompletedProcess[str]:
    settings: dict[str, str | None] = {"LRVEC_ENGINE": None, "LRVEC_SIMD": None}
    return run("-W", "error", "-c", "import lrvec; print(lrvec.engine, lrvec.simd)", **settings | forced)


def test_the_widest_is_taken_unless_forced() -> None:
    assert imported().stdout == f"compiled {_kernels.widths()[-1]}\n"
    assert imported(LRVEC_ENGINE="", LRVEC_SIMD="").stdout == imported().stdout
    assert imported(LRVEC_ENGINE="python").stdout == "python baseline\n"


@pytest.mark.parametrize("width", _kernels.widths())
def test_a_width_is_forced(width: str) -> None:
    assert imported(LRVEC_SIMD=width).stdout == f"compiled {width}\n"
    assert imported(LRVEC_ENGINE="compiled", LRVEC_SIMD=width).stdout == f"compiled {width}\n"


@pytest.mark.parametrize(
    ("variable", "choices"), [("LRVEC_ENGINE", ("compiled", "python")), ("LRVEC_SIMD", _kernels.widths())]
)
def test_an_unknown_choice_is_refused(variable: str, choices: tuple[str, ...]) -> None:
    done = imported(**{variable: "nonsense"})
    assert done.returncode == 1
    message = f"ImportError: {variable} must be one of {', '.join(choices)} here, received 'nonsense'"
    assert done.stderr.splitlines()[-1] == message


IN_A_SUBINTERPRETER = """
import lrvec
try:
    import _interpreters as interpreters
except ImportError:
    import _xxsubinterpreters as interpreters
interpreters.run_string(interpreters.create(), '''
import warnings
with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    import lrvec
print(lrvec.engine, lrvec.constant(lr=0.5)(3), *[warning.message for warning in caught], flush=True)
''')
"""


def test_a_subinterpreter_is_told_that_it_cannot_load_the_extension() -> None:
    done = run("-W", "ignore", "-c", IN_A_SUBINTERPRETER, LRVEC_ENGINE=None, LRVEC_SIMD=None)
    assert (done.returncode, done.stderr) == (0, "")
    assert re.fullmatch(
        r"python 0\.5 lrvec runs its Python engine, which is hundreds of times slower: the compiled one cannot be loaded "
        r"here, by its own words: .*interpreter.* Set LRVEC_ENGINE=python to be content with this\.\n",
        done.stdout,
    )


def test_a_shape_with_more_parameters_than_there_is_room_for_does_not_compile(tmp_path: Path) -> None:
    """With room for three, two shapes have too many."""
    sources = shutil.copytree(ROOT / "csrc", tmp_path / "csrc")
    header = (sources / "shapes.h").read_text()
    (sources / "shapes.h").write_text(header.replace("#define LRVEC_MAX_PARAMETERS 8", "#define LRVEC_MAX_PARAMETERS 3"))
    command = [*os.environ.get("CC", "cc").split(), "-fsyntax-only", sources / "tables.c"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode != 0
    refused = re.findall(r"(\w+) has more parameters than LRVEC_MAX_PARAMETERS", done.stderr)
    assert set(refused) == {shape for shape, names in _kernels.SHAPES.items() if len(names) > 3} != set()


# ---- memory ----


@pytest.fixture(scope="module")
def allocator(tmp_path_factory: pytest.TempPathFactory) -> ctypes.PyDLL:
    """tests/failing_allocator.c."""
    library = tmp_path_factory.mktemp("allocator") / "failing_allocator.so"
    include = f"-I{sysconfig.get_path('include')}"
    compiler = os.environ.get("CC", "cc").split()
    output_of(*compiler, "-shared", "-fPIC", include, ROOT / "tests" / "failing_allocator.c", "-o", library)
    loaded = ctypes.PyDLL(str(library))
    loaded.call_and_fail.argtypes = ctypes.py_object, ctypes.c_ssize_t, ctypes.c_int
    loaded.call_and_fail.restype = ctypes.py_object
    return loaded


SEGMENTS: list[Any] = [
    (0, 0, "line", (0.0, 1.0, 10.0)),
    (10, 10, "power", (1.0, 0.0, 90.0, 3.0)),
    (100, 100, "constant", (0.0,)),
]
COLUMNS: list[Any] = [(0, 0, "line", (0.0, np.array([1.0, 2.0]), 10.0)), (10, 10, "constant", (np.array([1.0, 2.0]),))]
STEPS = np.arange(0, 200, 2)


def operations() -> dict[str, Callable[[], Any]]:
    """What asks for memory, by name; each returns something to compare."""
    table, rows = _kernels.Table(SEGMENTS), _kernels.Rows(COLUMNS, 2)
    line, matrix, sums = np.empty(100), np.empty((2, 100)), np.empty((2, len(FIELDS)))
    both = np.array([3, 4])
    return {
        "Table": lambda: _kernels.Table(SEGMENTS).value(5),
        "shape_value": lambda: _kernels.shape_value("line", (0.0, 1.0, 10.0), 5),
        "precise_value": lambda: _kernels.precise_value("geometric", (0.0, 1.0, 10.0, 0.5), 5),
        "Table.sample": lambda: table.sample(150),
        "Table.sample_products": lambda: table.sample_products(150, {f"group {i}": 0.1 * i for i in range(20)}),
        "Table.fill_range": lambda: (table.fill_range(0, 2, line), line.tobytes()),
        "Table.fill_array": lambda: (table.fill_array(STEPS, line), line.tobytes()),
        "Table.summarize_range": lambda: table.summarize_range(0, 2, 100),
        "Table.summarize_array": lambda: table.summarize_array(STEPS),
        "fill_ranges": lambda: (_kernels.fill_ranges([table, table], 0, 2, matrix), matrix.tobytes()),
        "fill_arrays": lambda: (_kernels.fill_arrays([table, table], STEPS, matrix), matrix.tobytes()),
        "Rows": lambda: _kernels.Rows(COLUMNS, 2).count,
        "Rows.fill_range": lambda: (rows.fill_range(0, 2, 0, 2, matrix), matrix.tobytes()),
        "Rows.fill_array": lambda: (rows.fill_array(0, 2, STEPS, matrix), matrix.tobytes()),
        "Rows.pointwise": lambda: (rows.pointwise(0, 2, both, line[:2]), line[:2].tobytes()),
        "Rows.precise": lambda: (rows.precise(0, 2, both, line[:2]), line[:2].tobytes()),
        "Rows.summarize_range": lambda: (rows.summarize_range(0, 2, 0, 2, 100, sums), sums.tobytes()),
        "Rows.summarize_array": lambda: (rows.summarize_array(0, 2, STEPS, sums), sums.tobytes()),
        "first_invalid": lambda: _kernels.first_invalid(STEPS),
        "run_start": lambda: _kernels.run_start(STEPS),
        "Products": lambda: (
            _kernels.Products(("max_lr",), (("lr", "lr_mult"),), [...] * 20, [table] * 20).write(groups := [{} for _ in range(20)], 5),
            groups,
        ),
        "plain_table": lambda: _kernels.plain_table([(0, 0, "line", (0.0, At(SEGMENTS, 5), 9.0))], At).value(5),
        "products": lambda: _kernels.products(0.5, {f"group {i}": 0.1 * i for i in range(20)}),
        "rows_of": lambda: _kernels.rows_of({f"group {i}": 0.0 for i in range(20)}, [[0.1, 0.2, 0.2]] * 20),
        "Evaluator": lambda: lrvec.linear(base_lr=1.0, end_lr=0.0, total_steps=7)(5),
    }


MEMORY, OBJECTS = range(2)  # domains of the allocator


@pytest.mark.parametrize("domain", [MEMORY, OBJECTS])
@pytest.mark.parametrize("name", operations())
def test_memory_that_cannot_be_had_is_an_error(allocator: ctypes.PyDLL, name: str, domain: int) -> None:
    """At each place in turn; then the same objects give what they gave before, and nothing has leaked."""
    operation = operations()[name]
    wanted = operation()
    assert allocator.call_and_fail(operation, 0, domain) == wanted
    number, failures = 0, 0
    while number <= allocator.requests_made():
        number += 1
        for turn in range(2):  # the first one may fill the interpreter's own caches; either may empty them
            found = allocator.call_and_fail(operation, number, domain)
            failed = found is ...
            failures += failed
            assert failed or found == wanted
            assert not (failed and turn) or domain == OBJECTS or allocator.blocks_held() <= 0, number
        assert operation() == wanted
    assert failures or domain == OBJECTS or name not in FROM_THE_HEAP


FROM_THE_HEAP = {"Table", "shape_value", "Table.sample", "Rows"} | {
    name for name in operations() if name.startswith("Rows.")
} - {"Rows.pointwise", "Rows.precise"}


def test_buffers_are_released_whatever_happens() -> None:
    """A bytearray cannot grow while anybody holds its buffer."""
    table, rows = _kernels.Table(SEGMENTS), _kernels.Rows(COLUMNS, 2)
    operation = _kernels.Rows([(0, 0, "repeat", ([(0, 0, "line", (1.0, 0.0, 5))], 5))], 2)
    fixed = bytes(800)
    steps, out = bytearray(800), bytearray(800)
    short = bytearray(8)
    for call in (
        lambda: table.fill_array(steps, fixed),
        lambda: table.fill_array(steps, short),
        lambda: table.fill_array(fixed, short),
        lambda: table.fill_array(steps, None),
        lambda: table.fill_range(0, 1, fixed),
        lambda: table.summarize_array(None),
        lambda: _kernels.fill_arrays([table], steps, fixed),
        lambda: _kernels.fill_arrays([table], steps, np.empty((1, 99))),
        lambda: _kernels.fill_arrays([table], steps, np.empty((2, 100))),
        lambda: _kernels.fill_ranges([table], 0, 1, fixed),
        lambda: rows.fill_array(0, 2, steps, fixed),
        lambda: rows.fill_array(0, 2, steps, np.empty((2, 99))),
        lambda: rows.fill_array(0, 2, steps, np.empty((1, 100))),
        lambda: rows.fill_array(0, 3, steps, np.empty((3, 100))),
        lambda: rows.fill_range(1, 0, 0, 1, np.empty((0, 100))),
        lambda: rows.fill_range(-1, 1, 0, 1, np.empty((2, 100))),
        lambda: rows.pointwise(0, 2, steps, fixed),
        lambda: rows.pointwise(0, 2, short, out),
        lambda: rows.pointwise(0, 2, steps, short),
        lambda: rows.summarize_array(0, 2, steps, fixed),
        lambda: rows.summarize_array(0, 2, steps, short),
        lambda: operation.fill_range(0, 2, 0, 1, np.empty((3, 2)).T),
        lambda: _kernels.Rows([(0, 0, "constant", (np.ones(3),))], 2),
    ):
        with pytest.raises((BufferError, TypeError, ValueError)):
            call()
        for buffer in (steps, out, short):
            buffer.append(0)
            del buffer[-1]


@pytest.mark.parametrize("engine", [_kernels, _reference], ids=["compiled", "python"])
def test_a_column_of_integers_is_one_of_doubles(engine: Any) -> None:
    """On every road through rows, also where a double does not hold an integer, and where few rows are in a segment."""
    count = 150 if engine is _kernels else 12
    at, lengths = np.arange(count) % 7 + 1, np.arange(count) * 3 + 1
    lengths[5] = 2**53 + 3
    where = {"end": at + lengths, "at": at, "length": lengths}
    found = []
    for kind in (np.int64, np.float64):
        end, begin, length = (where[name].astype(kind) for name in ("end", "at", "length"))
        clock = [(0, 0, "line", (0.0, 1.0, length)), (length, length, "constant", (1.0,))]
        segments = [(0, 0, "constant", (2.0,)), (begin, begin, "half_cosine", (2.0, 1.0, length)), (end, end, "repeat", (clock, length))]
        for rows in (engine.Rows(segments[:2], count), engine.Rows(segments, count)):
            for width in (1, 3, 20):
                out = np.empty((count, width))
                rows.fill_range(0, count, 2, 5, out)
                found.append((kind, out.tobytes()))
            for make in (rows.pointwise, rows.precise):
                for steps in (np.array([4]), at + 1, at * 40):
                    out = np.empty(count)
                    assert make(0, count, steps, out)
                    found.append((kind, out.tobytes()))
    integers, doubles = ([values for one, values in found if one is kind] for kind in (np.int64, np.float64))
    assert len(integers) == 18
    assert integers == doubles


@pytest.mark.parametrize("engine", [_kernels, _reference], ids=["compiled", "python"])
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("width", [1, 3, 20])
def test_the_rows_of_out_may_lie_in_columns(engine: Any, dtype: Any, width: int) -> None:
    count = 150
    segments = [(0, 0, "exponential", (np.geomspace(1e-3, 1.0, count), np.linspace(0.5, 1.5, count), 1)), (9, 9, "constant", (2.0,))]
    rows, wide, tall = engine.Rows(segments, count), np.empty((count, width), dtype), np.empty((width, count), dtype)
    rows.fill_range(0, count, 1, 2, wide)
    rows.fill_range(0, count, 1, 2, tall.T)
    assert tall.T.tobytes() == wide.tobytes()
    tall[...] = 0.0
    for begin, end in ((0, 70), (70, count)):
        assert rows.fill_array(begin, end, np.arange(1, 2 * width, 2), tall[:, begin:end].T)
    assert tall.T.tobytes() == wide.tobytes()


@pytest.mark.parametrize("engine", [_kernels, _reference], ids=["compiled", "python"])
@pytest.mark.parametrize("given", range(10))
def test_a_shape_takes_as_many_parameters_as_it_has(engine: Any, given: int) -> None:
    for shape, names in _kernels.SHAPES.items():
        segments: list[Any] = [(0, 0, shape, (1.0,) * given)]
        for make in (lambda segments: engine.Table(segments), lambda segments: engine.Rows(segments, 1)):
            if given == len(names):
                make(segments)
                continue
            with pytest.raises(ValueError, match=f"^{shape} must have {len(names)} parameters, received {given}$"):
                make(segments)
