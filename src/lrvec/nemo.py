"""This module has a stand-in for the OptimizerParamScheduler of NeMo Automodel 0.7.0.

The class keeps the state. The numbers come from the schedules of dialects/megatron.py and are right to a few ulp, while
NeMo's carry the rounding of its formulas. No optimizer library is imported: an optimizer is whatever has
`param_groups`.
"""

from __future__ import annotations

import logging
import math

from . import _checks, _evaluate
from ._checks import LAST_STEP, shown
from ._engine import Products
from ._evaluate import tables
from ._frameworks import has
from ._lowering.algebra import scaled
from ._lowering.numbers import first_after
from .dialects.megatron import LR_STYLES, WD_SHAPES, WSD_RAMPS, decay_shape, lr_segments, wd_segments

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any, NoReturn

    import numpy
    from numpy.typing import NDArray

    from ._lowering.segments import Segment

__all__ = ["MissingKeyError", "OptimizerParamScheduler", "SettingError"]

logger = logging.getLogger(__name__)


class SettingError(ValueError, AssertionError):
    """This error refuses what NeMo asserts, and what would stop NeMo in the middle of a run."""


class MissingKeyError(ValueError, KeyError):
    """This error names a key that a checkpoint or a parameter group lacks."""

    __str__ = ValueError.__str__


