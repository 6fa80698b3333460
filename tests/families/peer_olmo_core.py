"""How the tests draw and run the schedulers of OLMo-core: asked for each step of a run."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from typing import Any

from beside import Call, Draw, Library, call, import_without_init, stand_in


def prepare() -> Any:
    """Imports the one module, without the models."""
    import_without_init("olmo_core")
    for package in ("distributed", "optim"):
        import_without_init(f"olmo_core.{package}")
    stand_in("olmo_core.distributed.utils", get_rank=lambda: 0)
    stand_in("olmo_core.optim.config", INITIAL_LR_FIELD="initial_lr", LR_FIELD="lr")
    stand_in("cached_path", cached_path=None)
    import olmo_core.optim.scheduler as schedulers

    return schedulers


def rates(one: Call, steps: int) -> Sequence[float]:
    """The schedulers are asked for the steps of the run alone, unless they hold their rate behind it."""
    schedulers = prepare()
    given = dict(one.given)
    base_lr, run = given.pop("base_lr"), given.pop("total_steps")
    if "stages" in given:
        given["stages"] = [schedulers.ComposableSchedulerStage(**stage) for stage in given["stages"]]
    if "schedulers" in given:
        given["schedulers"] = [
            schedulers.Scheduler.get_registered_class(one["type"])(**{key: one[key] for key in one if key != "type"})
            for one in given["schedulers"]
        ]
    if "override_decay" in given:
        given["override_decay"] = schedulers.OverrideDecay(**given["override_decay"])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        scheduler = getattr(schedulers, one.name)(**given)
        is_cut = one.name in ("WSD", "PowerLR", "CosWithWarmupAndLinearDecay", "SequentialScheduler")
        last = run + 1 if is_cut else steps
        return [float(scheduler.get_lr(base_lr, step, run)) for step in range(min(steps, last))]


def run(draw: Draw) -> dict[str, Any]:
    return {"base_lr": draw.rate(0.01), "total_steps": draw.choice([40, 57, draw.count(40, 60)])}


def warmup(draw: Draw, base_lr: float, least: int) -> dict[str, Any]:
    """A warmup of at most 20 steps of 40, by one of its names."""
    steps = draw.count(least, 20)
    named = draw.choice([{"warmup": steps}, {"warmup_steps": steps}, {"warmup_fraction": draw.uniform(0.03, 0.3)}])
    return {**named, **draw.maybe(warmup_min_lr=base_lr * draw.uniform(0.0, 0.45))}


def decay(draw: Draw, base_lr: float) -> dict[str, Any]:
    steps = draw.count(1, 18)
    named = draw.choice(
        [
            {"decay": steps, "decay_fraction": None},
            {"decay_steps": steps, "decay_fraction": None},
            {"decay_fraction": draw.uniform(0.03, 0.4)},
            {},
        ]
    )
    return {**named, **draw.maybe(decay_min_lr=base_lr * draw.uniform(0.0, 0.04))}


def with_warmup(name: str, least: int, more: Callable[[Draw, float], dict[str, Any]]) -> Callable[[Draw], Call]:
    def drawn(draw: Draw) -> Call:
        given = run(draw)
        base_lr = given["base_lr"]
        return call(name, **warmup(draw, base_lr, least), **more(draw, base_lr), **given)

    return drawn


def alpha(draw: Draw, base_lr: float) -> dict[str, Any]:
    return draw.maybe(alpha_f=draw.choice([0.05, 1.0, draw.random()]))


def ends(draw: Draw, base_lr: float) -> dict[str, Any]:
    return {**alpha(draw, base_lr), **draw.maybe(t_max=draw.choice([40, 45]))}


def power(draw: Draw, base_lr: float) -> dict[str, Any]:
    return {**draw.maybe(b=draw.choice([-0.3, -1.0, -1.5])), **decay(draw, base_lr * 0.04)}


def cosine_and_decay(draw: Draw, base_lr: float) -> dict[str, Any]:
    return {"alpha_f": draw.uniform(0.1, 1.0), **draw.maybe(t_max=draw.choice([40, 65])), **decay(draw, base_lr)}


def composable(draw: Draw) -> Call:
    def end(name: str) -> dict[str, Any]:
        return draw.choice([{f"{name}_lr": draw.rate()}, {f"{name}_lr_fraction": draw.choice([0.0, draw.random()])}])

    def shape() -> dict[str, Any]:
        return draw.maybe(shape=draw.choice(["linear", "cosine"]))

    starts = [draw.choice([{}, end("start")]) for _ in range(draw.randint(1, 4))]
    stages = [{"duration": draw.count(1, 20), **start, **end("end"), **shape()} for start in starts]
    fall = {"start": draw.count(0, 50), "duration": draw.count(1, 20), **end("end"), **shape()}
    return call("ComposableScheduler", stages=stages, **draw.choice([{}, {"override_decay": fall}]), **run(draw))


def wsds(draw: Draw) -> Call:
    lengths = [draw.randint(20, 30) for _ in range(draw.randint(1, 4))]
    given = run(draw)
    base_lr = given["base_lr"]
    rise = draw.choice([{"warmup": draw.count(0, 8)}, {"warmup_fraction": draw.uniform(0.0, 0.4)}])
    fall = draw.choice([{"decay": draw.count(1, 12)}, {"decay_fraction": draw.uniform(0.1, 0.5)}])
    return call(
        "WSDS",
        period_lengths=lengths,
        **rise,
        **fall,
        **draw.maybe(period_lr_multipliers=[draw.uniform(0.5, 2.0) for _ in lengths]),
        **draw.maybe(warmup_min_lr=base_lr * draw.uniform(0.0, 0.4), decay_min_lr=base_lr * draw.uniform(0.0, 0.4)),
        **given,
    )


TYPES = {
    "constant": lambda draw: {},
    "constant_with_warmup": lambda draw: {"warmup": draw.count(1, 9)},
    "linear_with_warmup": lambda draw: {"warmup": draw.count(0, 9), **draw.maybe(alpha_f=draw.uniform(0.1, 1.0))},
    "cos_with_warmup": lambda draw: {"warmup_fraction": draw.uniform(0.0, 0.4), "alpha_f": draw.uniform(0.1, 1.0)},
    "half_cos_with_warmup": lambda draw: {"warmup": draw.count(0, 9), "alpha_f": draw.uniform(0.1, 1.0)},
    "inv_sqrt_with_warmup": lambda draw: {"warmup": draw.count(1, 9)},
    "exponential": lambda draw: {"lr_min": 1e-4},
}


def sequential(draw: Draw) -> Call:
    types = [draw.choice([*TYPES]) for _ in range(draw.randint(1, 4))]
    schedulers = [{"type": one, **TYPES[one](draw)} for one in types]
    schedulers[-1] = draw.choice([schedulers[-1], {"type": "wsd", "warmup": 1, "decay": 3, "decay_fraction": None}])
    steps = [draw.count(10, 13) for _ in schedulers[: draw.choice([None, -1])]]
    name = draw.choice(["schedulers_max", "schedulers_max_steps"])
    fall = {"start": draw.count(0, 50), "duration": draw.count(1, 10), "end_lr_fraction": draw.random()}
    more = draw.choice([{}, {"override_decay": fall}])
    given = {"base_lr": draw.rate(0.01), "total_steps": draw.count(50, 70)}
    return call("SequentialScheduler", schedulers=schedulers, **{name: steps}, **more, **given)


DRAWS: dict[str, Callable[[Draw], Call]] = {
    "ConstantScheduler": lambda draw: call("ConstantScheduler", **run(draw)),
    "ConstantWithWarmup": with_warmup("ConstantWithWarmup", 1, lambda draw, base_lr: {}),
    "WSD": with_warmup("WSD", 1, decay),
    "PowerLR": with_warmup("PowerLR", 1, power),
    "LinearWithWarmup": with_warmup("LinearWithWarmup", 0, ends),
    "InvSqrtWithWarmup": with_warmup("InvSqrtWithWarmup", 1, alpha),
    "CosWithWarmup": with_warmup("CosWithWarmup", 0, ends),
    "HalfCosWithWarmup": with_warmup("HalfCosWithWarmup", 0, ends),
    "CosWithWarmupAndLinearDecay": with_warmup("CosWithWarmupAndLinearDecay", 0, cosine_and_decay),
    "ComposableScheduler": composable,
    "SequentialScheduler": sequential,
    "WSDS": wsds,
    "ExponentialScheduler": lambda draw: call(
        "ExponentialScheduler", **draw.maybe(lr_min=draw.choice([1e-4, 0.02])), **run(draw)
    ),
}

LIBRARY = Library(
    DRAWS, rates, calls=8, steps=80, without=("lr_field", "initial_lr_field", "units", "type"), prepare=prepare
)
