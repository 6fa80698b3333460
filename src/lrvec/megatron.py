"""The pure functions under the OptimizerParamScheduler of Megatron-LM and NeMo, which lrvec.nemo stands in for: its
learning rate and its weight decay, with its names for their parameters.

In the formulas t is the step. In contrast to most schedules a phase ends with its last step, not before it: the warmup
still holds at t = lr_warmup_steps, the decay at t = lr_decay_steps.
"""

from __future__ import annotations

from . import _arrays, _checks
from ._schedule import Schedule, kind, make
from ._segments import NEVER, segment, where

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ._segments import Segment

RAMPS = {"linear": "line", "cosine": "half_cosine"}
WSD_RAMPS = {**RAMPS, "exponential": "halving", "minus_sqrt": "one_minus_sqrt"}
LR_SHAPES = {"constant": "constant", **RAMPS, "inverse-square-root": "floored_inverse_sqrt"}
WD_SHAPES = {"constant": "constant", **RAMPS}
"""The shape for each style: of the decay that ends the style WSD, of all others, and of the weight decay."""

LR_STYLES = (*LR_SHAPES, "WSD")


@kind
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
) -> Schedule:
    """The learning rate of Megatron-LM and NeMo: a linear warmup, then a decay of one of five styles.

    With W = lr_warmup_steps and D = lr_decay_steps:

        lr(t) = init_lr + (max_lr - init_lr) t / W    for t <= W, unless W = 0
        lr(t) = min_lr + (max_lr - min_lr) f(p)       for t <= D
        lr(t) = min_lr                                from there on

    where p = (t - W) / (D - W), and by `lr_decay_style`

        linear                 f(p) = 1 - p
        cosine                 f(p) = (1 + cos(pi p)) / 2
        constant               lr(t) = max_lr, past D too
        inverse-square-root    lr(t) = max(min_lr, max_lr sqrt(max(W, 1) / max(t, 1)))
        WSD                    p = max(0, t - D + S) / S with S = wsd_decay_steps, and by `lr_wsd_decay_style`

        linear, cosine         as above
        exponential            f(p) = 2^(1 - p) - 1
        minus_sqrt             f(p) = 1 - sqrt(p)

    Parameters
    ----------
    init_lr : the rate at step 0 of a warmup, finite, at most `max_lr`.
    max_lr : the rate at the peak, at least `min_lr`.
    min_lr : the rate at the end, non-negative.
    lr_warmup_steps : steps of the warmup, non-negative.
    lr_decay_steps : the last step of the decay, more than `lr_warmup_steps`.
    lr_decay_style : one of the five.
    wsd_decay_steps : steps of the decay of WSD, non-negative; one that began in the warmup is cut. Read with WSD only.
    lr_wsd_decay_style : its style, one of the four. Read with WSD only.

    Returns
    -------
    Schedule; past `lr_decay_steps` it holds `min_lr`, or `max_lr` where the style is constant.

    Source: Shoeybi et al., Megatron-LM, arXiv 1909.08053; WSD: Hu et al., MiniCPM, arXiv 2404.06395.

    >>> rate = megatron_lr(init_lr=0.0, max_lr=1.0, min_lr=0.25, lr_warmup_steps=2, lr_decay_steps=8,
    ...                    lr_decay_style="WSD", wsd_decay_steps=4, lr_wsd_decay_style="linear")
    >>> rate([0, 1, 2, 4, 6, 8, 9]).tolist()
    [0.0, 0.5, 1.0, 1.0, 0.625, 0.25, 0.25]
    """
    parameters: dict[str, Any] = {
        "init_lr": _checks.finite("init_lr", init_lr),
        "max_lr": _checks.finite("max_lr", max_lr),
        "min_lr": _checks.non_negative("min_lr", min_lr),
        "lr_warmup_steps": _checks.non_negative_count("lr_warmup_steps", lr_warmup_steps),
        "lr_decay_steps": _checks.positive_count("lr_decay_steps", lr_decay_steps),
        "lr_decay_style": _checks.one_of("lr_decay_style", lr_decay_style, LR_STYLES),
    }
    init_lr, max_lr, min_lr, lr_warmup_steps, lr_decay_steps, lr_decay_style = parameters.values()
    _checks.sum_at_most("max_lr", parameters["max_lr"], min_lr=parameters["min_lr"])
    _checks.sum_at_most("max_lr", parameters["max_lr"], init_lr=parameters["init_lr"])
    _checks.less_than("lr_warmup_steps", lr_warmup_steps, "lr_decay_steps", lr_decay_steps)
    if lr_decay_style == "WSD" or wsd_decay_steps is not None:
        wsd_decay_steps = _checks.non_negative_count("wsd_decay_steps", wsd_decay_steps)
        parameters["wsd_decay_steps"] = wsd_decay_steps
    if lr_decay_style == "WSD" or lr_wsd_decay_style is not None:
        lr_wsd_decay_style = _checks.one_of("lr_wsd_decay_style", lr_wsd_decay_style, WSD_RAMPS)
        parameters["lr_wsd_decay_style"] = lr_wsd_decay_style

    def lower() -> list[Segment]:
        decay = decay_shape(lr_decay_style, lr_warmup_steps, lr_decay_steps, wsd_decay_steps, lr_wsd_decay_style)
        return lr_segments(init_lr, max_lr, min_lr, lr_warmup_steps, lr_decay_steps, *decay)

    return make("megatron_lr", parameters, lower)


