"""These tests compare lrvec with lrsched 0.5.0: values, compositions, callables and refusals; 0.3.0's step_decay; the stand-in."""

from __future__ import annotations

import inspect
import math
import random
from collections.abc import Callable
from numbers import Real
from typing import Any

import lrsched
import numpy as np
import pytest
from cases import FORMULAS, GROUPS, OF_STEPS, SOME, random_case
from each import each, of_kind
from processes import python
from record import KINDS, Case, exact, marks_of
from refusals import GOOD, NO_STEP, REFUSALS, Refusal

import lrvec

ULP = 2.0**-52
THEIRS = [kind for kind in KINDS if hasattr(lrsched, kind)]


def theirs(case: Case) -> Any:
    """lrsched's schedule of a case."""
    parameters = {name: _theirs(value) for name, value in case.params.items()}
    positional = [parameters.pop(name) for name in KINDS[case.kind].positional]
    return getattr(lrsched, case.kind)(*positional, **parameters)


def _theirs(value: Any) -> Any:
    if isinstance(value, Case):
        return theirs(value)
    return tuple(_theirs(item) for item in value) if isinstance(value, tuple) else value


def test_the_peer_is_the_one_that_was_read() -> None:
    assert lrsched.__version__ == "0.5.0"
    assert lrsched is not lrvec


def test_every_name_of_lrsched_is_ours() -> None:
    assert set(lrsched.__all__) <= set(lrvec.__all__)
    assert set(THEIRS) == {name for name in lrsched.__all__ if name[0].islower()} - {"sample"}


@pytest.mark.parametrize("kind", [*THEIRS, "sample"])
def test_signatures_take_what_lrsched_takes(kind: str) -> None:
    """The same names, each by position or by keyword as there; we may take more, but need no more."""
    ours, wanted = inspect.signature(getattr(lrvec, kind)), inspect.signature(getattr(lrsched, kind))
    for name, parameter in wanted.parameters.items():
        assert ours.parameters[name].kind == parameter.kind, name
    extra = [parameter for name, parameter in ours.parameters.items() if name not in wanted.parameters]
    assert all(parameter.default is not parameter.empty for parameter in extra)


# ---- values ----


def rounding(case: Case, step: int) -> float:
    """How far lrsched's value may be from the exact one by its own arithmetic, in units of 2^-52. Each operation on
    numbers up to the peak is worth half a unit of it; what a formula magnifies stands beside it."""
    p = case.params
    value = float(abs(exact(case, step).value))
    if case.kind == "constant":
        return 0.0
    if case.kind in ("step_decay", "multi_step", "exponential"):
        return 8.0 * value  # one power, one product
    if case.kind == "exponential_decay":  # step / decay_steps is rounded before the power
        return (8.0 + step / p["decay_steps"] * abs(math.log(p["decay_rate"]))) * value
    if case.kind == "inverse_sqrt":
        return 8.0 * value
    if case.kind in (
        "triangular",
        "triangular2",
        "exp_range",
    ):  # step / step_size is rounded before 2 cycle - 1 is taken off
        peak = max(abs(p["min_lr"]), abs(p["max_lr"]))
        growth = abs(p["gamma"]) ** step if case.kind == "exp_range" else 1.0
        return 8.0 * (peak + value) + (2.0 + step / p["step_size"]) * abs(p["max_lr"] - p["min_lr"]) * growth
    if case.kind in ("polynomial", "polynomial_decay"):  # 1 - step / total_steps has lost digits before the power
        first = p["base_lr"] if case.kind == "polynomial" else p["start_lr"]
        remaining, power = 1.0 - min(step, p["total_steps"]) / p["total_steps"], p["power"]
        slope = power * remaining ** (power - 1.0) if remaining > 0.0 else 0.0
        return 8.0 * max(abs(first), abs(p["end_lr"])) + slope * abs(first - p["end_lr"])
    if case.kind == "with_warmup":
        if step >= p["warmup_steps"]:
            return rounding(p["schedule"], step - p["warmup_steps"])
        return 8.0 * max(abs(p["start_lr"]), float(abs(exact(p["schedule"], 0).value))) + rounding(p["schedule"], 0)
    if case.kind == "sequential":
        for duration, part in p["phases"]:
            if step < duration:
                return rounding(part, step)
            step -= duration
        return rounding(part, duration - 1)
    rates = [abs(rate) for name, rate in p.items() if name.endswith("_lr") or name == "warmup_start"]
    if case.kind == "one_cycle":
        rates += [abs(p["max_lr"]) / p["initial_div"], abs(p["max_lr"]) / p["final_div"]]
    if (
        case.kind == "warmup_stable_decay"
        and p["decay_shape"] == "1-sqrt"
        and step > p["total_steps"] - p["decay_steps"]
    ):
        return 12.0 * max(rates)
    return 8.0 * max(rates)