class OptimizerParamScheduler:
    """The scheduler sets learning rate and weight decay of an optimizer's parameter groups, step by step.

    At step t, group g gets the learning rate lr_mult_g lr(t) and the weight decay wd_mult_g wd(t). Here lr is
    `lrvec.megatron_lr` with the scheduler's settings, but with the group's own `max_lr` and `min_lr` if it has them,
    and wd is `lrvec.megatron_wd`. A group without multipliers gets them at construction: the ratios of its own `lr` and
    `weight_decay` to those of the first group, or 1 if the first group's is 0 or no number. A group with a `max_lr` or
    `min_lr` of its own gets no `lr_mult`.

    Parameters
    ----------
    optimizer : anything with `param_groups`, a list of dicts; each has an "lr".
    init_lr, max_lr, min_lr : the rates at step 0, at the peak and at the end: finite, init_lr <= max_lr, 0 <= min_lr <=
        max_lr.
    lr_warmup_steps, lr_decay_steps : the last steps of the warmup and of the decay, the first less than the second.
    lr_decay_style : "constant", "linear", "cosine", "inverse-square-root" or "WSD".
    start_wd, end_wd : the weight decay at step 0 and at the end: finite, 0 <= start_wd <= end_wd.
    wd_incr_steps : the last step of the weight decay's rise.
    wd_incr_style : "constant", which needs start_wd == end_wd, "linear" or "cosine".
    use_checkpoint_opt_param_scheduler : whether load_state_dict takes the checkpoint's settings.
    override_opt_param_scheduler : whether load_state_dict keeps the scheduler's own settings. If neither is true, the
        two must be the same.
    wsd_decay_steps, lr_wsd_decay_style : the steps and the style of the decay that ends WSD: "linear", "cosine",
        "exponential" or "minus_sqrt".

    All parameters are attributes, and so is the step, `num_steps`. A new value of an attribute takes effect with the
    next `step`. Numbers of steps may be fractions or infinite, as in NeMo.

    Raises
    ------
    SettingError, which is a ValueError and an AssertionError, for settings that NeMo refuses, at once or at some later
    step; TypeError for what is no number or no optimizer. The groups are then unchanged.

    >>> class Optimizer:
    ...     param_groups = [{"lr": 0.1, "weight_decay": 0.01}, {"lr": 0.2, "weight_decay": 0.0}]
    >>> scheduler = OptimizerParamScheduler(
    ...     Optimizer, init_lr=0.0, max_lr=0.5, min_lr=0.0, lr_warmup_steps=2, lr_decay_steps=10,
    ...     lr_decay_style="linear", start_wd=0.01, end_wd=0.01, wd_incr_steps=10, wd_incr_style="constant")
    >>> scheduler.step(1)
    >>> [group["lr"] for group in Optimizer.param_groups]
    [0.25, 0.5]
    >>> scheduler.lr_matrix(range(0, 11, 2)).tolist()
    [[0.0, 0.5, 0.375, 0.25, 0.125, 0.0], [0.0, 1.0, 0.75, 0.5, 0.25, 0.0]]
    """

    optimizer: Any
    init_lr: float
    max_lr: float
    min_lr: float
    lr_warmup_steps: int
    lr_decay_steps: int
    lr_decay_style: str
    start_wd: float
    end_wd: float
    wd_incr_steps: int
    wd_incr_style: str
    use_checkpoint_opt_param_scheduler: bool | None
    override_opt_param_scheduler: bool | None
    wsd_decay_steps: int | None
    lr_wsd_decay_style: str | None
    num_steps: int
    _curves: _Curves | None

    def __init__(
        self,
        optimizer: Any,
        init_lr: float,
        max_lr: float,
        min_lr: float,
        lr_warmup_steps: int,
        lr_decay_steps: int,
        lr_decay_style: str,
        start_wd: float,
        end_wd: float,
        wd_incr_steps: int,
        wd_incr_style: str,
        use_checkpoint_opt_param_scheduler: bool | None = True,
        override_opt_param_scheduler: bool | None = False,
        wsd_decay_steps: int | None = None,
        lr_wsd_decay_style: str | None = None,
    ) -> None:
        settings: dict[str, Any] = {
            "init_lr": init_lr,
            "max_lr": _rate("max_lr", max_lr),
            "min_lr": min_lr,
            "lr_warmup_steps": lr_warmup_steps,
            "lr_decay_steps": lr_decay_steps,
            "lr_decay_style": lr_decay_style,
            "start_wd": start_wd,
            "end_wd": end_wd,
            "wd_incr_steps": wd_incr_steps,
            "wd_incr_style": wd_incr_style,
            "use_checkpoint_opt_param_scheduler": use_checkpoint_opt_param_scheduler,
            "override_opt_param_scheduler": override_opt_param_scheduler,
            "wsd_decay_steps": wsd_decay_steps,
            "lr_wsd_decay_style": lr_wsd_decay_style,
        }
        _check_order(settings)
        curves = _Curves(settings)
        groups = _checked_groups(optimizer, curves)
        multipliers = _own_multipliers(groups)
        self.__dict__.update(settings, optimizer=optimizer, num_steps=0, _curves=curves)
        for group, own in zip(groups, multipliers, strict=True):
            group.update(own)
        self.step(0)
        logger.info(f"learning rate decay style: {_text(lr_decay_style)}")

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        for name in ("get_lr", "get_wd"):
            if name in vars(cls):
                raise TypeError(f"{name} must stay as it is, for step does not call it, received one of {cls.__name__}")

    def __setattr__(self, name: str, value: Any) -> None:
        if name == "num_steps":
            value = _position("num_steps", value)
        object.__setattr__(self, name, value)
        self.__dict__["_curves"] = None

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "_curves": None}

    def __repr__(self) -> str:
        wsd = (
            f"        wsd_decay_steps: {_text(self.wsd_decay_steps)}\n"
            f"        lr_wsd_decay_style: {_text(self.lr_wsd_decay_style)}\n"
            if _style(self.lr_decay_style) == "WSD" and self.wsd_decay_steps is not None
            else ""
        )
        return (
            "OptimizerParamScheduler(\n"
            f"    optimizer: {type(self.optimizer).__name__}\n"
            "    learning_rate:\n"
            f"        init_lr: {_text(self.init_lr)}\n"
            f"        max_lr: {_text(self.max_lr)}\n"
            f"        min_lr: {_text(self.min_lr)}\n"
            f"        warmup_steps: {_text(self.lr_warmup_steps)}\n"
            f"        decay_steps: {_text(self.lr_decay_steps)}\n"
            f"        decay_style: {_text(self.lr_decay_style)}\n"
            f"{wsd}"
            "    weight_decay:\n"
            f"        start_wd: {_text(self.start_wd)}\n"
            f"        end_wd: {_text(self.end_wd)}\n"
            f"        incr_steps: {_text(self.wd_incr_steps)}\n"
            f"        incr_style: {_text(self.wd_incr_style)}\n"
            f"    current_step: {self.num_steps}\n"
            ")"
        )

    # ---- values ----

    def get_lr(self, param_group: Mapping[str, Any]) -> float:
        """Return the learning rate at `num_steps` for a group, before its `lr_mult`."""
        curves = self._lowered()
        rate: float = curves.table(*curves.pair_of(param_group)).value(self.num_steps)
        return rate

    def get_wd(self) -> float:
        """Return the weight decay at `num_steps`, before any `wd_mult`."""
        weight_decay: float = self._lowered().weight_decay.value(self.num_steps)
        return weight_decay

    def lr_matrix(self, steps: Any) -> NDArray[numpy.float64]:
        """Return the rates that `step` will write: an array with a row for each group, followed by the axes of `steps`.

        `steps` is what a Schedule takes: a range, an array of integers, a list of ints, or an int. Steps of another
        library give that library's array, as a Schedule does. The optimizer does not change."""
        import numpy

        curves = self._lowered()
        groups = _checked_groups(self.optimizer, curves)
        factors = [_multiplier("lr_mult", group.get("lr_mult", 1.0)) for group in groups]
        pairs = [curves.pair_of(group) for group in groups]
        road = _evaluate.road_of(steps)
        values: NDArray[numpy.float64]
        if len({_with_signs(*pair) for pair in pairs}) == 1:
            curve = _Curve(curves.segments(*pairs[0]), curves.table(*pairs[0]))
            values = road.multiples(curve, tuple(factors), steps, None)
            return values
        max_lrs, min_lrs = numpy.array(pairs).T
        values = road.products(_CurveOfEach(curves.segments(max_lrs, min_lrs), len(groups)), factors, steps)
        return values

    def wd_matrix(self, steps: Any) -> NDArray[numpy.float64]:
        """Return the weight decays that `step` will write, in the form that `lr_matrix` gives the rates."""
        curves = self._lowered()
        groups = _checked_groups(self.optimizer, curves)
        factors = tuple(_multiplier("wd_mult", group.get("wd_mult", 1.0)) for group in groups)
        curve = _Curve(curves.decay_segments, curves.weight_decay)
        values: NDArray[numpy.float64] = _evaluate.road_of(steps).multiples(curve, factors, steps, None)
        return values

    def _curves_by_name(self) -> dict[str, list[tuple[str, Any]]]:
        """Returns what a picture shows of the scheduler: the rates and the weight decays of all groups, with labels."""
        curves = self._lowered()
        groups = _checked_groups(self.optimizer, curves)
        rates, decays = [], []
        for index, group in enumerate(groups):
            lr_mult, wd_mult = _multipliers(group, f"param_groups[{index}]")
            segments = scaled(curves.segments(*curves.pair_of(group)), lr_mult, 0.0)
            rates.append((f"group {index}", _Curve(segments)))
            decays.append((f"group {index}", _Curve(scaled(curves.decay_segments, wd_mult, 0.0))))
        return {"learning rate": rates, "weight decay": decays}

    # ---- steps ----

    def step(self, increment: int) -> None:
        """Go on by `increment` steps, and set `lr` and `weight_decay` of every group."""
        if type(increment) is not int:
            increment = _integer("increment", increment)
        num_steps = self.num_steps + increment
        if not 0 <= num_steps <= LAST_STEP:
            received = f"{shown(increment)} at num_steps={self.num_steps}"
            raise SettingError(f"increment must keep num_steps in 0 ... 2**53, received {received}")
        groups, curves = self.optimizer.param_groups, self._curves or self._lowered()
        if not curves.products.write(groups, num_steps):
            curves.write(list(groups), num_steps)
        self.__dict__["num_steps"] = num_steps

    def _lowered(self) -> _Curves:
        curves = self._curves
        if curves is None:
            curves = self.__dict__["_curves"] = _Curves(self.__dict__)
        return curves

    # ---- checkpoints ----

    def state_dict(self) -> dict[str, Any]:
        """Return the step and the settings, except `init_lr` and the settings of WSD."""
        return {name: getattr(self, name) for name in STATE}

    def load_state_dict(self, state_dict: Mapping[str, Any]) -> None:
        """Take the step of a checkpoint, and its settings if the policy says so, and set the groups accordingly.

        Keys may have their older names. All four settings of the weight decay may be absent together. The step is
        absolute, so a second load of the same checkpoint changes nothing.

        Raises
        ------
        MissingKeyError, which is a ValueError and a KeyError, for an absent key; ValueError for an unknown key;
        SettingError or TypeError for a value that is refused, or that differs from the scheduler's while neither policy
        is set. Scheduler and optimizer are then unchanged.
        """
        found = _checked_state(state_dict)
        num_steps = found.pop("num_steps")
        policies = "override_opt_param_scheduler", "use_checkpoint_opt_param_scheduler"
        overrides, takes = (_flag(name, getattr(self, name)) for name in policies)
        for name, value in found.items():
            own = getattr(self, name)
            if overrides:
                found[name] = own
            elif not takes and own != value:
                raise SettingError(
                    f"OptimizerParamScheduler: class input value {_text(own)} and checkpoint"
                    f"value {_text(value)} for {LABELS[name]} do not match"
                )
        curves = _Curves({**self.__dict__, **found})
        _checked_groups(self.optimizer, curves)
        for name, value in found.items():
            if overrides:
                logger.info(f"overriding {LABELS[name]} value to {_text(value)}")
            else:
                logger.info(f"using checkpoint value {_text(value)} for {LABELS[name]}")
        self.__dict__.update(found, num_steps=num_steps, _curves=curves)
        self.step(0)


