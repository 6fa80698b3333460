"""These factories make the learning rate and the weight decay of Megatron-LM and NeMo, with their names of parameters.

A phase includes its last step, unlike the phases of most other kinds: the warmup still holds at step lr_warmup_steps,
and the decay at step lr_decay_steps.
"""

from __future__ import annotations

from .. import _checks
from .._lowering.numbers import first_after, larger, smaller, where
from .._lowering.segments import Waiting, segment
from .._registry import NON_NEGATIVE, choice, count, rate
from .._values import kind

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, overload

    from .._lowering.segments import Segment
    from .._values import Counts, Rates, Schedule, Sweep

__all__ = ["megatron_lr", "megatron_wd"]

RAMPS = {"linear": "line", "cosine": "half_cosine"}
WSD_RAMPS = {**RAMPS, "exponential": "geometric", "minus_sqrt": "rise"}
LR_SHAPES = {"constant": "constant", **RAMPS, "inverse-square-root": "floored_inverse_sqrt"}
WD_SHAPES = {"constant": "constant", **RAMPS}
"""A style has this shape: in WSD_RAMPS the decay that ends the style WSD, in LR_SHAPES the decay of every other style,
in WD_SHAPES the weight decay."""

BENDS: dict[str, tuple[float, ...]] = {"geometric": (0.5,), "rise": (0.5,)}
"""A shape takes these parameters behind its rates and its length."""

LR_STYLES = (*LR_SHAPES, "WSD")


def _ordered(parameters: dict[str, Any]) -> None:
    """Checks that no rate is above the peak, and that the warmup ends before the decay."""
    for name in ("min_lr", "init_lr"):
        _checks.at_most(name, parameters[name], "max_lr", parameters["max_lr"])
    warmup_steps, decay_steps = parameters["lr_warmup_steps"], parameters["lr_decay_steps"]
    _checks.less_than("lr_warmup_steps", warmup_steps, "lr_decay_steps", decay_steps)


def _whole(parameters: dict[str, Any]) -> None:
    """Checks that the parameters are given which the style WSD reads."""
    if parameters["lr_decay_style"] == "WSD":
        _checks.non_negative_count("wsd_decay_steps", parameters.get("wsd_decay_steps"))
        _checks.one_of("lr_wsd_decay_style", parameters.get("lr_wsd_decay_style"), WSD_RAMPS)


if TYPE_CHECKING:

    @overload
    def megatron_lr(
        *,
        init_lr: float,
        max_lr: float,
        min_lr: float,
        lr_warmup_steps: int,
        lr_decay_steps: int,
        lr_decay_style: str,
        wsd_decay_steps: int | None = None,
        lr_wsd_decay_style: str | None = None,
    ) -> Schedule: ...
    @overload
    def megatron_lr(
        *,
        init_lr: Rates,
        max_lr: Rates,
        min_lr: Rates,
        lr_warmup_steps: Counts,
        lr_decay_steps: Counts,
        lr_decay_style: str,
        wsd_decay_steps: Counts | None = None,
        lr_wsd_decay_style: str | None = None,
    ) -> Sweep: ...


@kind(
    _ordered,
    _whole,
    init_lr=rate("the rate at step 0 of a warmup, at most `max_lr`"),
    max_lr=rate("the rate at the peak, at least `min_lr`"),
    min_lr=rate("the rate at the end", NON_NEGATIVE),
    lr_warmup_steps=count("the steps of the warmup, less than `lr_decay_steps`", least=0),
    lr_decay_steps=count("the last step of the decay"),
    lr_decay_style=choice("the style of the decay", LR_STYLES),
    wsd_decay_steps=count(
        "the steps of the decay of the style WSD, the only one that reads it; a part in the warmup is cut off",
        least=0,
    ),
    lr_wsd_decay_style=choice("the style of the decay of the style WSD, the only one that reads it", WSD_RAMPS),
)
def megatron_lr(
    *,
    init_lr: float,
    max_lr: float,
    min_lr: float,
    lr_warmup_steps: int,
    lr_decay_steps: int,
    lr_decay_style: str,
    wsd_decay_steps: int | None = None,
    lr_wsd_decay_style: str | None = None,
) -> list[Segment]:
    """Warm up linearly, then decay in one of five styles, as Megatron-LM and NeMo do.

        lr(t) = init_lr + (max_lr - init_lr) t / W    for t <= W, unless W = 0
        lr(t) = min_lr + (max_lr - min_lr) f(p)       for t <= D
        lr(t) = min_lr                                from there on

    where t is the step, W = lr_warmup_steps, D = lr_decay_steps, p = (t - W) / (D - W), and by `lr_decay_style`

        linear                 f(p) = 1 - p
        cosine                 f(p) = (1 + cos(pi p)) / 2
        constant               lr(t) = max_lr, past D too
        inverse-square-root    lr(t) = max(min_lr, max_lr sqrt(max(W, 1) / max(t, 1)))
        WSD                    p = max(0, t - D + S) / S with S = wsd_decay_steps, and by `lr_wsd_decay_style`

        linear, cosine         as above
        exponential            f(p) = 2^(1 - p) - 1
        minus_sqrt             f(p) = 1 - sqrt(p)

    Returns
    -------
    Schedule; past `lr_decay_steps` it holds `min_lr`, or `max_lr` if the style is constant.

    Raises
    ------
    ValueError if the rates or the steps are not in their order, or if the style is WSD and what it reads is missing.

    Source: Shoeybi et al., Megatron-LM, arXiv 1909.08053; WSD: Hu et al., MiniCPM, arXiv 2404.06395.

    >>> rate = megatron_lr(init_lr=0.0, max_lr=1.0, min_lr=0.25, lr_warmup_steps=2, lr_decay_steps=8,
    ...                    lr_decay_style="WSD", wsd_decay_steps=4, lr_wsd_decay_style="linear")
    >>> rate([0, 1, 2, 4, 6, 8, 9]).tolist()
    [0.0, 0.5, 1.0, 1.0, 0.625, 0.25, 0.25]
    """
    decay = decay_shape(lr_decay_style, lr_warmup_steps, lr_decay_steps, wsd_decay_steps, lr_wsd_decay_style)
    return lr_segments(init_lr, max_lr, min_lr, lr_warmup_steps, lr_decay_steps, *decay)


