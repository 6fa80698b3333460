"""`mypy --strict tests/typing_checks.py` checks these lines. They run, too."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy
from numpy.typing import NDArray

import lrvec

if TYPE_CHECKING:
    from typing_extensions import assert_type
else:

    def assert_type(value: object, _: object) -> object:
        return value


schedule = lrvec.cosine(base_lr=0.1, min_lr=0.0, total_steps=10)
assert_type(schedule, lrvec.Schedule)
assert_type(schedule(3), float)
assert_type(schedule(numpy.int64(3)), float)
assert_type(schedule(3, dtype=numpy.float32), float)
assert_type(schedule(range(3)), NDArray[numpy.floating[Any]])
assert_type(schedule([1, 2]), NDArray[numpy.floating[Any]])
assert_type(schedule(numpy.arange(3)), NDArray[numpy.floating[Any]])
assert_type(schedule(numpy.arange(3), out=numpy.empty(3)), NDArray[numpy.floating[Any]])
assert_type(schedule.kind, str)
assert_type(schedule.to_dict(), dict[str, Any])

warm = lrvec.with_warmup(schedule, warmup_steps=3, start_lr=0.0)
assert_type(warm, lrvec.Schedule)
assert_type(lrvec.with_warmup(lambda step: 1.0, warmup_steps=3, start_lr=0.0), lrvec.Schedule)
assert_type(lrvec.sequential([(3, schedule), (4, warm)]), lrvec.Schedule)
assert_type(lrvec.sample(warm, num_steps=3), list[float])

groups = lrvec.scale_by_group(warm, multipliers={"head": 1.0})
assert_type(groups, lrvec.GroupSchedule)
assert_type(groups(3), dict[str, float])
assert_type(lrvec.sample(groups, num_steps=3), list[dict[str, float]])
assert_type(groups(range(3)), dict[str, NDArray[numpy.float64]])
assert_type(groups.matrix(range(3)), NDArray[numpy.floating[Any]])
assert_type(groups.names, tuple[str, ...])

sweep = lrvec.cosine(base_lr=[0.1, 0.2], min_lr=0.0, total_steps=10)
assert_type(sweep, lrvec.Sweep)
assert_type(lrvec.cosine(base_lr=0.1, min_lr=0.0, total_steps=numpy.arange(1, 5)), lrvec.Sweep)
assert_type(lrvec.with_warmup(sweep, warmup_steps=3, start_lr=0.0), lrvec.Sweep)
assert_type(lrvec.with_warmup(schedule, warmup_steps=[3, 4], start_lr=0.0), lrvec.Sweep)
assert_type(lrvec.sequential([(3, schedule), ([1, 2], sweep)]), lrvec.Sweep)
assert_type(lrvec.stack([schedule, warm]), lrvec.Sweep)
assert_type(lrvec.stack([schedule, warm], names=["a", "b"]), lrvec.GroupSchedule)
assert_type(lrvec.pointwise(sweep, [1, 2]), NDArray[numpy.float64])
assert_type(lrvec.summarize(sweep, range(3)), lrvec.Summary)
assert_type(sweep.shape, tuple[int, ...])
assert_type(sweep(3), NDArray[numpy.floating[Any]])
assert_type(sweep(range(3), out=numpy.empty((2, 3))), NDArray[numpy.floating[Any]])

assert_type(lrvec.scaled(schedule, factor=2.0), lrvec.Schedule)
assert_type(lrvec.scaled(schedule, factor=[2.0, 3.0]), lrvec.Sweep)
assert_type(lrvec.scaled(sweep, factor=2.0), lrvec.Sweep)
assert_type(lrvec.total(schedule, 0.5), lrvec.Schedule)
assert_type(lrvec.product(schedule, sweep), lrvec.Sweep)
assert_type(lrvec.clipped(schedule, low=0.01), lrvec.Schedule)
assert_type(lrvec.clipped(schedule, low=[0.01, 0.02]), lrvec.Sweep)
assert_type(lrvec.join([(3, schedule), warm]), lrvec.Schedule)
assert_type(lrvec.join([(3, schedule), sweep]), lrvec.Sweep)
assert_type(lrvec.advance(schedule, steps=3), lrvec.Schedule)
assert_type(lrvec.every(sweep, steps=3), lrvec.Sweep)
assert_type(lrvec.repeat(schedule, period=3, count=2, then=warm), lrvec.Schedule)
assert_type(lrvec.repeat(schedule, period=[3, 4]), lrvec.Sweep)
assert_type(lrvec.stretched(schedule, by=1.5), lrvec.Schedule)


class Foreign:
    """An array of another library, by what type checkers ask of it."""

    @property
    def shape(self) -> tuple[int, ...]:
        return (3,)

    @property
    def dtype(self) -> str:
        return "int32"


if TYPE_CHECKING:
    assert_type(schedule(Foreign()), Any)
    assert_type(sweep(Foreign()), Any)
    assert_type(groups(Foreign()), dict[str, Any])
    assert_type(lrvec.pointwise(sweep, Foreign()), Any)

kinds = lrvec.kinds()
assert_type(kinds["cosine"].command, str)
assert_type(kinds["cosine"].parameters["base_lr"].unit, str)

assert_type(lrvec.engine, str)
assert_type(lrvec.simd, str)
assert_type(lrvec.__version__, str)
