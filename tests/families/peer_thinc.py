"""How the tests draw and run the schedules of thinc: asked for each step."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from types import SimpleNamespace
from typing import Any

from beside import Call, Draw, Library, call, import_without_init, stand_in


def prepare() -> Any:
    """Imports the one module, without the rest of thinc."""
    import_without_init("thinc")
    registry = SimpleNamespace(schedules=lambda name: lambda one: one)
    stand_in("thinc.config", registry=registry)
    import thinc.schedules

    return thinc.schedules


def rates(one: Call, steps: int) -> Sequence[float]:
    schedule = one.made(lambda name, given: getattr(prepare(), name)(**given))
    return [float(schedule(step)) for step in range(steps)]


def decaying(draw: Draw) -> Call:
    given = draw.maybe(t=draw.choice([0.0, 3, 2.5]))
    return call("decaying", base_rate=draw.rate(), decay=draw.choice([0.0, 1e-4, draw.random()]), **given)


def compounding(draw: Draw) -> Call:
    start, growth = draw.rate(), draw.choice([1.0, 1.1, 0.9, draw.uniform(0.5, 2.0)])
    stop = start * growth ** draw.choice([0, 10, 200, 7.3])
    return call("compounding", start=start, stop=stop, compound=growth, **draw.maybe(t=draw.choice([0.0, 3, 2.5])))


def slanted(draw: Draw) -> Call:
    given = draw.maybe(cut_frac=draw.uniform(0.2, 0.9), ratio=draw.choice([1, 4.5, 64]), t=draw.choice([0.0, 2]))
    return call("slanted_triangular", max_rate=draw.rate(), num_steps=draw.randint(10, 60), **given)


def warmup(draw: Draw) -> Call:
    steps = draw.count(0, 15)
    return call("warmup_linear", initial_rate=draw.rate(), warmup_steps=steps, total_steps=steps + draw.count())


def constant(draw: Draw) -> Call:
    return call("constant", rate=draw.rate())


def constant_then(draw: Draw) -> Call:
    inner = draw.choice([decaying, compounding, slanted, warmup, constant])(draw)
    return call("constant_then", rate=draw.rate(), steps=draw.count(0), schedule=inner)


def triangles(draw: Draw) -> Call:
    return call("cyclic_triangular", min_lr=draw.rate(), max_lr=draw.rate(), period=draw.count(1, 25))


DRAWS: dict[str, Callable[[Draw], Call]] = {
    "constant": constant,
    "constant_then": constant_then,
    "decaying": decaying,
    "compounding": compounding,
    "slanted_triangular": slanted,
    "warmup_linear": warmup,
    "cyclic_triangular": triangles,
}

LIBRARY = Library(DRAWS, rates, calls=10, steps=80, prepare=prepare)
