"""These are the records of the learning rate and the weight decay of Megatron-LM and NeMo."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import longs
import numpy as np
import rules
from longs import Array, Clocks
from oracle import LARGEST, LAST_STEP, Exact, between, mp, plain
from record import LENGTHS, Bad, Case, Params, Record, case, period_of

WEIGHTS: dict[str, Callable[[Any], Any]] = {
    "linear": lambda progress: 1 - progress,
    "cosine": lambda progress: (1 + mp.cospi(progress)) / 2,
    "exponential": lambda progress: mp.mpf(2) ** (1 - progress) - 1,
    "minus_sqrt": lambda progress: 1 - mp.sqrt(progress),
}
LONG_WEIGHTS: dict[str, Callable[[Array, Array], longs.Weights]] = {
    "linear": longs.straight,
    "cosine": longs.wave,
    "exponential": longs.halving,
    "minus_sqrt": longs.root,
}
STYLES = ("constant", "linear", "cosine", "inverse-square-root")
"""All but WSD, which has styles of its own."""


def wsd(style: str, max_lr: float, min_lr: float, lr_decay_steps: int, wsd_decay_steps: int) -> Case:
    """A decay without a warmup of its own. It is under way at step 0 if wsd_decay_steps is above lr_decay_steps."""
    return case(
        "megatron_lr",
        init_lr=0.0,
        max_lr=max_lr,
        min_lr=min_lr,
        lr_warmup_steps=0,
        lr_decay_steps=lr_decay_steps,
        lr_decay_style="WSD",
        wsd_decay_steps=wsd_decay_steps,
        lr_wsd_decay_style=style,
    )


def halved(max_lr: float, min_lr: float, lr_decay_steps: int, wsd_decay_steps: int) -> Case:
    return wsd("exponential", max_lr, min_lr, lr_decay_steps, wsd_decay_steps)


class MegatronLr(Record, kind="megatron_lr"):
    forms = [
        *({"lr_decay_style": style, "wsd_decay_steps": None, "lr_wsd_decay_style": None} for style in STYLES),
        *({"lr_decay_style": "WSD", "lr_wsd_decay_style": style} for style in WEIGHTS),
    ]
    witnesses = [
        (halved(1e-3, 1e-5, 798, 798), 389),
        (halved(2.3021136989270072, 0.0014179053048491432, 3339450116760, 3339450116760), 1607581972133),
        (halved(LARGEST, 0.0, 1000, 1000), 500),
    ]
    cases = [
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
    ]
    smooth = [
        case(
            "megatron_lr",
            init_lr=0.02,
            max_lr=0.1,
            min_lr=0.0325,
            lr_warmup_steps=warmup,
            lr_decay_steps=100,
            lr_decay_style=style,
            **({"wsd_decay_steps": 40, "lr_wsd_decay_style": decay} if style == "WSD" else {}),
        )
        for warmup in (0, 10)
        for style, decay in [*((style, "") for style in STYLES), *(("WSD", decay) for decay in WEIGHTS)]
    ]
    grids = [
        {
            "init_lr": [0.0, -0.1],
            "max_lr": [0.1, 0.3],
            "min_lr": [0.0, 0.05],
            "lr_warmup_steps": [0, 1, 6],
            "lr_decay_steps": [7, 11],
            "lr_decay_style": style,
            **({"wsd_decay_steps": [0, 3, 50], "lr_wsd_decay_style": decay} if decay else {}),
        }
        for style, decay in [*((style, "") for style in STYLES), *(("WSD", decay) for decay in WEIGHTS)]
    ]

    def exact(
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
        return between(max_lr, min_lr, WEIGHTS[style](mp.mpf(t - start) / (lr_decay_steps - start)))

    def marks(
        max_lr: float, min_lr: float, lr_warmup_steps: int, lr_decay_steps: int, wsd_decay_steps: int = 0, **_: Any
    ) -> Iterator[int]:
        begin = lr_decay_steps - wsd_decay_steps
        yield from (0, lr_warmup_steps // 2, lr_warmup_steps, begin, begin + wsd_decay_steps // 4, lr_decay_steps)
        yield begin + wsd_decay_steps // 2
        if min_lr:  # where the inverse square root meets it
            yield min(int(max(lr_warmup_steps, 1) * mp.mpf(max_lr / min_lr) ** 2), LAST_STEP)

    def ends(
        lr_warmup_steps: int, lr_decay_steps: int, lr_decay_style: str, wsd_decay_steps: int = 0, **_: Any
    ) -> Iterator[int]:
        if lr_warmup_steps or wsd_decay_steps <= lr_decay_steps:
            yield 0
        if lr_warmup_steps:
            yield lr_warmup_steps
        if lr_decay_style != "inverse-square-root":
            yield lr_decay_steps
        yield from (lr_decay_steps + 1, LAST_STEP)

    def held_from(lr_warmup_steps: int, lr_decay_steps: int, lr_decay_style: str, **_: Any) -> int:
        return lr_warmup_steps if lr_decay_style == "constant" else lr_decay_steps + 1

    def bounds(init_lr: float, max_lr: float, min_lr: float, **_: Any) -> tuple[float, ...]:
        return init_lr, max_lr, min_lr

    def phases(
        init_lr: float,
        max_lr: float,
        min_lr: float,
        lr_warmup_steps: int,
        lr_decay_steps: int,
        lr_decay_style: str,
        wsd_decay_steps: int = 0,
        **_: Any,
    ) -> Any:
        yield 0, lr_warmup_steps, init_lr, max_lr
        if lr_warmup_steps or wsd_decay_steps <= lr_decay_steps:
            yield lr_warmup_steps, LAST_STEP, max_lr, max_lr if lr_decay_style == "constant" else min_lr

    def mend(params: Params) -> None:
        """No rate is above the peak, and the warmup ends before the decay does."""
        params["max_lr"] = np.maximum(np.maximum(params["init_lr"], params["min_lr"]), params["max_lr"])
        params["lr_warmup_steps"] = params["lr_warmup_steps"] % params["lr_decay_steps"]

    def value(
        t: Array,
        init_lr: Array,
        max_lr: Array,
        min_lr: Array,
        lr_warmup_steps: Array,
        lr_decay_steps: Array,
        lr_decay_style: str,
        wsd_decay_steps: Array | None,
        lr_wsd_decay_style: str | None,
    ) -> longs.Value:
        if lr_decay_style == "inverse-square-root":
            curve = max_lr * np.sqrt(np.maximum(lr_warmup_steps, 1) / np.maximum(t, 1))
            decay = longs.plain(np.maximum(min_lr, curve))
        else:
            start = lr_decay_steps - wsd_decay_steps if lr_decay_style == "WSD" else lr_warmup_steps
            shape = LONG_WEIGHTS.get(lr_wsd_decay_style or lr_decay_style, longs.straight)
            decay = longs.between(max_lr, min_lr, shape(t - start, longs.positive(lr_decay_steps - start)))
            decay = longs.choose(t <= start, longs.plain(max_lr), decay)
        decay = longs.choose(t > lr_decay_steps, longs.plain(min_lr), decay)
        rise = longs.between(init_lr, max_lr, longs.straight(t, longs.positive(lr_warmup_steps)))
        rises = (lr_warmup_steps > 0) & (t <= lr_warmup_steps)
        return longs.choose(rises, rise, longs.plain(max_lr) if lr_decay_style == "constant" else decay)

    def clocks(
        lr_warmup_steps: Array, lr_decay_steps: Array, wsd_decay_steps: Array | None = None, **_: Any
    ) -> Clocks:
        begin = lr_warmup_steps if wsd_decay_steps is None else np.maximum(lr_decay_steps - wsd_decay_steps, 0)
        decay = (begin, lr_decay_steps - begin)
        return [(0.0, lr_warmup_steps), decay, decay]

    def typical(steps: int) -> Iterator[Params]:
        yield {
            "init_lr": 0.0,
            "max_lr": 3e-4,
            "min_lr": 3e-5,
            "lr_warmup_steps": period_of(steps),
            "lr_decay_steps": steps,
            "lr_decay_style": "WSD",
            "wsd_decay_steps": steps // 5,
            "lr_wsd_decay_style": "exponential",
        }

    def refusals() -> Iterator[Bad]:
        wsd: Params = {"lr_decay_style": "WSD", "wsd_decay_steps": 5, "lr_wsd_decay_style": "linear"}
        for name, rule in (("wsd_decay_steps", rules.COUNT_OR_ZERO), ("lr_wsd_decay_style", rules.among(tuple(WEIGHTS)))):
            for value, exception, rest in rule:
                if value is None:  # otherwise it is what may be left out
                    yield exception, f"{name} {rest}", {**wsd, name: value}
        for name in ("init_lr", "min_lr"):
            message = f"{name} must not exceed max_lr, received {name}=0.2, max_lr=0.1"
            yield ValueError, message, {name: 0.2, "max_lr": 0.1}
        message = "lr_warmup_steps must be less than lr_decay_steps, received 9"
        yield ValueError, message, {"lr_warmup_steps": 9, "lr_decay_steps": 9}


class MegatronWd(Record, kind="megatron_wd"):
    goes = ("start_wd", "end_wd")
    cases = [
        *(
            case(
                "megatron_wd",
                start_wd=start,
                end_wd=end,
                wd_incr_steps=LENGTHS[(3 * i + place) % 13],
                wd_incr_style=style,
            )
            for place, style in enumerate(("linear", "cosine"))
            for i, (start, end) in enumerate(
                [(0.01, 0.1), (0.0, 0.1), (0.1, 0.1), (0.0, 0.0), (1e-310, 1e-300), (0.0, 5e-324), (1.0, 1.7e308)]
            )
        ),
        *(
            case("megatron_wd", start_wd=wd, end_wd=wd, wd_incr_steps=steps, wd_incr_style="constant")
            for wd, steps in [(0.1, 10), (0.1, 0), (0.1, 2**53), (0.0, 1)]
        ),
    ]
    smooth = [
        case("megatron_wd", start_wd=0.01, end_wd=0.1, wd_incr_steps=50, wd_incr_style=style)
        for style in ("linear", "cosine")
    ]
    grids = [
        *(
            {"start_wd": [0.0, 0.1], "end_wd": [0.1, 0.3], "wd_incr_steps": [1, 2, 9], "wd_incr_style": style}
            for style in ("linear", "cosine")
        ),
        {"start_wd": 0.1, "end_wd": 0.1, "wd_incr_steps": [0, 5], "wd_incr_style": "constant"},
    ]

    def exact(t: int, start_wd: float, end_wd: float, wd_incr_steps: int, wd_incr_style: str) -> Exact:
        if t >= wd_incr_steps or wd_incr_style == "constant":
            return plain(end_wd)
        return between(start_wd, end_wd, WEIGHTS[wd_incr_style](mp.mpf(t) / wd_incr_steps))

    def marks(wd_incr_steps: int, **_: Any) -> tuple[int, ...]:
        return (0, wd_incr_steps // 4, wd_incr_steps // 2, wd_incr_steps)

    def ends(wd_incr_steps: int, **_: Any) -> tuple[int, ...]:
        return (0, wd_incr_steps, wd_incr_steps + 1, LAST_STEP)

    def held_from(wd_incr_steps: int, **_: Any) -> int:
        return wd_incr_steps

    def mend(params: Params) -> None:
        """The end is not below the start, nor above it where the style is constant, which alone may have no steps."""
        params["end_wd"] = np.maximum(params["start_wd"], params["end_wd"])
        if params["wd_incr_style"] == "constant":
            params["start_wd"] = params["end_wd"]
        else:
            params["wd_incr_steps"] = np.maximum(params["wd_incr_steps"], 1)

    def value(t: Array, start_wd: Array, end_wd: Array, wd_incr_steps: Array, wd_incr_style: str) -> longs.Value:
        if wd_incr_style == "constant":
            return longs.plain(end_wd + 0 * t)
        return longs.between(start_wd, end_wd, LONG_WEIGHTS[wd_incr_style](np.minimum(t, wd_incr_steps), wd_incr_steps))

    def clocks(wd_incr_steps: Array, **_: Any) -> Clocks:
        return [(0.0, wd_incr_steps)]

    def typical(steps: int) -> Iterator[Params]:
        yield {"start_wd": 0.01, "end_wd": 0.1, "wd_incr_steps": steps, "wd_incr_style": "cosine"}

    def refusals() -> Iterator[Bad]:
        message = "start_wd must not exceed end_wd, received start_wd=0.2, end_wd=0.1"
        yield ValueError, message, {"start_wd": 0.2, "end_wd": 0.1}
        message = "start_wd must equal end_wd where wd_incr_style is 'constant', received 0.1"
        yield ValueError, message, {"start_wd": 0.1, "end_wd": 0.2, "wd_incr_style": "constant"}