def tamed(case: Case, nested: bool = False) -> Case:
    """The case with rates between 1e-12 and 1e12, where lrsched neither overflows nor loses its differences, and with
    counts up to 10^7. It walks from restart to restart: within compositions, let there be few."""

    def tame(name: str, value: Any) -> Any:
        if isinstance(value, Case):
            return tamed(value, True)
        if isinstance(value, float) and (name.endswith("lr") or name == "warmup_start"):
            return value if value == 0.0 or 1e-12 < abs(value) < 1e12 else 0.25
        if name == "milestones":
            return tuple(min(milestone, 10**7) for milestone in value)
        if name == "phases":
            return tuple((min(duration, 10**7), tamed(part, True)) for duration, part in value)
        if name == "period" and nested:
            return min(max(value, 10_000), 10**7)
        if isinstance(value, int):
            return min(value, 10**7)
        return value

    params = {name: tame(name, value) for name, value in case.params.items()}
    if case.kind == "warmup_stable_decay":
        params["total_steps"] = max(params["total_steps"], params["warmup_steps"] + params["decay_steps"])
    return Case(case.kind, params)


def some_steps(case: Case, rng: random.Random) -> list[int]:
    marks = [mark for mark in marks_of(case) if mark <= 2 * 10**7][:12]
    steps = {mark + by for mark in marks for by in (-1, 0, 1)} | {rng.randint(0, max(marks) + 10) for _ in range(20)}
    if case.kind == "cosine_restarts":  # it walks cycle by cycle
        steps = {step % (1000 * case.params["period"]) for step in steps}
    return sorted(step for step in steps if step >= 0)


def compare(case: Case, rng: random.Random) -> int:
    """How many values were compared."""
    ours, peer = case.make(), theirs(case)
    compared = 0
    for step in some_steps(case, rng):
        mine = ours(step)
        try:
            wanted = peer(step)
        except OverflowError:  # of ** itself, though the rate may be finite
            continue
        if not math.isfinite(wanted):
            continue
        allowed = (rounding(case, step) + 4.0 * abs(float(exact(case, step).size))) * ULP + 1e-300
        assert abs(mine - wanted) <= allowed, (str(case), step, mine, wanted)
        compared += 1
    return compared


@pytest.mark.parametrize("kind", [kind for kind in THEIRS if kind in FORMULAS])
def test_values_on_random_parameters(kind: str) -> None:
    rng = random.Random(f"lrsched {kind}")
    compared = 0
    for _ in range(60 if kind in OF_STEPS else 40):
        case = tamed(random_case(rng, kind))
        if case.kind == "step_decay" and "gamma" in case.params:
            case = Case(
                "step_decay", {"base_lr": 0.5, "drop": 0.5 + 0.4 * rng.random(), "step_size": case.params["step_size"]}
            )
        if case.kind == "exponential_decay" and case.params["decay_rate"] >= 1.0:
            case.params["decay_rate"] = rng.random()
        compared += compare(_known(case), rng)
    assert compared > 500


