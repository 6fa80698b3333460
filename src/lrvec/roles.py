"""These functions declare the parameters of a kind of your own, for the decorator `lrvec.kind`.

Each says what a parameter is to the kind, in what range it must be, and what it is about. From that follow the checks
and their messages, the flags of the command line, and whether an array may stand for the parameter. `exactly_one`,
`less_than` and `sum_at_most` make rules between parameters.

>>> from lrvec import roles
>>> roles.count("the steps of the decay")
<parameter : count, positive>
>>> roles.rate("the rate at the peak", roles.POSITIVE)
<parameter : rate, positive>
"""

from ._registry import (
    FINITE,
    NON_NEGATIVE,
    POSITIVE,
    UNIT,
    UNIT_TO_ONE,
    choice,
    count,
    counts,
    divisor,
    exactly_one,
    exponent,
    factor,
    flag,
    length,
    less_than,
    number,
    rate,
    ratio,
    schedule,
    share,
    sum_at_most,
)

__all__ = [
    "FINITE",
    "NON_NEGATIVE",
    "POSITIVE",
    "UNIT",
    "UNIT_TO_ONE",
    "choice",
    "count",
    "counts",
    "divisor",
    "exactly_one",
    "exponent",
    "factor",
    "flag",
    "length",
    "less_than",
    "number",
    "rate",
    "ratio",
    "schedule",
    "share",
    "sum_at_most",
]
