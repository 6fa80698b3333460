"""This script builds the compiled engine; everything else about the project stands in pyproject.toml.

Without a compiler the install still succeeds, and the Python engine runs. LRVEC_STRICT_BUILD=1 makes a failed
compilation fatal, and turns the warnings of gcc and clang into errors."""

import os
from concurrent.futures import ThreadPoolExecutor
from glob import glob

from Cython.Build import cythonize
from setuptools import Extension, setup
from setuptools.command.build_ext import build_ext

# One path through the arithmetic on every machine: no contraction to fma. The next two let loops vectorise: no errno
# from sqrt, and no fear of a trap in the branch not taken. Two more begin functions and loops at cache lines: else the
# speed of a short loop changes by up to a fifth with the code that stands before it. The next one makes calls between
# files direct. The last one leaves out the tables for debuggers that Python's own flags often ask for: they take a
# third of the compilation. Tests and scripts that build the kernels read this line.
FLAGS = "-O3 -ffp-contract=off -fno-math-errno -fno-trapping-math -falign-functions=64 -falign-loops=64 -fvisibility=hidden -g0"
WARNINGS = "-Wall -Wextra -Werror -Wno-unused-function -Wno-unused-const-variable"

# For MSVC from Visual Studio 2022 on, whose /fp:precise does not contract. /volatile:ms orders what threads share.
MSVC_FLAGS = "/std:c11 /O2 /fp:precise /volatile:ms"

strict = os.environ.get("LRVEC_STRICT_BUILD", "0") not in ("", "0")


def side_by_side(compile_files):
    """Returns a function that compiles each file by itself, as many at a time as there are processors. The loops of the
    three vector widths take most of the time, and have a file each."""

    def compile_each(sources, **options):
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            return [names[0] for names in pool.map(lambda source: compile_files([source], **options), sources)]

    return compile_each


class BuildWithFlags(build_ext):
    """Builds with the flags of the compiler that setuptools has found."""

    def build_extensions(self):
        if self.compiler.compiler_type == "msvc":
            flags = MSVC_FLAGS.split()
        else:
            flags = [*FLAGS.split(), *(WARNINGS.split() if strict else [])]
            self.compiler.compile = side_by_side(self.compiler.compile)
        for extension in self.extensions:
            extension.extra_compile_args = flags
        super().build_extensions()


kernels = Extension(
    "lrvec._engine._kernels",
    sources=["src/lrvec/_engine/_kernels.pyx", *sorted(glob("csrc/*.c"))],
    depends=glob("csrc/**/*.h", recursive=True),
    include_dirs=["csrc"],
)

extensions = cythonize([kernels], build_dir="build/cython")
for extension in extensions:
    extension.optional = not strict  # cythonize passes on most settings, but not this one

setup(ext_modules=extensions, cmdclass={"build_ext": BuildWithFlags})
