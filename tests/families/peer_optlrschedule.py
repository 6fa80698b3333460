"""How the tests draw and run the families of optlrschedule: over the steps of a run."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from beside import Call, Draw, Library, call

FAMILIES = {
    "ConstantScheduleFamily": "constant",
    "CosineScheduleFamily": "cosine",
    "CosineStandardScheduleFamily": "cosine_standard",
    "CosineYScheduleFamily": "cosine_y",
    "RexScheduleFamily": "rex",
    "SqrtScheduleFamily": "sqrt",
    "TwoPointLinearScheduleFamily": "twopointslinear",
    "TwoPointSplineScheduleFamily": "twopointsspline",
    "TwoPointSplineSmoothNonmonoticScheduleFamily": "smooth_nonmonotonic",
    "TwoPointSplineYScheduleFamily": "twopointsspline_y",
}
PACKAGE = "init2winit.projects.optlrschedule.scheduler"


def prepare() -> None:
    for name in FAMILIES.values():
        __import__(f"{PACKAGE}.{name}_schedule_family")


def rates(one: Call, steps: int) -> Sequence[float]:
    import importlib

    module = importlib.import_module(f"{PACKAGE}.{FAMILIES[one.name]}_schedule_family")
    config = {"warmup_type": "linear", **one.given["schedule_family_config"]}
    family = getattr(module, one.name)(config)
    found: Sequence[float] = family.get_schedule(one.given["schedule_param"], one.given["base_lr"]).tolist()
    return found


def config(draw: Draw) -> dict[str, Any]:
    kinds = [
        {},
        {"warmup_type": "linear"},
        {"warmup_type": "cosine"},
        {"warmup_type": "exponential", "warmup_config": {"exp_growth_rate": draw.choice([0.5, 4.0])}},
        {"warmup_type": "polynomial", "warmup_config": {"poly_power": draw.choice([0.5, 2.0])}},
    ]
    return {"total_steps": draw.randint(20, 70), **draw.choice(kinds)}


def family(name: str, more: Callable[[Draw], dict[str, Any]], varied: Callable[[Draw], dict[str, Any]]) -> Any:
    def drawn(draw: Draw) -> Call:
        given = {**draw.maybe(**{"p.warmup_steps": draw.choice([0, 1, 19.7, draw.count(0, 20)])}), **varied(draw)}
        if name == "RexScheduleFamily":
            given.setdefault("p.warmup_steps", 0)
        if "Point" in name:
            given.pop("p.warmup_steps", None)
        settings = {**config(draw), **more(draw)}
        return call(name, schedule_family_config=settings, schedule_param=given, base_lr=draw.rate())

    return drawn


def alpha(draw: Draw) -> dict[str, Any]:
    return {"alpha": draw.choice([0.0, 0.1, 1.0])}


def bounds(draw: Draw) -> dict[str, Any]:
    return draw.maybe(y_max=draw.choice([0.7, 1.0]), is_monotonic_decay=True)


def low(draw: Draw) -> dict[str, Any]:
    return {**bounds(draw), **draw.maybe(y_min=draw.choice([0.0, 0.2]))}


def nothing(draw: Draw) -> dict[str, Any]:
    return {}


def points(draw: Draw) -> dict[str, Any]:
    keys = ("p.x0", "p.y1", "p.delta_x1", "p.delta_x2", "p.delta_y2")
    return {key: draw.choice([0.0, draw.random(), draw.random(), draw.random()]) for key in keys} | {
        "p.x0": draw.choice([0.0, draw.uniform(0.0, 0.8)])
    }


def turns(draw: Draw) -> Call:
    """Its peak may be on one of the other points."""
    given = {f"p.{key}": draw.uniform(0.01, 0.99) for key in ("x_peak", "delta_x1", "delta_x2")}
    given |= {f"p.{key}": draw.choice([0.0, 1.0, draw.random()]) for key in ("y_start", "y1", "y2", "y_end")}
    given |= draw.maybe(**{"p.x_peak": given["p.delta_x1"]})
    settings = {"total_steps": draw.randint(20, 70)}
    name = "TwoPointSplineSmoothNonmonoticScheduleFamily"
    return call(name, schedule_family_config=settings, schedule_param=given, base_lr=draw.rate())


DRAWS: dict[str, Callable[[Draw], Call]] = {
    "ConstantScheduleFamily": family("ConstantScheduleFamily", nothing, nothing),
    "CosineScheduleFamily": family("CosineScheduleFamily", alpha, lambda d: {"p.exponent": d.choice([1.0, 0.5, 2.2])}),
    "CosineStandardScheduleFamily": family("CosineStandardScheduleFamily", alpha, nothing),
    "CosineYScheduleFamily": family("CosineYScheduleFamily", nothing, lambda d: {"p.alpha": d.random()}),
    "RexScheduleFamily": family("RexScheduleFamily", nothing, lambda d: {"p.beta": d.choice([0.9, 0.1, 1.0, 2.0])}),
    "SqrtScheduleFamily": family("SqrtScheduleFamily", nothing, lambda d: {"p.alpha": d.choice([0.0, 1.0, 0.3])}),
    "TwoPointLinearScheduleFamily": family("TwoPointLinearScheduleFamily", low, points),
    "TwoPointSplineScheduleFamily": family("TwoPointSplineScheduleFamily", low, points),
    "TwoPointSplineYScheduleFamily": family(
        "TwoPointSplineYScheduleFamily", bounds, lambda d: {**points(d), "p.y_end": d.random()}
    ),
    "TwoPointSplineSmoothNonmonoticScheduleFamily": turns,
}

LIBRARY = Library(DRAWS, rates, calls=10, steps=70, prepare=prepare, package=PACKAGE)