def _level(parameters: dict[str, Any]) -> None:
    """Checks that the weight decay does not fall, and stays the same with the style constant."""
    start_wd, end_wd = parameters["start_wd"], parameters["end_wd"]
    _checks.at_most("start_wd", start_wd, "end_wd", end_wd)
    if parameters["wd_incr_style"] == "constant":
        _checks.equal("start_wd", start_wd, "end_wd", end_wd, "where wd_incr_style is 'constant'")


if TYPE_CHECKING:

    @overload
    def megatron_wd(*, start_wd: float, end_wd: float, wd_incr_steps: int, wd_incr_style: str) -> Schedule: ...
    @overload
    def megatron_wd(*, start_wd: Rates, end_wd: Rates, wd_incr_steps: Counts, wd_incr_style: str) -> Sweep: ...


@kind(
    _level,
    start_wd=rate("the weight decay at step 0; with the style constant it must be `end_wd`", NON_NEGATIVE),
    end_wd=rate("the weight decay at the end, at least `start_wd`", NON_NEGATIVE),
    wd_incr_steps=count(
        "the step at which `end_wd` is reached; with the style constant it may be 0",
        zero_if=("wd_incr_style", "constant"),
    ),
    wd_incr_style=choice("the style of the rise", WD_SHAPES),
)
def megatron_wd(*, start_wd: float, end_wd: float, wd_incr_steps: int, wd_incr_style: str) -> list[Segment]:
    """Raise the weight decay in one of three styles, as Megatron-LM and NeMo do.

        wd(t) = start_wd + (end_wd - start_wd) f(t / wd_incr_steps)    for t <= wd_incr_steps
        wd(t) = end_wd                                                 from there on

    where t is the step, and by `wd_incr_style`

        linear      f(p) = p
        cosine      f(p) = (1 - cos(pi p)) / 2
        constant    wd(t) = end_wd throughout

    Returns
    -------
    Schedule; past `wd_incr_steps` it holds `end_wd`.

    Raises
    ------
    ValueError if start_wd is above end_wd, or differs from it with the style constant.

    >>> megatron_wd(start_wd=0.0, end_wd=0.1, wd_incr_steps=4, wd_incr_style="cosine")(range(6)).tolist()
    [0.0, 0.014644660940672625, 0.05, 0.08535533905932738, 0.1, 0.1]
    """
    return wd_segments(start_wd, end_wd, wd_incr_steps, WD_SHAPES[wd_incr_style])


# ---- lowering; lrvec.nemo uses it too, and its numbers of steps may be fractions ----


def decay_shape(style: str, warmup_steps: Any, decay_steps: Any, wsd_steps: Any, wsd_style: Any) -> tuple[str, Any]:
    """Returns the shape of the decay, and the step at which its clock stands at 0."""
    if style == "WSD":
        return WSD_RAMPS[wsd_style], decay_steps - wsd_steps
    return LR_SHAPES[style], warmup_steps


def lr_segments(
    init_lr: Any, max_lr: Any, min_lr: Any, warmup_steps: Any, decay_steps: Any, shape: str, origin: Any
) -> list[Segment]:
    """Returns the segments of the learning rate, for a decay of this shape with its clock at 0 at `origin`."""
    begin = where(warmup_steps > 0, first_after(warmup_steps), 0)
    past = larger(begin, first_after(decay_steps))
    warmup = segment(0, "line", init_lr, max_lr, warmup_steps)
    peak = segment(begin, "constant", max_lr)
    if shape == "constant":
        return [warmup, peak]
    if shape == "floored_inverse_sqrt":
        peak = segment(begin, "constant", larger(max_lr, min_lr))  # step 0 counts as step 1
        start, peak_step = smaller(past, larger(begin, 1)), larger(warmup_steps, 1)
        decay = [peak, segment(start, shape, max_lr, min_lr, peak_step, origin=0)]
    else:
        length = decay_steps - origin
        # A decay is at its end at its last step, and goes no further between steps. One of no steps is nowhere.
        past = larger(begin, where((length > 0) & (past - decay_steps == 1), past - 1, past))
        origin = where(length > 0, origin, past)
        start = smaller(past, larger(begin, first_after(origin)))
        bends = BENDS.get(shape, ())
        decay = [peak, segment(start, Waiting(shape), max_lr, min_lr, length, *bends, origin=origin)]
    return [warmup, *decay, segment(past, "constant", min_lr)]


def wd_segments(start_wd: Any, end_wd: Any, incr_steps: Any, shape: str) -> list[Segment]:
    """Returns the segments of the weight decay, for a rise of this shape."""
    if shape == "constant":
        return [segment(0, "constant", end_wd)]
    ramp = segment(0, shape, start_wd, end_wd, incr_steps)
    return [ramp, segment(first_after(incr_steps), "constant", end_wd)]
