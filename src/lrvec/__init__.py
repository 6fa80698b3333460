"""Learning-rate schedules as pure functions, compiled.

>>> import lrvec
>>> schedule = lrvec.with_warmup(lrvec.cosine(base_lr=1.0, min_lr=0.0, total_steps=4), warmup_steps=2, start_lr=0.0)
>>> schedule(1)
0.5
>>> schedule(range(8)).tolist()[::2]
[0.0, 1.0, 0.5, 0.0]
"""

try:
    from ._engine import engine, simd
except ImportError as refusal:
    if (refusal.name or "").startswith("LRVEC_"):
        from ._cli_output import end_command

        end_command(refusal)
    raise
from ._schedule import Schedule, from_dict
from .compose import sample, sequential, with_warmup
from .cyclical import cosine_restarts, exp_range, triangular, triangular2
from .groups import GroupSchedule, scale_by_group
from .megatron import megatron_lr, megatron_wd
from .schedules import (
    constant,
    cosine,
    exponential,
    exponential_decay,
    inverse_sqrt,
    linear,
    multi_step,
    one_cycle,
    polynomial,
    polynomial_decay,
    step_decay,
    warmup_stable_decay,
)
from .stateful import as_schedule, constant_lr, lambda_lr, scan, step_lr
from .sweep import blocks, grid, pointwise, stack, summarize

__version__ = "0.1.0"

__all__ = [
    "GroupSchedule",
    "Schedule",
    "__version__",
    "as_schedule",
    "blocks",
    "constant",
    "constant_lr",
    "cosine",
    "cosine_restarts",
    "engine",
    "exp_range",
    "exponential",
    "exponential_decay",
    "from_dict",
    "grid",
    "install_as_lrsched",
    "inverse_sqrt",
    "lambda_lr",
    "linear",
    "megatron_lr",
    "megatron_wd",
    "multi_step",
    "one_cycle",
    "pointwise",
    "polynomial",
    "polynomial_decay",
    "sample",
    "scale_by_group",
    "scan",
    "sequential",
    "simd",
    "stack",
    "step_decay",
    "step_lr",
    "summarize",
    "triangular",
    "triangular2",
    "warmup_stable_decay",
    "with_warmup",
]


def install_as_lrsched() -> None:
    """From now on, in the whole process, `import lrsched` and its modules give lrvec.

    >>> import lrvec
    >>> lrvec.install_as_lrsched()
    >>> from lrsched.clr import triangular
    >>> triangular is lrvec.triangular
    True
    """
    import importlib
    import sys

    here = sys.modules[__name__]
    sys.modules["lrsched"] = here
    for theirs, ours in (
        ("schedules", "schedules"),
        ("compose", "compose"),
        ("groups", "groups"),
        ("clr", "cyclical"),
        ("cli", "cli"),
    ):
        module = importlib.import_module(f".{ours}", __name__)
        sys.modules[f"lrsched.{theirs}"] = module
        setattr(here, theirs, module)
