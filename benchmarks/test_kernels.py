"""These benchmarks write a million steps of every kind to memory that is there already. `fill` and `copyto` are what
memory allows."""

import time

import numpy
import pytest

from .cases import cases

STEPS = 1_000_000
CASES = cases(STEPS)

pytestmark = pytest.mark.benchmark(timer=time.process_time, max_time=0.2, warmup=True)
every_case = pytest.mark.parametrize("case", CASES, ids=[case.label for case in CASES])


@every_case
@pytest.mark.benchmark(group="range")
def test_range(benchmark, case):
    benchmark(case.fill, range(STEPS), case.empty(STEPS))


@every_case
@pytest.mark.benchmark(group="array")
def test_array(benchmark, case):
    benchmark(case.fill, numpy.arange(STEPS), case.empty(STEPS))


@every_case
@pytest.mark.benchmark(group="shuffled array")
def test_shuffled_array(benchmark, case):
    benchmark(case.fill, numpy.random.default_rng(1).permutation(STEPS), case.empty(STEPS))


@pytest.mark.benchmark(group="range")
def test_fill(benchmark):
    benchmark(numpy.zeros(STEPS).fill, 0.5)


@pytest.mark.benchmark(group="array")
def test_copyto(benchmark):
    benchmark(numpy.copyto, numpy.zeros(STEPS), numpy.arange(STEPS))
