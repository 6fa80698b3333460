"""The table of cases that the tests run over, and the exact value of each kind at each step.

A case is a kind with parameters; FORMULAS has each kind's formula, written from its paper or docstring for mpmath, and
nothing of it from the library's own formulas. A kind without a case or without a formula fails test_exact.py.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

import mpmath

from lrvec._schedule import KINDS

mp = mpmath.mp.clone()
mp.prec = 320  # (1 + cos(pi t / T)) / 2 one step before T = 2^53 cancels 106 bits of it

LAST_STEP = 2**53
TINY = mp.ldexp(1, -1074)
HUGE = mp.ldexp(1, 1024)


@dataclass(frozen=True)
class Case:
    """A kind and the parameters of one call; where a schedule belongs, another case."""

    kind: str
    params: dict[str, Any]

    def make(self) -> Any:
        return KINDS[self.kind].make({name: _made(value) for name, value in self.params.items()})

    def __str__(self) -> str:
        return f"{self.kind}({', '.join(f'{name}={_shown(value)}' for name, value in self.params.items())})"


def _made(value: Any) -> Any:
    if isinstance(value, Case):
        return value.make()
    return tuple(_made(item) for item in value) if isinstance(value, tuple) else value


def _shown(value: Any) -> str:
    if isinstance(value, tuple):
        shown = [_shown(item) for item in value[:6]] + (["..."] if len(value) > 6 else [])
        return f"({', '.join(shown)})"
    return str(value) if isinstance(value, Case) else repr(value)


# ---- exact values ----


class Exact(NamedTuple):
    """The exact value, and the number in whose ulp an error is counted: the value's own size, unless two parts of it
    cancel by the formula itself, where no double result can be right to the value's own last digit."""

    value: Any
    size: Any


def nearest(value: Any) -> float:
    """The double next to an mpmath number, into the subnormals and to infinity."""
    if abs(value) < TINY / 4:
        return 0.0
    man, exp = abs(value).man_exp
    try:
        size = man * 2**exp / 1 if exp >= 0 else man / 2**-exp  # int / int rounds once, into the subnormals too
    except OverflowError:
        size = math.inf
    return -size if value < 0 else size


def ulp_of(size: Any) -> Any:
    """The distance between doubles of this size: the smallest one's below the normal doubles."""
    if size == 0:
        return TINY
    return mp.ldexp(1, max(mp.frexp(min(abs(size), HUGE / 2))[1] - 53, -1074))


def ulp_error(got: float, exact: Exact) -> float:
    """The error of a double in ulp. Infinity stands for what comes after the largest double, 2^1024."""
    if math.isnan(got):
        return math.inf
    wanted = max(-HUGE, min(HUGE, exact.value))
    found = mp.mpf(got) if math.isfinite(got) else math.copysign(1, got) * HUGE
    return float(abs(found - wanted) / ulp_of(exact.size))


def between(first: Any, last: Any, weight: Any) -> Exact:
    """`first` where the weight is 1, `last` where it is 0. Rates of opposite signs cancel somewhere between."""
    first, last = mp.mpf(first), mp.mpf(last)
    value = first * weight + last * (1 - weight)
    return Exact(value, max(abs(first), abs(last)) if first * last < 0 else abs(value))


def swinging(low: Any, high: Any, weight: Any) -> Exact:
    """low + (high - low) weight for any weight. Where the signs of the two parts differ they cancel, and the larger one
    is the measure."""
    low, high = mp.mpf(low), mp.mpf(high)
    swing = mp.fsub(high, low, exact=True) * weight
    value = low + swing if abs(weight) > 1 else low * (1 - weight) + high * weight
    return Exact(value, max(abs(low), abs(swing)) if low * swing < 0 else abs(value))


def plain(value: Any) -> Exact:
    return Exact(mp.mpf(value), abs(value))


def power_of(factor: float, exponent: Any) -> Any:
    """factor^exponent, with 0^0 = 1."""
    return mp.mpf(factor) ** exponent if factor or not exponent else mp.mpf(0)


@dataclass(frozen=True)
class Formula:
    """The exact value at step t; the steps where something begins or ends; those among them where a rate that was given
    is met exactly, and must be in the result too; the step from which on the value stays the same, if there is one."""

    exact: Callable[..., Exact]
    marks: Callable[..., Iterable[int]]
    ends: Callable[..., Iterable[int]]
    held_from: Callable[..., int | None]


FORMULAS: dict[str, Formula] = {}


def formula(
    marks: Callable[..., Iterable[int]],
    ends: Callable[..., Iterable[int]] = lambda **_: (0,),
    held_from: Callable[..., int | None] = lambda **_: None,
) -> Callable[[Callable[..., Exact]], Callable[..., Exact]]:
    def register(exact: Callable[..., Exact]) -> Callable[..., Exact]:
        FORMULAS[exact.__name__] = Formula(exact, marks, ends, held_from)
        return exact

    return register


def exact(case: Case, t: int) -> Exact:
    return FORMULAS[case.kind].exact(t, **case.params)


def marks_of(case: Case) -> list[int]:
    return sorted({mark for mark in FORMULAS[case.kind].marks(**case.params) if 0 <= mark <= LAST_STEP})


def ends_of(case: Case) -> list[int]:
    return sorted({end for end in FORMULAS[case.kind].ends(**case.params) if 0 <= end <= LAST_STEP})


def held_from(case: Case) -> int | None:
    return FORMULAS[case.kind].held_from(**case.params)