def _known(case: Case) -> Case:
    """lrsched 0.5.0 has no step_decay with gamma, no growth, fewer parameters and fewer kinds. What it has stands for
    these."""
    if case.kind not in THEIRS:
        return Case("linear", {"base_lr": 0.5, "end_lr": 0.1, "total_steps": 1000})
    if case.kind == "step_decay" and "gamma" in case.params:
        return Case("step_decay", {"base_lr": 0.5, "drop": 0.75, "step_size": case.params["step_size"]})
    if case.kind == "exponential_decay" and case.params["decay_rate"] >= 1.0:
        return Case(case.kind, {**case.params, "decay_rate": 0.5})
    known = inspect.signature(getattr(lrsched, case.kind)).parameters
    params = {name: value for name, value in case.params.items() if name in known}
    if "t_mult" in params:
        params["t_mult"] = max(1, int(params["t_mult"]))
    if params.get("decay_shape", "linear") not in ("linear", "1-sqrt"):
        params["decay_shape"] = "linear"
    if case.kind == "with_warmup":
        params["schedule"] = _known(params["schedule"])
    elif case.kind == "sequential":
        params["phases"] = tuple((duration, _known(part)) for duration, part in params["phases"])
    return Case(case.kind, params)


@each([case for case in SOME if case.kind in THEIRS], of_kind)
def test_values_on_the_table(case: Case) -> None:
    """Those of the table's cases that lrsched can be asked: with tamed rates and counts."""
    compare(_known(tamed(case)), random.Random(str(case)))


@pytest.mark.parametrize("case", GROUPS, ids=str)
def test_groups(case: Case) -> None:
    base = tamed(case.params["schedule"], True)
    case = Case(case.kind, {**case.params, "schedule": base})
    ours, peer = case.make(), theirs(case)
    for step in some_steps(base, random.Random(str(case))):
        mine, wanted = ours(step), peer(step)
        assert list(mine) == list(wanted)
        for name, multiplier in case.params["multipliers"].items():
            allowed = (rounding(base, step) + 8.0 * abs(float(exact(base, step).size))) * multiplier * ULP + 1e-323
            assert abs(mine[name] - wanted[name]) <= allowed or mine[name] == wanted[name], (name, step)


@pytest.mark.parametrize("kind", [kind for kind in THEIRS if kind in FORMULAS])
def test_samples(kind: str) -> None:
    rng = random.Random(f"sample {kind}")
    for _ in range(5):
        case = _known(tamed(random_case(rng, kind)))
        ours, wanted = lrvec.sample(case.make(), num_steps=50), lrsched.sample(theirs(case), num_steps=50)
        assert type(ours) is list
        assert len(ours) == len(wanted)
        for step, (mine, value) in enumerate(zip(ours, wanted, strict=True)):
            allowed = (rounding(case, step) + 4.0 * abs(float(exact(case, step).size))) * ULP + 1e-300
            assert abs(mine - value) <= allowed


def test_lrsched_s_own_property_of_the_held_phase() -> None:
    """A last phase holds its value at duration - 1, not its end's."""
    for library in (lrsched, lrvec):
        schedule = library.sequential([(4, library.linear(base_lr=1.0, end_lr=0.0, total_steps=4))])
        assert [schedule(step) for step in (3, 4, 100)] == [0.25, 0.25, 0.25]


def test_a_plateau_without_decay_is_held() -> None:
    for library in (lrsched, lrvec):
        schedule = library.warmup_stable_decay(
            base_lr=1.0,
            warmup_steps=2,
            decay_steps=0,
            total_steps=4,
            final_lr=0.5,
            warmup_start=0.0,
            decay_shape="linear",
        )
        assert [schedule(step) for step in (0, 1, 2, 4, 5)] == [0.0, 0.5, 1.0, 1.0, 1.0]


def test_a_power_of_zero_never_ends() -> None:
    for library in (lrsched, lrvec):
        schedule = library.polynomial(base_lr=1.0, end_lr=0.0, total_steps=4, power=0.0)
        assert [schedule(step) for step in (0, 3, 4, 5)] == [1.0, 1.0, 1.0, 1.0]


# ---- step_decay of 0.3.0 ----


