"""How the tests draw and run the schedule of torchtitan: on an optimizer, one step of it and then one of the schedule."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Any

from beside import Call, Draw, Library, call, import_without_init, stand_in


def prepare() -> Any:
    """Imports the one module, without the models."""
    import_without_init("torchtitan")
    for package in ("components", "components.optimizer", "tools"):
        import_without_init(f"torchtitan.{package}")
    stand_in("torchtitan.components.optimizer.optimizer", OptimizersContainer=object)
    stand_in("torchtitan.tools.logging", logger=logging.Logger("torchtitan", logging.ERROR))
    import_without_init("torchtitan.config")
    import torchtitan.config
    import torchtitan.config.configurable

    torchtitan.config.Configurable = torchtitan.config.configurable.Configurable
    import torchtitan.components.optimizer.lr_scheduler as schedule

    return schedule


def rates(one: Call, steps: int) -> Sequence[float]:
    """The rates of the run, which ends with the curve."""
    import torch

    given = dict(one.given)
    optimizer = torch.optim.SGD([torch.zeros(1)], lr=given.pop("base_lr"))
    run = given.pop("training_steps", given.get("total_steps"))
    config = prepare().LRSchedulersContainer.Config(**given)
    (schedule,) = config.build(optimizers=[optimizer], training_steps=run)
    found = []
    for _ in range(given.get("total_steps", run)):
        found.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        schedule.step()
    return found


def drawn(draw: Draw) -> Call:
    steps = draw.count(1, 70)
    run = draw.choice([{"total_steps": steps}, {"training_steps": steps}])
    given = draw.maybe(
        warmup_steps=draw.count(0, 40),
        decay_ratio=draw.choice([0.0, 1.0, draw.random()]),
        min_lr_factor=draw.choice([0.0, draw.random()]),
    )
    kinds = draw.maybe(decay_type=draw.choice(["linear", "sqrt", "cosine"]))
    return call("LRSchedulersContainer", **run, **given, **kinds, base_lr=draw.rate())


LIBRARY = Library({"LRSchedulersContainer": drawn}, rates, calls=30, steps=70, prepare=prepare)
