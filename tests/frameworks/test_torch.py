"""These tests are about torch alone: torch.compile, autograd, devices, LambdaLR. test_laws.py has what holds in every framework."""

from __future__ import annotations

import io
import re
import tracemalloc
from collections.abc import Iterator
from typing import Any

import dask.array
import jax.numpy as jnp
import numpy as np
import pytest
import torch
from cases import GROUPS, STACKS
from framework import INTEGERS, LIMIT
from processes import python
from record import KINDS as ALL_KINDS
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves
from traces import KINDS, SMOOTH_CASES, largest_error, of_kind, scheduler_of_two_groups, smooth_steps

import lrvec

COMPOSITIONS = {kind for kind in KINDS if ALL_KINDS[kind].is_composition}
"""They take the operations of their parts."""

STEPS_ON_META = {"many": torch.arange(4, device="meta"), "one": torch.tensor(5, device="meta")}

COSINE = {"base_lr": 0.1, "min_lr": 0.01, "total_steps": 50}


def test_values_stay_on_the_device_of_the_steps() -> None:
    """On the device `meta`, which has shapes and no numbers, nothing else may be mixed in."""
    schedules = [one.make() for one in SMOOTH_CASES]
    schedules += [
        lrvec.cosine(base_lr=[0.1, 0.2], min_lr=0.0, total_steps=[5, 9]),
        lrvec.exponential(base_lr=0.1, gamma=[0.5, 0.9]),
    ]
    schedules += [lrvec.cosine_restarts(base_lr=0.1, min_lr=0.0, period=[5, 9], t_mult=[1, 2])]
    for schedule in schedules:
        got = schedule(torch.arange(4, device="meta"))
        assert got.device.type == "meta"
        assert got.shape == (*getattr(schedule, "shape", ()), 4)


