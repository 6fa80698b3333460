"""These tests train with lrvec.torch.LRScheduler: what the optimizer's groups hold within a step is what the schedules give.

`python test_torch_scheduler.py FOLDER` continues the runs that are saved there, and prints the rest of each as JSON.
"""

from __future__ import annotations

import copy
import json
import os
import pickle
import sys
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from processes import run
from sklearn.datasets import load_iris

import lrvec
from lrvec.torch import LRScheduler

MIDDLE, END = 13, 30
RATE = lrvec.with_warmup(lrvec.cosine(base_lr=0.05, min_lr=0.001, total_steps=20), warmup_steps=5, start_lr=0.0)
OTHER = lrvec.linear(base_lr=0.03, end_lr=0.0, total_steps=25)
DECAY = lrvec.cosine(base_lr=0.04, min_lr=0.4, total_steps=30)
MOMENTUM = lrvec.linear(base_lr=0.85, end_lr=0.95, total_steps=25)


def iris() -> tuple[torch.Tensor, torch.Tensor]:
    found = load_iris()
    return torch.tensor(found.data, dtype=torch.float32), torch.tensor(found.target)


def model() -> torch.nn.Sequential:
    torch.manual_seed(0)
    return torch.nn.Sequential(torch.nn.Linear(4, 8), torch.nn.Tanh(), torch.nn.Linear(8, 3))


def groups(net: torch.nn.Sequential, **own: Any) -> list[dict[str, Any]]:
    body, _, head = net
    return [{"params": [*body.parameters()], "name": "body"}, {"params": [*head.parameters()], "name": "head", **own}]


def sgd(net: torch.nn.Sequential, **own: Any) -> torch.optim.Optimizer:
    return torch.optim.SGD(groups(net, **own), lr=7.0, momentum=0.5)


def adamw(net: torch.nn.Sequential, **own: Any) -> torch.optim.Optimizer:
    return torch.optim.AdamW(groups(net, **own), lr=7.0)


def sequential(optimizer: Any, *phases: Any, at: int) -> Any:
    return torch.optim.lr_scheduler.SequentialLR(optimizer, list(phases), milestones=[at])


def exponential(optimizer: Any) -> Any:
    return torch.optim.lr_scheduler.ExponentialLR(optimizer, 0.9)


def chained(*parts: Any) -> Any:
    return torch.optim.lr_scheduler.ChainedScheduler(list(parts))


Make = Callable[[torch.nn.Sequential], torch.optim.Optimizer]
Rates = Callable[[int], list[float]]

CASES: dict[str, tuple[Make, Callable[[Any], Any], Rates]] = {
    "one schedule": (sgd, lambda o: LRScheduler(o, RATE), lambda i: [RATE(i), RATE(i)]),
    "a schedule's dict": (sgd, lambda o: LRScheduler(o, RATE.to_dict()), lambda i: [RATE(i), RATE(i)]),
    "a number": (sgd, lambda o: LRScheduler(o, lr=0.03), lambda i: [0.03, 0.03]),
    "a callable": (sgd, lambda o: LRScheduler(o, lambda i: 0.1 / (1 + i)), lambda i: [0.1 / (1 + i)] * 2),
    "one for each group": (adamw, lambda o: LRScheduler(o, [RATE, OTHER]), lambda i: [RATE(i), OTHER(i)]),
    "a frozen group": (adamw, lambda o: LRScheduler(o, {"head": RATE, "body": 0.0}), lambda i: [0.0, RATE(i)]),
    "names": (
        adamw,
        lambda o: LRScheduler(o, lrvec.scale_by_group(RATE, multipliers={"head": 1.0, "body": 0.3})),
        lambda i: [lrvec.scale_by_group(RATE, multipliers={"head": 1.0, "body": 0.3})["body"](i), RATE(i)],
    ),
    "stacked names": (
        adamw,
        lambda o: LRScheduler(o, lrvec.stack([RATE, OTHER], names=["head", "body"])),
        lambda i: [OTHER(i), RATE(i)],
    ),
    "lr_scale": (
        lambda net: adamw(net, lr_scale=0.7),
        lambda o: LRScheduler(o, RATE),
        lambda i: [RATE(i), RATE(i) * 0.7],
    ),
    "the first of two phases": (
        sgd,
        lambda o: sequential(o, LRScheduler(o, RATE), exponential(o), at=9),
        lambda i: [RATE(i) if i < 9 else 7.0 * 0.9 ** (i - 9)] * 2,
    ),
    "the second of two phases": (
        sgd,
        lambda o: sequential(o, exponential(o), LRScheduler(o, RATE), at=9),
        lambda i: [RATE(i - 9) if i >= 9 else 7.0 * 0.9**i] * 2,
    ),
    "both phases": (
        sgd,
        lambda o: sequential(o, LRScheduler(o, OTHER), LRScheduler(o, RATE), at=9),
        lambda i: [RATE(i - 9) if i >= 9 else OTHER(i)] * 2,
    ),
    "before another one": (
        sgd,
        lambda o: chained(LRScheduler(o, RATE), torch.optim.lr_scheduler.MultiplicativeLR(o, lambda i: 0.5)),
        lambda i: [RATE(i) * (0.5 if i else 1.0)] * 2,
    ),
}
EXACT = [case for case in CASES if case not in ("the first of two phases", "the second of two phases")]
"""In these cases no rate is one of torch's."""


