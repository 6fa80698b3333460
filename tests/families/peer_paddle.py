"""How the tests draw and run the schedulers of paddle, one step after another."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from beside import Call, Draw, Library, call


def rates(one: Call, steps: int) -> Sequence[float]:
    import paddle

    def made(name: str, given: dict[str, Any]) -> Any:
        if name == "LambdaDecay":
            inner = given["lr_lambda"]
            given["lr_lambda"] = lambda step: (inner.step(step), inner())[1]
        return getattr(paddle.optimizer.lr, name)(**given)

    scheduler, found = one.made(made), []
    for _ in range(min(steps, getattr(scheduler, "total_steps", steps)) if one.name == "OneCycleLR" else steps):
        found.append(float(scheduler()))
        scheduler.step()
    return found


def on(draw: Draw, name: str, **given: Any) -> Call:
    return call(name, learning_rate=draw.rate(), **given, **draw.maybe(verbose=False))


def noam(draw: Draw) -> Call:
    return call(
        "NoamDecay", d_model=draw.count(1, 512), warmup_steps=draw.count(), **draw.maybe(learning_rate=draw.rate())
    )


def piecewise(draw: Draw) -> Call:
    boundaries = sorted(draw.sample(range(50), draw.randint(1, 4)))
    return call("PiecewiseDecay", boundaries=boundaries, values=[draw.rate() for _ in [0, *boundaries]])


def natural_exp(draw: Draw) -> Call:
    return on(draw, "NaturalExpDecay", gamma=draw.choice([1.0, 0.1, draw.random() + 0.001]))


def inverse_time(draw: Draw) -> Call:
    return on(draw, "InverseTimeDecay", gamma=draw.choice([0.0, 1.0, 10 * draw.random()]))


def polynomial(draw: Draw) -> Call:
    given = draw.maybe(end_lr=draw.choice([0.0, draw.rate()]), power=draw.choice([0.5, 1.0, 2.0, 2.5]))
    return on(draw, "PolynomialDecay", decay_steps=draw.count(), **given, **draw.maybe(cycle=draw.flag()))


def exponential(draw: Draw) -> Call:
    return on(draw, "ExponentialDecay", gamma=draw.choice([0.999, 0.5, draw.uniform(0.001, 0.999)]))


def gamma(draw: Draw) -> dict[str, Any]:
    return draw.maybe(gamma=draw.choice([0.0, 0.5, -0.5, draw.random()]))


def multi_step(draw: Draw) -> Call:
    milestones = [0] * draw.flag() + sorted(draw.sample(range(1, 50), draw.randint(0, 4)))
    return on(draw, "MultiStepDecay", milestones=milestones, **gamma(draw))


def stairs(draw: Draw) -> Call:
    return on(draw, "StepDecay", step_size=draw.count(), **gamma(draw))


def cosine(draw: Draw) -> Call:
    return on(draw, "CosineAnnealingDecay", T_max=draw.count(), **draw.maybe(eta_min=draw.rate()))


def cyclic(draw: Draw) -> Call:
    up = draw.count(1, 12)
    return call(
        "CyclicLR",
        base_learning_rate=draw.rate(),
        max_learning_rate=draw.rate(),
        step_size_up=up,
        **draw.maybe(step_size_down=draw.choice([up, draw.count(1, 12)])),
        **draw.maybe(
            mode=draw.choice(["triangular", "triangular2", "exp_range"]), exp_gamma=draw.choice([1.0, 1.01, 0.5])
        ),
    )


def one_cycle(draw: Draw) -> Call:
    three_phase = draw.flag()
    share = draw.uniform(0.15, 0.48) if three_phase else draw.choice([0.0, 0.3, draw.uniform(0.1, 0.9)])
    end = draw.choice([0.0, draw.rate()])
    return call(
        "OneCycleLR",
        max_learning_rate=draw.rate(),
        total_steps=draw.count(12, 60),
        phase_pct=share,
        **draw.maybe(divide_factor=draw.choice([25.0, 4.0]), end_learning_rate=end, three_phase=three_phase),
        **draw.maybe(anneal_strategy=draw.choice(["cos", "linear"])),
    )


def linear(draw: Draw) -> Call:
    given = draw.maybe(start_factor=draw.rate(), end_factor=draw.choice([0.0, draw.rate()]))
    return on(draw, "LinearLR", total_steps=draw.count(), **given)


def restarts(draw: Draw) -> Call:
    given = draw.maybe(T_mult=draw.randint(1, 3), eta_min=draw.rate())
    return on(draw, "CosineAnnealingWarmRestarts", T_0=draw.count(), **given)


def factors(draw: Draw) -> Call:
    return on(draw, "LambdaDecay", lr_lambda=draw.choice([stairs, exponential, polynomial])(draw))


def warmup(draw: Draw) -> Call:
    start = draw.rate()
    inner = draw.choice([piecewise, natural_exp, polynomial, cosine, stairs, noam])(draw)
    return call(
        "LinearWarmup",
        learning_rate=draw.choice([draw.rate(), inner]),
        warmup_steps=draw.count(),
        start_lr=start,
        end_lr=start + draw.rate(),
    )


DRAWS: dict[str, Callable[[Draw], Call]] = {
    "NoamDecay": noam,
    "PiecewiseDecay": piecewise,
    "NaturalExpDecay": natural_exp,
    "InverseTimeDecay": inverse_time,
    "PolynomialDecay": polynomial,
    "LinearWarmup": warmup,
    "ExponentialDecay": exponential,
    "MultiStepDecay": multi_step,
    "StepDecay": stairs,
    "LambdaDecay": factors,
    "CosineAnnealingDecay": cosine,
    "OneCycleLR": one_cycle,
    "CyclicLR": cyclic,
    "LinearLR": linear,
    "CosineAnnealingWarmRestarts": restarts,
}

LIBRARY = Library(DRAWS, rates, calls=8, steps=70, without=("last_epoch",))
