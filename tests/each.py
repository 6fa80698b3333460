"""This module makes one test of many cases, since pytest takes a millisecond for each test, and there are ten thousands of cases."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable
from typing import Any

import pytest


def each(items: Iterable[Any], group: Callable[[Any], str]) -> Callable[[Callable[..., None]], Any]:
    """Makes of a check of one item a test for each group of the items. `group` tells the group of an item. The test fails at
    the first item that does, and names it. Behind the item, a check takes fixtures as a test does."""
    groups: dict[str, list[Any]] = {}
    for item in items:
        groups.setdefault(group(item), []).append(item)

    def decorated(check: Callable[..., None]) -> Any:
        def test(group: str, **fixtures: Any) -> None:
            item: Any = None
            try:
                for item in groups[group]:
                    check(item, **fixtures)
            except (Exception, pytest.fail.Exception) as error:
                raise AssertionError(f"{getattr(item, 'name', item)}: {error}") from error

        _, *fixtures = inspect.signature(check).parameters.values()
        test.__signature__ = inspect.Signature([inspect.Parameter("group", inspect.Parameter.POSITIONAL_OR_KEYWORD), *fixtures])
        test.__name__, test.__doc__, test.__module__ = check.__name__, check.__doc__, check.__module__
        return pytest.mark.parametrize("group", groups)(test)

    return decorated


def of_kind(case: Any) -> str:
    """The group of a case that is made of its kind."""
    kind: str = case.kind
    return kind
