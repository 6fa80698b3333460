"""Prints the side-by-side tables, of schedules, of roads, of sweeps, of a search's matrix, of a scheduler of torch, or
of schedules on a GPU.

The sides of a row take turns, and each side's best time counts. Times are processor times, so that what else runs on
the machine matters less. Only the times of several workers and those on a GPU are wall-clock times.
"""

from __future__ import annotations

import argparse
import math
import os
import platform
import sys
from collections.abc import Callable, Collection, Mapping
from importlib.metadata import version
from importlib.util import find_spec
from typing import NamedTuple

import lrvec
from lrvec._registry import KINDS

from . import gpu
from .cases import cases
from .races import BATCH, SAMPLED, STEPPED, STYLES, Row, imports, long_ones, scheduler_steps, short_ones, small_ones
from .rivals import RIVALS, installed, nemo_scheduler
from .roads import ROADS, shares
from .searches import families
from .sweeps import columns, matrices, products, summary_memory
from .torch_steps import torch_steps

BEST = "the best of these"

WHAT = ["schedules", "roads", "sweeps", "search", "torch", "gpu"]


class Column(NamedTuple):
    key: str
    title: str
    digits: int
    worst: Callable[[list[float]], float] = min


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("what", nargs="?", choices=WHAT, default="schedules")
    parser.add_argument("--steps", type=int, default=10_000_000, help="of a range or an array (default: %(default)s)")
    parser.add_argument("--repeats", type=int, default=5, help="turns of each side (default: %(default)s)")
    parser.add_argument("--kinds", nargs="+", choices=KINDS, metavar="KIND", help="of schedules, these alone")
    parser.add_argument("--quick", action="store_true", help="200,000 steps and 3 turns: to see that everything runs")
    parser.add_argument("--device", choices=["cuda", "cpu"], default="cuda", help=argparse.SUPPRESS)
    options = parser.parse_args()
    steps, repeats = (200_000, 3) if options.quick else (options.steps, options.repeats)
    if options.what == "schedules":
        schedules(steps, repeats, options.kinds or list(KINDS))
    elif options.what == "roads":
        roads(steps, repeats)
    elif options.what == "sweeps":
        sweeps(steps, repeats)
    elif options.what == "search":
        search(repeats)
    elif options.what == "torch":
        of_torch(repeats)
    else:
        on_device(steps, repeats, options.device)


