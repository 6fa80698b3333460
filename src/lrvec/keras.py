"""This module has the schedule that Keras takes as the learning rate of an optimizer, on all of its backends."""

from __future__ import annotations

from typing import Any

import keras
import numpy
from keras import ops

from ._checks import shown
from ._values import Schedule
from ._values.nesting import from_dict
from ._values.schedule import is_traced

__all__ = ["LearningRateSchedule"]


@keras.saving.register_keras_serializable(package="lrvec")
class LearningRateSchedule(keras.optimizers.schedules.LearningRateSchedule):  # type: ignore[misc]
    """The schedule of Keras gives an optimizer the rates of a schedule: `Adam(LearningRateSchedule(schedule))`.

    The operations of `keras.ops` compute a rate, within what Keras compiles, in the type `keras.config.floatx()`. A
    model is saved with the schedule; `keras.saving.load_model` makes it again wherever `lrvec.keras` is imported.

    Parameters
    ----------
    schedule : a schedule whose parameters are known, or the dict of its `to_dict()`.

    Raises
    ------
    TypeError for anything else, and whatever `from_dict` raises. A schedule that is made of a user's callable trains,
    but cannot be saved.

    >>> import lrvec
    >>> decay = lrvec.linear(base_lr=0.5, end_lr=0.0, total_steps=4)
    >>> optimizer = keras.optimizers.SGD(LearningRateSchedule(decay))
    >>> float(optimizer.learning_rate)
    0.5
    >>> keras.optimizers.deserialize(keras.optimizers.serialize(optimizer))._learning_rate.schedule == decay
    True
    """

    def __init__(self, schedule: Any) -> None:
        found = from_dict(schedule) if isinstance(schedule, dict) else schedule
        if not isinstance(found, Schedule) or is_traced(found):
            rule = "be one schedule whose parameters are known, or its dict"
            raise TypeError(f"schedule must {rule}, received {shown(found)}")
        self.schedule = found

    def __call__(self, step: Any) -> Any:
        """Return the rate at a step, which is a scalar tensor or a variable of the backend."""
        step = ops.convert_to_tensor(step)
        if not _Operations.isdtype(keras.backend.standardize_dtype(step.dtype), "integral"):
            step = ops.cast(step, "int32")
        return self.schedule(_Array(step)).tensor

    def get_config(self) -> dict[str, Any]:
        """Return the dict of the schedule, as the parameter of this class."""
        return {"schedule": self.schedule.to_dict()}


class _Array:
    """This object is a tensor of Keras's backend with the operators of the array API standard, as `keras.ops` has
    them."""

    __slots__ = ("tensor",)

    def __init__(self, tensor: Any) -> None:
        self.tensor = tensor

    def __array_namespace__(self, api_version: str | None = None) -> type[_Operations]:
        return _Operations

    @property
    def shape(self) -> tuple[int, ...]:
        return tuple(self.tensor.shape)

    @property
    def ndim(self) -> int:
        return len(self.tensor.shape)

    @property
    def dtype(self) -> str:
        name: str = keras.backend.standardize_dtype(self.tensor.dtype)
        return name

    def __neg__(self) -> _Array:
        return _Array(ops.negative(self.tensor))

    def __invert__(self) -> _Array:
        return _Array(ops.logical_not(self.tensor))


def _tensor(value: Any) -> Any:
    return value.tensor if isinstance(value, _Array) else value


def _operator(operation: Any, is_reflected: bool) -> Any:
    def compute(one: Any, other: Any) -> _Array:
        one, other = (other, one) if is_reflected else (one, other)
        return _Array(operation(_tensor(one), _tensor(other)))

    return compute


for _name, _operation in {
    "add": ops.add,
    "sub": ops.subtract,
    "mul": ops.multiply,
    "truediv": ops.true_divide,
    "floordiv": ops.floor_divide,
    "mod": ops.mod,
    "pow": ops.power,
    "and": ops.logical_and,
    "or": ops.logical_or,
}.items():
    setattr(_Array, f"__{_name}__", _operator(_operation, False))
    setattr(_Array, f"__r{_name}__", _operator(_operation, True))
for _name, _operation in {
    "lt": ops.less,
    "le": ops.less_equal,
    "gt": ops.greater,
    "ge": ops.greater_equal,
    "eq": ops.equal,
    "ne": ops.not_equal,
}.items():
    setattr(_Array, f"__{_name}__", _operator(_operation, False))


class _Operations:
    """This class is the namespace of `_Array`: the functions of the array API standard that the formulas ask for."""

    finfo, iinfo = numpy.finfo, numpy.iinfo

    @staticmethod
    def __array_namespace_info__() -> Any:
        return _Operations

    @staticmethod
    def default_dtypes() -> dict[str, str]:
        floatx = keras.config.floatx()
        return {"real floating": "float64" if floatx == "float64" else "float32", "integral": "int32"}

    @staticmethod
    def isdtype(dtype: str, kind: str) -> bool:
        starts = {
            "integral": ("int", "uint"),
            "signed integer": ("int",),
            "unsigned integer": ("uint",),
            "real floating": ("float", "bfloat"),
        }
        return dtype.startswith(starts[kind])

    @staticmethod
    def asarray(value: Any, dtype: str | None = None) -> _Array:
        return _Array(ops.convert_to_tensor(_tensor(value), dtype))

    @staticmethod
    def astype(value: _Array, dtype: str) -> _Array:
        return _Array(ops.cast(value.tensor, dtype))

    @staticmethod
    def clip(value: _Array, low: Any, high: Any) -> _Array:
        tensor = value.tensor if low is None else ops.maximum(value.tensor, _tensor(low))
        return _Array(tensor if high is None else ops.minimum(tensor, _tensor(high)))

    @staticmethod
    def broadcast_to(value: _Array, shape: tuple[int, ...]) -> _Array:
        return _Array(ops.broadcast_to(value.tensor, shape))


def _function(operation: Any) -> Any:
    def compute(*values: Any) -> _Array:
        return _Array(operation(*map(_tensor, values)))

    return staticmethod(compute)


_SAME = ("abs", "ceil", "exp", "expm1", "floor", "log", "log1p", "maximum", "minimum", "round", "sin", "sqrt", "where")
for _name, _operation in {"pow": ops.power, **{name: getattr(ops, name) for name in _SAME}}.items():
    setattr(_Operations, _name, _function(_operation))
