"""Print the page docs/recipes.md, which lists the schedules of published runs.

    python docs/recipes.py > docs/recipes.md

Each row is made of a function of `lrvec.recipes`.
"""

from __future__ import annotations

from lrvec.recipes import RECIPES, Recipe

INTRODUCTION = """\
# Schedules of published runs

`lrvec.recipes` has the schedules of published runs. A recipe is a function: it returns the schedule, and its
parameters are what the source leaves open. `source` says where the numbers stand, `stated` has them as published,
`chosen` says what is left open, and `steps` how long the run is.

```python
>>> from lrvec.recipes import llama_3_405b, whisper
>>> llama_3_405b()
warmup_cosine(base_lr=8e-05, min_lr=8e-07, warmup_steps=8000, total_steps=1200000, start_lr=0.0)
>>> llama_3_405b.stated["decay_steps"], llama_3_405b.chosen["counts_warmup"]
(1200000, 'whether the 1,200,000 steps count the warmup')
>>> whisper(size="tiny")(2048)
0.0015

```

Where a source counts tokens, the recipe's clock turns steps into tokens ([clocks](clocks.md)); with `clock=None` it
returns the schedule over tokens. Sources that contradict themselves are offered in both readings. What is not disclosed
is left out.

```console
$ lrvec recipe llama-3-405b --summary
```

`python docs/recipes.py` writes this page.

| recipe | what it is | rates: at its peak, and behind the last step | steps | source | left open |
|---|---|---|---|---|---|
"""


def page() -> str:
    """Returns the page."""
    return INTRODUCTION + "".join(map(row, RECIPES.values()))


def row(recipe: Recipe) -> str:
    """Returns a recipe's row of the table."""
    from lrvec import summarize

    schedule = recipe()
    found = summarize(schedule, range(recipe.steps + 1))
    about = " ".join((recipe.__doc__ or "").split())
    left = "; ".join(f"`{name}`: {text}" for name, text in recipe.chosen.items())
    rates = f"{found.max:.4g} ... {found.last:.4g}"
    return f"| `{recipe.name}` | {about} | {rates} | {recipe.steps:,} | {recipe.source} | {left} |\n"


if __name__ == "__main__":
    print(page(), end="")
