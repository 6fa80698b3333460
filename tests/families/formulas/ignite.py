from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from itertools import accumulate, pairwise
from typing import Any

from . import FUNCTION, METRIC, Row

PROGRAM = "Ignite"
PACKAGE = "ignite"


def called(name: str, **fixed: Any) -> Callable[..., Sequence[float]]:
    """Returns a function that runs a scheduler of ignite as an event of its engine does. `lengths` is ours alone."""

    def run(steps: int, lengths: Any = None, **given: Any) -> Sequence[float]:
        import torch
        from ignite.handlers import param_scheduler

        optimizer = torch.optim.SGD([torch.zeros(1)], lr=1.0)
        scheduler = getattr(param_scheduler, name)(optimizer, "lr", **given, **fixed)
        return rates(scheduler, optimizer, steps)

    return run


def rates(scheduler: Any, optimizer: Any, steps: int) -> list[Any]:
    found = []
    for _ in range(steps):
        scheduler(None)
        found.append([group["lr"] for group in optimizer.param_groups])
    return [row[0] if len(row) == 1 else row for row in found]


def one_of_two(optimizer: Any, start_value: float, end_value: float, cycle_size: int, group: int | None = None) -> Any:
    from ignite.handlers import CosineAnnealingScheduler

    return CosineAnnealingScheduler(optimizer, "lr", start_value, end_value, cycle_size, param_group_index=group)


def run_concat(steps: int, first: int, **given: Any) -> Sequence[float]:
    import torch
    from ignite.handlers import ConcatScheduler, LinearCyclicalScheduler

    optimizer = torch.optim.SGD([torch.zeros(1)], lr=1.0)
    line = LinearCyclicalScheduler(optimizer, "lr", 0.0, given["start_value"], 2 * first)
    return rates(ConcatScheduler([line, one_of_two(optimizer, **given)], [first]), optimizer, steps)


def run_warmup(
    steps: int, warmup_start_value: float, warmup_end_value: float, warmup_duration: int, **given: Any
) -> Any:
    import torch
    from ignite.handlers import create_lr_scheduler_with_warmup

    optimizer = torch.optim.SGD([torch.zeros(1)], lr=1.0)
    inner = one_of_two(optimizer, **given)
    scheduler = create_lr_scheduler_with_warmup(inner, warmup_start_value, warmup_duration, warmup_end_value)
    return rates(scheduler, optimizer, steps)


def run_groups(steps: int, tenth: float, **given: Any) -> Any:
    import torch
    from ignite.handlers import ParamGroupScheduler

    optimizer = torch.optim.SGD([{"params": [torch.zeros(1)]}, {"params": [torch.zeros(1)]}], lr=1.0)
    other = {name: value if name == "cycle_size" else tenth * value for name, value in given.items()}
    pair = [one_of_two(optimizer, **given, group=0), one_of_two(optimizer, **other, group=1)]
    return rates(ParamGroupScheduler(pair), optimizer, steps)


def cyclic(
    t: int,
    height: Callable[[float], float],
    start_value: float,
    end_value: float,
    cycle_size: int,
    cycle_mult: float = 1.0,
    start_value_mult: float = 1.0,
    end_value_mult: float = 1.0,
    warmup_duration: int = 0,
    lengths: Any = None,
) -> float:
    """A cycle goes from its first value, of height 1, to the other, of height 0. Whole steps of each cycle are left."""
    while t >= cycle_size + warmup_duration:
        t -= cycle_size + warmup_duration
        cycle_size, warmup_duration = int(cycle_size * cycle_mult), int(warmup_duration * cycle_mult)
        start_value, end_value = start_value * start_value_mult, end_value * end_value_mult
    if t > cycle_size:
        return end_value + (start_value * start_value_mult - end_value) * (t - cycle_size) / warmup_duration
    return end_value + (start_value - end_value) * height(t / cycle_size)


def lengths(cycle_size: int, cycle_mult: float, count: int) -> list[int]:
    return list(accumulate([cycle_size] * count, lambda size, _: int(size * cycle_mult)))


def to_and_back(u: float) -> float:
    return abs(2.0 * u - 1.0)


def sawtooth(u: float) -> float:
    return 1.0 - u