class Operations(TorchDispatchMode):
    """A mode that notes each operation, and whether a tensor on the CPU goes into it or comes out of it."""

    def __init__(self) -> None:
        super().__init__()
        self.all: list[str] = []
        self.on_host: list[str] = []

    def __torch_dispatch__(self, function: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        made = function(*args, **(kwargs or {}))
        self.all.append(str(function))
        if any(isinstance(one, torch.Tensor) and one.is_cpu for one in tree_leaves((args, kwargs, made))):
            self.on_host.append(str(function))
        return made


def operations(schedule: Any, steps: Any) -> Operations:
    with Operations() as found:
        schedule(steps)
    return found


@pytest.mark.parametrize("steps", STEPS_ON_META.values(), ids=STEPS_ON_META)
@pytest.mark.parametrize("kind", KINDS)
def test_off_the_cpu_nothing_is_made_on_the_host(kind: str, steps: Any) -> None:
    """A number would have to be copied to the device, which takes its time, and cannot be part of a CUDA graph."""
    for one in of_kind(kind, np.float32):
        found = operations(one.make(), steps)
        assert found.on_host == [], one
        assert kind in COMPOSITIONS or len(found.all) <= 40, one


def test_a_schedule_that_is_made_in_compiled_code() -> None:
    """Its factory breaks the graph, and says so where the graph must be whole. The values are right."""

    def rates(steps: Any, base_lr: float) -> Any:
        return lrvec.cosine(base_lr=base_lr, min_lr=0.01, total_steps=50)(steps) * 2.0

    with pytest.raises(torch._dynamo.exc.Unsupported, match="a schedule of lrvec is made here: make it outside of what is compiled"):
        torch.compile(lambda steps: rates(steps, 0.1), backend="eager", fullgraph=True)(torch.arange(3))
    compiled = torch.compile(rates, backend="eager")
    for base_lr in (0.1, 0.2, 0.3):
        steps = torch.arange(3)
        assert torch.allclose(compiled(steps, base_lr), rates(steps, base_lr), rtol=2.0**-21, atol=0.0)


def test_operations_of_a_cosine_behind_a_warmup() -> None:
    schedule = lrvec.with_warmup(lrvec.cosine(**COSINE), warmup_steps=10, start_lr=0.0)
    assert len(operations(schedule, torch.arange(4, device="meta")).all) <= 24


@pytest.mark.parametrize("steps", STEPS_ON_META.values(), ids=STEPS_ON_META)
def test_operations_of_cycles_of_other_heights(steps: Any) -> None:
    """A number that several curves of a sum or a product need is made once: which cycle it is, and how high."""
    line = lrvec.linear(base_lr=0.5, end_lr=0.0, total_steps=100)
    for factor in (0.5, 1.5, -1.0):
        schedule = lrvec.cycles(line, length=30, t_mult=1, peak_factor=factor, floor=0.25, count=9)
        found = operations(schedule, steps).all
        assert len(found) <= 40
        assert sum(name.startswith("aten.floor_divide") for name in found) == 1
        assert sum(name.startswith("aten.exp.") for name in found) <= 2


MANY = {
    "multi_step": lambda n: lrvec.multi_step(base_lr=0.1, milestones=range(3, 3 * n, 3), gamma=0.99),
    "piecewise": lambda n: lrvec.piecewise(steps=range(5, 5 * n, 5), values=[(i * 7) % 5 + 0.1 for i in range(1, n)], interpolation="linear"),
    "cubics": lambda n: lrvec.piecewise(steps=range(5, 5 * n, 5), values=[(i * 7) % 5 + 0.1 for i in range(1, n)], interpolation="pchip"),
    "exponentials": lambda n: lrvec.piecewise(steps=range(5, 5 * n, 5), values=[(i * 7) % 5 + 0.1 for i in range(1, n)], interpolation="exponential"),
    "wsds": lambda n: lrvec.wsds(base_lr=0.1, period_lengths=range(10, 10 + n), decay_steps=4, decay_shape="1-sqrt", warmup_steps=5),
    "cosine_restarts": lambda n: lrvec.cosine_restarts(base_lr=0.1, min_lr=0.01, period=9, t_mult=1.07, peak_factor=0.9, count=n),
}  # fmt: skip


@pytest.mark.parametrize("name", MANY)
def test_operations_do_not_grow_with_the_segments(name: str) -> None:
    """Of one shape: their numbers are chosen from tables, which are kept. Values are those of the segments one by one."""
    few, many = (MANY[name](n) for n in (4, 40))
    steps = torch.arange(4, device="meta")
    assert len(operations(many, steps).all) <= len(operations(few, steps).all) <= 40
    steps = torch.arange(700)
    for schedule in (few, many):
        with Operations():
            got = schedule(steps)
        wanted = schedule(steps.numpy())
        assert np.abs(got.numpy() - wanted).max() <= 4.0 * np.spacing(np.float32(np.abs(wanted).max()))
        one_by_one = torch.func.vmap(schedule)(steps)
        assert np.abs(one_by_one.numpy() - wanted).max() <= 4.0 * np.spacing(np.float32(np.abs(wanted).max()))


def test_tables_tell_the_zeros_apart() -> None:
    """Rates are 0.0 and -0.0, also where they were the other way round in a schedule before; and where all are zeros."""
    steps = torch.arange(50)
    for more in ([1.0], []):
        for signs in ([1, -1, -1], [-1, 1, 1], [1, 1, 1]):
            values = [sign * 0.0 for sign in signs * 3] + more
            schedule = lrvec.piecewise(steps=range(0, 5 * len(values), 5), values=values, interpolation="step")
            with Operations():
                got = schedule(steps)
            assert got.signbit().tolist() == np.signbit(schedule(steps.numpy())).tolist()


def test_tables_outlive_the_mode_in_which_they_are_made() -> None:
    """They are plain tensors then, for whoever asks next."""
    schedule = MANY["wsds"](7)
    steps = torch.arange(60)
    with torch._subclasses.FakeTensorMode(allow_non_fake_inputs=True):
        schedule(steps)
    with Operations():
        got = schedule(steps)
    assert type(got) is torch.Tensor
    assert np.allclose(got, schedule(steps), rtol=1e-6, atol=0.0)


@pytest.mark.parametrize("steps", [torch.tensor(5), torch.arange(60)], ids=["one", "many"])
def test_steps_that_a_function_of_torch_func_does_not_follow(steps: Any) -> None:
    schedule = lrvec.cosine(**COSINE)
    wanted = float(schedule(steps).sum())
    slope = torch.func.grad(lambda by: (by * schedule(steps)).sum())(torch.tensor(1.0))
    rows = torch.func.vmap(lambda by: (by * schedule(steps)).sum())(torch.tensor([1.0, 2.0]))
    assert [float(slope), *rows.tolist()] == pytest.approx([wanted, wanted, 2.0 * wanted], rel=1e-6)


def test_a_step_of_python_beside_a_tensor_on_a_device() -> None:
    schedule = lrvec.constant(lr=torch.tensor(0.5, device="meta"))
    found = operations(schedule, 5)
    assert found.on_host == []
    assert schedule(5).device.type == "meta"


# ---- tensors in memory ----

REALS = {torch.float32: np.float32, torch.float64: np.float64}
IN_MEMORY = [
    *(one.make() for one in SMOOTH_CASES),
    lrvec.cosine(base_lr=[0.1, 0.2], min_lr=0.0, total_steps=[5, 9]),
    STACKS[0].make(),
]


@pytest.fixture(params=REALS, ids=str)
def real(request: pytest.FixtureRequest) -> Iterator[Any]:
    torch.set_default_dtype(request.param)
    try:
        yield request.param
    finally:
        torch.set_default_dtype(torch.float32)


@pytest.mark.parametrize("schedule", IN_MEMORY, ids=lambda schedule: schedule.kind)
def test_tensors_in_memory_have_the_bits_of_the_kernel(real: Any, schedule: Any) -> None:
    """Rounded once to the default type: in every way to give the steps, and to take the values."""
    for name in INTEGERS:
        steps = np.arange(120, dtype=name)[::-1].reshape(10, 12)
        wanted = schedule(steps, dtype=REALS[real])
        tensor = torch.tensor(np.ascontiguousarray(steps))
        got = schedule(tensor)
        assert got.dtype is real
        assert got.numpy().tobytes() == wanted.tobytes()
        assert (
            schedule(tensor.T).numpy().tobytes() == np.ascontiguousarray(schedule(steps.T, dtype=REALS[real])).tobytes()
        )
        one = schedule(tensor[4, 5])
        assert one.dtype is real
        assert one.numpy().tobytes() == np.ascontiguousarray(wanted[..., 4, 5]).tobytes()
        for kind in REALS:
            out = torch.empty(wanted.shape, dtype=kind)
            version = out._version
            assert schedule(tensor, out=out, workers=2) is out
            assert out._version == version + 1
            assert out.numpy().tobytes() == schedule(steps, dtype=REALS[kind]).tobytes()


@pytest.mark.parametrize("schedule", IN_MEMORY, ids=lambda schedule: schedule.kind)
def test_a_step_for_each_row_has_the_bits_of_the_kernel(real: Any, schedule: Any) -> None:
    """Rounded once, and a step outside is the nearest one inside."""
    steps = np.arange(60).reshape(10, 6, *[1] * (len(getattr(schedule, "shape", ())) - 1))
    with np.errstate(over="ignore"):
        wanted = lrvec.pointwise(schedule, steps[..., :1]).astype(REALS[real])
    got = lrvec.pointwise(schedule, torch.tensor(steps[..., :1]), workers=2)
    assert got.dtype is real
    assert got.numpy().tobytes() == wanted.tobytes()
    ends = lrvec.pointwise(schedule, torch.tensor(-1)), lrvec.pointwise(schedule, torch.tensor(0))
    assert ends[0].tolist() == ends[1].tolist()


@pytest.mark.parametrize("own", [{}, {"max_lr": 0.7, "lr_mult": 0.3}], ids=["alike", "own rates"])
def test_matrices_of_groups_have_the_bits_of_the_kernel(real: Any, own: Any) -> None:
    scheduler = scheduler_of_two_groups(own)
    for matrix in (scheduler.lr_matrix, scheduler.wd_matrix):
        got = matrix(torch.arange(48))
        assert got.dtype is real
        assert got.numpy().tobytes() == matrix(range(48)).astype(REALS[real]).tobytes()


def test_steps_without_values() -> None:
    """On the device `meta` a rate has a shape, and a sum is refused."""
    steps = torch.arange(2, device="meta")
    got = lrvec.pointwise(IN_MEMORY[-2], steps)
    assert (got.device.type, got.shape) == ("meta", (2,))
    with pytest.raises(TypeError, match=r"^steps must be known at this point, received a traced value; "):
        lrvec.summarize(IN_MEMORY[-2], steps)


def test_large_tensors_are_read_where_they_lie() -> None:
    """In threads, and with no more memory than the values take."""
    schedule, steps = lrvec.cosine(**COSINE), torch.randperm(10**6)
    wanted = schedule(steps.numpy(), dtype=np.float32)
    tracemalloc.start()
    got = schedule(steps, workers=2)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert got.numpy().tobytes() == wanted.tobytes()
    assert peak < 1.1 * got.nbytes


@pytest.mark.parametrize("step", [-1, -(2**63), 2**53 + 1, 2**63 - 1])
def test_a_tensor_in_memory_has_no_step_outside(step: int) -> None:
    """Below 0 it counts as 0, and beyond the last step as that."""
    schedule = lrvec.constant(lr=0.5) if step > 0 else lrvec.cosine(**COSINE)
    wanted = np.float32(schedule(max(0, min(step, 2**53))))
    assert schedule(torch.tensor(step)) == wanted
    assert schedule(torch.tensor([3, step])).tolist() == [np.float32(schedule(3)), wanted]
    assert schedule(torch.tensor([3, step]), out=torch.empty(2)).tolist() == [np.float32(schedule(3)), wanted]


@pytest.mark.parametrize("lr", [np.nextafter(np.float64(np.finfo(np.float32).max), np.inf), 1e39, -1e300])
def test_rates_beyond_float32_are_rounded_as_in_c(lr: float) -> None:
    """At the first call, which makes the table, and later."""
    with np.errstate(over="ignore"):
        wanted = np.float32(lr)
    schedule = lrvec.constant(lr=lr)
    assert [schedule(torch.tensor(1)).item() for _ in range(2)] == [wanted] * 2
    assert schedule(torch.arange(2)).tolist() == [wanted] * 2


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16], ids=str)
def test_short_default_types_are_rounded_to_once(dtype: Any) -> None:
    """A rate just above the middle of two such numbers is rounded up, also if it lies so near that float32 has it there."""
    step = 2.0**-10 if dtype is torch.float16 else 2.0**-7
    rates = [1.0 + step * (n + 0.5) + sign * 2.0**-40 for n in range(3) for sign in (-1, 0, 1)]
    wanted = [1.0 + step * (n + up) for n in range(3) for up in (0, n % 2, 1)]
    torch.set_default_dtype(dtype)
    try:
        schedules = [lrvec.constant(lr=rate) for rate in rates]
        got, again = ([schedule(torch.tensor(0)) for schedule in schedules] for _ in range(2))
        rows = lrvec.constant(lr=rates)(torch.arange(1))[:, 0]
    finally:
        torch.set_default_dtype(torch.float32)
    assert {one.dtype for one in (*got, *again, rows)} == {dtype}
    assert [float(one) for one in got] == [float(one) for one in again] == rows.tolist() == wanted


