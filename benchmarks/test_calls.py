"""These benchmarks do not depend on the kernels: one step, a short array or range, a list, a new schedule."""

import time

import numpy
import pytest

import lrvec
from lrvec._registry import KINDS

from .cases import cases

STEPS = 1_000_000
BATCH = 1_000
CASES = cases(STEPS)

pytestmark = pytest.mark.benchmark(timer=time.process_time, max_time=0.2)
every_case = pytest.mark.parametrize("case", CASES, ids=[case.label for case in CASES])


@every_case
@pytest.mark.benchmark(group="one step")
def test_one_step(benchmark, case):
    benchmark(case.schedule, STEPS // 3)


@every_case
@pytest.mark.benchmark(group="construction")
def test_construction(benchmark, case):
    benchmark(KINDS[case.kind].factory, **case.parameters)


@every_case
@pytest.mark.benchmark(group="first step of a new schedule")
def test_first_step(benchmark, case):
    benchmark(lambda: KINDS[case.kind].factory(**case.parameters)(STEPS // 3))


@every_case
@pytest.mark.benchmark(group="batch of an array")
def test_batch_of_an_array(benchmark, case):
    benchmark(case.schedule, numpy.arange(BATCH))


@every_case
@pytest.mark.benchmark(group="batch of a range")
def test_batch_of_a_range(benchmark, case):
    benchmark(case.schedule, range(BATCH))


@every_case
@pytest.mark.benchmark(group="sample")
def test_sample(benchmark, case):
    benchmark(lrvec.sample, case.schedule, num_steps=BATCH)