class Training:
    def __init__(self, case: str) -> None:
        self.net = model()
        make, plan, _ = CASES[case]
        self.optimizer = make(self.net)
        self.scheduler = plan(self.optimizer)
        self.begun = 0

    def until(self, last: int) -> list[list[float]]:
        """What the groups hold at every step from here on, and the loss behind it."""
        seen = []
        inputs, classes = iris()
        for _ in range(self.begun, last):
            rates = [group["lr"] for group in self.optimizer.param_groups]
            loss = torch.nn.functional.cross_entropy(self.net(inputs), classes)
            self.optimizer.zero_grad()
            loss.backward()
            self.optimizer.step()
            self.scheduler.step()
            seen.append([*rates, loss.item()])
        self.begun = last
        return seen

    def save(self, path: Path) -> None:
        parts = [self.net.state_dict(), self.optimizer.state_dict(), self.scheduler.state_dict(), self.begun]
        torch.save(parts, path)

    def load(self, path: str, order: str) -> None:
        net, optimizer, scheduler, self.begun = torch.load(path, weights_only=True)
        self.net.load_state_dict(net)
        for part in order.split():
            {"optimizer": self.optimizer, "scheduler": self.scheduler}[part].load_state_dict(
                {"optimizer": optimizer, "scheduler": scheduler}[part]
            )


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[Any, Any, Any]]:
    """Each case's run up to the middle, the rest of it, and this rest as a new process computes it."""
    folder, found = tmp_path_factory.mktemp("runs"), {}
    for case in CASES:
        training = Training(case)
        begun = training.until(MIDDLE)
        training.save(folder / f"{case}.pt")
        found[case] = begun, training.until(END)
    done = run(__file__, str(folder), PYTHONPATH=os.pathsep.join(sys.path))
    assert done.returncode == 0, done.stderr
    continued = json.loads(done.stdout)
    return {case: (*parts, continued[case]) for case, parts in found.items()}


@pytest.mark.parametrize("case", CASES)
def test_the_optimizer_sees_the_schedules_values(case: str, runs: dict[str, tuple[Any, Any, Any]]) -> None:
    begun, rest, _ = runs[case]
    seen = [rates for *rates, _ in begun + rest]
    wanted = [CASES[case][2](i) for i in range(END)]
    assert seen == (wanted if case in EXACT else [pytest.approx(row, rel=1e-13) for row in wanted])


@pytest.mark.parametrize("case", CASES)
def test_a_run_goes_on_in_a_new_process(case: str, runs: dict[str, tuple[Any, Any, Any]]) -> None:
    """It does so with every bit of the rates and losses, whether the optimizer is loaded first or the scheduler."""
    _, rest, continued = runs[case]
    assert continued == [rest, rest]


def test_the_phases_of_torch_are_exact_within() -> None:
    seen = [rates for *rates, _ in Training("the first of two phases").until(9)]
    assert seen == [[RATE(i)] * 2 for i in range(9)]


# ---- other quantities ----


def test_weight_decay_and_momentum_follow_schedules() -> None:
    optimizer = adamw(model())
    scheduler = LRScheduler(optimizer, weight_decay=DECAY, momentum=[MOMENTUM, 0.5])
    for i in range(END):
        for group, momentum in zip(optimizer.param_groups, (MOMENTUM(i), 0.5), strict=True):
            assert (group["lr"], group["weight_decay"], group["betas"]) == (7.0, DECAY(i), (momentum, 0.999))
        optimizer.step()
        scheduler.step()
    assert scheduler.schedule is None
    assert scheduler.get_lr() == scheduler.get_last_lr() == [7.0, 7.0]


