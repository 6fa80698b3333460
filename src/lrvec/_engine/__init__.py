"""The engine and the vector width are chosen at import. LRVEC_ENGINE and LRVEC_SIMD force a choice."""

from __future__ import annotations

import os

from .. import _checks

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import ModuleType

RELATIONS = ("below", "at_most", "above", "at_least")
"""A value is asked to be in one of these relations to a threshold."""


def _compiled() -> tuple[ModuleType | None, str]:
    """Returns the compiled engine; or None, and why there is none."""
    try:
        import lrvec._engine._kernels as kernels
    except ModuleNotFoundError:
        return None, "the compiled one is missing. Install a C compiler and reinstall, or set"
    except ImportError as error:  # a second interpreter of a process raises it
        return None, f"the compiled one cannot be loaded here, by its own words: {error} Set"
    return kernels, ""


def _forced(variable: str, choices: tuple[str, ...]) -> str | None:
    name = os.environ.get(variable)
    return _checks.setting(variable, name, choices) if name else None


def _choose() -> tuple[ModuleType, str, str]:
    kernels, reason = _compiled()
    forced = _forced("LRVEC_ENGINE", ("python",) if kernels is None else ("compiled", "python"))
    widths = ("baseline",) if kernels is None or forced == "python" else kernels.widths()
    width = _forced("LRVEC_SIMD", widths)
    if kernels is not None and forced != "python":
        return kernels, "compiled", kernels.choose_width(width)
    if forced is None:
        import warnings

        warnings.warn(
            "lrvec runs its Python engine, which is hundreds of times slower: "
            f"{reason} LRVEC_ENGINE=python to be content with this.",
            RuntimeWarning,
            stacklevel=2,
        )
    from . import reference

    return reference, "python", "baseline"


_chosen, engine, simd = _choose()

if TYPE_CHECKING:
    from ._kernels import Evaluator as Evaluator
    from ._kernels import Products as Products
    from ._kernels import Reader as Reader
    from ._kernels import Rows as Rows
    from ._kernels import Table as Table
    from ._kernels import call_fast as call_fast
    from ._kernels import fill_arrays as fill_arrays
    from ._kernels import fill_ranges as fill_ranges
    from ._kernels import first_invalid as first_invalid
    from ._kernels import holds_numbers as holds_numbers
    from ._kernels import in_turn as in_turn
    from ._kernels import others as others
    from ._kernels import plain_table as plain_table
    from ._kernels import precise_value as precise_value
    from ._kernels import products as products
    from ._kernels import rows_of as rows_of
    from ._kernels import run_start as run_start
    from ._kernels import shape_value as shape_value
else:
    Evaluator = _chosen.Evaluator
    Products = _chosen.Products
    Reader = _chosen.Reader
    Rows = _chosen.Rows
    Table = _chosen.Table
    call_fast = _chosen.call_fast
    fill_arrays = _chosen.fill_arrays
    fill_ranges = _chosen.fill_ranges
    first_invalid = _chosen.first_invalid
    holds_numbers = _chosen.holds_numbers
    in_turn = _chosen.in_turn
    others = _chosen.others
    plain_table = _chosen.plain_table
    precise_value = _chosen.precise_value
    products = _chosen.products
    rows_of = _chosen.rows_of
    run_start = _chosen.run_start
    shape_value = _chosen.shape_value