STATE = (
    "max_lr",
    "lr_warmup_steps",
    "num_steps",
    "lr_decay_style",
    "lr_decay_steps",
    "min_lr",
    "start_wd",
    "end_wd",
    "wd_incr_style",
    "wd_incr_steps",
)
"""A checkpoint has these keys."""

WEIGHT_DECAY = ("start_wd", "end_wd", "wd_incr_steps", "wd_incr_style")
"""These keys of a checkpoint may be absent together."""

OLDER_KEYS = {
    "max_lr": ("start_lr",),
    "lr_warmup_steps": ("warmup_iter", "warmup_steps"),
    "lr_decay_steps": ("end_iter", "decay_steps"),
    "lr_decay_style": ("decay_style",),
    "num_steps": ("num_iters",),
}
"""These are older names of keys. If a checkpoint has both, the older one is read."""

LABELS = {
    "max_lr": "learning rate",
    "min_lr": "minimum learning rate",
    "lr_warmup_steps": "warmup iterations",
    "lr_decay_steps": "total number of iterations",
    "lr_decay_style": "learning rate decay style",
    "start_wd": "start weight decay",
    "end_wd": "end weight decay",
    "wd_incr_steps": "total number of weight decay iterations",
    "wd_incr_style": "weight decay incr style",
}
"""The log calls the settings of a checkpoint by these names, in this order."""


