"""Lines for a type checker: `mypy --strict tests/typing_checks.py`. They run, too."""

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
assert_type(groups(range(3)), dict[str, NDArray[numpy.float64]])
assert_type(groups.matrix(range(3)), NDArray[numpy.floating[Any]])
assert_type(groups.names, tuple[str, ...])

assert_type(lrvec.engine, str)
assert_type(lrvec.simd, str)
assert_type(lrvec.__version__, str)