def test_momentum_is_a_key_of_its_own_in_sgd() -> None:
    optimizer = sgd(model())
    scheduler = LRScheduler(optimizer, RATE, momentum=MOMENTUM, dampening=0.0)
    scheduler.step(4)
    assert [group["momentum"] for group in optimizer.param_groups] == [MOMENTUM(4)] * 2


@pytest.mark.parametrize("betas", [(MOMENTUM, 0.98), [[MOMENTUM, 0.98], (0.9, 0.98)], {"body": (MOMENTUM, 0.98), "head": (0.9, 0.98)}])
def test_betas_are_given_together(betas: Any) -> None:
    optimizer = adamw(model())
    scheduler = LRScheduler(optimizer, RATE, betas=betas)
    scheduler.step(7)
    second = 0.9 if type(betas) is not tuple else MOMENTUM(7)
    assert [group["betas"] for group in optimizer.param_groups] == [(MOMENTUM(7), 0.98), (second, 0.98)]


def test_a_group_without_the_key_is_left_as_it_is() -> None:
    optimizer = sgd(model(), extra=1.0)
    LRScheduler(optimizer, RATE, extra=DECAY)
    assert [group.get("extra") for group in optimizer.param_groups] == [None, DECAY(0)]


# ---- tensors and compiled steps ----


@pytest.mark.filterwarnings("ignore:`torch.jit.script_method` is deprecated:DeprecationWarning")  # torch uses it itself
@pytest.mark.parametrize("make", [torch.optim.AdamW, torch.optim.Adam])
def test_tensors_are_filled_and_a_compiled_step_is_compiled_once(make: Any) -> None:
    net = model()
    inputs, classes = iris()
    optimizer = make(
        [{**group, "lr": torch.tensor(1.0)} for group in groups(net)], betas=(torch.tensor(0.9), torch.tensor(0.999)), foreach=False
    )
    rates = [group["lr"] for group in optimizer.param_groups]
    scheduler = LRScheduler(optimizer, RATE, momentum=MOMENTUM)
    graphs = 0

    def count(graph: Any, _: Any) -> Any:
        nonlocal graphs
        graphs += 1
        return graph.forward

    step = torch.compile(optimizer.step, backend=count)
    for i in range(8):
        assert [rate.item() for rate in rates] == [torch.tensor(RATE(i)).item()] * 2
        assert optimizer.param_groups[1]["betas"][0].item() == torch.tensor(MOMENTUM(i)).item()
        torch.nn.functional.cross_entropy(net(inputs), classes).backward()
        step()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # torch compiles the step around its own counter of calls
            scheduler.step()
    assert graphs == 1
    assert all(group["lr"] is rate for group, rate in zip(optimizer.param_groups, rates, strict=True))
    assert scheduler.get_last_lr()[0] is not rates[0]


def test_capturable_rates_of_all_kinds() -> None:
    """A rate that becomes a tensor later is filled from then on."""
    optimizer = torch.optim.AdamW(groups(model()), lr=1.0, capturable=True)
    scheduler = LRScheduler(optimizer, RATE)
    scheduler.step(1)
    optimizer.param_groups[0]["lr"] = own = torch.tensor(0.0, dtype=torch.float64)
    scheduler.step(2)
    assert optimizer.param_groups[0]["lr"] is own
    assert (own.item(), optimizer.param_groups[1]["lr"]) == (RATE(2), RATE(2))


# ---- groups, jumps, state ----


def test_groups_that_are_added_later() -> None:
    optimizer = sgd(model())
    scheduler = LRScheduler(optimizer, RATE)
    scheduler.step(3)
    optimizer.add_param_group({"params": [torch.nn.Parameter(torch.zeros(1))], "lr": 1.0, "name": "new"})
    state = scheduler.state_dict()
    scheduler.step(4)
    assert [group["lr"] for group in optimizer.param_groups] == [RATE(4)] * 3 == scheduler.get_last_lr() == scheduler.get_lr()
    scheduler.load_state_dict(state)
    assert [group["lr"] for group in optimizer.param_groups] == [RATE(3)] * 3


def test_a_group_that_no_curve_is_for_is_refused_at_the_next_step() -> None:
    for given, message in (
        ([RATE, OTHER], "schedule must have an entry for group 2, received 2 entries"),
        ({"body": RATE, "head": OTHER}, "schedule must have the name of group 2, 'new', received ['body', 'head']"),
    ):
        optimizer = sgd(model())
        scheduler = LRScheduler(optimizer, given)
        optimizer.add_param_group({"params": [torch.nn.Parameter(torch.zeros(1))], "name": "new"})
        with pytest.raises(ValueError, match="schedule must have") as refusal:
            scheduler.step(5)
        assert str(refusal.value) == message
        assert (scheduler.last_epoch, optimizer.param_groups[0]["lr"]) == (0, scheduler.get_last_lr()[0])