OWN = ("max_lr", "min_lr")
"""A group may have a peak and an end of its own at these keys."""

PRODUCTS = (("lr", "lr_mult"), ("weight_decay", "wd_mult"))
"""A step writes at these keys, each with the key of its multiplier."""


class _Curves:
    """The curves are the scheduler's settings, lowered to tables.

    There is one table for the weight decay, and one for each pair of a peak and an end that groups have. `products` has
    the two tables of each group, and the two objects that were its own peak and end when these were found.
    """

    __slots__ = (
        *("_decay", "_init_lr", "_tables", "decay_segments"),
        *("max_lr", "min_lr", "products", "weight_decay"),
    )

    def __init__(self, settings: Mapping[str, Any]) -> None:
        self._init_lr = _number("init_lr", settings["init_lr"])
        self.max_lr, self.min_lr = (_rate(name, settings[name]) for name in ("max_lr", "min_lr"))
        self.decay_segments = _weight_decay(settings)
        self.weight_decay = tables.tabulate(self.decay_segments)
        self._decay = _decay(settings)
        self._tables: dict[tuple[float, ...], Any] = {}
        self._make_room(0)

    def segments(self, max_lr: Any, min_lr: Any) -> list[Segment]:
        return lr_segments(self._init_lr, max_lr, min_lr, *self._decay)

    def table(self, max_lr: float, min_lr: float) -> Any:
        key = _with_signs(max_lr, min_lr)
        table = self._tables.get(key)
        if table is None:
            if len(self._tables) >= MANY_TABLES:
                self._tables.clear()
            table = self._tables[key] = tables.tabulate(self.segments(max_lr, min_lr))
        return table

    def write(self, groups: list[Any], step: int) -> None:
        """Sets `lr` and `weight_decay` of all groups, or of none if one of them is refused. This is the long way, for
        groups that are new or have changed."""
        self._find_tables(groups)
        if self.products.write(groups, step):
            return
        weight_decay, products = self.weight_decay.value(step), []
        for index, (group, table) in enumerate(zip(groups, self.products.tables[::2], strict=True)):
            lr_mult, wd_mult = _multipliers(group, f"param_groups[{index}]")
            products.append((table.value(step) * lr_mult, weight_decay * wd_mult))
        for group, (lr, decay) in zip(groups, products, strict=True):
            group["lr"], group["weight_decay"] = lr, decay

    def _make_room(self, count: int) -> None:
        """Forgets the groups, and makes room for `count` others."""
        self.products = Products(OWN, PRODUCTS, [UNKNOWN, UNKNOWN] * count, [UNKNOWN, self.weight_decay] * count)

    def _find_tables(self, groups: list[Any]) -> None:
        """Finds a table for each group. A group whose own rates are still the same objects keeps its table."""
        if len(self.products.objects) != 2 * len(groups):
            self._make_room(len(groups))
        own, found = self.products.objects, self.products.tables
        for index, group in enumerate(groups):
            here = slice(2 * index, 2 * index + 2)
            max_lr, min_lr = own[here]
            if type(group) is dict and group.get("max_lr", ...) is max_lr and group.get("min_lr", ...) is min_lr:
                continue
            found[2 * index] = self.checked_table(group, f"param_groups[{index}]")
            rates = [group.get(key, ...) for key in OWN]
            own[here] = [rate if isinstance(rate, (float, int, str, type(...))) else UNKNOWN for rate in rates]

    def checked_table(self, group: Any, name: str) -> Any:
        """Returns the table of a group's rate, if the group is a dict with numbers that are allowed."""
        if not has(group, "get") or not has(group, "update"):
            raise TypeError(f"{name} must be a dict, received {shown(group)}")
        return self.table(*self.pair_of(group, name))

    def pair_of(self, group: Mapping[str, Any], name: str = "the group") -> tuple[float, float]:
        """Returns a group's peak and end: its own, or the scheduler's."""
        max_lr = _rate(f"max_lr of {name}", group.get("max_lr", self.max_lr))
        min_lr = _rate(f"min_lr of {name}", group.get("min_lr", self.min_lr))
        if max_lr < min_lr < 0.0 and self._decay[2] == "floored_inverse_sqrt":
            raise SettingError(f"min_lr of {name} must not lie between max_lr and 0, received {max_lr=}, {min_lr=}")
        return max_lr, min_lr