def test_step_decay_with_gamma_is_that_of_0_3_0() -> None:
    """base_lr * gamma ** (step // step_size) for any finite numbers, as 0.3.0 computes it."""
    rng = random.Random("0.3.0")
    for _ in range(300):
        base_lr, gamma = rng.uniform(-1.0, 1.0), rng.choice([rng.uniform(-2.0, 2.0), 0.0, 1.0, -1.0, 0.1])
        step_size = rng.randint(1, 50)
        schedule = lrvec.step_decay(base_lr=base_lr, gamma=gamma, step_size=step_size)
        for step in (0, 1, step_size - 1, step_size, step_size + 1, rng.randint(0, 40 * step_size)):
            wanted = base_lr * gamma ** (step // step_size)
            assert abs(schedule(step) - wanted) <= 4.0 * math.ulp(wanted)
    assert lrvec.step_decay(base_lr=0.5, gamma=0.0, step_size=3)([0, 2, 3, 6]).tolist() == [0.5, 0.5, 0.0, 0.0]


def test_drop_and_gamma_are_the_same_curve() -> None:
    drop, gamma = (
        lrvec.step_decay(base_lr=0.3, drop=0.7, step_size=9),
        lrvec.step_decay(base_lr=0.3, gamma=0.7, step_size=9),
    )
    assert drop(range(500)).tobytes() == gamma(range(500)).tobytes()
    assert drop != gamma
    assert set(drop.params) == {"base_lr", "drop", "step_size"}
    assert set(gamma.params) == {"base_lr", "gamma", "step_size"}


# ---- callables ----


def uneven(step: int) -> float:
    return 0.1 / (step + 1) + (step % 5) * 1e-3


def whole(step: int) -> int:
    return 3 - step % 3


class Bump:
    """A schedule of the user's own, as an object."""

    def __call__(self, step: int) -> float:
        return 1.0 / (1 + (step - 7) ** 2)


CALLABLES: list[Callable[[int], float]] = [
    uneven,
    whole,
    Bump(),
    lambda step: 0.25,
    lrsched.cosine(base_lr=0.1, min_lr=0.0, total_steps=30),
]


def composed(library: Any, schedule: Callable[[int], float]) -> dict[str, Callable[[int], Any]]:
    line = library.linear(base_lr=0.5, end_lr=0.125, total_steps=12)
    warm = library.with_warmup(schedule, warmup_steps=8, start_lr=0.0625)
    phases = library.sequential([(5, schedule), (9, line), (4, schedule)])
    return {
        "warmup": warm,
        "phases": phases,
        "warmup of phases": library.with_warmup(phases, warmup_steps=4, start_lr=0.0),
        "phases of warmup": library.sequential([(20, warm), (3, line), (6, warm)]),
        "groups": library.scale_by_group(schedule, multipliers={"a": 0.5, "b": 3.0}),
        "groups of warmup": library.scale_by_group(warm, multipliers={"a": 0.5, "b": 3.0}),
    }


@pytest.mark.parametrize("schedule", CALLABLES, ids=["function", "integers", "object", "lambda", "lrsched's own"])
def test_callables(schedule: Callable[[int], float]) -> None:
    """What the callable returns comes out as it is; a warmup's line to it within 2 ulp of its larger end."""
    ours, wanted = composed(lrvec, schedule), composed(lrsched, schedule)
    for name in ours:
        for step in range(45):
            mine, value = ours[name](step), wanted[name](step)
            if isinstance(value, dict):
                assert list(mine) == list(value)
            pairs = zip(mine.values(), value.values(), strict=True) if isinstance(value, dict) else [(mine, value)]
            for one, other in pairs:
                assert abs(one - other) <= 2.0 * math.ulp(3.0 * max(float(schedule(0)), 0.5)), (name, step)
    for step in range(5):
        assert ours["phases"](step) == schedule(step)
        assert ours["warmup"](step + 8) == schedule(step)
        assert ours["groups"](step) == wanted["groups"](step)
    assert lrvec.sample(schedule, num_steps=9) == lrsched.sample(schedule, num_steps=9)
    for name in ("warmup", "phases", "warmup of phases", "phases of warmup"):
        assert lrvec.sample(ours[name], num_steps=45) == [ours[name](step) for step in range(45)]


def test_a_callable_is_called_as_by_lrsched() -> None:
    """Step 0 once at the making of a warmup, then one call a step, with that step on its own clock."""
    for library in (lrsched, lrvec):
        seen: list[int] = []

        def watched(step: int, seen: list[int] = seen) -> float:
            assert type(step) is int
            seen.append(step)
            return 1.0

        warm = library.with_warmup(watched, warmup_steps=3, start_lr=0.0)
        assert seen == [0]
        assert [warm(step) for step in (1, 2, 3, 7)][2:] == [1.0, 1.0]
        assert seen == [0, 0, 4]
        phases = library.sequential([(2, watched), (3, watched)])
        assert seen == [0, 0, 4]
        assert [phases(step) for step in (0, 2, 4, 5, 99)] == [1.0] * 5
        assert seen[3:] == [0, 0, 2, 2, 2]


def test_an_error_of_a_callable_is_the_user_s() -> None:
    def broken(step: int) -> float:
        if step == 3:
            raise KeyError("no rate")
        return 1.0

    warm = lrvec.with_warmup(broken, warmup_steps=2, start_lr=0.0)
    assert warm(4) == 1.0
    for steps in (5, [5], range(9)):
        with pytest.raises(KeyError, match="no rate"):
            warm(steps)
    assert warm(6) == 1.0


# ---- refusals ----

BAD: list[Any] = [
    *NO_STEP,
    0,
    -1,
    2,
    -0.5,
    1.5,
    -math.inf,
    10**400,
    "linear",
    "1-sqrt",
    b"",
    0.0,
    True,
    False,
    -0.0,
    2**70,
    1e308,
    object(),
]


def outcome(call: Callable[[], Any]) -> type[Exception] | None:
    try:
        call()
    except Exception as error:
        return type(error)
    return None


def accidental(error: type[Exception] | None, value: Any) -> bool:
    """Whether lrsched has no check of its own there: a count beyond every double, where ours names the limit of 2^53;
    an attribute that the value does not have, numpy's warning of a lost part, or numpy's own kind of TypeError, where
    ours is a TypeError."""
    if error is None:
        return False
    beyond = error is OverflowError and isinstance(value, int)
    return beyond or issubclass(error, (AttributeError, Warning)) or error.__module__.startswith("numpy")


@pytest.mark.parametrize("kind", [kind for kind in THEIRS if kind in OF_STEPS])
def test_where_lrsched_refuses_so_do_we(kind: str) -> None:
    """One bad value for each parameter: the type that lrsched raises, or one derived from it. Where lrsched takes what
    we do not (numbers beyond 2^53, a negative power), it is still a ValueError or a TypeError."""
    good = GOOD[kind]
    refused = 0
    for name in good.params:
        for value in BAD:
            if value is None and name == "drop":
                continue  # ours may have gamma in its place
            if name == "decay_rate" and isinstance(value, (Real, np.bool_)) and 1 <= value < math.inf:
                continue  # ours may grow
            if name == "t_mult" and isinstance(value, (Real, np.bool_)) and 1 <= value < math.inf:
                continue  # ours may be real
            case = Case(kind, {**good.params, name: (value,) if name == "milestones" else value})
            mine, wanted = outcome(case.make), outcome(lambda case=case: theirs(case))
            if wanted is not None:
                refused += 1
                assert mine is not None, (name, value)
                assert issubclass(mine, wanted) or accidental(wanted, value), (name, value, mine, wanted)
            elif mine is not None:
                assert issubclass(mine, (ValueError, TypeError)), (name, value, mine)
    assert refused > 8


def parameters_of(refusal: Refusal) -> dict[str, Any]:
    return inspect.getclosurevars(refusal.call).nonlocals["parameters"]


SHARED = [
    refusal
    for refusal in REFUSALS
    if refusal.name.split()[0] in THEIRS
    and not (refusal.name.startswith("step_decay") and "gamma" in parameters_of(refusal))
    and set(refusal.about) <= set(inspect.signature(getattr(lrsched, refusal.name.split()[0])).parameters)
]


@each(SHARED, lambda refusal: refusal.name.split()[0])
def test_what_we_refuse_is_of_lrsched_s_type(refusal: Refusal) -> None:
    """Over the table of refusals, wherever lrsched refuses the same call."""
    given = parameters_of(refusal)
    wanted = outcome(lambda: theirs(Case(refusal.name.split()[0], given)))
    if wanted is not None and not accidental(wanted, given[refusal.about[0]]):
        with pytest.raises(wanted):
            refusal.call()


@pytest.mark.parametrize("kind", THEIRS)
def test_steps_that_lrsched_refuses(kind: str) -> None:
    good = Case("step_decay", {"base_lr": 0.1, "drop": 0.5, "step_size": 3}) if kind == "step_decay" else GOOD[kind]
    ours, peer = good.make(), theirs(_known(good))
    for step in BAD:
        if isinstance(step, int) and step >= 0:
            continue  # not refused there; some would be walked to
        mine, wanted = outcome(lambda step=step: ours(step)), outcome(lambda step=step: peer(step))
        assert wanted is not None, step
        assert mine is not None, step
        assert issubclass(mine, wanted), step
    assert ours(True) == ours(1)


def test_mixed_milestones_are_refused_as_by_lrsched() -> None:
    for milestones in ([3, "4"], [None, 3], ["a"], [1.5], [-1], [3, 0]):
        mine, wanted = (
            outcome(
                lambda library=library, milestones=milestones: library.multi_step(
                    base_lr=1.0, milestones=milestones, gamma=0.5
                )
            )
            for library in (lrvec, lrsched)
        )
        assert wanted is not None
        assert mine is not None, milestones
        assert issubclass(mine, wanted), (milestones, mine, wanted)


# ---- the stand-in ----


def test_install_as_lrsched() -> None:
    printed = python(
        "import lrvec; lrvec.install_as_lrsched()\n"
        "import lrsched, lrsched.cli, lrsched.schedules, lrsched.compose, lrsched.groups, lrsched.clr\n"
        "from lrsched import Schedule, GroupSchedule, cosine, sample\n"
        "from lrsched.schedules import step_decay\n"
        "from lrsched.clr import exp_range\n"
        "import lrsched.schedules as schedules\n"
        "assert lrsched is lrvec and cosine is lrvec.cosine and sample is lrvec.sample\n"
        "assert schedules.one_cycle is lrvec.one_cycle and exp_range is lrvec.exp_range\n"
        "assert lrsched.cli.run is __import__('lrvec.cli').cli.run\n"
        "assert callable(lrsched.cli.main)\n"
        "lrvec.install_as_lrsched()\n"
        "assert __import__('lrsched') is lrvec\n"
        "missing = set(lrsched.__all__) - set(dir(lrsched))\n"
        "print(missing, sample(lrsched.linear(base_lr=1.0, end_lr=0.0, total_steps=2), num_steps=3))"
    )
    assert printed == "set() [1.0, 0.5, 0.0]\n"


def test_install_as_lrsched_replaces_one_that_was_imported() -> None:
    printed = python(
        "import lrsched, lrsched.clr; old = lrsched\n"
        "import lrvec; lrvec.install_as_lrsched()\n"
        "import lrsched, lrsched.clr; from lrsched.clr import triangular\n"
        "print(lrsched is lrvec, old is lrvec, triangular is lrvec.triangular, old.cosine is lrvec.cosine)"
    )
    assert printed == "True False True False\n"


def test_lrsched_s_public_modules_have_their_names() -> None:
    """Every public name of lrsched's modules is in ours of the same purpose."""
    import importlib

    for theirs_name, ours_name in (
        ("schedules", "schedules"),
        ("compose", "compose"),
        ("groups", "groups"),
        ("clr", "cyclical"),
        ("cli", "cli"),
    ):
        peer, ours = importlib.import_module(f"lrsched.{theirs_name}"), importlib.import_module(f"lrvec.{ours_name}")
        names = {
            name
            for name, value in vars(peer).items()
            if getattr(value, "__module__", "") == peer.__name__ and name[0] != "_"
        }
        assert names
        assert names <= set(dir(ours))