def test_groups_of_tensors_in_memory() -> None:
    groups = lrvec.scale_by_group(lrvec.cosine(**COSINE), multipliers={"all": 1.0, "head": 0.3})
    steps = torch.arange(60)
    wanted = groups.matrix(steps.numpy(), out=np.empty((2, 60), np.float32))
    assert groups.matrix(steps).numpy().tobytes() == wanted.tobytes()
    out = torch.empty((2, 60), dtype=torch.float64)
    assert groups.matrix(steps, out=out) is out
    assert out.numpy().tobytes() == groups.matrix(steps.numpy()).tobytes()


REFUSED = {
    "an array": (lambda: np.empty(3), TypeError, "out must be a tensor of torch for its steps, received ndarray"),
    "a type": (lambda: torch.empty(3, dtype=torch.float16), TypeError, "out must have dtype float64 or float32, received torch.float16"),
    "a gradient": (lambda: torch.empty(3, requires_grad=True), ValueError, "out must not require a gradient, received a tensor that does"),
    "a shape": (lambda: torch.empty(4), ValueError, r"out must have the shape of the result, \(3,\), received \(4,\)"),
    "itself": (lambda: torch.empty(1).expand(3), ValueError, "out must not share memory with itself, received an array whose entries overlap"),
    "a device": (lambda: torch.empty(3, device="meta"), ValueError, "out must be a dense tensor on the steps' device, received one on meta"),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_an_out_that_is_refused(name: str) -> None:
    make, error, message = REFUSED[name]
    out = make()
    with pytest.raises(error, match=f"^{message}$"):
        lrvec.cosine(**COSINE)(torch.arange(3), out=out)


def test_tensors_beside_a_callable_or_a_tensor_are_traced() -> None:
    seen = []

    def own(steps: Any) -> Any:
        seen.append(type(steps))
        return 0.5 * steps

    rows = lrvec.stack([lrvec.cosine(**COSINE), lrvec.constant(lr=torch.tensor(0.5)), own])
    assert rows(torch.arange(2))[1:].tolist() == [[0.5, 0.5], [0.0, 0.5]]
    assert seen == [torch.Tensor]
    with pytest.raises(TypeError, match=r"^workers must be None for the arrays of another library, received 1"):
        rows(torch.arange(2), workers=1)


def test_the_default_device_has_no_say() -> None:
    """Values are where the steps are."""
    steps = torch.arange(3), torch.tensor(3)
    with torch.device("meta"):
        assert [lrvec.cosine(**COSINE)(one).device.type for one in steps] == ["cpu", "cpu"]


# ---- torch.compile ----


ONE_OF_EACH = {one.kind: one for one in reversed(SMOOTH_CASES)}


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_compiles_in_one_graph(kind: str) -> None:
    case = ONE_OF_EACH[kind]
    steps = np.array(smooth_steps(case), np.int32)
    got = torch.compile(case.make(), backend="eager", fullgraph=True)(torch.asarray(steps))
    assert largest_error(case, steps, got) <= LIMIT


COMPILED = [
    *(lrvec.cosine(base_lr=0.01 * number, min_lr=0.001, total_steps=50) for number in range(1, 8)),
    lrvec.with_warmup(lrvec.exponential(base_lr=0.3, gamma=0.9), warmup_steps=3, start_lr=0.0),
    lrvec.cosine(base_lr=[0.1, 0.2], min_lr=0.0, total_steps=[5, 9]),
    STACKS[0].make(),
]


@pytest.mark.parametrize("dynamic", [None, True, False])
def test_any_number_of_schedules_in_one_process(dynamic: bool | None) -> None:
    """More than torch keeps graphs of one piece of code: with tensors and with ints, which give tensors too."""
    for schedule in COMPILED:
        compiled = torch.compile(schedule, backend="eager", fullgraph=True, dynamic=dynamic)
        for step in (3, 7, torch.tensor(5), torch.arange(2, 7)):
            wanted = np.asarray(schedule(np.asarray(step)), np.float32)
            assert np.allclose(compiled(step), wanted, rtol=1e-6, atol=0.0)


LEARNT = {
    "a schedule": lambda rate: lrvec.with_warmup(lrvec.cosine(base_lr=rate, min_lr=0.0, total_steps=10), warmup_steps=3, start_lr=0.0),
    "rows": lambda rate: lrvec.linear(base_lr=rate, end_lr=[0.0, 0.1], total_steps=5),
    "a stack": lambda rate: lrvec.stack([lrvec.linear(base_lr=rate, end_lr=0.0, total_steps=5), lrvec.constant(lr=1.0)]),
    "groups": lambda rate: lrvec.scale_by_group(lrvec.exponential(base_lr=rate, gamma=0.9), multipliers={"one": 1.0, "two": 2.0}),
}  # fmt: skip


@pytest.mark.parametrize("dynamic", [None, True, False])
@pytest.mark.parametrize("name", LEARNT)
def test_tensors_among_the_parameters_in_one_graph(name: str, dynamic: bool | None) -> None:
    """Their gradient stays, also once their numbers change. Another step is no recompilation."""
    rate = torch.tensor(0.5, requires_grad=True)
    value = LEARNT[name](rate)
    compiled = torch.compile(value, backend="aot_eager", fullgraph=True, dynamic=dynamic)

    def total(rates: Any) -> Any:
        return sum(rates.values()).sum() if isinstance(rates, dict) else rates.sum()

    with torch._dynamo.config.patch(error_on_recompile=True):
        for step in (0, 4, torch.tensor(4), 2, 5):
            with torch.no_grad():
                rate.mul_(1.5)
            ours, theirs = total(compiled(step)), total(value(torch.as_tensor(step)))
            slopes = [torch.autograd.grad(one, rate)[0].item() for one in (ours, theirs)]
            assert ours.item() == pytest.approx(theirs.item(), rel=1e-6)
            assert slopes[0] == pytest.approx(slopes[1], rel=1e-6)


def test_a_step_for_each_row_in_one_graph() -> None:
    """Of schedules and sweeps; and a sum of such steps is refused."""
    for schedule in COMPILED[-4:]:
        steps = np.arange(4).reshape(2, 2) if schedule is not COMPILED[-1] else np.arange(2)[:, None]
        compiled = torch.compile(
            lambda steps, rows=schedule: lrvec.pointwise(rows, steps), backend="eager", fullgraph=True
        )
        assert np.allclose(compiled(torch.tensor(steps)), lrvec.pointwise(schedule, steps), rtol=1e-6, atol=0.0)
    total = torch.compile(lambda steps: lrvec.summarize(COMPILED[0], steps).sum, backend="eager", fullgraph=True)
    with pytest.raises(
        Exception, match="steps must be known at this point, received a traced value; sum up over a range"
    ):
        total(torch.arange(3))


def test_two_schedules_in_one_function() -> None:
    first, second = COMPILED[0], COMPILED[-3]
    both = torch.compile(lambda steps: (first(steps), second(steps)), backend="eager", fullgraph=True)
    steps = torch.arange(9)
    for got, schedule in zip(both(steps), (first, second), strict=True):
        assert np.allclose(got, schedule(steps), rtol=1e-6, atol=0.0)


@pytest.mark.parametrize("dynamic", [None, True, False])
def test_another_step_is_no_recompilation(dynamic: bool | None) -> None:
    """Nor is another schedule, nor a step that is Python's: for more of them than torch keeps graphs of one piece of code."""
    with torch._dynamo.config.patch(error_on_recompile=True):
        for schedule in COMPILED:
            compiled = torch.compile(schedule, backend="eager", fullgraph=True, dynamic=dynamic)
            for step in (0, 1, 5, 700):
                assert np.allclose(compiled(torch.tensor(step)), schedule(step), rtol=1e-6, atol=0.0)
            for step in (*range(10), 700, np.int32(3), True):
                assert np.allclose(compiled(step), schedule(step), rtol=1e-6, atol=0.0)


@pytest.mark.parametrize(
    ("step", "options", "error", "message"),
    [
        (-1, {}, ValueError, "step must be a non-negative integer, received -1"),
        (2.5, {}, ValueError, "step must be a non-negative integer, received 2.5"),
        ("7", {}, ValueError, "step must be a non-negative integer, received '7'"),
        (np.True_, {}, ValueError, f"step must be a non-negative integer, received {np.True_!r}"),
        (torch.tensor(3), {"workers": 2}, TypeError, "workers must be None for the arrays of another library, received 2"),
        (torch.tensor(3), {"out": 7}, TypeError, "out must be None for the arrays of another library, received 7"),
    ],
)  # fmt: skip
def test_what_a_compiled_schedule_refuses(step: Any, options: dict[str, Any], error: type, message: str) -> None:
    """Where a test before this one has imported optax, a step below 0 is told of its join_schedules too."""
    compiled = torch.compile(COMPILED[0], backend="eager", fullgraph=True)
    with pytest.raises(error, match=f"^{re.escape(message)}(; inside optax.join_schedules .*)?$"):
        compiled(step, **options)


def test_a_step_of_python_inside_another_graph() -> None:
    """There it is torch's: an int, or a number without a value."""
    compiled = torch.compile(COMPILED[0], backend="eager", fullgraph=True)
    both = torch.compile(lambda step: compiled(step) * COMPILED[1](step), backend="eager", fullgraph=True, dynamic=True)
    for step in (5, 9):
        assert float(both(step)) == pytest.approx(COMPILED[0](step) * COMPILED[1](step), rel=1e-6)


def test_a_step_of_python_beside_a_tensor_in_a_graph() -> None:
    """The rate has the tensor's device."""
    schedule = lrvec.constant(lr=torch.tensor(0.5, device="meta"))
    assert torch.compile(schedule, backend="eager", fullgraph=True)(5).device.type == "meta"


BETWEEN = """
import sys, numpy, torch, lrvec
torch._dynamo.config.error_on_recompile = True
cosine = lrvec.cosine(base_lr=1.0, min_lr=0.1, total_steps=1000)
rows = lrvec.cosine(base_lr=[1.0, 2.0], min_lr=0.1, total_steps=1000)
groups = lrvec.scale_by_group(cosine, multipliers={"head": 2.0}), lrvec.stack([cosine, cosine], names=["one", "two"])
for value in (cosine, rows, *groups):
    compiled = torch.compile(value, backend="eager", fullgraph=True)
    for step in (0, 3, 500):
        compiled(torch.tensor(step))
        sys.modules[f"imported at {step} of {value.kind}"] = sys
        for same in (step, [step], range(3), numpy.array(step), torch.tensor(step)):
            value(same)
print("one graph each")
"""


def test_plain_calls_between_those_of_a_graph_are_no_recompilation() -> None:
    """In a process of its own, which has met no sort of steps yet."""
    assert python(BETWEEN) == "one graph each\n"


def test_every_kind_by_another_backend() -> None:
    cases = [ONE_OF_EACH[kind] for kind in ("polynomial", "exp_range", "sequential")]

    def values(steps: Any) -> Any:
        return [case.make()(steps) for case in cases]

    steps = np.arange(0, 1000, 7)
    for case, got in zip(cases, torch.compile(values, backend="aot_eager")(torch.asarray(steps)), strict=True):
        assert largest_error(case, steps, got) <= LIMIT, case


def test_groups_inside_compiled_code() -> None:
    groups, steps = GROUPS[0].make(), torch.arange(0, 1000, 7)
    got = torch.compile(groups, backend="eager", fullgraph=True)(steps)
    assert all(np.allclose(got[name], row, rtol=1e-6, atol=0.0) for name, row in groups(steps.numpy()).items())


def test_a_compiled_training_step() -> None:
    """With a schedule that is made in it of a rate that is learnt: its slope is that without compilation, at steps of torch
    and of Python."""

    def loss_after(weight: Any, rate: Any, step: Any) -> Any:
        schedule = lrvec.with_warmup(
            lrvec.cosine(base_lr=rate, min_lr=0.0, total_steps=10), warmup_steps=3, start_lr=0.0
        )
        return ((weight - schedule(step) * 2.0 * weight) ** 2).sum()

    weight, slopes = torch.tensor([1.0, -2.0]), []
    for function in (loss_after, torch.compile(loss_after, backend="aot_eager")):
        for step_of in (torch.tensor, int):
            rate = torch.tensor(0.1, requires_grad=True)
            loss = sum(function(weight, rate, step_of(step)) for step in (0, 2, 5))
            (slope,) = torch.autograd.grad(loss, rate)
            slopes.append(float(slope))
    assert slopes == [pytest.approx(slopes[0], rel=1e-6)] * 4
    assert slopes[0] < 0.0


# ---- gradients ----


def test_parameters_that_require_gradients() -> None:
    """One backward pass for many steps; the rate alone keeps the graph."""
    rate, power = torch.tensor(0.1, requires_grad=True), torch.tensor(2.0, requires_grad=True)
    schedule = lrvec.polynomial(base_lr=rate, end_lr=0.0, total_steps=4, power=power)
    values = schedule(range(6))
    assert values.tolist() == pytest.approx([0.1, 0.05625, 0.025, 0.00625, 0.0, 0.0])
    values.sum().backward()
    assert float(rate.grad) == pytest.approx(1.0 + 0.5625 + 0.25 + 0.0625)
    assert float(power.grad) == pytest.approx(0.1 * sum(x**2 * np.log(x) for x in (0.75, 0.5, 0.25)))
    assert not lrvec.cosine(**COSINE)(torch.arange(3)).requires_grad


def test_double_parameters_are_of_the_default_type() -> None:
    rate = torch.tensor(0.1, dtype=torch.float64, requires_grad=True)
    value = lrvec.cosine(base_lr=rate, min_lr=0.0, total_steps=10)(torch.tensor(5))
    assert value.dtype == torch.float32
    value.backward()
    assert float(rate.grad) == pytest.approx(0.5)
    assert rate.grad.dtype == torch.float64


def test_a_sweep_of_a_tensor_that_requires_gradients() -> None:
    rates = torch.tensor([0.25, 0.5], requires_grad=True)
    lrvec.linear(base_lr=rates, end_lr=0.0, total_steps=4)(torch.arange(6)).sum().backward()
    assert rates.grad.tolist() == [2.5, 2.5]


# ---- what is refused ----


def test_milestones_one_by_one_in_a_tensor_must_be_known() -> None:
    milestones = torch.stack([torch.tensor(2), torch.tensor(2)])
    with pytest.raises(TypeError, match=r"^milestones must be known at this point, received a traced value$"):
        lrvec.multi_step(base_lr=0.1, milestones=milestones, gamma=0.5)


def test_libraries_do_not_mix() -> None:
    schedule = lrvec.constant(lr=torch.tensor(0.1))
    for steps in (jnp.arange(3), dask.array.arange(3, chunks=2)):
        kinds = f"{type(steps).__module__}.{type(steps).__name__} and torch.Tensor"
        with pytest.raises(
            TypeError, match=f"^steps and parameters must be arrays of one library of the array API, received {kinds}$"
        ):
            schedule(steps)


NO_STEPS = {
    "a tensor of layout torch.sparse_coo": lambda: torch.tensor([0, 1]).to_sparse(),
    "a nested tensor of layout torch.strided, and not of layout torch.jagged": lambda: torch.nested.nested_tensor([torch.tensor([0, 1])]),
    "a MaskedTensor": lambda: torch.masked.masked_tensor(torch.tensor([0, 1]), torch.tensor([True, False])),
    "an array of dtype torch.qint8": lambda: torch.quantize_per_tensor(torch.tensor([0.0, 1.0]), 1.0, 0, torch.qint8),
}


@pytest.mark.filterwarnings("ignore::UserWarning")  # torch says so of each of these sorts
@pytest.mark.parametrize("what", NO_STEPS)
@pytest.mark.parametrize(
    "ask", [lambda *given: given[0](given[1]), lrvec.pointwise, lrvec.summarize], ids=["call", "pointwise", "summarize"]
)
def test_tensors_that_are_no_steps(ask: Any, what: str) -> None:
    with pytest.raises(ValueError, match=f"^steps must be non-negative integers, received {re.escape(what)}$"):
        ask(lrvec.cosine(**COSINE), NO_STEPS[what]())


SPREAD = """
import re, numpy, torch, lrvec
import torch.distributed
from torch.distributed.tensor import DTensor, Replicate, Shard, distribute_tensor, init_device_mesh
torch.distributed.init_process_group("gloo", rank=0, world_size=1, store=torch.distributed.HashStore())
mesh, local = init_device_mesh("cpu", (1,)), torch.arange(12)
cosine = lrvec.cosine(base_lr=1.0, min_lr=0.1, total_steps=9)
columns = {"base_lr": [0.5, 0.25], "min_lr": 0.0}
sweeps = lrvec.cosine(**columns, total_steps=[5, 9]), lrvec.cosine_restarts(**columns, period=[5, 9], t_mult=[1, 2])
stack = lrvec.stack([cosine, lrvec.linear(base_lr=1.0, end_lr=0.0, total_steps=5)], names=["one", "two"])
for value in (cosine, *sweeps, lrvec.exponential(base_lr=0.1, gamma=[0.5, 0.9]), stack.matrix):
    axes = len(value(range(12)).shape) - 1
    for placement, shown in ((Shard(0), Shard(axes)), (Replicate(), Replicate())):
        rates = value(distribute_tensor(local, mesh, [placement]))
        assert type(rates) is DTensor and rates.placements == (shown,), rates
        numpy.testing.assert_allclose(rates.full_tensor(), value(local), rtol=1e-6, atol=1e-7)
steps = distribute_tensor(local[:2], mesh, [Shard(0)])
for sweep in sweeps:
    pairs = lrvec.pointwise(sweep, steps)
    assert pairs.placements == (Shard(0),), pairs
    numpy.testing.assert_allclose(pairs.full_tensor(), lrvec.pointwise(sweep, local[:2]), rtol=1e-6)
learnt = lrvec.constant(lr=torch.tensor([0.5, 0.25]))
try:
    learnt(steps)
except TypeError as error:
    print(error)
numpy.testing.assert_allclose(lrvec.constant(lr=distribute_tensor(torch.tensor([0.5, 0.25]), mesh, [Shard(0)]))(steps).full_tensor(), learnt(local[:2]))
torch.distributed.destroy_process_group()
"""


def test_tensors_that_are_spread_over_devices() -> None:
    """Beside a sweep too, whose numbers stand on every device. A tensor of the user's has to say where it lies."""
    refusal = "steps and parameters must be arrays of one library of the array API, received torch.Tensor and torch.distributed.tensor.DTensor"
    assert python(SPREAD) == f"{refusal}\n"


def jagged() -> Any:
    return torch.nested.nested_tensor([torch.arange(3), torch.arange(5)], layout=torch.jagged)


RAGGED = {
    "sweep": lrvec.cosine(base_lr=[0.1, 0.2], min_lr=0.0, total_steps=9),
    "sweep of tensors": lrvec.constant(lr=torch.tensor([0.1, 0.2])),
    "stack": lrvec.stack([lrvec.cosine(**COSINE), lrvec.constant(lr=0.1)]),
    "matrix": lrvec.scale_by_group(lrvec.cosine(**COSINE), multipliers={"a": 0.5, "b": 1.0}).matrix,
    "pointwise of a sweep": lambda steps: lrvec.pointwise(RAGGED["sweep"], steps),
    "pointwise of a stack": lambda steps: lrvec.pointwise(RAGGED["stack"], steps),
}


@pytest.mark.filterwarnings("ignore::UserWarning")  # torch says of nested tensors that they may change
@pytest.mark.parametrize("name", RAGGED)
def test_rows_of_many_lengths_beside_an_axis_of_rows(name: str) -> None:
    message = "steps must be of one length in all rows where the rates have an axis of rows too, received a nested tensor of layout torch.jagged"
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        RAGGED[name](jagged())


@pytest.mark.filterwarnings("ignore::UserWarning")
def test_rows_of_many_lengths() -> None:
    """A schedule takes them as they are, and so do groups."""
    schedule = lrvec.cosine(**COSINE)
    groups = lrvec.scale_by_group(schedule, multipliers={"a": 0.5, "b": 1.0})(jagged())
    for rates, factor in ((schedule(jagged()), 1.0), (lrvec.pointwise(schedule, jagged()), 1.0), (groups["a"], 0.5)):
        for row, count in zip(rates.unbind(), (3, 5), strict=True):
            np.testing.assert_allclose(row, factor * schedule(range(count)), rtol=1e-6)


# ---- as values, and beside torch's own ----


def test_a_schedule_of_tensors_is_a_value() -> None:
    schedule = lrvec.cosine(base_lr=torch.tensor(0.1), min_lr=0.0, total_steps=10)
    assert repr(schedule) == "cosine(base_lr=tensor(0.1000), min_lr=0.0, total_steps=10)"
    assert schedule.to_dict() == lrvec.cosine(base_lr=float(np.float32(0.1)), min_lr=0.0, total_steps=10).to_dict()
    file = io.BytesIO()
    torch.save(schedule, file)
    file.seek(0)
    assert float(torch.load(file, weights_only=False)(5)) == float(schedule(5))


@pytest.mark.parametrize("depth", [0, 1, 12])
@pytest.mark.parametrize("rate", [0.5, [0.5, 1.0]])
def test_schedules_of_one_tensor_are_equal(rate: Any, depth: int) -> None:
    """A tensor hashes by itself and may change, so another one with the same numbers makes another schedule."""

    def made(rate: Any) -> Any:
        schedule = lrvec.cosine(base_lr=rate, min_lr=0.0, total_steps=10)
        for _ in range(depth):
            schedule = lrvec.with_warmup(schedule, warmup_steps=1, start_lr=0.0)
        return schedule

    tensor = torch.tensor(rate)
    one, same = made(tensor), made(tensor)
    assert one == same
    assert hash(one) == hash(same)
    assert one not in (made(torch.tensor(rate)), made(rate), made(0.25))
    assert made(rate) != one


def test_the_schedulers_of_torch() -> None:
    """LambdaLR takes a schedule as its factor; the rates are those of torch's own scheduler."""
    parameter = torch.nn.Parameter(torch.zeros(1))
    ours, theirs = (torch.optim.SGD([parameter], lr=lr) for lr in (1.0, 0.1))
    our_scheduler = torch.optim.lr_scheduler.LambdaLR(ours, lrvec.cosine(**COSINE))
    their_scheduler = torch.optim.lr_scheduler.CosineAnnealingLR(theirs, T_max=50, eta_min=0.01)
    for _ in range(50):
        assert ours.param_groups[0]["lr"] == pytest.approx(theirs.param_groups[0]["lr"], rel=1e-12)
        for optimizer, scheduler in ((ours, our_scheduler), (theirs, their_scheduler)):
            optimizer.step()
            scheduler.step()
    assert ours.param_groups[0]["lr"] == lrvec.cosine(**COSINE)(50)
    our_scheduler.load_state_dict(our_scheduler.state_dict())
    assert our_scheduler.get_last_lr() == [lrvec.cosine(**COSINE)(50)]


@pytest.mark.parametrize("anneal", ["linear", "cosine"])
@pytest.mark.parametrize(("total_steps", "pct_start"), [(100, 0.3), (37, 0.35), (1000, 0.2713), (12, 0.25), (40, 0.49)])
def test_three_phases_of_one_cycle_are_those_of_torch(total_steps: int, pct_start: float, anneal: str) -> None:
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=0.1)
    theirs = torch.optim.lr_scheduler.OneCycleLR(
        optimizer,
        max_lr=0.3,
        total_steps=total_steps,
        pct_start=pct_start,
        anneal_strategy={"cosine": "cos"}.get(anneal, anneal),
        div_factor=20.0,
        final_div_factor=500.0,
        three_phase=True,
    )
    rates = []
    for _ in range(total_steps):
        rates.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        theirs.step()
    ours = lrvec.one_cycle(
        max_lr=0.3,
        total_steps=total_steps,
        pct_start=pct_start,
        initial_div=20.0,
        final_div=20.0 * 500.0,
        anneal=anneal,
        three_phase=True,
    )
    assert ours(range(total_steps)).tolist() == pytest.approx(rates, rel=0.0, abs=1e-15)
    assert ours(total_steps) == ours(total_steps - 1) == 0.3 / 10_000.0