class _Rates:
    """These rates are made of segments. A road takes them as it takes a schedule."""

    __slots__ = ("_segments",)

    def __init__(self, segments: list[Segment]) -> None:
        self._segments = segments

    def __call__(self, steps: Any) -> Any:
        return _evaluate.evaluate(self, steps)

    def _lower(self) -> list[Segment]:
        return self._segments


class _Curve(_Rates):
    """This curve has a table, which stays where it is when the curve travels."""

    __slots__ = ("_table",)

    def __init__(self, segments: list[Segment], table: Any = None) -> None:
        super().__init__(segments)
        self._table = table or tables.tabulate(segments)

    def __reduce__(self) -> tuple[Any, ...]:
        return _Curve, (self._segments,)


class _CurveOfEach(_Rates):
    """These are the curves of several groups, one row each, as a sweep's rows are."""

    __slots__ = ("shape",)

    _by_row = False

    def __init__(self, segments: list[Segment], count: int) -> None:
        super().__init__(segments)
        self.shape = (count,)

    @property
    def _rows(self) -> Any:
        from ._evaluate.rows import rows_of

        return rows_of(self._segments, self.shape)


UNKNOWN = object()
"""This object stands for a number that no group has, and for a number that may change in place."""


def _with_signs(*rates: float) -> tuple[float, ...]:
    """Returns a key that is different for different rates, and for 0.0 and -0.0 too."""
    return (*rates, *(math.copysign(1.0, rate) for rate in rates))