def wave(u: float) -> float:
    return (1.0 + math.cos(math.pi * u)) / 2.0


VALUES: list[dict[str, Any]] = [
    {"start_value": 0.01, "end_value": 1.0, "cycle_size": 12},
    {"start_value": 0.3, "end_value": 0.0, "cycle_size": 7},
]
MULTS = [one | {"start_value_mult": 0.9, "end_value_mult": 0.5} for one in VALUES]
LONGER = [one | {"cycle_mult": 1.3, "lengths": lengths(one["cycle_size"], 1.3, 12)} for one in VALUES]
WARMED = [one | {"warmup_duration": 5} for one in VALUES]
TRIANGLE = "piecewise(steps=[0, cycle_size / 2, cycle_size], values=[{0}, {1}, {0}])"
WAVE = "cosine(base_lr={0}, min_lr={1}, total_steps=cycle_size)"
LINE = "linear(base_lr={0}, end_lr={1}, total_steps=cycle_size)"
SHRUNK = "repeat({}, period=cycle_size) * every(exponential(base_lr={}, gamma={}), steps=cycle_size)"


def mults(curve: str) -> str:
    first = SHRUNK.format(curve.format(1.0, 0.0), "start_value", "start_value_mult")
    return f"{first} + {SHRUNK.format(curve.format(0.0, 1.0), 'end_value', 'end_value_mult')}"


def family(name: str, curve: str, height: Callable[[float], float], **fixed: Any) -> list[Row]:
    """Cycles that are alike, that shrink, and that get longer."""

    def rate(t: int, **given: Any) -> float:
        return cyclic(t, height, **given)

    scheduler = name.split(" ")[0]
    plain = curve.format("start_value", "end_value")
    note = "lengths has the steps of each cycle: int(size * cycle_mult), where size is that of the cycle before"
    return [
        Row(name, f"repeat({plain}, period=cycle_size)", rate, VALUES, run=called(scheduler, **fixed)),
        Row(f"{name}, start_value_mult, end_value_mult", mults(curve), rate, MULTS, run=called(scheduler, **fixed)),
        Row(
            f"{name}, cycle_mult",
            f"cycles({plain}, length=cycle_size, lengths=lengths)",
            rate,
            LONGER,
            note=note,
            run=called(scheduler, **fixed),
        ),
    ]


def warmed(name: str, curve: str, height: Callable[[float], float], **fixed: Any) -> Row:
    return Row(
        f"{name}, warmup_duration",
        f"repeat(join([(cycle_size, {curve.format('start_value', 'end_value')}), linear(base_lr=end_value, "
        "end_lr=start_value, total_steps=warmup_duration)]), period=cycle_size + warmup_duration)",
        lambda t, **given: cyclic(t, height, **given),
        WARMED,
        run=called(name.split(" ")[0], **fixed),
    )


def warmup(
    t: int, warmup_start_value: float, warmup_end_value: float, warmup_duration: int, alike: bool, **given: Any
) -> float:
    phase = warmup_duration - 1 if alike else warmup_duration
    if t < phase:
        return warmup_start_value + (warmup_end_value - warmup_start_value) * t / (warmup_duration - 1)
    return cyclic(t - phase, wave, **given)


def through(t: int, milestones_values: list[tuple[int, float]]) -> float:
    for (begin, first), (end, last) in pairwise(milestones_values):
        if begin <= t < end:
            return first + (last - first) * (t - begin) / (end - begin)
    return milestones_values[0][1] if t < milestones_values[0][0] else milestones_values[-1][1]


def of_state(name: str, native: str, rate: Callable[..., float], numbers: Sequence[dict[str, Any]]) -> Row:
    """The row of a scheduler of the engine's state, whose first event has the index 1."""

    def run(steps: int, **given: Any) -> Sequence[float]:
        from ignite.handlers import state_param_scheduler

        values = getattr(state_param_scheduler, name).simulate_values(steps, param_name="rate", **given)
        return [value for _, value in values]

    note = "its first event is number 1"
    return Row(name, f"advance({native}, steps=1)", lambda t, **given: rate(t + 1, **given), numbers, note, run=run)


