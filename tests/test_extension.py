"""The built extension as object code, and the kernels built by other means: what makes the bits the same everywhere."""

from __future__ import annotations

import math
import os
import re
import subprocess
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
from processes import run

from lrvec import _kernels

ROOT = Path(__file__).parents[1]
EXTENSION = _kernels.__file__

FUSED = re.compile(r"vfn?m(add|sub)|f(n?m(add|sub)|m(la|ls|ad|sb)|nm(la|ls|ad|sb)|cmla)")
"""Fused multiply-adds: those of x86 begin with vf (FMA and FMA4), those of AArch64 with f."""

FUNCTIONS = {*dir(math), "cbrt", "exp10", "exp2", "fma", "pow10", "rint", "sincos"}
LIBM = {function + kind for function in FUNCTIONS for kind in ("", "f", "l")}


def output_of(*command: str | Path) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


@cache
def instructions() -> dict[str, int]:
    """How often each instruction stands in the extension, by its mnemonic."""
    counts: dict[str, int] = {}
    for line in output_of("objdump", "--disassemble", "--no-show-raw-insn", EXTENSION).splitlines():
        if found := re.match(r"\s+[0-9a-f]+:\s+([a-z]\S*)", line):
            counts[found[1]] = counts.get(found[1], 0) + 1
    return counts


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
    found = instructions()
    assert sum(found.values()) > 10_000
    assert any(re.match(r"v?mulpd|fmul", mnemonic) for mnemonic in found)
    assert {mnemonic for mnemonic in found if FUSED.match(mnemonic)} == set()


def test_no_call_of_the_mathematical_library() -> None:
    lines = output_of("nm", "--dynamic", "--undefined-only", EXTENSION).splitlines()
    symbols = {line.split()[-1].partition("@")[0] for line in lines}
    assert "PyFloat_FromDouble" in symbols
    assert symbols & LIBM == set()


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


# ---- the kernels in a program of their own ----

Build = Callable[[str], Path]
Digests = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="module")
def build(tmp_path_factory: pytest.TempPathFactory) -> Build:
    """Builds tests/digests.c and the kernels with setup.py's flags and one more."""
    (flags,) = re.findall(r'^FLAGS = "(.*)"$', (ROOT / "setup.py").read_text(), re.MULTILINE)
    sources = [ROOT / "tests" / "digests.c", *sorted((ROOT / "csrc").glob("*.c"))]

    @cache
    def build(optimisation: str) -> Path:
        program = tmp_path_factory.mktemp("digests") / "digests"
        compiler = os.environ.get("CC", "cc").split()
        output_of(*compiler, *flags.split(), optimisation, f"-I{ROOT / 'csrc'}", *sources, "-o", program, "-lm")
        return program

    return build


@pytest.fixture(scope="module")
def digests(build: Build) -> Digests:
    """Runs the program."""

    @cache
    def digest(width: str, optimisation: str = "-O3") -> subprocess.CompletedProcess[str]:
        return subprocess.run([build(optimisation), width], capture_output=True, text=True, check=False)

    return digest


@pytest.mark.parametrize("width", _kernels.widths())
def test_a_width_calls_its_own_functions_only(build: Build, width: str) -> None:
    """Other code does not expect what it leaves in the upper halves of registers: on Intel a call costs 160 ns then."""
    callers, others = set(), set()
    name = ""
    for line in output_of("objdump", "--disassemble", "--no-show-raw-insn", build("-O3")).splitlines():
        if found := re.match(r"[0-9a-f]+ <(.+)>:$", line):
            name = found[1]
        elif re.search(rf"_{width}\b", name):
            callers.add(name)
            if found := re.search(r"\b(?:call|jmp|bl?)\s+[0-9a-f]+ <([^+]+)>$", line):
                others.add(found[1])
    assert len(callers) > 20
    assert {other for other in others if not re.search(rf"_{width}\b|@plt$", other)} == set()


def test_the_digests_are_of_every_shape(digests: Digests) -> None:
    done = digests("baseline")
    assert (done.returncode, done.stderr) == (0, "")
    assert {line.split()[0] for line in done.stdout.splitlines()} == {*_kernels.SHAPES, "composed"}


@pytest.mark.parametrize("width", _kernels.widths())
def test_every_width_gives_the_same_digests(digests: Digests, width: str) -> None:
    done = digests(width)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == digests("baseline").stdout


def test_optimisation_keeps_the_digests(digests: Digests) -> None:
    assert digests("baseline", "-O0").stdout == digests("baseline").stdout


def test_an_unknown_width_is_refused(digests: Digests) -> None:
    done = digests("nonsense")
    assert (done.returncode, done.stdout, done.stderr) == (2, "", "no such width on this processor: nonsense\n")