MANY_TABLES = 1 << 16
"""At most so many tables are kept, since a group's own rates may change at every step."""


# ---- checks: what NeMo asserts, and what would stop it later ----


def _check_order(settings: Mapping[str, Any]) -> None:
    """Checks what NeMo asserts at construction, and only there."""

    def check(name: str, holds: bool, rule: str, *others: str) -> None:
        if not holds:
            seen = ", ".join(f"{other}={shown(settings[other])}" for other in (name, *others))
            raise SettingError(f"{name} must {rule}, received {seen if others else shown(settings[name])}")

    init_lr, max_lr, min_lr = (_number(name, settings[name]) for name in ("init_lr", "max_lr", "min_lr"))
    check("min_lr", min_lr >= 0.0, "be non-negative")
    check("max_lr", max_lr >= min_lr, "be at least min_lr", "min_lr")
    check("init_lr", init_lr <= max_lr, "be at most max_lr", "max_lr")
    warmup_steps, decay_steps = (_count(name, settings[name]) for name in ("lr_warmup_steps", "lr_decay_steps"))
    check("lr_decay_steps", decay_steps > 0, "be positive")
    check("lr_warmup_steps", warmup_steps < decay_steps, "be less than lr_decay_steps", "lr_decay_steps")
    start_wd, end_wd = (_number(name, settings[name]) for name in ("start_wd", "end_wd"))
    check("start_wd", start_wd >= 0.0, "be non-negative")
    check("end_wd", end_wd >= start_wd, "be at least start_wd", "start_wd")
    policies = ("override_opt_param_scheduler", "use_checkpoint_opt_param_scheduler")
    flags = [_flag(name, settings[name]) for name in policies]
    if all(flags):
        seen = ", ".join(f"{name}={shown(settings[name])}" for name in policies)
        raise SettingError(f"both override and use-checkpoint are set. At most one may be, received {seen}")


def _decay(settings: Mapping[str, Any]) -> tuple[float, float, str, float]:
    """Returns the steps of the warmup, the last step of the decay, the decay's shape, and the step at which its clock
    stands at 0. An unknown style is refused if there is a step at which NeMo would use it."""
    style, wsd_style = _style(settings["lr_decay_style"]), _style(settings["lr_wsd_decay_style"])
    warmup_steps = _finite_count("lr_warmup_steps", settings["lr_warmup_steps"])
    decay_steps = _count("lr_decay_steps", settings["lr_decay_steps"])
    wsd_steps: float = 0
    if style == "WSD":
        if settings["wsd_decay_steps"] is None:
            raise SettingError("wsd_decay_steps must be given where lr_decay_style is 'WSD', received None")
        wsd_steps = max(0, _finite_count("wsd_decay_steps", settings["wsd_decay_steps"]))
    first = first_after(warmup_steps) if warmup_steps > 0 else 0
    if style != "constant" and first <= decay_steps:
        if style not in LR_STYLES:
            _refuse_style("lr_decay_style", settings["lr_decay_style"], LR_STYLES, "decay style")
        if decay_steps == warmup_steps and style != "inverse-square-root":
            raise SettingError(f"lr_decay_steps must not be lr_warmup_steps, received {shown(decay_steps)} for both")
        if style == "WSD" and wsd_style not in tuple(WSD_RAMPS):
            if max(first, first_after(decay_steps - wsd_steps)) <= decay_steps:
                _refuse_style("lr_wsd_decay_style", settings["lr_wsd_decay_style"], WSD_RAMPS)
            wsd_steps, wsd_style = 0, "linear"
    elif style != "constant":
        style = "linear"  # the decay has no step, so any style is right
    if decay_steps == math.inf and style != "inverse-square-root":
        style = "constant"
    shape, origin = decay_shape(style, warmup_steps, decay_steps, wsd_steps, wsd_style)
    if isinstance(origin, float):
        unit = min(1.0, math.ulp(max(abs(decay_steps), abs(origin), abs(decay_steps - origin))))
        origin = round(origin / unit) * unit  # so that step - origin is exact, for each step alone and for a block
    return _ramp_length(warmup_steps), decay_steps, shape, origin