def _span(total_steps: int, **_: Any) -> Iterator[int]:
    yield from (0, total_steps // 4, total_steps // 2, total_steps)


def _span_ends(total_steps: int, **_: Any) -> Iterator[int]:
    yield from (0, total_steps, total_steps + 1, LAST_STEP)


def _span_end(total_steps: int, **_: Any) -> int:
    return total_steps


def _limits(first: float, factor: float, width: int = 1) -> Iterator[int]:
    """Where first factor^(t / width) leaves the normal doubles, and where it leaves all doubles."""
    if first and factor and abs(factor) != 1.0:
        for exponent in (-1022, -1075, 1024):
            t = (exponent - math.log2(abs(first))) / math.log2(abs(factor)) * width
            if 0 <= t < LAST_STEP:
                yield int(t)


@formula(marks=lambda **_: (0,), ends=lambda **_: (0, 1, LAST_STEP), held_from=lambda **_: 0)
def constant(t: int, lr: float) -> Exact:
    return plain(lr)


@formula(
    marks=lambda base_lr, step_size, drop=None, gamma=None: [
        0,
        step_size,
        2 * step_size,
        1000 * step_size,
        *(step_size * n for n in _limits(base_lr, gamma if drop is None else drop)),
    ],
    ends=lambda step_size, **_: (0, step_size - 1),
)
def step_decay(t: int, base_lr: float, step_size: int, drop: float | None = None, gamma: float | None = None) -> Exact:
    return plain(base_lr * power_of(gamma if drop is None else drop, t // step_size))


@formula(
    marks=lambda milestones, **_: [0, *milestones[:20], *milestones[-5:]],
    ends=lambda milestones, **_: (0, min(milestones, default=LAST_STEP) - 1),
    held_from=lambda milestones, **_: max(milestones, default=0),
)
def multi_step(t: int, base_lr: float, milestones: tuple[int, ...], gamma: float) -> Exact:
    return plain(base_lr * power_of(gamma, sum(milestone <= t for milestone in milestones)))


@formula(marks=lambda base_lr, gamma: [0, *_limits(base_lr, gamma)])
def exponential(t: int, base_lr: float, gamma: float) -> Exact:
    return plain(base_lr * power_of(gamma, t))


@formula(marks=lambda base_lr, decay_rate, decay_steps: [0, decay_steps, *_limits(base_lr, decay_rate, decay_steps)])
def exponential_decay(t: int, base_lr: float, decay_rate: float, decay_steps: int) -> Exact:
    return plain(base_lr * mp.mpf(decay_rate) ** (mp.mpf(t) / decay_steps))


@formula(_span, _span_ends, _span_end)
def linear(t: int, base_lr: float, end_lr: float, total_steps: int) -> Exact:
    return between(base_lr, end_lr, mp.mpf(max(total_steps - t, 0)) / total_steps)


@formula(_span, _span_ends, _span_end)
def polynomial(t: int, base_lr: float, end_lr: float, total_steps: int, power: float) -> Exact:
    value = between(base_lr, end_lr, power_of(mp.mpf(max(total_steps - t, 0)) / total_steps, mp.mpf(power)))
    if power not in (0.0, 1.0) and abs(base_lr) < abs(end_lr):  # 1 - weight: what is left of it rises from a small rate
        return value._replace(size=mp.mpf(abs(end_lr)))
    return value


@formula(_span, _span_ends, _span_end)
def polynomial_decay(t: int, start_lr: float, end_lr: float, total_steps: int, power: float) -> Exact:
    return polynomial(t, start_lr, end_lr, total_steps, power)


def half_wave(first: Any, last: Any, t: int, length: int) -> Exact:
    return between(first, last, (1 + mp.cospi(mp.mpf(t) / length)) / 2)


@formula(_span, _span_ends, _span_end)
def cosine(t: int, base_lr: float, min_lr: float, total_steps: int) -> Exact:
    return half_wave(base_lr, min_lr, min(t, total_steps), total_steps)


def _cycles(period: int, t_mult: int, **_: Any) -> Iterator[int]:
    """The first few restarts and the middles of their cycles."""
    start, length = 0, period
    for _cycle in range(5):
        yield from (start, start + length // 2, start + length)
        start, length = start + length, length * t_mult


def _restarts(period: int, t_mult: int, **_: Any) -> Iterator[int]:
    start, length = 0, period
    for _cycle in range(5):
        yield start
        start, length = start + length, length * t_mult


@formula(_cycles, _restarts)
def cosine_restarts(t: int, base_lr: float, min_lr: float, period: int, t_mult: int) -> Exact:
    if t_mult == 1:
        return half_wave(base_lr, min_lr, t % period, period)
    while t >= period:
        t, period = t - period, period * t_mult
    return half_wave(base_lr, min_lr, t, period)


@formula(
    marks=lambda warmup_steps, **_: (0, warmup_steps // 2, warmup_steps),
    ends=lambda warmup_steps, **_: (0, warmup_steps),
)
def inverse_sqrt(t: int, base_lr: float, warmup_steps: int) -> Exact:
    if t < warmup_steps:
        return between(0.0, base_lr, 1 - mp.mpf(t) / warmup_steps)
    return plain(base_lr * mp.sqrt(mp.mpf(warmup_steps) / t))


def _peak(total_steps: int, pct_start: float, **_: Any) -> int:
    return min(max(1, round(pct_start * total_steps)), total_steps - 1)


@formula(
    marks=lambda **params: (0, _peak(**params) // 2, _peak(**params), params["total_steps"]),
    ends=lambda **params: (0, _peak(**params), params["total_steps"], LAST_STEP),
    held_from=_span_end,
)
def one_cycle(t: int, max_lr: float, total_steps: int, pct_start: float, initial_div: float, final_div: float) -> Exact:
    peak = _peak(total_steps, pct_start)
    if t < peak:
        return half_wave(mp.mpf(max_lr) / initial_div, max_lr, t, peak)
    return half_wave(max_lr, mp.mpf(max_lr) / final_div, min(t, total_steps) - peak, total_steps - peak)


def _climbs(step_size: int, **_: Any) -> Iterator[int]:
    yield from (n * step_size for n in (0, 1, 2, 3, 4, 5, 6, 41, 2000, 2001, 2150, 2151))


def height(t: int, step_size: int) -> Any:
    into = t % (2 * step_size)
    return mp.mpf(min(into, 2 * step_size - into)) / step_size


@formula(_climbs, _climbs)
def triangular(t: int, min_lr: float, max_lr: float, step_size: int) -> Exact:
    return between(max_lr, min_lr, height(t, step_size))


@formula(_climbs, lambda step_size, **_: (0, step_size, 2 * step_size, 4 * step_size))
def triangular2(t: int, min_lr: float, max_lr: float, step_size: int) -> Exact:
    if t < 2 * step_size:
        return between(max_lr, min_lr, height(t, step_size))
    return swinging(min_lr, max_lr, height(t, step_size) * mp.ldexp(1, -(t // (2 * step_size))))


@formula(
    marks=lambda min_lr, max_lr, step_size, gamma: [*_climbs(step_size), *_limits(max_lr - min_lr, gamma)],
    ends=lambda step_size, **_: (0, 2 * step_size, 4 * step_size),
)
def exp_range(t: int, min_lr: float, max_lr: float, step_size: int, gamma: float) -> Exact:
    return swinging(min_lr, max_lr, height(t, step_size) * power_of(gamma, t))


def _wsd_marks(warmup_steps: int, decay_steps: int, total_steps: int, **_: Any) -> Iterator[int]:
    decay = total_steps - decay_steps
    yield from (
        0,
        warmup_steps // 2,
        warmup_steps,
        decay,
        decay + decay_steps // 4,
        decay + decay_steps // 2,
        total_steps,
    )


def _wsd_ends(warmup_steps: int, decay_steps: int, total_steps: int, **_: Any) -> Iterator[int]:
    yield from (0, warmup_steps, total_steps - decay_steps, total_steps, LAST_STEP)


@formula(
    _wsd_marks,
    _wsd_ends,
    held_from=lambda total_steps, decay_steps, warmup_steps, **_: total_steps if decay_steps else warmup_steps,
)
def warmup_stable_decay(
    t: int,
    base_lr: float,
    warmup_steps: int,
    decay_steps: int,
    total_steps: int,
    final_lr: float,
    warmup_start: float,
    decay_shape: str,
) -> Exact:
    if t < warmup_steps:
        return between(warmup_start, base_lr, 1 - mp.mpf(t) / warmup_steps)
    if t < total_steps - decay_steps or decay_steps == 0:
        return plain(base_lr)
    progress = mp.mpf(min(t, total_steps) - total_steps + decay_steps) / decay_steps
    return between(base_lr, final_lr, 1 - (mp.sqrt(progress) if decay_shape == "1-sqrt" else progress))


MEGATRON_WEIGHTS: dict[str, Callable[[Any], Any]] = {
    "linear": lambda progress: 1 - progress,
    "cosine": lambda progress: (1 + mp.cospi(progress)) / 2,
    "exponential": lambda progress: mp.mpf(2) ** (1 - progress) - 1,
    "minus_sqrt": lambda progress: 1 - mp.sqrt(progress),
}


def _megatron_marks(
    max_lr: float, min_lr: float, lr_warmup_steps: int, lr_decay_steps: int, wsd_decay_steps: int = 0, **_: Any
) -> Iterator[int]:
    begin = lr_decay_steps - wsd_decay_steps
    yield from (0, lr_warmup_steps // 2, lr_warmup_steps, begin, begin + wsd_decay_steps // 4, lr_decay_steps)
    yield begin + wsd_decay_steps // 2
    if min_lr:
        yield min(int(max(lr_warmup_steps, 1) * mp.mpf(max_lr / min_lr) ** 2), LAST_STEP)  # of the inverse square root


def _megatron_ends(
    lr_warmup_steps: int, lr_decay_steps: int, lr_decay_style: str, wsd_decay_steps: int = 0, **_: Any
) -> Iterator[int]:
    if lr_warmup_steps or wsd_decay_steps <= lr_decay_steps:
        yield 0
    if lr_warmup_steps:
        yield lr_warmup_steps
    if lr_decay_style != "inverse-square-root":
        yield lr_decay_steps
    yield from (lr_decay_steps + 1, LAST_STEP)


@formula(
    _megatron_marks,
    _megatron_ends,
    held_from=lambda lr_warmup_steps, lr_decay_steps, lr_decay_style, **_: (
        lr_warmup_steps if lr_decay_style == "constant" else lr_decay_steps + 1
    ),
)
def megatron_lr(
    t: int,
    init_lr: float,
    max_lr: float,
    min_lr: float,
    lr_warmup_steps: int,
    lr_decay_steps: int,
    lr_decay_style: str,
    wsd_decay_steps: int | None = None,
    lr_wsd_decay_style: str | None = None,
) -> Exact:
    if lr_warmup_steps > 0 and t <= lr_warmup_steps:
        return between(init_lr, max_lr, 1 - mp.mpf(t) / lr_warmup_steps)
    if lr_decay_style == "constant":
        return plain(max_lr)
    if t > lr_decay_steps:
        return plain(min_lr)
    if lr_decay_style == "inverse-square-root":
        return plain(max(mp.mpf(min_lr), max_lr * mp.sqrt(mp.mpf(max(lr_warmup_steps, 1)) / max(t, 1))))
    start, style = lr_warmup_steps, lr_decay_style
    if lr_decay_style == "WSD":
        start, style = lr_decay_steps - wsd_decay_steps, lr_wsd_decay_style
    if t <= start:
        return plain(max_lr)
    return between(max_lr, min_lr, MEGATRON_WEIGHTS[style](mp.mpf(t - start) / (lr_decay_steps - start)))


@formula(
    marks=lambda wd_incr_steps, **_: (0, wd_incr_steps // 4, wd_incr_steps // 2, wd_incr_steps),
    ends=lambda wd_incr_steps, **_: (0, wd_incr_steps, wd_incr_steps + 1, LAST_STEP),
    held_from=lambda wd_incr_steps, **_: wd_incr_steps,
)
def megatron_wd(t: int, start_wd: float, end_wd: float, wd_incr_steps: int, wd_incr_style: str) -> Exact:
    if t >= wd_incr_steps or wd_incr_style == "constant":
        return plain(end_wd)
    return between(start_wd, end_wd, MEGATRON_WEIGHTS[wd_incr_style](mp.mpf(t) / wd_incr_steps))


def _after_warmup(schedule: Case, warmup_steps: int, **_: Any) -> int | None:
    held = held_from(schedule)
    return None if held is None else warmup_steps + held


@formula(
    marks=lambda schedule, warmup_steps, **_: [
        0,
        warmup_steps // 2,
        *(warmup_steps + mark for mark in marks_of(schedule)),
    ],
    ends=lambda schedule, warmup_steps, **_: [0, *(warmup_steps + end for end in ends_of(schedule))],
    held_from=_after_warmup,
)
def with_warmup(t: int, schedule: Case, warmup_steps: int, start_lr: float) -> Exact:
    if t < warmup_steps:
        return between(start_lr, exact(schedule, 0).value, 1 - mp.mpf(t) / warmup_steps)
    return exact(schedule, t - warmup_steps)


def _starts(phases: tuple[tuple[int, Case], ...]) -> Iterator[tuple[int, int, Case]]:
    start = 0
    for duration, schedule in phases:
        yield start, duration, schedule
        start += duration


@formula(
    marks=lambda phases: [
        start + mark
        for start, duration, part in _starts(phases)
        for mark in (*marks_of(part), duration)
        if mark <= duration
    ],
    ends=lambda phases: [
        start + end for start, duration, part in _starts(phases) for end in ends_of(part) if end < duration
    ],
    held_from=lambda phases: sum(duration for duration, _ in phases) - 1,
)
def sequential(t: int, phases: tuple[tuple[int, Case], ...]) -> Exact:
    for start, duration, schedule in _starts(phases):
        if t < start + duration:
            return exact(schedule, t - start)
    return exact(schedule, duration - 1)


# ---- what is promised ----

LIMIT = 4.0
"""ulp at most between a result and the exact value."""

STEEP = 4096.0
"""Powers up to here keep the limit. The error of a steeper one is that of a logarithm, 2^-64, times the power."""


def limit(case: Case) -> float:
    power = case.params.get("power", 0.0)
    return LIMIT if power <= STEEP else LIMIT + power * 2.0**-11


# ---- the table ----


def case(kind: str, **params: Any) -> Case:
    return Case(kind, params)


RATES = [
    (0.1, 0.0),
    (8e-5, 8e-7),
    (0.1, 0.1),
    (1e-6, 0.1),
    (0.0, 3e-4),
    (0.0, 0.0),
    (1.0, 1.0 - 2.0**-53),
    (1e-300, 0.0),
    (1e-300, 3e-310),
    (0.0, 5e-324),
    (-0.1, -0.001),
    (-0.3, 0.1),
    (1e308, 1e-308),
    (1.7e308, -1.7e308),
]
LENGTHS = [1, 2, 3, 4, 7, 1000, 1_200_000, 2**26 + 1, 2**27 + 1, 3_000_000_000, 2**52 + 1, 2**53 - 1, 2**53]


def spans(kind: str, first: str, last: str, length: str, rest: Iterable[dict[str, Any]] = ({},)) -> list[Case]:
    """Every pair of rates, every length and every one of the rest at least once, each with some of the others."""
    rest = list(rest)
    count = max(2 * len(LENGTHS), len(rest))
    return [
        case(
            kind,
            **{first: RATES[i % len(RATES)][0], last: RATES[i % len(RATES)][1]},
            **{length: LENGTHS[(i + i // len(RATES)) % len(LENGTHS)]},
            **rest[i % len(rest)],
        )
        for i in range(count)
    ]


POWERS = [
    {"power": power} for power in (2.0, 0.5, 0.9, 3.0, 1.0, 16.0, 40.0, 1.5, 17.0, 1e-3, 7.25, 300.0, 1e-300, 1e6)
]
GAMMAS = (0.5, 0.999, 0.9999999, 1.0, -1.0, -0.97, 0.0, 1.001, -1.5, 2.0, 1e-3, 1e-200, 1e200, 1.0 - 2.0**-53, 5e-324)
GROWING = [(0.1, gamma) for gamma in GAMMAS] + [
    (1e-300, 2.0),
    (1e-300, 0.9),
    (1e300, 0.5),
    (1e300, 1.1),
    (-0.1, 0.9),
    (-1e-3, -0.9),
    (0.0, 0.5),
    (0.0, 2.0),
    (5e-324, 3.0),
]

_WARM = {"base_lr": 0.1, "final_lr": 1e-4, "warmup_start": 1e-5}
_COSINE = case("cosine", base_lr=8e-5, min_lr=8e-7, total_steps=1_192_000)
_LLAMA = case("with_warmup", schedule=_COSINE, warmup_steps=8000, start_lr=0.0)
_LINE = case("linear", base_lr=0.5, end_lr=0.0, total_steps=100)
_STEEP = case("polynomial", base_lr=0.1, end_lr=1e-4, total_steps=5000, power=2.5)
_RESTARTS = case("cosine_restarts", base_lr=0.1, min_lr=0.001, period=50, t_mult=2)
_TRIANGLES = case("triangular2", min_lr=0.001, max_lr=0.1, step_size=700)
_STAIRS = case("step_decay", base_lr=0.1, drop=0.5, step_size=30)
_GROWTH = case("exponential", base_lr=1e-3, gamma=0.99)
_MIXED = case("sequential", phases=((1, _COSINE), (1000, _RESTARTS), (3, _STEEP), (2000, _TRIANGLES), (10, _LINE)))

CASES: list[Case] = [
    *(case("constant", lr=lr) for lr in (0.1, 0.0, -0.0, -3.0, 5e-324, 1.7e308)),
    *(
        case("step_decay", base_lr=base_lr, drop=drop, step_size=step_size)
        for base_lr, drop, step_size in [
            (0.1, 0.5, 30),
            (0.1, 1.0, 7),
            (0.3, 0.1, 1),
            (1e-300, 0.9, 3),
            (1e300, 0.01, 1000),
            (0.1, 0.97, 2**53),
            (0.1, 0.5, 2**52 - 1),
            (5e-324, 0.5, 2),
            (0.1, 1.0 - 2.0**-53, 1),
            (0.1, 0.999, 100_000),
        ]
    ),
    *(
        case("step_decay", base_lr=base_lr, step_size=(1, 30, 2**40 + 1)[i % 3], gamma=gamma)
        for i, (base_lr, gamma) in enumerate(GROWING)
    ),
    *(
        case("multi_step", base_lr=0.1, milestones=milestones, gamma=gamma)
        for milestones, gamma in [
            ((), 0.5),
            ((30, 60, 90), 0.1),
            ((5, 5, 5, 9, 9), 0.7),
            ((2**53,), 0.1),
            ((1,), 0.0),
            ((1, 2), -0.5),
            (tuple(range(1, 6001, 2)), 0.999),
            (tuple(n * n for n in range(1, 3000)), -1.001),
            ((10, 20), 1e200),
            ((7,) * 400, 0.1),
            ((2**27, 2**40, 2**53 - 1), 0.3),
        ]
    ),
    case("multi_step", base_lr=1e300, milestones=(3, 4, 6), gamma=1e5),
    case("multi_step", base_lr=-1e-300, milestones=(3, 4, 6), gamma=1e-5),
    *(case("exponential", base_lr=base_lr, gamma=gamma) for base_lr, gamma in GROWING),
    *(
        case("exponential_decay", base_lr=base_lr, decay_rate=decay_rate, decay_steps=decay_steps)
        for base_lr, decay_rate, decay_steps in [
            (0.1, 0.96, 1000),
            (0.1, 0.5, 1),
            (0.1, 0.25, 3),
            (1e-300, 0.9, 7),
            (1e300, 0.1, 10),
            (0.1, 1e-300, 2**20),
            (5e-324, 0.5, 2),
            (0.1, 1.0 - 2.0**-53, 1),
            (0.1, 5e-324, 2**53),
            (0.1, 0.3, 2**53),
            (0.1, 0.9, 3_000_000_000),
        ]
    ),
    *spans("linear", "base_lr", "end_lr", "total_steps"),
    case("linear", base_lr=-0.0, end_lr=0.0, total_steps=5),
    *spans("polynomial", "base_lr", "end_lr", "total_steps", [*POWERS, {"power": 0.0}]),
    *(case("polynomial", base_lr=0.1, end_lr=0.0, total_steps=10_000, **power) for power in POWERS),
    *(
        case("polynomial", base_lr=1.0, end_lr=1e-3, total_steps=LENGTHS[-1 - i], **power)
        for i, power in enumerate(POWERS[:5])
    ),
    *spans("polynomial_decay", "start_lr", "end_lr", "total_steps", POWERS),
    *spans("cosine", "base_lr", "min_lr", "total_steps"),
    *spans(
        "cosine_restarts",
        "base_lr",
        "min_lr",
        "period",
        [{"t_mult": t_mult} for t_mult in (1, 2, 3, 1, 1, 10**9, 2**53)],
    ),
    case("cosine_restarts", base_lr=0.1, min_lr=0.0, period=2, t_mult=10),
    case("cosine_restarts", base_lr=0.1, min_lr=0.0, period=1000, t_mult=2**53),
    *(case("cosine_restarts", base_lr=0.1, min_lr=1e-6, period=1, t_mult=t_mult) for t_mult in (1, 2, 3)),
    *(
        case(
            "inverse_sqrt", base_lr=(0.1, 1e-300, -0.1, 8e-5, 1.7e308, 0.0, 5e-324)[i % 7], warmup_steps=LENGTHS[i % 13]
        )
        for i in range(26)
    ),
    *(
        case("one_cycle", max_lr=max_lr, total_steps=length, pct_start=pct, initial_div=initial, final_div=final)
        for length, (max_lr, pct, initial, final) in zip(
            [*LENGTHS[1:], 10, 10, 100],
            [
                (0.1, 0.3, 25.0, 1e4),
                (1e-3, 0.5, 10.0, 1e4),
                (0.0, 0.25, 25.0, 1e4),
                (-0.1, 0.9, 2.0, 3.0),
                (1e-300, 0.3, 25.0, 1e4),
                (0.1, 1e-9, 1.0, 1.0),
                (0.1, 1.0 - 1e-9, 0.5, 0.25),
                (1.0, 0.1, 7.0, 11.0),
                (1e300, 0.3, 1e-3, 1e5),
                (1e-310, 0.4, 3.0, 1e10),
                (0.1, 0.3, 1e300, 1e300),
                (0.1, 0.3, 25.0, 1e4),
                (0.3, 0.01, 10.0, 10.0),
                (0.3, 0.99, 10.0, 10.0),
                (0.3, 1 / 3, 1e-2, 1e2),
            ],
            strict=True,
        )
    ),
    *spans("triangular", "min_lr", "max_lr", "step_size"),
    *spans("triangular2", "min_lr", "max_lr", "step_size"),
    case("triangular2", min_lr=1.7e308, max_lr=-1.7e308, step_size=10),
    *spans("exp_range", "min_lr", "max_lr", "step_size", [{"gamma": gamma} for gamma in (*GAMMAS, 0.99994)]),
    *(
        case("exp_range", min_lr=low, max_lr=high, step_size=step_size, gamma=gamma)
        for low, high, step_size, gamma in [
            (1e-3, 0.1, 2000, 0.99994),
            (0.0, 0.1, 100, 0.99),
            (0.1, 1e-3, 100, 0.99),
            (0.0, 1e-300, 500, 1.01),
            (0.0, 1e300, 700, 0.9),
            (1e-3, 0.1, 50, -1.02),
            (-0.2, 0.1, 1, 1.0),
        ]
    ),
    *(
        case(
            "warmup_stable_decay", **_WARM, warmup_steps=warmup, decay_steps=decay, total_steps=total, decay_shape=shape
        )
        for warmup, decay, total in [
            (0, 0, 1),
            (1, 0, 1),
            (0, 1, 1),
            (1, 1, 2),
            (100, 200, 1000),
            (0, 2**53, 2**53),
            (2**52, 2**52, 2**53),
            (0, 1000, 1000),
            (1000, 0, 1000),
            (500, 500, 1000),
            (2000, 200_000, 1_000_000),
            (0, 0, 2**53),
            (3, 2**27 + 1, 2**28),
        ]
        for shape in ("linear", "1-sqrt")
    ),
    *(
        case(
            "warmup_stable_decay",
            base_lr=base_lr,
            final_lr=final_lr,
            warmup_start=start,
            decay_shape="1-sqrt",
            warmup_steps=7,
            decay_steps=1000,
            total_steps=2000,
        )
        for base_lr, final_lr, start in [
            (0.1, 0.0, 0.0),
            (0.0, 0.1, 0.1),
            (1e-3, 0.1, 1.0),
            (1e-300, 0.0, 1e-310),
            (1e308, 1e-308, 0.0),
            (0.1, 0.1, 0.1),
            (5e-324, 0.0, 0.0),
        ]
    ),
    *(
        case(
            "megatron_lr",
            **dict(zip(("init_lr", "max_lr", "min_lr"), rates, strict=True)),
            lr_warmup_steps=warmup,
            lr_decay_steps=decay,
            **style,
        )
        for style in [
            *({"lr_decay_style": style} for style in ("linear", "constant", "cosine", "inverse-square-root")),
            *(
                {"lr_decay_style": "WSD", "wsd_decay_steps": steps, "lr_wsd_decay_style": style}
                for style, steps in [
                    ("linear", 30),
                    ("linear", 0),
                    ("cosine", 200),
                    ("exponential", 80),
                    ("exponential", 2**27 + 1),
                    ("minus_sqrt", 90),
                    ("minus_sqrt", 2**53),
                ]
            ),
        ]
        for rates, warmup, decay in [
            ((0.0, 0.1, 0.01), 10, 100),
            ((-0.1, 0.1, 0.0), 0, 7),
            ((0.1, 0.1, 0.1), 1, 2),
            ((1e-3, 8e-5 + 1e-3, 8e-7), 2**20, 2**53),
            ((0.0, 1e-300, 3e-310), 2000, 1_000_000),
            ((-0.3, 0.1, 0.02), 9, 2**28),
            ((-1.0, 1.7e308, 1.0), 0, 5000),
            ((0.0, 0.0, 0.0), 3, 3_000_000_000),
        ]
    ),
    *(
        case("megatron_wd", start_wd=start, end_wd=end, wd_incr_steps=LENGTHS[(3 * i + place) % 13], wd_incr_style=style)
        for place, style in enumerate(("linear", "cosine"))
        for i, (start, end) in enumerate(
            [(0.01, 0.1), (0.0, 0.1), (0.1, 0.1), (0.0, 0.0), (1e-310, 1e-300), (0.0, 5e-324), (1.0, 1.7e308)]
        )
    ),
    *(
        case("megatron_wd", start_wd=wd, end_wd=wd, wd_incr_steps=steps, wd_incr_style="constant")
        for wd, steps in [(0.1, 10), (0.1, 0), (0.1, 2**53), (0.0, 1)]
    ),
    _LLAMA,
    _MIXED,
    case("with_warmup", schedule=_LLAMA, warmup_steps=17, start_lr=-1e-3),
    case("with_warmup", schedule=_STEEP, warmup_steps=1, start_lr=1e300),
    case("with_warmup", schedule=_RESTARTS, warmup_steps=2**53, start_lr=1e-300),
    case("with_warmup", schedule=_TRIANGLES, warmup_steps=2**52, start_lr=1.0),
    case("with_warmup", schedule=_GROWTH, warmup_steps=1000, start_lr=0.0),
    case("with_warmup", schedule=_STAIRS, warmup_steps=31, start_lr=0.2),
    case("with_warmup", schedule=_MIXED, warmup_steps=100, start_lr=1e-6),
    case("with_warmup", schedule=case("inverse_sqrt", base_lr=0.1, warmup_steps=40), warmup_steps=3, start_lr=0.1),
    case("sequential", phases=((1, case("constant", lr=0.25)),)),
    case("sequential", phases=((100, _LINE), (100, _LINE))),
    case("sequential", phases=((2**53, _LLAMA), (2**53, _LINE))),
    case("sequential", phases=((10, _STAIRS), (2**52, _GROWTH), (2**52, _RESTARTS), (5, _LINE))),
    case(
        "sequential",
        phases=(
            (250, _MIXED),
            (4000, _MIXED),
            (17, case("with_warmup", schedule=_MIXED, warmup_steps=5, start_lr=0.0)),
        ),
    ),
    case(
        "sequential",
        phases=tuple((n % 7 + 1, case("linear", base_lr=0.1, end_lr=1.0 / n, total_steps=n)) for n in range(1, 300)),
    ),
    case("sequential", phases=((33, case("exp_range", min_lr=0.0, max_lr=1.0, step_size=4, gamma=0.9)), (9, _STEEP))),
    case(
        "sequential",
        phases=(
            (30, case("exponential", base_lr=1.0, gamma=-0.9)),
            (30, case("multi_step", base_lr=1.0, milestones=(3, 29), gamma=0.5)),
        ),
    ),
]

GROUPS: list[Case] = [
    case("scale_by_group", schedule=schedule, multipliers=multipliers)
    for schedule, multipliers in [
        (_LLAMA, {"backbone": 0.1, "head": 1.0}),
        (_MIXED, {"a": 1e-300, "b": 1e300, "c": 5e-324, "ü": 3.0}),
        (_GROWTH, {f"layer {n}": 0.65**n for n in range(24)}),
        (_STEEP, {"only": 1.0}),
    ]
]

STACKS: list[Case] = [
    case("stack", schedules=(_LLAMA, _MIXED, _LINE)),
    case("stack", schedules=(_GROWTH, _STAIRS), names=("encoder", "decoder")),
]

WITNESSES: list[tuple[Case, int]] = [
    *(
        (case("polynomial", base_lr=base_lr, end_lr=end_lr, total_steps=total_steps, power=power), step)
        for base_lr, end_lr, total_steps, power, step in [
            (0.930124884949111, 0.0, 129908137, 2.0, 62829338),
            (0.9996423274522863, 0.0, 868592, 2.0, 434291),
            (0.8444301892804873, 0.0, 68704877193065, 3.0, 50645406247421),
            (0.4197415645473214, 0.0, 369945, 3.0, 272333),
            (0.7353193261322, 0.0, 1054530744357, 0.5, 577086763790),
            (0.7774956001701405, 0.0, 142994770, 5.100938230913405, 47520842),
            (0.8937143267872485, 0.0, 5462691324843499, 16.0, 4146265907465281),
            (0.6120082933004705, 0.0014923027829132907, 121901928, 20.0, 21085941),
            (0.9422716352038629, 0.0, 167385971050481, 4096.0, 20099558106695),
        ]
    ),
    (case("cosine", base_lr=0.6612474574094382, min_lr=0.0, total_steps=485933428036), 291248672979),
    (case("cosine", base_lr=0.579189469017666, min_lr=0.00012863317036888893, total_steps=5613), 3070),
    (case("cosine", base_lr=0.5081330288404954, min_lr=5.045449059633546e-10, total_steps=1596), 1533),
    (case("cosine", base_lr=0.0007056371958753259, min_lr=1.034070708449738e-08, total_steps=220), 164),
    (case("cosine", base_lr=0.5293803348693613, min_lr=7.416864973859853e-05, total_steps=44630), 23250),
    (case("cosine", base_lr=0.00918048387787977, min_lr=3.0064951649659608e-06, total_steps=8596993110934), 4851795753190),
    (case("linear", base_lr=0.001192172638855119, end_lr=1.0, total_steps=8589934592), 783445434),
    (case("inverse_sqrt", base_lr=0.9730860209662526, warmup_steps=369393), 369047085374),
    (case("exponential", base_lr=0.6855109276771685, gamma=0.9999989596251821), 14976039),
    (case("triangular2", min_lr=0.1238086624174059, max_lr=0.6781660244074309, step_size=5218679315), 2915482363),
    (case("triangular2", min_lr=1.0, max_lr=1e-9, step_size=10**6), 999997),
    (case("triangular2", min_lr=0.1, max_lr=0.0, step_size=1000), 998),
    *(
        (case("exp_range", min_lr=min_lr, max_lr=max_lr, step_size=step_size, gamma=gamma), step)
        for min_lr, max_lr, step_size, gamma, step in [
            (0.26196372046626, 0.8039695230894994, 1702, 1.0000999295403274, 121502),
            (0.09617460041114262, 0.6346884032200273, 25663, 1.0000148291286617, 1245950),
            (0.016367706833491133, 0.5346269130626512, 18183, 0.9999871357189024, 26353),
            (0.49206010803535816, 0.23869350314273088, 151, 1.0001398236088064, 13669),
            (0.0, 0.9147535547027823, 2891, 0.9998392718097658, 19154),
        ]
    ),
    (
        case(
            "warmup_stable_decay",
            base_lr=0.845315735101084,
            final_lr=0.0,
            warmup_start=0.0,
            decay_shape="1-sqrt",
            warmup_steps=0,
            decay_steps=18038449155,
            total_steps=18038449155,
        ),
        17721217119,
    ),
]
"""The hardest values that were met, in a search of two billion of them in extended precision."""


def shuffled(items: Iterable[Any], seed: str) -> list[Any]:
    items = list(items)
    random.Random(seed).shuffle(items)
    return items


def steps_of(case: Case, near: int = 3, anywhere: int = 30) -> list[int]:
    """In ascending order: the steps around every mark, others between and beyond them, small ones and the last ones."""
    rng = random.Random(str(case))
    marks = marks_of(case)
    steps = {mark + by for mark in marks for by in range(-near, near + 1)}
    steps |= {*range(8), LAST_STEP - 1, LAST_STEP}
    for mark in marks[:: max(1, len(marks) // 8)]:
        steps |= {rng.randint(0, mark) for _ in range(6)}
        steps |= {mark + sign * int(2 ** rng.uniform(0.0, mark.bit_length())) for sign in (-1, 1)}
    steps |= {int(2.0 ** rng.uniform(0.0, 53.0)) for _ in range(anywhere)}
    steps |= {rng.randint(0, round(1.1 * marks[-1]) + 20) for _ in range(anywhere)}
    return sorted(step for step in steps if 0 <= step <= LAST_STEP)


# ---- random parameters ----


def random_rate(rng: random.Random) -> float:
    return rng.choice(
        [0.0, 1.0, 0.1, 1e-3, 3e-4, rng.random(), 10.0 ** rng.uniform(-8.0, 2.0), 10.0 ** rng.uniform(-300.0, 300.0)]
    )


def random_count(rng: random.Random) -> int:
    return rng.choice(
        [
            1,
            2,
            3,
            rng.randint(1, 100),
            2 ** rng.randint(0, 52),
            int(2.0 ** rng.uniform(0.0, 53.0)),
            rng.randint(1, 10**7),
        ]
    )


RANDOM: dict[str, Callable[[random.Random], Any]] = {
    **dict.fromkeys(
        (
            *("lr", "base_lr", "min_lr", "max_lr", "end_lr", "start_lr", "final_lr", "warmup_start"),
            *("init_lr", "start_wd", "end_wd"),
        ),
        random_rate,
    ),
    **dict.fromkeys(
        (
            *("total_steps", "step_size", "period", "warmup_steps", "decay_steps"),
            *("lr_warmup_steps", "lr_decay_steps", "wsd_decay_steps", "wd_incr_steps"),
        ),
        random_count,
    ),
    "gamma": lambda rng: rng.choice(
        [1.0 - 10.0 ** rng.uniform(-9.0, 0.0), 1.0 + 10.0 ** rng.uniform(-9.0, 0.0), rng.uniform(-1.2, 1.2)]
    ),
    "drop": lambda rng: 1.0 - 10.0 ** rng.uniform(-9.0, -1e-9),
    "decay_rate": lambda rng: 1.0 - 10.0 ** rng.uniform(-9.0, -1e-9),
    "power": lambda rng: rng.choice(
        [0.5, 1.0, 2.0, 3.0, 0.9, 1.5, rng.uniform(0.0, 16.0), rng.uniform(16.0, 64.0), 10.0 ** rng.uniform(-3.0, 3.0)]
    ),
    "pct_start": lambda rng: rng.uniform(1e-9, 1.0 - 1e-9),
    **dict.fromkeys(("initial_div", "final_div"), lambda rng: 10.0 ** rng.uniform(-1.0, 6.0)),
    "t_mult": lambda rng: rng.choice([1, 1, 2, 3, 10]),
    "decay_shape": lambda rng: rng.choice(["linear", "1-sqrt"]),
    "lr_decay_style": lambda rng: rng.choice(["constant", "linear", "cosine", "inverse-square-root", "WSD"]),
    "lr_wsd_decay_style": lambda rng: rng.choice(list(MEGATRON_WEIGHTS)),
    "wd_incr_style": lambda rng: rng.choice(["constant", "linear", "cosine"]),
    "milestones": lambda rng: tuple(sorted(random_count(rng) for _ in range(rng.randint(0, 12)))),
    "schedule": lambda rng: random_case(rng, rng.choice(OF_STEPS)),
    "phases": lambda rng: tuple(
        (rng.choice([1, 2, 7, rng.randint(1, 3000), random_count(rng)]), random_case(rng, rng.choice(OF_STEPS)))
        for _ in range(rng.randint(1, 6))
    ),
}
"""What a parameter may be, by its name: it has one meaning across all kinds."""

OF_STEPS = [kind for kind in FORMULAS if kind not in ("with_warmup", "sequential")]
"""The kinds that are made of nothing else."""


def random_case(rng: random.Random, kind: str) -> Case:
    params = {name: RANDOM[name](rng) for name in KINDS[kind].parameters}
    if kind == "step_decay":
        params["base_lr"] += 1e-300
        del params[rng.choice(["drop", "gamma"])]
    elif kind == "exponential_decay":
        params["base_lr"] += 1e-300
    elif kind == "one_cycle":
        params["total_steps"] += params["total_steps"] < 2
    elif kind == "warmup_stable_decay":
        params["warmup_steps"] = rng.choice([0, rng.randint(0, params["total_steps"])])
        params["decay_steps"] = rng.choice([0, rng.randint(0, params["total_steps"] - params["warmup_steps"])])
    elif kind == "megatron_lr":
        params["max_lr"] = max(params["init_lr"], params["min_lr"], params["max_lr"])
        params["lr_warmup_steps"] = rng.choice([0, rng.randrange(params["lr_decay_steps"])])
        if params["lr_decay_style"] != "WSD":
            del params["wsd_decay_steps"], params["lr_wsd_decay_style"]
    elif kind == "megatron_wd":
        params["end_wd"] = max(params["start_wd"], params["end_wd"])
        if params["wd_incr_style"] == "constant":
            params["start_wd"] = params["end_wd"]
    return Case(kind, params)