def test_groups_that_are_renamed() -> None:
    optimizer = sgd(model())
    scheduler = LRScheduler(optimizer, {"body": RATE, "head": OTHER})
    first, second = optimizer.param_groups
    first["name"], second["name"] = "head", "body"
    scheduler.step(5)
    assert (first["lr"], second["lr"]) == (OTHER(5), RATE(5))


def test_jumps() -> None:
    optimizer = sgd(model())
    scheduler = LRScheduler(optimizer, RATE)
    for jump in (scheduler.step, scheduler.set_step):
        for step in (17, 3, 2**53, np.int64(9), torch.tensor(11), torch.tensor([12])):
            jump(step)
            assert (scheduler.last_epoch, optimizer.param_groups[0]["lr"]) == (int(step), RATE(int(step)))
            assert type(scheduler.last_epoch) is int
    for name, jump in {"epoch": scheduler.step, "step": scheduler.set_step}.items():
        for value in (0.5, -1, "7", torch.tensor(0.5), torch.tensor([1, 2])):
            with pytest.raises(ValueError, match=f"^{name} must be a non-negative integer, received "):
                jump(value)


def test_last_epoch_is_the_step_before_the_first() -> None:
    optimizer = sgd(model())
    scheduler = LRScheduler(optimizer, RATE, last_epoch=9)
    assert (scheduler.last_epoch, optimizer.param_groups[0]["lr"]) == (10, RATE(10))


def test_the_order_of_steps_is_watched() -> None:
    scheduler = LRScheduler(sgd(model()), RATE)
    with pytest.warns(UserWarning, match="must come after that of the optimizer"):
        scheduler.step()


def test_the_state_is_plain() -> None:
    scheduler = LRScheduler(adamw(model()), [RATE, OTHER], weight_decay=DECAY, betas=(0.9, abs))
    scheduler.step(10)
    state = scheduler.state_dict()
    assert json.loads(json.dumps(state)) == state
    assert state == {
        "version": 1,
        "last_epoch": 10,
        "schedules": {
            "lr": [RATE.to_dict(), OTHER.to_dict()],
            "weight_decay": DECAY.to_dict(),
            "betas": [lrvec.constant(lr=0.9).to_dict(), {"callable": "builtins.abs"}],
        },
    }
    assert scheduler.schedule == [RATE, OTHER]
    assert not hasattr(scheduler, "total_steps")


@pytest.mark.parametrize(
    "foreign",
    [
        lambda: exponential(sgd(model())).state_dict() | {"last_epoch": 12},
        lambda: torch.optim.lr_scheduler.LambdaLR(sgd(model()), float).state_dict() | {"last_epoch": 12},
        lambda: {"last_epoch": 12},
        lambda: {"num_steps": 12, "max_lr": 1.0},
    ],
)
def test_states_of_others(foreign: Any) -> None:
    optimizer = sgd(model())
    scheduler = LRScheduler(optimizer, RATE)
    scheduler.load_state_dict(foreign())
    assert optimizer.param_groups[0]["lr"] == RATE(12)
    assert (scheduler.last_epoch, scheduler._step_count, scheduler.get_last_lr()) == (12, 13, [RATE(12)] * 2)


@pytest.mark.parametrize("order", [("optimizer", "scheduler"), ("scheduler", "optimizer")])
def test_a_changed_schedule_stays_and_warns(order: tuple[str, ...]) -> None:
    """Its rates are there at once, whichever part is loaded first."""
    saved = {}
    for given in (RATE, OTHER):
        optimizer = sgd(model())
        parts = {"optimizer": optimizer, "scheduler": LRScheduler(optimizer, given)}
        if not saved:
            parts["scheduler"].step(10)
            saved = {name: part.state_dict() for name, part in parts.items()}
    for part in order:
        if part == "scheduler":
            with pytest.warns(UserWarning, match="schedule is kept") as seen:
                parts[part].load_state_dict(saved[part])
        else:
            parts[part].load_state_dict(saved[part])
    assert [str(one.message) for one in seen] == [
        f"schedule is kept as it is: the checkpoint has {RATE!r}, and the scheduler has {OTHER!r}"
    ]
    assert optimizer.param_groups[0]["lr"] == OTHER(10)
    before = parts["scheduler"].state_dict()
    with pytest.raises(ValueError, match="schedule must be that of the checkpoint, which is with_warmup"):
        parts["scheduler"].load_state_dict(saved["scheduler"], strict=True)
    assert parts["scheduler"].state_dict() == before