def _weight_decay(settings: Mapping[str, Any]) -> list[Segment]:
    """Returns the segments of the weight decay."""
    start_wd, end_wd = (_number(name, settings[name]) for name in ("start_wd", "end_wd"))
    style, incr_steps = _style(settings["wd_incr_style"]), _count("wd_incr_steps", settings["wd_incr_steps"])
    if incr_steps < 0:
        return wd_segments(start_wd, end_wd, incr_steps, "constant")
    if style not in tuple(WD_SHAPES):
        _refuse_style("wd_incr_style", settings["wd_incr_style"], WD_SHAPES, "weight decay increment style")
    if style == "constant" and start_wd != end_wd:
        rule = "start_wd and end_wd must be the same where wd_incr_style is 'constant'"
        raise SettingError(f"{rule}, received {start_wd=}, {end_wd=}")
    if style != "constant" and incr_steps == 0:
        raise SettingError(f"wd_incr_steps must be positive where wd_incr_style is {shown(style)}, received 0")
    if incr_steps == math.inf:
        return wd_segments(start_wd, start_wd, incr_steps, "constant")
    return wd_segments(start_wd, end_wd, _ramp_length(incr_steps), WD_SHAPES[style])


def _ramp_length(length: float) -> float:
    """Returns the length of a ramp from step 0. A length below 1 becomes 1/2: the ramp ends before step 1 in either
    case, and no slope becomes too large for a double."""
    return 0.5 if 0.0 < length < 1.0 else length


def _style(value: Any) -> str:
    """Returns a style as text. A style that is no text becomes "", which is the name of no style."""
    return str.__str__(value) if isinstance(value, str) else ""


def _refuse_style(name: str, style: Any, known: Iterable[str], nemo: str = "") -> NoReturn:
    said = f"{_text(style)} {nemo} is not supported. " if nemo else ""
    raise SettingError(f"{said}{name} must be one of {tuple(known)}, received {shown(style)}")


def _text(value: Any) -> str:
    """Returns a setting as NeMo writes it into texts."""
    try:
        text = str(value)
    except Exception:
        return shown(value)
    return text if len(text) <= _checks.MOST_SHOWN else shown(value)


def _flag(name: str, value: Any) -> bool:
    try:
        return bool(value)
    except Exception:
        raise TypeError(f"{name} must be true or false, received {shown(value)}") from None


def _rate(name: str, value: Any) -> float:
    """Checks a finite number, in any form that float() takes."""
    try:
        number = float(value)
    except (ValueError, OverflowError):
        number = math.nan
    except Exception:
        raise TypeError(f"{name} must be a finite number, received {shown(value)}") from None
    if not math.isfinite(number):
        raise SettingError(f"{name} must be a finite number, received {shown(value)}")
    return number


def _number(name: str, value: Any) -> float:
    """Checks a finite number that is not given as text."""
    if isinstance(value, (str, bytes)):
        raise TypeError(f"{name} must be a finite number, received {shown(value)}")
    return _rate(name, value)


def _count(name: str, value: Any) -> float:
    """Checks a number of steps, which may be a fraction or infinite, and returns a whole one as an int."""
    number: float | None = _checks.integer(value)
    if number is None:
        try:
            number = math.nan if isinstance(value, (str, bytes)) else float(value)
        except Exception:
            number = math.nan
    if number != number:
        refused = SettingError if isinstance(value, float) else TypeError
        raise refused(f"{name} must be a number of steps, received {shown(value)}")
    if abs(number) > LARGEST_COUNT:
        return math.inf if number > 0 else -math.inf
    return int(number) if number == int(number) else number


def _finite_count(name: str, value: Any) -> float:
    number = _count(name, value)
    if math.isinf(number):
        raise SettingError(f"{name} must be finite, received {shown(value)}")
    return number


def _integer(name: str, value: Any) -> int:
    if isinstance(value, float) and value.is_integer():
        return int(value)
    number = _checks.integer(value)
    if number is None:
        raise SettingError(f"{name} must be an integer, received {shown(value)}")
    return number


def _position(name: str, value: Any) -> int:
    number = _integer(name, value)
    if not 0 <= number <= LAST_STEP:
        raise SettingError(f"{name} must be in 0 ... 2**53, received {shown(value)}")
    return number


