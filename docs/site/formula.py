"""This module renders the formulas of docstrings as MathML, which browsers show without any script.

A formula has lines, and a line has columns with four spaces or more between them. What stands
behind a semicolon gets a line of its own. A column is an expression or a
relation such as `lr(t) = base_lr gamma^t`, `for t < total_steps`, or a text in words.
"""

from __future__ import annotations

import re
from html import escape

WORDS = {"and", "by", "ever", "for", "from", "if", "on", "or", "past", "there", "throughout", "too", "unless", "with"}
"""These words stand between the expressions of a column."""

FUNCTIONS = {"abs", "ceil", "cos", "floor", "ln", "max", "min", "round", "sqrt", "tanh"}

TOKEN = re.compile(r"\s*(\d+\.?\d*(?:e-?\d+)?|[A-Za-z]\w*|\.\.\.|<=|>=|`[^`]*`|[-+/^()\[\],=<>])")

RELATIONS = {"=": "=", "<": "&lt;", ">": "&gt;", "<=": "≤", ">=": "≥", ",": ","}


class Parenthesised(str):
    """This is an element in parentheses, which a fraction and an exponent go without."""

    inside: str

    def __new__(cls, inside: str) -> Parenthesised:
        element = super().__new__(cls, around(inside))
        element.inside = f"<mrow>{inside}</mrow>"
        return element


class Column:
    """This parser reads one column: relations of sums of products of powers."""

    def __init__(self, text: str) -> None:
        self.tokens: list[str] = []
        place = 0
        while place < len(text.rstrip()):
            found = TOKEN.match(text, place)
            if found is None:
                raise ValueError(f"a formula must be made of names, numbers and operators, received {text!r}")
            self.tokens.append(found[1])
            place = found.end()

    @property
    def next(self) -> str:
        return self.tokens[0] if self.tokens else ""

    def take(self, token: str = "") -> str:
        if token and self.next != token:
            raise ValueError(f"a formula must have {token!r} here, received {self.tokens!r}")
        return self.tokens.pop(0)

    def relations(self) -> str:
        """Reads the whole column."""
        parts = []
        while self.tokens:
            if self.next in RELATIONS:
                parts.append(f"<mo>{RELATIONS[self.take()]}</mo>")
            elif self.next in WORDS or self.next.startswith("`"):
                words = []
                while self.next in WORDS or self.next.startswith("`"):
                    words.append(self.take().strip("`"))
                parts.append(f"<mtext>&nbsp;{escape(' '.join(words))}&nbsp;</mtext>")
            else:
                parts.append(self.sum())
        return "".join(parts)

    def sum(self) -> str:
        parts = []
        while True:
            if self.next in ("+", "-"):
                parts.append(f"<mo>{'&minus;' if self.take() == '-' else '+'}</mo>")
            parts.append(self.product())
            if self.next not in ("+", "-"):
                return row(parts)

    def product(self) -> str:
        factors = [self.power()]
        while True:
            if self.next == "/":
                self.take()
                factors = [f"<mfrac>{bare(row(factors))}{bare(self.power())}</mfrac>"]
            elif self.next == "mod":
                factors.append(f"<mo>{self.take()}</mo>")
                factors.append(self.power())
            elif self.next and (self.next[0].isalnum() or self.next in ("(", "...")) and self.next not in WORDS:
                factors.append("<mspace width='0.2em'/>")
                factors.append(self.power())
            else:
                return row(factors)

    def power(self) -> str:
        base = self.atom()
        if self.next == "^":
            self.take()
            return f"<msup>{base}{bare(self.power())}</msup>"
        return base

    def atom(self) -> str:
        token = self.take()
        if token == "(":
            inside = self.sum()
            self.take(")")
            return Parenthesised(inside)
        if token[0].isdigit():
            return f"<mn>{token}</mn>"
        if token == "...":
            return "<mo>…</mo>"
        if not token[0].isalpha():
            raise ValueError(f"a formula must have a name or a number here, received {token!r}")
        word, _, below = token.rpartition("_")
        name = f"<mi>{'π' if token == 'pi' else token}</mi>"
        if word and len(below) == 1:
            name = f"<msub><mi>{word}</mi><mi>{below}</mi></msub>"
        if self.next == "[":
            self.take()
            inside = self.sum()
            self.take("]")
            return f"<msub>{name}{inside}</msub>"
        if token == "sqrt":
            self.take("(")
            inside = self.sum()
            self.take(")")
            return f"<msqrt>{inside}</msqrt>"
        if self.next != "(" or not self.is_call(token):
            return name
        self.take("(")
        arguments = [self.sum()]
        while self.next == ",":
            self.take()
            arguments += ["<mo>,</mo>", self.sum()]
        self.take(")")
        return row([name, around("".join(arguments))])

    def is_call(self, name: str) -> bool:
        """A name that stands before a parenthesis is a function, if it is one of those that docstrings call."""
        return name in FUNCTIONS or re.fullmatch(r"lr|lr_\w|wd|[fg]|then|other|schedule(_\w)?", name) is not None


def row(parts: list[str]) -> str:
    return parts[0] if len(parts) == 1 else f"<mrow>{''.join(parts)}</mrow>"


def around(inside: str) -> str:
    """Returns elements in parentheses, which are as high as a fraction in them."""
    form = "symmetric='false'" if "<mfrac>" in inside else "stretchy='false'"
    return f"<mrow><mo {form}>(</mo>{inside}<mo {form}>)</mo></mrow>"


def bare(element: str) -> str:
    """Returns what lies in parentheses, without them."""
    return element.inside if isinstance(element, Parenthesised) else element


def column(text: str) -> str:
    """Returns one column of a line. What is no relation is a text."""
    if re.search(r"[=<>]", text):
        try:
            return f"<mrow>{Column(text).relations()}</mrow>"
        except ValueError:
            pass
    return f"<mtext>{escape(text.replace('`', ''))}</mtext>"


def mathml(block: str) -> str:
    """Returns a formula of some lines as an element of HTML."""
    lines: list[list[str]] = []
    for line in block.splitlines():
        if not line.strip():
            continue
        if line.startswith(" ") and lines:  # the last column goes on
            lines[-1][-1] += f" {line.strip()}"
        else:
            lines.append(re.split(r" {4,}", line.strip()))
    for place, line in reversed(list(enumerate(lines))):
        line[-1], mark, remark = line[-1].partition("; ")
        if mark:
            lines.insert(place + 1, [""] * (len(line) - 1) + [remark])
    rows = "".join(f"<mtr>{''.join(f'<mtd>{column(text)}</mtd>' for text in line)}</mtr>" for line in lines)
    return f"<math display='block' class='formula'><mtable displaystyle='true'>{rows}</mtable></math>"