def test_copies() -> None:
    optimizer = sgd(model())
    scheduler = LRScheduler(optimizer, RATE, weight_decay=DECAY)
    for copied in (copy.deepcopy(scheduler), pickle.loads(pickle.dumps(scheduler))):
        copied.step(6)
        assert (copied.optimizer.param_groups[0]["lr"], optimizer.param_groups[0]["lr"]) == (RATE(6), RATE(0))


# ---- refusals ----

REFUSALS: list[tuple[Callable[[Any], Any], type[Exception], str]] = [
    (lambda o: LRScheduler(o), ValueError, "schedule must be given, or another quantity, received None"),
    (lambda o: LRScheduler([o], RATE), TypeError, "optimizer must be a torch.optim.Optimizer, received"),
    (lambda o: LRScheduler(o, RATE, lr=0.1), ValueError, "schedule and lr must not both be given, received 0.1 for lr"),
    (lambda o: LRScheduler(o, [RATE]), ValueError, "schedule must have one entry for each of the 2 groups, received 1 entries"),
    (
        lambda o: LRScheduler(o, {"body": RATE, "tail": RATE}),
        ValueError,
        "schedule must have the names of the groups, ['body', 'head'], received ['body', 'tail']",
    ),
    (lambda o: LRScheduler(o, {"body": RATE}), ValueError, "schedule must have the names of the groups, ['body', 'head'], received ['body']"),
    (lambda o: LRScheduler(o, RATE, momentun=0.9), ValueError, "momentun must be a key of a group, which has amsgrad, betas, "),
    (lambda o: LRScheduler(o, "cosine"), TypeError, "schedule must be a schedule, its dict, a number or a callable of an int, received 'cosine'"),
    (lambda o: LRScheduler(o, [RATE, None]), TypeError, "schedule[1] must be a schedule, its dict, a number or a callable of an int, received None"),
    (lambda o: LRScheduler(o, float("nan")), ValueError, "schedule must be a finite number, received nan"),
    (lambda o: LRScheduler(o, lrvec.constant(lr=[0.1, 0.2])), TypeError, "schedule must be one schedule whose parameters are known: "),
    (lambda o: LRScheduler(o, {"kind": "cosine", "params": {"base_lr": 0.1}}), TypeError, "min_lr"),
    (lambda o: LRScheduler(o, betas=0.9), TypeError, "betas must be a tuple of schedules or numbers, received 0.9"),
    (lambda o: LRScheduler(o, betas=(0.9,)), ValueError, "betas must have 2 entries for group 0, received 1"),
    (lambda o: LRScheduler(o, betas=(0.9, 0.9), momentum=0.9), ValueError, "momentum must not be given with betas"),
    (lambda o: LRScheduler(o, RATE, last_epoch=-2), ValueError, "last_epoch must be a non-negative integer, received -2"),
    (lambda o: LRScheduler(o, RATE).load_state_dict({"last_epoch": None}), ValueError, "last_epoch must be a non-negative integer, received None"),
    (lambda o: LRScheduler(o, RATE).load_state_dict({"num_steps": 0.5}), ValueError, "num_steps must be a non-negative integer, received 0.5"),
    (lambda o: LRScheduler(o, RATE).load_state_dict(None), ValueError, "state_dict must be a dict, received None"),
    (
        lambda o: LRScheduler(o, RATE).load_state_dict({"version": 1, "last_epoch": 1, "schedules": [RATE]}),
        ValueError,
        "schedules of state_dict must be a dict, received [",
    ),
    (lambda o: LRScheduler(o, RATE).load_state_dict({"step": 1}), ValueError, "state_dict must have the key 'last_epoch' or 'num_steps', received ['step']"),
    (
        lambda o: LRScheduler(o, RATE).load_state_dict({"version": 2, "last_epoch": 1, "schedules": {}}),
        ValueError,
        "version of state_dict must be 1, received 2",
    ),
]


@pytest.mark.parametrize(("call", "error", "message"), REFUSALS, ids=range(len(REFUSALS)))
def test_refusals(call: Callable[[Any], Any], error: type[Exception], message: str) -> None:
    with pytest.raises(error) as refusal:
        call(adamw(model()))
    assert message in str(refusal.value)


def continued(path: Path) -> list[list[list[float]]]:
    found = []
    for order in ("optimizer scheduler", "scheduler optimizer"):
        training = Training(path.stem)
        training.load(str(path), order)
        found.append(training.until(END))
    return found


if __name__ == "__main__":
    print(json.dumps({path.stem: continued(path) for path in Path(sys.argv[1]).iterdir()}))