def _checked_groups(optimizer: Any, curves: _Curves) -> list[Any]:
    """Returns the optimizer's groups, if each is a dict whose own numbers are allowed."""
    try:
        groups = list(optimizer.param_groups)
    except Exception:
        raise TypeError(f"optimizer must have param_groups, a list of dicts, received {shown(optimizer)}") from None
    if not groups:
        raise SettingError("param_groups of the optimizer must hold at least one group, received none")
    for index, group in enumerate(groups):
        curves.checked_table(group, f"param_groups[{index}]")
        _multipliers(group, f"param_groups[{index}]")
    return groups


def _multipliers(group: Mapping[str, Any], name: str) -> tuple[float, float]:
    lr_mult, wd_mult = (_multiplier(f"{key} of {name}", group.get(key, 1.0)) for key in ("lr_mult", "wd_mult"))
    return lr_mult, wd_mult


def _multiplier(name: str, value: Any) -> float:
    """Checks a multiplier: any number, as NeMo takes it, but no text."""
    try:
        return float(None if isinstance(value, (str, bytes)) else value)  # type: ignore[arg-type]
    except OverflowError:
        raise SettingError(f"{name} must be a number that a double can hold, received {shown(value)}") from None
    except Exception:
        raise TypeError(f"{name} must be a number, received {shown(value)}") from None


def _own_multipliers(groups: list[Any]) -> list[dict[str, float]]:
    """Returns the multipliers that each group gets at construction: the ratios of its rate and its weight decay to
    those of the first group."""
    for index, group in enumerate(groups):
        if "lr" not in group:
            raise MissingKeyError(f"param_groups[{index}] must have the key 'lr', received {shown(list(group))}")
    first_lr, first_wd = _as_float(groups[0]["lr"]), _as_float(groups[0].get("weight_decay", 0.0))
    multipliers: list[dict[str, float]] = [{} for _ in groups]
    for group, own in zip(groups, multipliers, strict=True):
        lr, wd = _as_float(group["lr"]), _as_float(group.get("weight_decay", 0.0))
        if not {"lr_mult", "max_lr", "min_lr"} & set(group):
            own["lr_mult"] = lr / first_lr if first_lr and lr is not None else 1.0
        if "wd_mult" not in group:
            own["wd_mult"] = wd / first_wd if first_wd and wd is not None else 1.0
    return multipliers


def _as_float(value: Any) -> float | None:
    try:
        return float(value)
    except OverflowError:
        message = f"lr and weight_decay of a group must be numbers that a double can hold, received {shown(value)}"
        raise SettingError(message) from None
    except Exception:
        return None


def _checked_state(state_dict: Mapping[str, Any]) -> dict[str, Any]:
    """Returns the settings and the step of a checkpoint, by their newest names."""
    if not has(state_dict, "keys"):
        raise TypeError(f"state_dict must be a dict, received {shown(state_dict)}")
    names = {name: (*OLDER_KEYS.get(name, ()), name) for name in (*LABELS, "num_steps")}
    known = [key for keys in names.values() for key in keys]
    unknown = [key for key in state_dict if key not in known]
    if unknown:
        received = ", ".join(map(shown, unknown))
        raise SettingError(f"keys of state_dict must be among {', '.join(known)}, received {received:.200}")
    if not any(name in state_dict for name in WEIGHT_DECAY):
        names = {name: keys for name, keys in names.items() if name not in WEIGHT_DECAY}
    found = {}
    for name, keys in names.items():
        present = [key for key in keys if key in state_dict]
        if not present:
            raise MissingKeyError(f"state_dict must have the key {name!r}, received {shown(list(state_dict))}")
        found[name] = _checked_entry(name, f"state_dict[{present[0]!r}]", state_dict[present[0]])
    return found


def _checked_entry(name: str, place: str, value: Any) -> Any:
    if name == "num_steps":
        return _position(place, value)
    if name.endswith("_style"):
        if not isinstance(value, str):
            raise TypeError(f"{place} must be a string, received {shown(value)}")
    elif name.endswith("_steps"):
        _count(place, value)
    else:
        _number(place, value)
    return value


LARGEST_COUNT = 2.0**1000
"""A number of steps beyond this counts as infinite."""