KNOTS = [
    {"milestones_values": [(5, 0.5), (20, 0.45), (21, 0.3), (60, 0.1)]},
    {"milestones_values": [(0, 1.0), (3, 0.0)]},
]
THROUGH = (
    "piecewise(steps=[step for step, value in milestones_values], values=[value for step, value in milestones_values])"
)
COSINES = f"repeat({WAVE.format('start_value', 'end_value')}, period=cycle_size)"
LINE_UP = "linear(base_lr=warmup_start_value, end_lr=warmup_end_value, total_steps=warmup_duration - 1)"
RISES = [
    {"warmup_start_value": 0.0, "warmup_duration": 10},
    {"warmup_start_value": 0.1, "warmup_duration": 3},
]

ROWS = [
    *family("LinearCyclicalScheduler", TRIANGLE, to_and_back),
    *family("LinearCyclicalScheduler with monotonic=True", LINE, sawtooth, monotonic=True),
    warmed("LinearCyclicalScheduler with monotonic=True", LINE, sawtooth, monotonic=True),
    *family("CosineAnnealingScheduler", WAVE, wave),
    warmed("CosineAnnealingScheduler", WAVE, wave),
    Row(
        "ConcatScheduler, here of half a triangle and cosines",
        f"join([(first, linear(base_lr=0.0, end_lr=start_value, total_steps=first)), {COSINES}])",
        lambda t, first, **given: given["start_value"] * t / first if t < first else cyclic(t - first, wave, **given),
        [one | {"first": 4} for one in VALUES],
        run=run_concat,
    ),
    Row(
        "PiecewiseLinear",
        THROUGH,
        through,
        KNOTS,
        run=called("PiecewiseLinear"),
    ),
    Row(
        "create_lr_scheduler_with_warmup up to the first value of another scheduler",
        f"join([(warmup_duration - 1, {LINE_UP}), {COSINES}])",
        lambda t, **given: warmup(t, alike=True, **given),
        [one | rise | {"warmup_end_value": one["start_value"]} for one, rise in zip(VALUES, RISES, strict=True)],
        run=run_warmup,
    ),
    Row(
        "create_lr_scheduler_with_warmup up to another value",
        f"join([(warmup_duration, {LINE_UP}), {COSINES}])",
        lambda t, **given: warmup(t, alike=False, **given),
        [one | rise | {"warmup_end_value": 0.7} for one, rise in zip(VALUES, RISES, strict=True)],
        run=run_warmup,
    ),
    Row("LRScheduler", note="it runs a scheduler of torch: see `lrvec.dialects.torch`"),
    Row(
        "ParamGroupScheduler, here of cosines of two heights",
        f'scale_by_group({COSINES}, multipliers={{"body": 1.0, "head": tenth}})',
        lambda t, tenth, **given: [factor * cyclic(t, wave, **given) for factor in (1.0, tenth)],
        [one | {"tenth": 0.1} for one in VALUES],
        run=run_groups,
    ),
    Row("ReduceLROnPlateauScheduler", note=METRIC),
    Row("LambdaStateScheduler", note=FUNCTION),
    of_state(
        "PiecewiseLinearStateScheduler",
        THROUGH,
        through,
        KNOTS,
    ),
    of_state(
        "ExpStateScheduler",
        "exponential(base_lr=initial_value, gamma=gamma)",
        lambda t, initial_value, gamma: initial_value * gamma**t,
        [{"initial_value": 0.1, "gamma": 0.97}, {"initial_value": 2.0, "gamma": 0.5}],
    ),
    of_state(
        "StepStateScheduler",
        "step_decay(base_lr=initial_value, step_size=step_size, gamma=gamma)",
        lambda t, initial_value, gamma, step_size: initial_value * gamma ** (t // step_size),
        [
            {"initial_value": 0.1, "gamma": 0.5, "step_size": 30},
            {"initial_value": 2.0, "gamma": 0.9, "step_size": 1},
        ],
    ),
    of_state(
        "MultiStepStateScheduler",
        "multi_step(base_lr=initial_value, milestones=milestones, gamma=gamma)",
        lambda t, initial_value, gamma, milestones: initial_value * gamma ** sum(m <= t for m in milestones),
        [
            {"initial_value": 0.1, "gamma": 0.5, "milestones": [10, 60, 61]},
            {"initial_value": 2.0, "gamma": 0.9, "milestones": [1]},
        ],
    ),
]
