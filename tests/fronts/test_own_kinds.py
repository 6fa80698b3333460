"""These tests make kinds of a user's own, each set in a process of its own: kinds stay until the process ends."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
from pathlib import Path

from lrvec._values import own

TESTS = Path(__file__).parent.parent


def python(script: str, own: bool = True) -> list[str]:
    """The lines that a script prints. It finds `own_kinds`, which it has imported if `own` is true."""
    head = "import own_kinds\nfrom own_kinds import *\n" if own else ""
    head += "import json, pickle, sys, numpy, lrvec\nfrom lrvec import roles\n"
    head += "def refused(call):\n    try:\n        print('taken', call())\n    except Exception as error:\n        print(type(error).__name__, error, sep=': ')\n"
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", head + textwrap.dedent(script)],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(TESTS)},
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def test_no_own_parameter_has_the_name_of_a_flag() -> None:
    """The flags that a kind with no parameters of its own would have."""
    (flags,) = python(
        """
        from lrvec import cli
        choices = lambda *argv: cli._parser(argv)._subparsers._group_actions[0].choices
        both = [choices("constant")["constant"], choices("sweep", "constant")["sweep"]._subparsers._group_actions[0].choices["constant"]]
        print(sorted({action.dest for parser in both for action in parser._actions} - {"lr", "with_warmup_steps", "with_start_lr"}))
        """,
        own=False,
    )
    assert flags == str(sorted(own._FLAGS))


RAMP = "own_ramp(base_lr=1.0, warmup_steps=2, total_steps=6)"


def test_it_is_a_schedule_of_its_own_kind() -> None:
    printed = python(f"""
        ramp = {RAMP}
        print(ramp(range(8)).tolist())
        print(ramp, type(ramp).__name__, ramp.kind, dict(ramp.params))
        print(ramp == own_ramp(base_lr=1, warmup_steps=2, total_steps=6, decay="linear"), ramp == ramp.replace(base_lr=2.0))
        print(hash(ramp) == hash({RAMP}))
        print(own_echo(own_ramp(base_lr=1.0, warmup_steps=0, total_steps=2), steps=2)(range(5)).tolist())
        print(own_call(base_lr=1.0)([0, 1, 3]).tolist(), own_nothing()(5))
    """)
    assert printed == [
        "[0.0, 0.5, 1.0, 0.75, 0.5, 0.25, 0.0, 0.0]",
        "own_ramp(base_lr=1.0, warmup_steps=2, total_steps=6, decay='linear') Schedule own_ramp "
        "{'base_lr': 1.0, 'warmup_steps': 2, 'total_steps': 6, 'decay': 'linear'}",
        "True False",
        "True",
        "[1.0, 0.5, 1.0, 0.5, 0.5]",
        "[1.0, 0.5, 0.25] 0.0",
    ]


def test_it_has_the_functions_name_and_signature() -> None:
    printed = python("""
        import inspect
        print(own_ramp.__name__, own_ramp.__module__, list(inspect.signature(own_ramp).parameters))
        print(lrvec.kinds()["own_ramp"], list(lrvec.kinds())[-4:])
        print(hasattr(lrvec, "own_ramp"), "own_ramp" in lrvec.__all__)
    """)
    assert printed == [
        "own_ramp own_kinds ['base_lr', 'warmup_steps', 'total_steps', 'decay']",
        "<kind own_ramp: base_lr, warmup_steps, total_steps, decay> ['own_ramp', 'own_echo', 'own_call', 'own_nothing']",
        "False False",
    ]


def test_json_and_pickle() -> None:
    """Also within and around other kinds, and where its function uses a callable."""
    printed = python(f"""
        for one in ({RAMP}, own_call(base_lr=0.5), lrvec.with_warmup({RAMP}, warmup_steps=3, start_lr=0.0),
                    own_echo(own_echo(lrvec.with_warmup({RAMP}, warmup_steps=3, start_lr=0.0), steps=2), steps=9),
                    own_ramp(base_lr=[1.0, 2.0], warmup_steps=0)):
            there = lrvec.from_dict(json.loads(json.dumps(one.to_dict())))
            back = pickle.loads(pickle.dumps(one))
            print(there == one == back, repr(there) == repr(one), (back(range(9)) == one(range(9))).all())
        print({RAMP}.to_dict())
    """)
    assert printed[:-1] == ["True True True"] * 5
    assert printed[-1] == (
        "{'kind': 'own_ramp', 'params': {'base_lr': 1.0, 'warmup_steps': 2, 'total_steps': 6, 'decay': 'linear'}}"
    )


def test_a_pickle_imports_the_module_that_defines_the_kind() -> None:
    made = python(f"print(pickle.dumps([{RAMP}, lrvec.with_warmup({RAMP}, warmup_steps=3, start_lr=0.0)]))")
    (printed,) = python(f"print([one(4) for one in pickle.loads({made[0]})], 'own_kinds' in sys.modules)", own=False)
    assert printed == "[0.5, 0.5] True"


def test_a_dict_of_an_unknown_kind_is_refused() -> None:
    (printed,) = python("refused(lambda: lrvec.from_dict({'kind': 'own_ramp', 'params': {}}))", own=False)
    assert printed.startswith("ValueError: kind must be one of with_warmup,")
    assert printed.endswith("received 'own_ramp'")


def test_sweeps() -> None:
    """Each row has the bits of its schedule alone, though the function has an `if` and a `max` in it."""
    printed = python("""
        sweep = own_ramp(base_lr=numpy.array([[1.0], [2.0]]), warmup_steps=[0, 2, 3], total_steps=6, decay="cosine")
        print(sweep.shape, type(sweep).__name__, sweep[1, 2])
        steps = range(9)
        print(all((sweep(steps)[i, j] == sweep[i, j](steps)).all() for i in range(2) for j in range(3)))
        warm = lrvec.with_warmup(sweep, warmup_steps=3, start_lr=0.0)
        print(all((warm(steps)[i, j] == warm[i, j](steps)).all() for i in range(2) for j in range(3)))
        print(lrvec.summarize(sweep, steps).max.tolist(), lrvec.pointwise(sweep[0], [0, 2, 3]).tolist())
        print(lrvec.grid(own_ramp, base_lr=[1.0, 2.0], warmup_steps=[0, 1]).shape)
        print((sweep[0](steps) == own_ramp(base_lr=1.0, warmup_steps=[0, 2, 3], total_steps=6, decay="cosine")(steps)).all())
        print(own_echo(lrvec.constant(lr=[1.0, 2.0]), steps=[1, 2])(3).tolist())
        print(lrvec.scale_by_group(sweep, multipliers={"head": 0.5})["head"].shape, sweep.replace(base_lr=1.0).shape)
        refused(lambda: own_ramp(base_lr=1.0, warmup_steps=[0, 6], total_steps=6))
        refused(lambda: own_ramp(base_lr=[1.0, -1.0], warmup_steps=0))
    """)
    assert printed == [
        "(2, 3) Sweep own_ramp(base_lr=2.0, warmup_steps=3, total_steps=6, decay='cosine')",
        "True",
        "True",
        "[[1.0, 1.0, 1.0], [2.0, 2.0, 2.0]] [1.0, 1.0, 1.0]",
        "(2, 2)",
        "True",
        "[1.0, 2.0]",
        "(2, 3) (3,)",
        "ValueError: warmup_steps at index 1 must be less than total_steps, received 6",
        "ValueError: base_lr at index 1 must be a positive number, received -1.0",
    ]


def test_the_command_line() -> None:
    printed = python("""
        from lrvec.cli import run
        print(run(["own-ramp", "--base-lr", "1", "--warmup-steps", "2", "--total-steps", "4", "--steps", "4"]))
        print(run(["sweep", "own-ramp", "--base-lr", "1,2", "--warmup-steps", "0", "--steps", "4"]))
        try:
            run(["own-ramp", "--help"])
        except SystemExit as end:
            print("ended", end.code)
    """)
    assert printed[:5] == ["0\t0", "1\t0.5", "2\t1", "3\t0.5", "0"]
    assert [line.split()[:1] for line in printed[6:8]] == [["1"], ["2"]]
    assert any("Warm up, then decay by 100 % of the rate." in line for line in printed)
    assert any("the rate of the plateau, 100 % of it, positive" in line for line in printed)
    assert printed[-1] == "ended 0"


REFUSED: list[tuple[str, str, str]] = [
    (
        "a name that is there",
        "lrvec.kind(lr=roles.rate('it'))(type(lambda: 0)((lambda *, lr: 0).__code__, {}, 'constant'))",
        "ValueError: a kind must have a name of its own, received a second constant",
    ),
    ("its own name again", "lrvec.kind(own_nothing)", "ValueError: a kind must have a name of its own, received a second own_nothing"),
    (
        "a command that is there",
        "lrvec.kind(command='step')(mine)",
        "ValueError: command of mine must be its own, received a second 'step'",
    ),
    (
        "another command of lrvec",
        "lrvec.kind(command='eval')(mine)",
        "ValueError: command of mine must be its own, received a second 'eval'",
    ),
    (
        "another name of a command that is there",
        "lrvec.kind(command='warmup-stable-decay')(mine)",
        "ValueError: command of mine must be its own, received a second 'warmup-stable-decay'",
    ),
    ("no function", "lrvec.kind(3)", "TypeError: a kind must be made of a function, received 3"),
    (
        "no name",
        "lrvec.kind(lr=lrvec.roles.rate('x'))(lambda *, lr: lrvec.constant(lr=lr))",
        "ValueError: a kind must have a name that a call can be written with, received <lambda>",
    ),
    ("any parameters", "lrvec.kind(lambda **rest: 0)", "TypeError: parameters of <lambda> must all have names, received * or ** or /"),
    (
        "nothing declared",
        "lrvec.kind(lambda *, lr: 0)",
        "TypeError: parameters of <lambda> must be declared, each of its function's and no other, as in total_steps=count(...), received ['lr']",
    ),
    (
        "declared by a number",
        "lrvec.kind(lr=0.1)(lambda *, lr: 0)",
        "TypeError: lr of <lambda> must be declared by lrvec.roles, received 0.1",
    ),
    (
        "a number by position",
        "lrvec.kind(lr=roles.rate('it'))(lambda lr: 0)",
        "TypeError: lr of <lambda> must be keyword-only, after a *, as all but schedules, received it before",
    ),
    (
        "a schedule by keyword",
        "lrvec.kind(inner=roles.schedule('it'))(lambda *, inner: 0)",
        "TypeError: inner of <lambda> must stand before all keyword-only parameters, received it after a *",
    ),
    (
        "a flag",
        "lrvec.kind(steps=roles.count('them'))(lambda *, steps: 0)",
        "ValueError: steps of <lambda> must have a name that is no flag of the command line, received 'steps'",
    ),
    (
        "the other name of a flag",
        "lrvec.kind(up=roles.flag('it'), no_up=roles.flag('its other'))(lambda *, up, no_up: 0)",
        "ValueError: no_up of <lambda> must have a name that is no flag of the command line, received 'no_up'",
    ),
    ("no schedule returned", "lrvec.kind(mine)()", "TypeError: mine must return a schedule of lrvec, received 0.5"),
    ("a bad parameter", "own_ramp(base_lr=0.0, warmup_steps=1)", "ValueError: base_lr must be a positive number, received 0.0"),
    (
        "a whole float",
        "own_ramp(base_lr=1.0, warmup_steps=0, total_steps=1e3)",
        "ValueError: total_steps must be a positive integer, received 1000.0: use int(1000.0)",
    ),
    (
        "an unknown parameter",
        "own_ramp(base_lr=1.0, warmup_steps=0, momentum=0.9)",
        "TypeError: own_ramp() got an unexpected keyword argument 'momentum'",
    ),
    (
        "a callable in a dict",
        "lrvec.sequential([(1, len)]).to_dict()",
        "TypeError: phases must be made of schedules to become a dict: use @lrvec.kind for a function that makes some, received <built-in function len>",
    ),
]


def test_what_is_refused() -> None:
    """All in one process, since a refused kind leaves nothing behind."""
    calls = [f"refused(lambda: {call})" for _, call, _ in REFUSED]
    printed = python("\n".join(["def mine():", "    return 0.5", *calls]))
    names = [name for name, *_ in REFUSED]
    assert dict(zip(names, printed, strict=True)) == {name: message for name, _, message in REFUSED}


def test_a_refused_kind_leaves_nothing_behind() -> None:
    printed = python("""
        def mine():
            return lrvec.constant(lr=1.0)
        refused(lambda: lrvec.kind(command="step")(mine))
        print("mine" in lrvec.kinds())
        print(lrvec.kind(mine)()(3), "mine" in lrvec.kinds())
    """)
    assert printed[1:] == ["False", "1.0 True"]


def test_one_declaration_serves_several_kinds() -> None:
    printed = python("""
        lr = roles.rate("the rate")
        @lrvec.kind(first=lr)
        def one(*, first): return lrvec.constant(lr=first)
        @lrvec.kind(second=lr)
        def two(*, second=0.25): return lrvec.constant(lr=second)
        print(one(first=1.0), two())
        refused(lambda: one())
    """)
    assert printed == ["one(first=1.0) two(second=0.25)", "TypeError: one() missing 1 required keyword-only argument: 'first'"]


def test_lengths_and_ratios_need_not_be_whole() -> None:
    printed = python("""
        @lrvec.kind(period=roles.length("the steps of a copy"), by=roles.ratio("how many times as slow a copy is"))
        def saw(*, period, by):
            line = lrvec.linear(base_lr=1.0, end_lr=0.0, total_steps=4)
            return lrvec.repeat(lrvec.stretched(line, by=by), period=period)
        print(saw(period=2.5, by=0.625)(range(6)).tolist())
        refused(lambda: saw(period=0.5, by=1))
        refused(lambda: saw(period=2, by=0.0))
    """)
    assert printed == [
        "[1.0, 0.6, 0.2, 0.8, 0.4, 1.0]",
        "ValueError: period must be at least 1, received 0.5",
        "ValueError: by must be a positive number, received 0.0",
    ]
