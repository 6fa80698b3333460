"""These factories make policies for training that goes on, on more data than was known at its start."""

from __future__ import annotations

from .. import _checks
from .._lowering.numbers import quotient
from .._lowering.segments import segment
from .._registry import POSITIVE, count, ordinary_ratio, rate
from .._values import kind

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, overload

    from .._lowering.segments import Segment
    from .._values import Counts, Rates, Schedule, Sweep


_ORDINARY = ordinary_ratio("min_lr", "constant_lr")


def _whole_end(parameters: dict[str, Any]) -> None:
    """Checks that the final decay is given as a whole or not at all, and the ratio of its rates."""
    if _checks.all_or_none(**{name: parameters.get(name) for name in ("constant_steps", "decay_steps", "min_lr")}):
        _ORDINARY(parameters)


if TYPE_CHECKING:

    @overload
    def infinite(
        *,
        base_lr: float,
        constant_lr: float,
        warmup_steps: int,
        cooldown_steps: int,
        constant_steps: int | None = None,
        decay_steps: int | None = None,
        min_lr: float | None = None,
        start_lr: float = 0.0,
    ) -> Schedule: ...
    @overload
    def infinite(
        *,
        base_lr: Rates,
        constant_lr: Rates,
        warmup_steps: Counts,
        cooldown_steps: Counts,
        constant_steps: Counts | None = None,
        decay_steps: Counts | None = None,
        min_lr: Rates | None = None,
        start_lr: Rates = 0.0,
    ) -> Sweep: ...


@kind(
    _whole_end,
    base_lr=rate("the rate at the end of the warmup"),
    constant_lr=rate("the rate of the plateau", POSITIVE),
    warmup_steps=count("the steps of the warmup", least=0),
    cooldown_steps=count("the steps from the warmup to the plateau", least=0),
    constant_steps=count("the steps of the plateau; without them it goes on for ever", least=0),
    decay_steps=count("the steps of the final decay"),
    min_lr=rate("the rate at the end of the final decay", POSITIVE),
    start_lr=rate("the rate at step 0 of a warmup"),
)
def infinite(
    *,
    base_lr: float,
    constant_lr: float,
    warmup_steps: int,
    cooldown_steps: int,
    constant_steps: int | None = None,
    decay_steps: int | None = None,
    min_lr: float | None = None,
    start_lr: float = 0.0,
) -> list[Segment]:
    """Warm up, cool down to a plateau of any length, and decay from there at the very end (the infinite schedule).

        lr(t) = start_lr + (base_lr - start_lr) t / W                                  for t < W
        lr(t) = constant_lr + (base_lr - constant_lr) (1 + cos(pi (t - W) / C)) / 2    for t < W + C
        lr(t) = constant_lr                                                            for t < W + C + K
        lr(t) = constant_lr (min_lr / constant_lr)^((t - W - C - K) / decay_steps)     from there on

    where t is the step, W = warmup_steps, C = cooldown_steps and K = constant_steps.

    Returns
    -------
    Schedule; past the final decay it holds `min_lr`. Without `constant_steps`, `decay_steps` and `min_lr` it has no
    end: training can go on from any step of the plateau.

    Raises
    ------
    TypeError if some of constant_steps, decay_steps and min_lr are given without the others.
    ValueError if min_lr / constant_lr is no ordinary double.

    Source: Ibrahim et al., Simple and Scalable Strategies to Continually Pre-train Large Language Models, arXiv
    2403.08763.

    >>> policy = infinite(base_lr=1.0, constant_lr=0.5, warmup_steps=2, cooldown_steps=2)
    >>> policy([0, 1, 2, 3, 4, 10**9]).round(4).tolist()
    [0.0, 0.5, 1.0, 0.75, 0.5, 0.5]
    >>> policy.replace(constant_steps=4, decay_steps=2, min_lr=0.125)([8, 9, 10, 11]).tolist()
    [0.5, 0.25, 0.125, 0.125]
    """
    plateau = warmup_steps + cooldown_steps
    phases = [
        segment(0, "line", start_lr, base_lr, warmup_steps),
        segment(warmup_steps, "half_cosine", base_lr, constant_lr, cooldown_steps),
        segment(plateau, "constant", constant_lr),
    ]
    if constant_steps is None or decay_steps is None or min_lr is None:
        return phases
    decay = plateau + constant_steps
    return [
        *phases,
        segment(decay, "exponential", constant_lr, quotient(min_lr, constant_lr), decay_steps),
        segment(decay + decay_steps, "constant", min_lr),
    ]
