"""`python tests/worst_ulp.py [cases per kind]` prints a table of the largest error seen of each kind, over the table of cases
and as many random ones, beside mpmath's exact value. It takes a minute; search_ulp.py looks for errors that are larger."""

from __future__ import annotations

import random
import sys

from cases import CASES, FORMULAS, WITNESSES, random_case, steps_of
from oracle import STEEP, ulp_error
from record import Case, exact

import lrvec


def searched(kind: str, count: int) -> list[Case]:
    rng = random.Random(kind)
    return [case for case in CASES if case.kind == kind] + [random_case(rng, kind) for _ in range(count)]


def worst(kind: str, count: int) -> tuple[int, dict[bool, tuple[float, Case, int]]]:
    """How many values were compared; and the largest error, with its case and step: True for those measured in ulp of
    the value itself, False for those in ulp of something larger, where the formula cancels."""
    found: dict[bool, tuple[float, Case, int]] = {}
    compared = 0
    hardest = [(case, [step]) for case, step in WITNESSES if case.kind == kind]
    for case, steps in [*hardest, *((case, steps_of(case, near=2, anywhere=20)) for case in searched(kind, count))]:
        if case.params.get("power", 0.0) > STEEP:
            continue
        schedule = case.make()
        for step in steps:
            wanted = exact(case, step)
            error = ulp_error(schedule(step), wanted)
            own = abs(wanted.value) == wanted.size
            compared += 1
            if own not in found or error > found[own][0]:
                found[own] = (error, case, step)
    return compared, found


def main(count: int) -> None:
    print(f"Engine {lrvec.engine}, width {lrvec.simd}.\n")
    print("| kind | values compared | worst, in ulp of the value | of the peak | where the first was seen |")
    print("|---|---|---|---|---|")
    for kind in FORMULAS:
        compared, found = worst(kind, count)
        own, other = found[True], found.get(False)
        shown = str(own[1]) if len(str(own[1])) < 200 else f"{str(own[1])[:200]}..."
        of_the_peak = f"{other[0]:.2f}" if other else ""
        print(f"| {kind} | {compared:,} | {own[0]:.2f} | {of_the_peak} | `{shown}` at {own[2]:,} |", flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1000)
