"""These tests ask what the build made, and which engine an import takes: with the compiled one, without it, and by choice."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import re
from pathlib import Path

import pytest
from processes import run

import lrvec

ROOT = Path(__file__).parents[2]

NO_EXTENSION = """
import sys

class NoExtension:
    def find_spec(self, name, path=None, target=None):
        if name == "lrvec._engine._kernels":
            raise ModuleNotFoundError("not built")

sys.meta_path.insert(0, NoExtension())
"""

IMPORT = """
import warnings

with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    import lrvec
    lrvec.cosine(base_lr=1.0, min_lr=0.0, total_steps=4)([0, 2, 4])
print(lrvec.engine, lrvec.simd, *[(warning.category.__name__, str(warning.message)) for warning in caught])
"""


NOTHING_FORCED: dict[str, str | None] = {"LRVEC_ENGINE": None, "LRVEC_SIMD": None}


def imported(code: str, **forced: str) -> str:
    result = run("-c", code, **NOTHING_FORCED | forced)
    assert (result.returncode, result.stderr) == (0, "")
    return result.stdout.strip()


def refusal(code: str, **forced: str) -> str:
    result = run("-c", code, **NOTHING_FORCED | forced)
    assert result.returncode == 1
    return result.stderr.splitlines()[-1]


# ---- without the extension ----


def test_without_the_extension_python_runs_with_one_warning() -> None:
    warning = (
        "lrvec runs its Python engine, which is hundreds of times slower: the compiled one is missing. "
        "Install a C compiler and reinstall, or set LRVEC_ENGINE=python to be content with this."
    )
    assert imported(NO_EXTENSION + IMPORT) == f"python baseline ('RuntimeWarning', {warning!r})"


def test_the_warning_is_shown_by_default() -> None:
    result = run("-c", NO_EXTENSION + "import lrvec, lrvec.schedules, lrvec.cli", **NOTHING_FORCED)
    assert result.returncode == 0
    assert result.stderr.count("RuntimeWarning") == 1


def test_python_is_asked_for_without_the_extension() -> None:
    assert imported(NO_EXTENSION + IMPORT, LRVEC_ENGINE="python") == "python baseline"


@pytest.mark.parametrize("engine", ["compiled", "nonsense", "Python"])
def test_an_engine_that_is_missing_is_refused(engine: str) -> None:
    expected = f"ImportError: LRVEC_ENGINE must be one of python here, received '{engine}'"
    assert refusal(NO_EXTENSION + IMPORT, LRVEC_ENGINE=engine) == expected


@pytest.mark.parametrize("width", ["avx2", "avx512", "nonsense"])
def test_a_width_that_is_missing_is_refused(width: str) -> None:
    expected = f"ImportError: LRVEC_SIMD must be one of baseline here, received '{width}'"
    assert refusal(NO_EXTENSION + IMPORT, LRVEC_SIMD=width) == expected
    assert refusal(IMPORT, LRVEC_ENGINE="python", LRVEC_SIMD=width) == expected


def test_nothing_forced_is_as_if_unset() -> None:
    assert imported(IMPORT, LRVEC_ENGINE="python", LRVEC_SIMD="") == "python baseline"
    assert imported(NO_EXTENSION + IMPORT, LRVEC_ENGINE="python", LRVEC_SIMD="baseline") == "python baseline"


@pytest.mark.parametrize("variable", ["LRVEC_ENGINE", "LRVEC_SIMD"])
@pytest.mark.parametrize("how", ["script", "-m lrvec", "-mlrvec", "-Bm lrvec", "-Bmlrvec"])
def test_the_command_line_refuses_in_one_line(how: str, variable: str, tmp_path: Path) -> None:
    script = tmp_path / "lrvec"
    script.write_text("import sys\nfrom lrvec.cli import main\nsys.exit(main())\n")
    program = [str(script)] if how == "script" else how.split()
    result = run(*program, *["constant", "--lr", "1", "--steps", "1"], **NOTHING_FORCED | {variable: "a\nb"})
    assert (result.returncode, result.stdout) == (2, "")
    assert re.fullmatch(rf"lrvec: {variable} must be one of [a-z0-9, ]+ here, received 'a\\nb'\n", result.stderr)


@pytest.mark.parametrize("name", ["mylrvec", "lrvec2"])
def test_other_programs_see_the_exception(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / name).mkdir()
    (tmp_path / name / "__init__.py").write_text("import lrvec")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    for program in (
        ["-m", name],
        [f"-m{name}"],
        ["-c", f"import {name}"],
        ["-c", "import sys; del sys.argv; import lrvec"],
    ):
        result = run(*program, **NOTHING_FORCED | {"LRVEC_ENGINE": "fortran"})
        assert result.returncode == 1
        assert re.fullmatch("ImportError: LRVEC_ENGINE must be .* 'fortran'", result.stderr.splitlines()[-1])


# ---- an extension that cannot be loaded ----


def test_the_warning_says_why() -> None:
    program = NO_EXTENSION.replace('ModuleNotFoundError("not built")', 'ImportError("no symbol, no engine.")')
    warning = (
        "lrvec runs its Python engine, which is hundreds of times slower: the compiled one cannot be loaded here, by its "
        "own words: no symbol, no engine. Set LRVEC_ENGINE=python to be content with this."
    )
    assert imported(program + IMPORT) == f"python baseline ('RuntimeWarning', {warning!r})"
    assert imported(program + IMPORT, LRVEC_ENGINE="python") == "python baseline"


# ---- the compiler ----

SETUP = """
import runpy, sys, types

