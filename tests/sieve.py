"""Each kind's value in long doubles, for millions of candidates at once; search_ulp.py looks through these, and gives the
worst to mpmath.

A long double of x86 has 64 bits, 2^-11 ulp of a double, and an exponent of 15 bits, in which nothing that matters here
underflows or overflows; sine, power and expm1 are there to its precision. Pairs of doubles would have twice the bits but
the exponent of a double, and no functions. Where a long double is no wider than a double, `refuse_narrow` says so.

A candidate is a column of a table: its numbers, in the order of the space's roles, and its step at last. All are held
as float64, which has every count up to 2^53.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from cases import LAST_STEP, STEEP, Case

from lrvec._schedule import KINDS

LONG = np.longdouble
BITS = np.finfo(LONG).nmant + 1
"""Of a long double's significand."""
SPLIT = LONG(2) ** ((BITS + 1) // 2) + 1
HALF_PI = LONG("1.5707963267948966192313216916397514421")
LN2 = LONG("0.69314718055994530941723212145817656808")
HUGE = np.ldexp(LONG(1), 1024)
LARGEST, TINIEST = sys.float_info.max, 5e-324

Array = Any


def refuse_narrow() -> None:
    if BITS < 64:
        raise SystemExit(f"a long double must have 64 bits or more to judge doubles, it has {BITS} here")


# ---- random numbers of a role ----


def powers_of_ten(rng: Any, low: float, high: float, n: int) -> Array:
    return 10.0 ** rng.uniform(low, high, n)


def one_of(rng: Any, n: int, *choices: Array) -> Array:
    return np.choose(rng.integers(len(choices), size=n), [np.broadcast_to(choice, n) for choice in choices])


def rates(rng: Any, n: int) -> Array:
    """Of all sizes: half of them between 0.5 and 1, a quarter negative."""
    special = rng.choice([0.0, 0.0, 1.0, 0.1, 1.0 - 2.0**-53, TINIEST, 2.0**-1022, LARGEST], n)
    usual = rng.uniform(0.5, 1.0, n)
    sizes = one_of(
        rng, n, special, usual, usual, usual, powers_of_ten(rng, -8, 2, n), powers_of_ten(rng, -320, 308.25, n)
    )
    return np.where(rng.random(n) < 0.25, -sizes, sizes)


def near_one(rng: Any, n: int) -> Array:
    return 1.0 - powers_of_ten(rng, -16, 0, n)


def factors(rng: Any, n: int) -> Array:
    special = rng.choice([0.0, 1.0, -1.0, 0.5, 2.0, TINIEST, 1e300], n)
    near = near_one(rng, n)
    return one_of(rng, n, near, near, near, 2.0 - near, 2.0 - near, -near, rng.uniform(-1.5, 1.5, n), special)


def shares(rng: Any, n: int) -> Array:
    return one_of(rng, n, near_one(rng, n), rng.random(n), powers_of_ten(rng, -300, 0, n))


def exponents(rng: Any, n: int) -> Array:
    special = rng.choice([0.5, 1.0, 2.0, 3.0, 1.5, 16.0, STEEP], n)
    return one_of(rng, n, special, rng.uniform(0, 16, n), rng.uniform(16, 64, n), powers_of_ten(rng, -3, 3.7, n))


def divisors(rng: Any, n: int) -> Array:
    return one_of(rng, n, powers_of_ten(rng, -1, 6, n), powers_of_ten(rng, -300, 300, n), rng.uniform(1, 2, n))


def counts(rng: Any, n: int) -> Array:
    around = 2.0 ** rng.integers(0, 54, n) + rng.integers(-2, 3, n)
    sizes = [rng.integers(1, 6, n), rng.integers(1, 100, n), rng.integers(1, 10**7, n), around, 2.0 ** rng.uniform(0, 53, n)]
    return one_of(rng, n, *sizes)


@dataclass(frozen=True)
class Role:
    """What a number may be, and how one is drawn."""

    draw: Callable[[Any, int], Array]
    low: float
    high: float
    whole: bool = False

    def within(self, values: Array) -> Array:
        values = np.where(np.isnan(values), self.low, values)
        return np.clip(np.floor(values) if self.whole else values, self.low, self.high)


RATE = Role(rates, -LARGEST, LARGEST)
POSITIVE = Role(rates, TINIEST, LARGEST)
NON_NEGATIVE = Role(rates, 0.0, LARGEST)
FACTOR = Role(factors, -LARGEST, LARGEST)
DROP = Role(near_one, TINIEST, 1.0)
SHARE = Role(shares, TINIEST, 1.0 - 2.0**-53)
POWER = Role(exponents, TINIEST, STEEP)
DIVISOR = Role(divisors, TINIEST, LARGEST)
COUNT = Role(counts, 1, LAST_STEP, whole=True)
COUNT_OR_NONE = Role(counts, 0, LAST_STEP, whole=True)
STEP = COUNT_OR_NONE


# ---- weights, as a pair: of the first rate and of the last, neither with any cancellation ----


class Value(NamedTuple):
    """As cases.Exact: the value, and the number in whose ulp an error is counted."""

    value: Array
    size: Array


Weights = tuple[Array, Array]


def positive(length: Array) -> Array:
    """A divisor, 1 where nothing is divided."""
    return np.where(length > 0, length, LONG(1))


def straight(t: Array, length: Array) -> Weights:
    return (length - t) / length, t / length


def wave(t: Array, length: Array) -> Weights:
    """cos^2 and sin^2 of pi t / 2 length."""
    early = 2 * t <= length
    small = np.sin(HALF_PI * (np.where(early, t, length - t) / length)) ** 2
    return np.where(early, 1 - small, small), np.where(early, small, 1 - small)


def halving(t: Array, length: Array) -> Weights:
    """2^(1 - t / length) - 1, and 2 (1 - 2^(-t / length))."""
    return np.expm1(LN2 * ((length - t) / length)), -2 * np.expm1(-LN2 * (t / length))


def root(t: Array, length: Array) -> Weights:
    fallen = np.sqrt(t / length)
    return (length - t) / length / (1 + fallen), fallen


SHAPES: dict[str, Callable[[Array, Array], Weights]] = {
    "linear": straight,
    "cosine": wave,
    "exponential": halving,
    "minus_sqrt": root,
    "1-sqrt": root,
}


def between(first: Array, last: Array, weights: Weights) -> Value:
    value = first * weights[0] + last * weights[1]
    return Value(value, np.where(first * last < 0, np.maximum(abs(first), abs(last)), abs(value)))


def plain(value: Array) -> Value:
    return Value(value, abs(value))


def choose(condition: Array, yes: Value, no: Value) -> Value:
    return Value(np.where(condition, yes.value, no.value), np.where(condition, yes.size, no.size))


def times(x: Array, y: Array) -> Array:
    """The product, 0 where one of them is 0, though the other be infinite."""
    return np.where((x == 0) | (y == 0), LONG(0), x * y)


def quotient(x: Array, y: Array) -> tuple[Array, Array]:
    """x / y and what its rounding left out, for integers."""
    ratio = x / y
    split = ratio * SPLIT
    head = split - (split - ratio)  # Dekker's halves, whose products with the halves of y are exact
    split = y * SPLIT
    y_head = split - (split - y)
    tail, y_tail = ratio - head, y - y_head
    product = ratio * y
    low = ((head * y_head - product) + head * y_tail + tail * y_head) + tail * y_tail
    return ratio, ((x - product) - low) / y


def swinging(low: Array, high: Array, weight: Array) -> Value:
    swing = times(high - low, weight)
    value = np.where(abs(weight) > 1, low + swing, low * (1 - weight) + high * weight)
    return Value(value, np.where(low * swing < 0, np.maximum(abs(low), abs(swing)), abs(value)))


# ---- the kinds ----

Columns = dict[str, Array]
Clocks = list[tuple[Array, Array]]


@dataclass(frozen=True)
class Curve:
    """A kind's numbers with their roles, its value, the begin and the length of its phases, what its rules ask of the
    numbers together, and the choices among its parameters that are no numbers."""

    roles: dict[str, Role]
    value: Callable[..., Value]
    clocks: Callable[..., Clocks]
    mend: Callable[[Columns], None]
    choices: Sequence[dict[str, Any]]


CURVES: dict[str, Curve] = {}


def free(columns: Columns) -> None:
    """No rule."""


def curve(
    clocks: Callable[..., Clocks],
    mend: Callable[[Columns], None] = free,
    choices: Sequence[dict[str, Any]] = ({},),
    **roles: Role,
) -> Callable[[Callable[..., Value]], Callable[..., Value]]:
    def register(value: Callable[..., Value]) -> Callable[..., Value]:
        CURVES[value.__name__] = Curve(roles, value, clocks, mend, choices)
        return value

    return register


def whole_span(total_steps: Array, **_: Any) -> Clocks:
    return [(0.0, total_steps)]


def until_gone(factor: Array, width: Array) -> tuple[Array, Array]:
    """The steps in which the factor's power goes through all exponents of a double."""
    octaves = abs(np.log2(np.maximum(abs(factor), TINIEST)))
    return 0.0, np.minimum(1100.0 / np.maximum(octaves, 2.0**-53) * width, LAST_STEP)


@curve(lambda **_: [(0.0, 100.0)], lr=RATE)
def constant(t: Array, lr: Array) -> Value:
    return plain(lr + 0 * t)


def keep_positive(columns: Columns) -> None:
    if "drop" in columns:
        columns["base_lr"] = POSITIVE.within(abs(columns["base_lr"]))


@curve(
    lambda base_lr, step_size, drop=None, gamma=None: [
        (0.0, step_size),
        until_gone(gamma if drop is None else drop, step_size),
    ],
    keep_positive,
    [{"drop": None}, {"gamma": None}],
    base_lr=RATE,
    drop=DROP,
    step_size=COUNT,
    gamma=FACTOR,
)
def step_decay(t: Array, base_lr: Array, step_size: Array, drop: Array = None, gamma: Array = None) -> Value:
    factor = gamma if drop is None else drop
    return plain(times(base_lr, factor ** ((t - np.fmod(t, step_size)) / step_size)))


MILESTONES = (*range(1, 33), *(2**i for i in range(6, 54)))


@curve(
    lambda milestones, **_: [(0.0, float(milestone)) for milestone in milestones[::8]],
    choices=[{"milestones": MILESTONES}],
    base_lr=RATE,
    gamma=FACTOR,
)
def multi_step(t: Array, base_lr: Array, gamma: Array, milestones: tuple[int, ...]) -> Value:
    passed = np.searchsorted(np.array(milestones), t.astype(np.int64), side="right")
    return plain(times(base_lr, gamma ** passed.astype(LONG)))


@curve(lambda base_lr, gamma: [until_gone(gamma, 1.0)], base_lr=RATE, gamma=FACTOR)
def exponential(t: Array, base_lr: Array, gamma: Array) -> Value:
    return plain(times(base_lr, gamma**t))


@curve(
    lambda base_lr, decay_rate, decay_steps: [(0.0, decay_steps), until_gone(decay_rate, decay_steps)],
    base_lr=POSITIVE,
    decay_rate=SHARE,
    decay_steps=COUNT,
)
def exponential_decay(t: Array, base_lr: Array, decay_rate: Array, decay_steps: Array) -> Value:
    exponent, rest = quotient(t, decay_steps)
    return plain(times(base_lr, decay_rate**exponent * (1 + rest * np.log(decay_rate))))


@curve(whole_span, base_lr=RATE, end_lr=RATE, total_steps=COUNT)
def linear(t: Array, base_lr: Array, end_lr: Array, total_steps: Array) -> Value:
    return between(base_lr, end_lr, straight(np.minimum(t, total_steps), total_steps))


@curve(whole_span, base_lr=RATE, end_lr=RATE, total_steps=COUNT, power=POWER)
def polynomial(t: Array, base_lr: Array, end_lr: Array, total_steps: Array, power: Array) -> Value:
    ratio, rest = quotient(np.maximum(total_steps - t, 0), total_steps)
    weight = np.where(ratio > 0, ratio**power * (1 + power * (rest / positive(ratio))), 0)
    gone = np.minimum(t, total_steps) / total_steps
    value = between(base_lr, end_lr, (weight, np.where(power == 1, gone, 1 - weight)))
    rises = (power != 1) & (abs(base_lr) < abs(end_lr))
    return value._replace(size=np.where(rises, abs(end_lr), value.size))


@curve(whole_span, start_lr=RATE, end_lr=RATE, total_steps=COUNT, power=POWER)
def polynomial_decay(t: Array, start_lr: Array, end_lr: Array, total_steps: Array, power: Array) -> Value:
    return polynomial(t, start_lr, end_lr, total_steps, power)


@curve(whole_span, base_lr=RATE, min_lr=RATE, total_steps=COUNT)
def cosine(t: Array, base_lr: Array, min_lr: Array, total_steps: Array) -> Value:
    return between(base_lr, min_lr, wave(np.minimum(t, total_steps), total_steps))


@curve(
    lambda period, t_mult, **_: [
        (0.0, period),
        (period, period * t_mult),
        (period * (1 + t_mult), period * t_mult**2),
    ],
    base_lr=RATE,
    min_lr=RATE,
    period=COUNT,
    t_mult=COUNT,
)
def cosine_restarts(t: Array, base_lr: Array, min_lr: Array, period: Array, t_mult: Array) -> Value:
    grows = t_mult > 1
    into, length = np.where(grows, t, np.fmod(t, period)), period.copy()
    while (past := grows & (into >= length)).any():
        into, length = np.where(past, into - length, into), np.where(past, length * t_mult, length)
    return between(base_lr, min_lr, wave(into, length))


@curve(
    lambda warmup_steps, **_: [(0.0, warmup_steps), (0.0, LAST_STEP), (warmup_steps, 100 * warmup_steps)],
    base_lr=RATE,
    warmup_steps=COUNT,
)
def inverse_sqrt(t: Array, base_lr: Array, warmup_steps: Array) -> Value:
    return plain(
        np.where(
            t < warmup_steps, base_lr * (t / warmup_steps), base_lr * np.sqrt(warmup_steps / np.maximum(t, 1))
        )
    )


def peak_of(total_steps: Array, pct_start: Array) -> Array:
    """The share of the steps, rounded as a product of doubles is."""
    product = pct_start.astype(np.float64) * total_steps.astype(np.float64)
    return np.minimum(np.maximum(1, np.rint(product)), total_steps - 1)


def one_cycle_clocks(total_steps: Array, pct_start: Array, **_: Any) -> Clocks:
    peak = peak_of(total_steps, pct_start)
    return [(0.0, peak), (peak, total_steps - peak)]


def finite_quotients(columns: Columns) -> None:
    columns["total_steps"] = np.maximum(columns["total_steps"], 2)
    least = np.maximum(abs(columns["max_lr"]) / (0.99 * LARGEST), TINIEST)
    for name in ("initial_div", "final_div"):
        columns[name] = np.maximum(columns[name], least)


@curve(
    one_cycle_clocks,
    finite_quotients,
    max_lr=RATE,
    total_steps=COUNT,
    pct_start=SHARE,
    initial_div=DIVISOR,
    final_div=DIVISOR,
)
def one_cycle(
    t: Array, max_lr: Array, total_steps: Array, pct_start: Array, initial_div: Array, final_div: Array
) -> Value:
    peak = peak_of(total_steps, pct_start).astype(LONG)
    return choose(
        t < peak,
        between(max_lr / initial_div, max_lr, wave(t, peak)),
        between(max_lr, max_lr / final_div, wave(np.minimum(t, total_steps) - peak, total_steps - peak)),
    )


def climbs(step_size: Array, **_: Any) -> Clocks:
    return [(n * step_size, step_size) for n in (0.0, 0.0, 0.0, 1.0, 2.0, 2.0, 3.0, 10.0, 2000.0)]


def climbed(t: Array, step_size: Array) -> Array:
    into = np.fmod(t, 2 * step_size)
    return np.minimum(into, 2 * step_size - into)


@curve(climbs, min_lr=RATE, max_lr=RATE, step_size=COUNT)
def triangular(t: Array, min_lr: Array, max_lr: Array, step_size: Array) -> Value:
    return between(min_lr, max_lr, straight(climbed(t, step_size), step_size))


@curve(climbs, min_lr=RATE, max_lr=RATE, step_size=COUNT)
def triangular2(t: Array, min_lr: Array, max_lr: Array, step_size: Array) -> Value:
    cycle = np.minimum(np.floor(t / (2 * step_size)), 16000).astype(np.int32)
    height = climbed(t, step_size) / step_size
    later = swinging(min_lr, max_lr, np.ldexp(height, -cycle))
    return choose(t < 2 * step_size, triangular(t, min_lr, max_lr, step_size), later)


@curve(
    lambda min_lr, max_lr, step_size, gamma: [*climbs(step_size), until_gone(gamma, 1.0)],
    min_lr=RATE,
    max_lr=RATE,
    step_size=COUNT,
    gamma=FACTOR,
)
def exp_range(t: Array, min_lr: Array, max_lr: Array, step_size: Array, gamma: Array) -> Value:
    return swinging(min_lr, max_lr, times(climbed(t, step_size) / step_size, gamma**t))


def phases_within(columns: Columns) -> None:
    total = columns["total_steps"]
    columns["warmup_steps"] = np.minimum(columns["warmup_steps"], total)
    columns["decay_steps"] = np.minimum(columns["decay_steps"], total - columns["warmup_steps"])


@curve(
    lambda warmup_steps, decay_steps, total_steps, **_: [
        (0.0, warmup_steps),
        (total_steps - decay_steps, decay_steps),
        (total_steps - decay_steps, decay_steps),
    ],
    phases_within,
    [{"decay_shape": "linear"}, {"decay_shape": "1-sqrt"}],
    base_lr=NON_NEGATIVE,
    warmup_steps=COUNT_OR_NONE,
    decay_steps=COUNT_OR_NONE,
    total_steps=COUNT,
    final_lr=NON_NEGATIVE,
    warmup_start=NON_NEGATIVE,
)
def warmup_stable_decay(
    t: Array,
    base_lr: Array,
    warmup_steps: Array,
    decay_steps: Array,
    total_steps: Array,
    final_lr: Array,
    warmup_start: Array,
    decay_shape: str,
) -> Value:
    rise = between(warmup_start, base_lr, straight(t, positive(warmup_steps)))
    into = np.minimum(t, total_steps) - (total_steps - decay_steps)
    fall = between(base_lr, final_lr, SHAPES[decay_shape](into, positive(decay_steps)))
    return choose(t < warmup_steps, rise, choose((into < 0) | (decay_steps == 0), plain(base_lr), fall))


def megatron_rules(columns: Columns) -> None:
    columns["max_lr"] = np.maximum(np.maximum(columns["init_lr"], columns["min_lr"]), columns["max_lr"])
    columns["lr_warmup_steps"] = np.minimum(columns["lr_warmup_steps"], columns["lr_decay_steps"] - 1)


def megatron_clocks(
    lr_warmup_steps: Array, lr_decay_steps: Array, wsd_decay_steps: Array | None = None, **_: Any
) -> Clocks:
    begin = lr_warmup_steps if wsd_decay_steps is None else np.maximum(lr_decay_steps - wsd_decay_steps, 0)
    return [(0.0, lr_warmup_steps), (begin, lr_decay_steps - begin), (begin, lr_decay_steps - begin)]


NOT_WSD = {"wsd_decay_steps": None, "lr_wsd_decay_style": None}


@curve(
    megatron_clocks,
    megatron_rules,
    [
        *({"lr_decay_style": style, **NOT_WSD} for style in ("constant", "linear", "cosine", "inverse-square-root")),
        *(
            {"lr_decay_style": "WSD", "lr_wsd_decay_style": style}
            for style in ("linear", "cosine", "exponential", "minus_sqrt")
        ),
    ],
    init_lr=RATE,
    max_lr=NON_NEGATIVE,
    min_lr=NON_NEGATIVE,
    lr_warmup_steps=COUNT_OR_NONE,
    lr_decay_steps=COUNT,
    wsd_decay_steps=COUNT_OR_NONE,
)
def megatron_lr(
    t: Array,
    init_lr: Array,
    max_lr: Array,
    min_lr: Array,
    lr_warmup_steps: Array,
    lr_decay_steps: Array,
    lr_decay_style: str,
    wsd_decay_steps: Array | None,
    lr_wsd_decay_style: str | None,
) -> Value:
    if lr_decay_style == "inverse-square-root":
        curve = max_lr * np.sqrt(np.maximum(lr_warmup_steps, 1) / np.maximum(t, 1))
        decay = plain(np.maximum(min_lr, curve))
    else:
        start = lr_decay_steps - wsd_decay_steps if lr_decay_style == "WSD" else lr_warmup_steps
        shape = SHAPES.get(lr_wsd_decay_style or lr_decay_style, straight)
        decay = between(max_lr, min_lr, shape(t - start, positive(lr_decay_steps - start)))
        decay = choose(t <= start, plain(max_lr), decay)
    decay = choose(t > lr_decay_steps, plain(min_lr), decay)
    rise = between(init_lr, max_lr, straight(t, positive(lr_warmup_steps)))
    rises = (lr_warmup_steps > 0) & (t <= lr_warmup_steps)
    return choose(rises, rise, plain(max_lr) if lr_decay_style == "constant" else decay)


def megatron_wd_rules(columns: Columns) -> None:
    columns["end_wd"] = np.maximum(columns["start_wd"], columns["end_wd"])


@curve(
    lambda wd_incr_steps, **_: [(0.0, wd_incr_steps)],
    megatron_wd_rules,
    [{"wd_incr_style": "linear"}, {"wd_incr_style": "cosine"}],
    start_wd=NON_NEGATIVE,
    end_wd=NON_NEGATIVE,
    wd_incr_steps=COUNT,
)
def megatron_wd(t: Array, start_wd: Array, end_wd: Array, wd_incr_steps: Array, wd_incr_style: str) -> Value:
    return between(start_wd, end_wd, SHAPES[wd_incr_style](np.minimum(t, wd_incr_steps), wd_incr_steps))


# ---- spaces: what is searched ----


class Space:
    """A kind with choices made: what is left are numbers, one for each of the roles."""

    def __init__(self, kind: str, fixed: dict[str, Any]) -> None:
        self.kind, self.fixed = kind, fixed
        self.names = [name for name in CURVES[kind].roles if name not in fixed]
        self.roles = [CURVES[kind].roles[name] for name in self.names]

    def __str__(self) -> str:
        chosen = [value for value in self.fixed.values() if isinstance(value, str)]
        return " ".join([self.kind, *(chosen or [f"without {name}" for name, value in self.fixed.items() if value is None])])

    def has(self, case: Case) -> bool:
        """Whether the case is a candidate: of this kind and these choices, with numbers that are searched."""
        return (
            case.kind == self.kind
            and all(case.params.get(name) == value for name, value in self.fixed.items())
            and all(role.low <= case.params[name] <= role.high for name, role in zip(self.names, self.roles, strict=True))
        )

    def _columns(self, rows: Sequence[Array]) -> Columns:
        return dict(zip(self.names, rows, strict=True))

    def parameters(self, rows: Sequence[Array], number: Callable[[Role, Array], Any], made: Any) -> dict[str, Any]:
        given = {name: number(role, row) for name, role, row in zip(self.names, self.roles, rows, strict=True)}
        return given | {name: value for name, value in self.fixed.items() if value is not None}

    def value(self, t: Array, rows: Sequence[Array]) -> Value:
        return CURVES[self.kind].value(t, **self._columns(rows), **self.fixed)

    def clocks(self, rows: Sequence[Array]) -> Clocks:
        return CURVES[self.kind].clocks(**self._columns(rows), **self.fixed)

    def mend(self, rows: Sequence[Array]) -> list[Array]:
        """The numbers, changed to obey the kind's rules."""
        columns = {name: role.within(row) for name, role, row in zip(self.names, self.roles, rows, strict=True)}
        CURVES[self.kind].mend(columns)
        return list(columns.values())

    def sweep(self, rows: Sequence[Array]) -> Any:
        """The schedules of all candidates."""
        return self.build(
            rows,
            lambda role, row: row.astype(np.int64) if role.whole else row,
            lambda kind, params: KINDS[kind].make(params),
        )

    def case(self, rows: Sequence[Array]) -> Case:
        """The case of a single candidate."""
        made: Case = self.build(rows, lambda role, row: int(row) if role.whole else float(row), Case)
        return made

    def build(self, rows: Sequence[Array], number: Callable[[Role, Array], Any], made: Callable[..., Any]) -> Any:
        return made(self.kind, self.parameters(rows, number, made))


class Warmup(Space):
    def __init__(self, part: Space) -> None:
        self.kind, self.part = "with_warmup", part
        self.roles = [COUNT, RATE, *part.roles]

    def __str__(self) -> str:
        return f"with_warmup {self.part}"

    def parameters(self, rows: Sequence[Array], number: Callable[[Role, Array], Any], made: Any) -> dict[str, Any]:
        return {
            "schedule": self.part.build(rows[2:], number, made),
            "warmup_steps": number(COUNT, rows[0]),
            "start_lr": number(RATE, rows[1]),
        }

    def value(self, t: Array, rows: Sequence[Array]) -> Value:
        steps, start = rows[:2]
        peak = self.part.value(0 * t, rows[2:]).value
        rise = between(start, peak, straight(t, steps))
        return choose(t < steps, rise, self.part.value(np.maximum(t - steps, 0), rows[2:]))

    def clocks(self, rows: Sequence[Array]) -> Clocks:
        own = [(0.0, rows[0])]
        return own + [(rows[0] + begin, length) for begin, length in self.part.clocks(rows[2:])]

    def mend(self, rows: Sequence[Array]) -> list[Array]:
        return [COUNT.within(rows[0]), RATE.within(rows[1]), *self.part.mend(rows[2:])]


class Phases(Space):
    def __init__(self, *parts: Space) -> None:
        self.kind, self.parts = "sequential", parts
        self.roles = [role for part in parts for role in (COUNT, *part.roles)]

    def __str__(self) -> str:
        return f"sequential {', '.join(map(str, self.parts))}"

    def _phases(self, rows: Sequence[Array]) -> Iterable[tuple[Array, Space, Sequence[Array]]]:
        """Of each phase the duration, the space and the rows of its schedule."""
        for part in self.parts:
            duration, own, rows = rows[0], rows[1 : len(part.roles) + 1], rows[len(part.roles) + 1 :]
            yield duration, part, own

    def parameters(self, rows: Sequence[Array], number: Callable[[Role, Array], Any], made: Any) -> dict[str, Any]:
        phases = [
            (number(COUNT, duration), part.build(own, number, made)) for duration, part, own in self._phases(rows)
        ]
        return {"phases": tuple(phases)}

    def value(self, t: Array, rows: Sequence[Array]) -> Value:
        start, found = 0 * t, None
        for duration, part, own in self._phases(rows):
            value = part.value(np.clip(t - start, 0, duration - 1), own)
            found = value if found is None else choose(t < start, found, value)
            start = start + duration
        return found

    def clocks(self, rows: Sequence[Array]) -> Clocks:
        start, found = 0.0, []
        for duration, part, own in self._phases(rows):
            found += [(start + begin, np.minimum(length, duration)) for begin, length in part.clocks(own)]
            start = start + duration
        return found

    def mend(self, rows: Sequence[Array]) -> list[Array]:
        return [
            row
            for duration, part, own in self._phases(rows)
            for row in (COUNT.within(duration), *part.mend(own))
        ]


def spaces() -> list[Space]:
    """Every kind with each of its choices; a warmup before each of these, each of them before the next one, and a few
    deeper ones."""
    simple = [Space(kind, fixed) for kind, curve in CURVES.items() for fixed in curve.choices]
    warm = [Warmup(part) for part in simple]
    pairs = [Phases(part, after) for part, after in zip(simple, simple[1:] + simple[:1], strict=True)]
    return [*simple, *warm, *pairs, Warmup(warm[-1]), Warmup(pairs[-1]), Phases(warm[-1], pairs[-1])]
