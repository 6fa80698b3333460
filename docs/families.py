"""Print the page docs/families.md, which says what other libraries' schedules are in lrvec.

    python docs/families.py > docs/families.md

A row about a function of `lrvec.dialects` is made of the first example in its docstring. The schedules that have no
function there stand in `tests/families/formulas`.
"""

from __future__ import annotations

import doctest
import importlib
import sys
from pathlib import Path
from typing import Any

from lrvec.dialects import names

INTRODUCTION = """\
# You have this, write that

These are schedules of other libraries. A row of a table has a call by the library's own name, and the schedule of
lrvec that this call makes. Write either: both give the same values.

```python
>>> from lrvec.dialects.optax import cosine_decay_schedule
>>> cosine_decay_schedule(1.0, decay_steps=100, alpha=0.125)
cosine(base_lr=1.0, min_lr=0.125, total_steps=100)

```

A function has the parameters of its original, in their order and with their defaults, but no optimizer and no epoch
to resume from. It imports nothing from the library. Its docstring has the formula, and says where the library's own
rounding departs from its rule. The tests run each function beside the library itself, with random parameters, over
every boundary and past the end. `lrvec.dialects.names()` lists the functions.

`python docs/families.py` writes this page.
"""


FORMULAS = """\
## Schedules without a function here

These expressions of lrvec are in the words of the programs. The tests compare each with the program's closed form, and
some with the program itself, over every boundary and past the end. Where there is no expression, the last column says
why.
"""


def page() -> str:
    """Returns the page."""
    sections = [INTRODUCTION]
    for library in sorted({library for library, _ in names()}):
        head = [f"## {library}", "", f"| `lrvec.dialects.{library}` | call | schedule |", "|---|---|---|"]
        rows = [f"| `{name}` | `{call}` | `{native}` |" for name, call, native in map(example, names(library))]
        sections.append("\n".join([*head, *rows, ""]))
    sections.append(FORMULAS)
    for program in sorted(formulas().programs(), key=lambda program: program.PROGRAM.lower()):
        head = [f"### {program.PROGRAM}", "", "| schedule | lrvec | |", "|---|---|---|"]
        rows = [
            f"| {one.schedule.replace('*', chr(92) + '*')} | {f'`{one.native}`' if one.native else ''} | {one.note} |"
            for one in program.ROWS
        ]
        sections.append("\n".join([*head, *rows, ""]))
    return "\n".join(sections)


def formulas() -> Any:
    """Returns the package of the programs that have no dialect."""
    sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "families"))
    return importlib.import_module("formulas")


def example(pair: tuple[str, str]) -> tuple[str, str, str]:
    """Returns a function's name, the call in its first example, and the repr of what it makes."""
    library, name = pair
    module = importlib.import_module(f"lrvec.dialects.{library}")
    first = doctest.DocTestParser().get_examples(getattr(module, name).__doc__)[0]
    call = " ".join(line.partition("  # doctest:")[0].strip() for line in first.source.splitlines())
    return name, call, repr(eval(call, vars(module)))


if __name__ == "__main__":
    print(page(), end="")
