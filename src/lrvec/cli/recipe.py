"""The command `recipe` prints, draws, sums up or saves the schedule of a published run."""

from __future__ import annotations

import argparse

from .. import recipes
from . import curve
from .output import naming

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ..recipes import Recipe


def add_command(subparsers: argparse._SubParsersAction[Any], named: tuple[str, ...]) -> None:
    sentence = "Print, draw, sum up or save the schedule of a published run."
    parser = subparsers.add_parser("recipe", help=sentence, description=sentence)
    commands = parser.add_subparsers(dest="recipe", required=True, metavar="NAME")
    for name, recipe in recipes.RECIPES.items():
        text = (recipe.__doc__ or "").replace("%", "%%")
        about = f"{text} Source: {recipe.source}. By default --steps is {recipe.steps}."
        command = name.replace("_", "-")
        names = list(dict.fromkeys([command, name]))
        is_named = not set(names).isdisjoint(named)
        one = commands.add_parser(command, aliases=names[1:], help=text, description=about, is_named=is_named)
        if is_named:
            one.set_defaults(produce=_produce, made=recipe)
            _add_chosen(one, recipe)
            curve.add_output(one)


def _add_chosen(parser: argparse.ArgumentParser, recipe: Recipe) -> None:
    """Adds a flag for each parameter that is a word, a number, or yes or no."""
    group = parser.add_argument_group("what the source leaves open")
    for name, value in recipe.defaults.items():
        flag, text = _flag(name), f"{recipe.chosen[name]}, default {value}".replace("%", "%%")
        if type(value) is bool:
            group.add_argument(flag, default=value, action=argparse.BooleanOptionalAction, help=text)
        elif isinstance(value, (str, int, float)):
            group.add_argument(flag, default=value, type=type(value), metavar=name.upper(), help=text)


def _flag(name: str) -> str:
    return "--" + name.replace("_", "-")


def _produce(arguments: argparse.Namespace) -> None:
    recipe: Recipe = arguments.made
    with naming({name: _flag(name) for name in recipe.defaults}):
        schedule = recipe(**{name: value for name, value in vars(arguments).items() if name in recipe.defaults})
    if arguments.steps is arguments.at is arguments.first_below is None:
        arguments.steps = recipe.steps
    curve.produce(arguments, schedule)
