"""Writes csrc/constants.h: every number the kernels hold that is not in a formula. Run it as `python
csrc/constants.py`.

Polynomials interpolate at Chebyshev nodes in 200 bits, which is within a factor of two of the best polynomial of that
degree, and each coefficient is then rounded once. A head keeps so few bits that its products are exact.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import mpmath
from mpmath import mpf

HEAD_BITS = 26  # two heads multiply exactly in a double's 53 bits
FINE = 32  # steps to a coarse one
LONG = 512  # from this length on fine steps turn a half cosine little
VERY_LONG = 2**32  # up to this length the squares of coarse steps are exact
LOG2_CELLS = 64  # per octave, from sqrt(1/2) on
LOG2_GRID_BITS = 20  # log2 of a step has six bits before the point: with these it fits in a head

Function = Callable[[mpf], mpf]


def hexadecimal(value: mpf) -> str:
    return float(value).hex()


def head(value: mpf, bits: int = HEAD_BITS) -> mpf:
    """Rounds `value` to `bits` significant bits."""
    mantissa, exponent = mpmath.frexp(value)
    return mpmath.ldexp(mpmath.nint(mpmath.ldexp(mantissa, bits)), exponent - bits)


def polynomial(function: Function, low: mpf, high: mpf, count: int) -> list[mpf]:
    """Returns the coefficients, lowest first, that interpolate `function` at the Chebyshev nodes of [low, high]."""
    nodes = [(low + high + (high - low) * mpmath.cos((2 * i + 1) * mpmath.pi / (2 * count))) / 2 for i in range(count)]
    powers = mpmath.matrix([[node**j for j in range(count)] for node in nodes])
    return list(mpmath.lu_solve(powers, mpmath.matrix([function(node) for node in nodes])))


def rest_of(value: mpf) -> mpf:
    """Returns what the double nearest to `value` leaves of it."""
    return value - mpf(float(value))


def exp2_quotient(r: mpf) -> mpf:
    """(2^r - 1) / r."""
    return mpmath.expm1(r * mpmath.ln2) / r if r else mpmath.ln2


def sine_squared_correction(v: mpf) -> mpf:
    """Q in sin(x)^2 = v (1 + v Q(v)), where v = x^2."""
    return ((mpmath.sin(mpmath.sqrt(v)) ** 2) / v - 1) / v if v else mpf(-1) / 3


def double_sine_correction(v: mpf) -> mpf:
    """Q in sin(2 x) = 2 x (1 + v Q(v)), where v = x^2."""
    angle = 2 * mpmath.sqrt(v)
    return (mpmath.sin(angle) / angle - 1) / v if v else mpf(-2) / 3


def log2_quotient(rho: mpf) -> mpf:
    """log2(1 + rho) / rho."""
    return mpmath.log1p(rho) / rho / mpmath.ln2 if rho else 1 / mpmath.ln2


def log2_cells(offset: int) -> list[tuple[mpf, mpf, mpf]]:
    """Returns, for each cell of mantissas, a head c near its reciprocal, and -log2(c) as a multiple of the grid plus a
    rest."""
    cells = []
    for cell in range(LOG2_CELLS):
        bits = offset + (2 * cell + 1) * (1 << 45)  # the middle of the cell, as the bits of a double
        exponent, fraction = bits >> 52, bits & ((1 << 52) - 1)
        middle = mpmath.ldexp(1 + mpf(fraction) / 2**52, exponent - 1023)
        reciprocal = head(1 / middle)
        logarithm = -mpmath.log(reciprocal, 2)
        coarse = mpmath.nint(mpmath.ldexp(logarithm, LOG2_GRID_BITS))
        coarse = mpmath.ldexp(coarse, -LOG2_GRID_BITS)
        cells.append((reciprocal, coarse, logarithm - coarse))
    return cells


def array(name: str, comment: str, rows: list[str], bounds: str) -> str:
    body = "\n".join(f"    {row}," for row in rows)
    return f"/* {comment} */\nstatic const double {name}{bounds} = {{\n{body}\n}};\n"


def scalar(name: str, comment: str, value: mpf) -> str:
    return f"#define {name} {hexadecimal(value)} /* {comment} */\n"


def render() -> str:
    mpmath.mp.prec = 200
    offset_bits = int(mpmath.floor(mpmath.sqrt(mpf(1) / 2) * 2**53)) - 2**52 + (1022 << 52)
    offset_bits &= ~((1 << 46) - 1)  # on a cell's edge
    cells = log2_cells(offset_bits)
    widest = mpf(1) / 128
    eighth, fine = (mpmath.pi / 4) ** 2, (mpmath.pi * FINE / (2 * LONG)) ** 2  # squares of the largest angles
    to_eighth, to_fine = "for x up to pi / 4.", f"for x up to {FINE} pi / {2 * LONG}."
    square, sine = "Q in sin(x)^2 = x^2 (1 + x^2 Q(x^2))", "Q in sin(2 x) = 2 x (1 + x^2 Q(x^2))"
    two_over_ln2 = 2 / mpmath.ln2

    def coefficients(name: str, comment: str, function: Function, low: mpf, high: mpf, count: int) -> str:
        found = polynomial(function, low, high, count)
        return array(name, comment, [hexadecimal(c) for c in found], f"[{count}]")

    parts = [
        "/* Written by csrc/constants.py; edit that. */\n#ifndef LRVEC_CONSTANTS_H\n#define LRVEC_CONSTANTS_H\n",
        coefficients("EXP2_QUOTIENT", "(2^r - 1) / r on |r| <= 1/2.", exp2_quotient, mpf(-1) / 2, mpf(1) / 2, 11),
        coefficients("SINE_SQUARED", f"{square} {to_eighth}", sine_squared_correction, mpf(0), eighth, 8),
        coefficients("SINE_SQUARED_NEAR", f"{square} {to_fine}", sine_squared_correction, mpf(0), fine, 4),
        coefficients("DOUBLE_SINE", f"{sine} {to_eighth}", double_sine_correction, mpf(0), eighth, 8),
        coefficients("DOUBLE_SINE_NEAR", f"{sine} {to_fine}", double_sine_correction, mpf(0), fine, 4),
        coefficients("LOG2_QUOTIENT", "log2(1 + rho) / rho on |rho| <= 1/128.", log2_quotient, -widest, widest, 7),
        scalar("LOG2_QUOTIENT_LOW", "the rest of its first coefficient", rest_of(1 / mpmath.ln2)),
        f"#define FINE {FINE} /* steps to a coarse one, of a half cosine */\n",
        f"#define LONG {LONG} /* from this length on a half cosine has coarse and fine steps */\n",
        f"#define VERY_LONG {hexadecimal(mpf(VERY_LONG))} /* below it the squares of coarse steps are exact */\n",
        scalar("PI_HIGH", "pi", mpf(mpmath.pi)),
        scalar("PI_LOW", "and its rest", rest_of(mpf(mpmath.pi))),
        scalar("LN2_HIGH", "ln 2", mpf(mpmath.ln2)),
        scalar("LN2_LOW", "and its rest", rest_of(mpf(mpmath.ln2))),
        scalar("TWO_OVER_LN2_HIGH", "2 / ln 2", two_over_ln2),
        scalar("TWO_OVER_LN2_LOW", "and its rest", rest_of(two_over_ln2)),
        f"#define LOG2_OFFSET UINT64_C({offset_bits:#x}) /* the bits of the least mantissa, next to sqrt(1/2) */\n",
        f"#define LOG2_CELLS {LOG2_CELLS} /* in an octave */\n",
        array(
            "LOG2_CELL",
            "A head c next to the reciprocal of the cell's middle; -log2(c) on a grid of 2^-20; the rest.",
            ["{" + ", ".join(hexadecimal(value) for value in cell) + "}" for cell in cells],
            f"[{LOG2_CELLS}][3]",
        ),
        "#endif\n",
    ]
    return "\n".join(parts)


if __name__ == "__main__":
    Path(__file__).with_name("constants.h").write_text(render())
