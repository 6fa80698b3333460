"""Powers of a tail, as several libraries have them: lrvec's own power law takes exponents up to 1."""

from __future__ import annotations

from .. import _checks
from ..schedules import advance, inverse_time, power_law

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .._values import Schedule


def slower(name: str, power: float) -> list[Schedule]:
    """Makes schedules whose product is 1 / (1 + t)^power, for a positive power, which is the parameter `name`."""
    whole, rest = _parted(name, power)
    factors = [inverse_time(base_lr=1.0, decay_rate=1.0, decay_steps=1)] * whole
    if rest:
        factors.append(advance(power_law(base_lr=1.0, scale=1.0, exponent=rest, max_lr=1.0), steps=1))
    return factors


def tail(scale: float, name: str, power: float) -> list[Schedule]:
    """Makes schedules whose product is (scale / t)^power for t >= scale, and 1 before, for a positive power, which is
    the parameter `name`."""
    whole, rest = _parted(name, power)
    powers = [1.0] * whole + [rest] * (rest > 0.0)
    return [power_law(base_lr=1.0, scale=scale, exponent=one, max_lr=1.0) for one in powers]


def _parted(name: str, power: float) -> tuple[int, float]:
    """Returns the whole part of a power, each of which is a schedule, and the rest."""
    whole, rest = divmod(power, 1.0)
    _checks.few_segments(name, int(whole))
    return int(whole), rest