@kind
def megatron_wd(*, start_wd: float, end_wd: float, wd_incr_steps: int, wd_incr_style: str) -> Schedule:
    """The weight decay of Megatron-LM and NeMo: a rise of one of three styles.

        wd(t) = start_wd + (end_wd - start_wd) f(t / wd_incr_steps)    for t <= wd_incr_steps
        wd(t) = end_wd                                                 from there on

    where by `wd_incr_style`

        linear      f(p) = p
        cosine      f(p) = (1 - cos(pi p)) / 2
        constant    wd(t) = end_wd throughout

    Parameters
    ----------
    start_wd : the weight decay at step 0, non-negative; with the style constant the same as `end_wd`.
    end_wd : the weight decay at the end, at least `start_wd`.
    wd_incr_steps : the step at which `end_wd` is reached, positive; with the style constant it may be 0.
    wd_incr_style : one of the three.

    Returns
    -------
    Schedule; past `wd_incr_steps` it holds `end_wd`.

    >>> megatron_wd(start_wd=0.0, end_wd=0.1, wd_incr_steps=4, wd_incr_style="cosine")(range(6)).tolist()
    [0.0, 0.014644660940672625, 0.05, 0.08535533905932738, 0.1, 0.1]
    """
    wd_incr_style = _checks.one_of("wd_incr_style", wd_incr_style, WD_SHAPES)
    is_constant = wd_incr_style == "constant"
    count = _checks.non_negative_count if is_constant else _checks.positive_count
    parameters: dict[str, Any] = {
        "start_wd": _checks.non_negative("start_wd", start_wd),
        "end_wd": _checks.non_negative("end_wd", end_wd),
        "wd_incr_steps": count("wd_incr_steps", wd_incr_steps),
        "wd_incr_style": wd_incr_style,
    }
    first, last, steps, style = parameters.values()
    _checks.sum_at_most("end_wd", last, start_wd=first)
    if is_constant:
        _checks.equal("start_wd", first, "end_wd", last, "where wd_incr_style is 'constant'")
    return make("megatron_wd", parameters, lambda: wd_segments(first, last, steps, WD_SHAPES[style]))


# ---- lowering, also for lrvec.nemo, whose numbers need not obey these rules: its steps may be fractions ----


def decay_shape(style: str, warmup_steps: Any, decay_steps: Any, wsd_steps: Any, wsd_style: Any) -> tuple[str, Any]:
    """The shape of the decay, and the step at which its clock stands at 0."""
    if style == "WSD":
        return WSD_RAMPS[wsd_style], decay_steps - wsd_steps
    return LR_SHAPES[style], warmup_steps


def lr_segments(
    init_lr: Any, max_lr: Any, min_lr: Any, warmup_steps: Any, decay_steps: Any, shape: str, origin: Any
) -> list[Segment]:
    begin = where(warmup_steps > 0, after(warmup_steps), 0)
    past = _larger(begin, after(decay_steps))
    warmup = segment(0, "line", init_lr, max_lr, warmup_steps)
    peak = segment(begin, "constant", max_lr)
    if shape == "constant":
        return [warmup, peak]
    if shape == "floored_inverse_sqrt":
        peak = segment(begin, "constant", _larger(max_lr, min_lr))  # step 0 counts as step 1
        start, peak_step = _smaller(past, _larger(begin, 1)), _larger(warmup_steps, 1)
        decay = [peak, segment(start, shape, max_lr, min_lr, peak_step, origin=0)]
    else:
        start = _smaller(past, _larger(begin, after(origin)))
        decay = [peak, segment(start, shape, max_lr, min_lr, decay_steps - origin, origin=origin)]
    return [warmup, *decay, segment(past, "constant", min_lr)]


def wd_segments(start_wd: Any, end_wd: Any, incr_steps: Any, shape: str) -> list[Segment]:
    if shape == "constant":
        return [segment(0, "constant", end_wd)]
    ramp = segment(0, shape, start_wd, end_wd, incr_steps)
    return [ramp, segment(after(incr_steps), "constant", end_wd)]


def after(step: float) -> Any:
    """The first of the integers beyond it."""
    if _arrays.is_foreign(step):
        return step + 1
    return where(step < _checks.LAST_STEP, step // 1 + 1, NEVER)


def _larger(x: Any, y: Any) -> Any:
    return where(x > y, x, y)


def _smaller(x: Any, y: Any) -> Any:
    return where(x < y, x, y)