class Extension:
    def __init__(self, name, sources, **given):
        self.name = name

class build_ext:
    def build_extensions(self):
        print(*[(extension.name, extension.extra_compile_args, extension.optional) for extension in self.extensions])
        assert self.compiler.compile(["a.c", "b.c", "c.c"], debug=False) == ["a.o", "b.o", "c.o"]

def compile_files(sources, debug):
    return [source.replace(".c", ".o") for source in sources]

def setup(ext_modules, cmdclass):
    command, compiler = cmdclass["build_ext"](), types.SimpleNamespace(compiler_type=sys.argv[2], compile=compile_files)
    command.extensions, command.compiler = ext_modules, compiler
    command.build_extensions()

for name, contents in {
    "Cython.Build": {"cythonize": lambda extensions, build_dir: extensions},
    "setuptools": {"Extension": Extension, "setup": setup},
    "setuptools.command.build_ext": {"build_ext": build_ext},
}.items():
    sys.modules[name] = types.ModuleType(name)
    vars(sys.modules[name]).update(contents)
runpy.run_path(sys.argv[1])
"""

FLAGS = [
    "-O3",
    "-ffp-contract=off",
    "-fno-math-errno",
    "-fno-trapping-math",
    "-falign-functions=64",
    "-falign-loops=64",
    "-fvisibility=hidden",
    "-g0",
]
WARNINGS = ["-Wall", "-Wextra", "-Werror", "-Wno-unused-function", "-Wno-unused-const-variable"]
MSVC_FLAGS = ["/std:c11", "/O2", "/fp:precise", "/volatile:ms"]


@pytest.mark.parametrize(
    ("compiler", "strict", "flags"),
    [
        ("unix", "1", FLAGS + WARNINGS),
        ("unix", "0", FLAGS),
        ("mingw32", "1", FLAGS + WARNINGS),
        ("msvc", "1", MSVC_FLAGS),
        ("msvc", "", MSVC_FLAGS),
    ],
)
def test_a_compiler_gets_its_own_flags(compiler: str, strict: str, flags: list[str]) -> None:
    done = run("-c", SETUP, str(ROOT / "setup.py"), compiler, LRVEC_STRICT_BUILD=strict)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == f"{('lrvec._engine._kernels', flags, strict != '1')}\n"


# ---- what is installed ----


def test_one_version() -> None:
    (declared,) = re.findall(r'^__version__ = "(.*)"$', (ROOT / "src/lrvec/__init__.py").read_text(), re.MULTILINE)
    assert lrvec.__version__ == importlib.metadata.version("lrvec") == declared
    assert f"\n## {declared}" in (ROOT / "CHANGELOG.md").read_text()


def test_types_are_installed_and_sources_are_not() -> None:
    package = Path(lrvec.__file__).parent
    names = {path.name for path in package.rglob("*")}
    assert {"py.typed", "_kernels.pyi"} <= names
    in_place = package == ROOT / "src" / "lrvec"  # an editable install
    assert {name for name in names if name.endswith((".pyx", ".c", ".h"))} == ({"_kernels.pyx"} if in_place else set())


def test_the_constants_are_those_of_their_script() -> None:
    spec = importlib.util.spec_from_file_location("constants", ROOT / "csrc" / "constants.py")
    assert spec is not None
    assert spec.loader is not None
    constants = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(constants)
    assert constants.render() == (ROOT / "csrc" / "constants.h").read_text()