def schedules(steps: int, repeats: int, kinds: Collection[str]) -> None:
    rivals = installed()
    long: dict[str, Row] = {}
    short: dict[str, Row] = {}
    for case in cases(steps):
        if case.kind not in kinds:
            continue
        print(f"... {case.label}", file=sys.stderr)
        long[case.label] = long_ones(case, steps, repeats, rivals)
        short[case.label] = short_ones(case, steps // 3, 3 * repeats)

    small = small_ones(repeats)
    nemo = nemo_scheduler()
    stepped = {style: scheduler_steps(settings, repeats, nemo) for style, settings in STYLES.items()}

    print(machine())
    print(f"\n### {steps:,} steps to float64 values in memory, beside what memory allows\n")
    memory = [
        Column("range, M/s", "range, M/s", 0),
        Column("range: fill", "/ ndarray.fill", 2),
        Column("array, M/s", "int64 array, M/s", 0),
        Column("array: copyto", "/ numpy.copyto", 2),
        Column("shuffled, M/s", "shuffled array, M/s", 0),
    ]
    print(table(long, memory))
    for way, names in {"range": [*RIVALS, BEST, "lrsched.sample"], "array": [*RIVALS, BEST]}.items():
        print(f"\n### The same {way}: how many times as fast as\n")
        print(table(long, [Column(f"{way}: {name}", name, 1) for name in names]))
    print("\n### Calls: how many times as fast as lrsched\n")
    calls = [
        Column("step, ns", "one step, ns", 0, max),
        Column("step", "one step", 1),
        Column("construction, us", "construction, us", 2, max),
        Column("construction", "construction", 2),
        Column("sample", f"sample of {SAMPLED:,}", 1),
        Column("array, us", f"array of {BATCH:,}, us more than its kernel", 2, max),
        Column("range, us", f"range of {BATCH:,}, us more than its kernel", 2, max),
    ]
    print(table(short, calls))
    print("\n### Small things\n")
    columns_of_small = [
        Column("us", "us", 2),
        Column("lrsched", "of lrsched's time", 2),
        Column("more, us", "us more than without, or than its kernels", 2),
    ]
    print(plain_table(small, columns_of_small, "what"))
    print("\n### A step of OptimizerParamScheduler on one group and on 1,000: how many times as fast as NeMo's\n")
    steps_of_groups = [
        column for name in STEPPED for column in (Column(f"{name}, us", f"{name}, us", 2, max), Column(name, name, 1))
    ]
    print(table(stepped, steps_of_groups, "style"))
    print("\nImport:", ", ".join(f"{name} {seconds * 1e3:.2f} ms" for name, seconds in imports(10 * repeats).items()))


def roads(steps: int, repeats: int) -> None:
    found = shares(steps, repeats)
    print(machine())
    print(f"\n### {steps:,} values: share of memory's speed\n")
    print(table(found, [Column(name, name, 2) for name in ROADS]))


def sweeps(steps: int, repeats: int) -> None:
    height, many = steps // 1_000, steps // 10
    points = columns(many, repeats)  # first: once large matrices are freed, every result of malloc is zeroed anew
    long = matrices(height, 1_000, repeats)
    combined = products(height, 1_000, repeats)
    memory = summary_memory(height, many)
    print(machine())
    print(f"\n### {height:,} cosines with a warmup over 1,000 steps: how many times as fast as\n")
    rivals = [Column(name, name, 2) for name in ("fill", "numpy", "jax", "matrix")]
    print(plain_table(long, [Column("M/s", "M/s", 0), *rivals, Column("two", "two workers as one", 2)]))
    print(f"\n### {height:,} products of schedules over 1,000 steps: how many times as fast as\n")
    print(plain_table(combined, [Column("M/s", "M/s", 0), *rivals[:2]]))
    print(f"\n### {many:,} schedules at a step each, and their building\n")
    print(
        plain_table(
            points,
            [Column("M/s", "M/s", 0), Column("numpy", "times numpy", 2), Column("building, s", "building, s", 3)],
        )
    )
    print(f"\nMemory of the summary of {height:,} schedules over {many:,} steps: {memory:.1f} MiB")


def search(repeats: int) -> None:
    found = families(1_000, 1_000, repeats)
    print(machine())
    print("\n### 1,000 schedules over 1,000 steps, from their parameters to the matrix, beside optlrschedule\n")
    columns = [Column("ours, ms", "lrvec, ms", 1), Column("theirs, ms", "optlrschedule, ms", 0)]
    print(plain_table(found, [*columns, Column("times", "times as fast", 1)], "family"))


def of_torch(repeats: int) -> None:
    found = torch_steps(repeats)
    print(machine())
    print("\n### A step of lrvec.torch.LRScheduler, beside one of torch's LambdaLR\n")
    print(plain_table(found, [Column("us", "us", 2), Column("share", "of LambdaLR's time", 2)], "groups"))


def on_device(steps: int, repeats: int, device: str) -> None:
    libraries = {name: make(steps, device) for name, make in gpu.LIBRARIES.items()}
    rows: dict[str, Row] = {}
    for case in cases(steps):
        print(f"... {case.label}", file=sys.stderr)
        rows[case.label] = gpu.throughput(case, steps, repeats, libraries)
    versions = ", ".join(f"{name} {version(name)}" for name in libraries)
    print(f"lrvec {lrvec.__version__}, {versions}; {gpu.name_of(device)}")
    print(f"\n### {steps:,} steps, compiled: the speed, and as a share of a bare multiply's\n")
    compiled = [
        column
        for name in libraries
        for column in (Column(f"{name}, M/s", f"{name}, M/s", 0), Column(f"{name}: multiply", "/ multiply", 2))
    ]
    print(table(rows, [*compiled, Column("torch: step, us", "torch, a call with one step, us", 0, max)]))


def table(rows: Mapping[str, Row], columns: list[Column], heading: str = "kind") -> str:
    """Writes a table, with the geometric mean and the worst of each column at the bottom.

    "-" stands for what is not there: for a kind that lrsched lacks, and for a mean of figures that are not all
    positive.
    """
    mean: Row = {}
    worst: Row = {}
    for column in columns:
        if figures := [row[column.key] for row in rows.values() if column.key in row]:
            worst[column.key] = column.worst(figures)
            if min(figures) > 0.0:
                mean[column.key] = math.exp(sum(map(math.log, figures)) / len(figures))
    return plain_table({**rows, "**geometric mean**": mean, "**worst**": worst}, columns, heading)


def plain_table(rows: Mapping[str, Row], columns: list[Column], heading: str = "kind") -> str:
    """Writes a table in markdown."""
    lines = [[heading, *(column.title for column in columns)]]
    for label, row in rows.items():
        figures = (f"{row[column.key]:.{column.digits}f}" if column.key in row else "-" for column in columns)
        lines.append([label, *figures])
    widths = [max(map(len, cells)) for cells in zip(*lines, strict=True)]
    lines.insert(1, ["-" * widths[0], *("-" * (width - 1) + ":" for width in widths[1:])])
    for line in lines:
        line[0] = line[0].ljust(widths[0])
        line[1:] = map(str.rjust, line[1:], widths[1:])
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def machine() -> str:
    versions = (f"{name} {version(name) if find_spec(name) else '-'}" for name in ("lrsched", *RIVALS))
    python = f"Python {platform.python_version()}"
    ours = f"lrvec {lrvec.__version__} ({lrvec.engine}, {lrvec.simd})"
    return f"{', '.join([ours, python, *versions])}; {processor()}, {os.cpu_count()} cores, of which one is used."


def processor() -> str:
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as lines:
            return next(line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    except (OSError, StopIteration):
        return platform.processor() or platform.machine()


if __name__ == "__main__":
    main()
