"""These tests are about schedules in torch: values of every kind, torch.compile, torch.func, parameters that require gradients."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import jax.numpy as jnp
import numpy as np
import pytest
import torch
from cases import GROUPS, STACKS
from processes import python
from record import Case
from torch.func import grad, vmap
from traces import (
    KINDS,
    LATE,
    LIMIT,
    SMOOTH_CASES,
    counted,
    function_of,
    largest_error,
    late_steps,
    of_kind,
    smooth_steps,
    steps_to_trace,
    test_every_kind_is_traced,  # noqa: F401
    wrong_derivatives,
)

import lrvec

COSINE = {"base_lr": 0.1, "min_lr": 0.01, "total_steps": 50}


@contextmanager
def double_precision() -> Iterator[None]:
    torch.set_default_dtype(torch.float64)
    try:
        yield
    finally:
        torch.set_default_dtype(torch.float32)


# ---- values ----


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("last", [2**24, 2**31 - 1])
def test_values(kind: str, last: int) -> None:
    """Also where the steps are of 32 bits, and where they are of 64."""
    for one in of_kind(kind, np.float32):
        schedule, steps = one.make(), steps_to_trace(one, last)
        for dtype in (torch.int32, torch.int64):
            got = schedule(torch.asarray(steps, dtype=dtype))
            assert got.dtype == torch.float32
            assert largest_error(one, steps, got) <= LIMIT, one


@pytest.mark.parametrize("kind", KINDS)
def test_values_in_double_precision(kind: str) -> None:
    with double_precision():
        for one in of_kind(kind, np.float64):
            steps = steps_to_trace(one, 2**53)
            got = one.make()(torch.asarray(steps))
            assert got.dtype == torch.float64
            assert largest_error(one, steps, got) <= LIMIT, one


@pytest.mark.parametrize("kind", KINDS)
def test_a_step_below_0_counts_as_0(kind: str) -> None:
    """As a counter that has wrapped around shows, or optax.join_schedules asks of a schedule that has yet to begin."""
    schedule = of_kind(kind, np.float32, 1)[0].make()
    before, first = schedule(torch.tensor([-1, -(2**31)], dtype=torch.int32)), schedule(torch.tensor([0, 0]))
    assert np.asarray(before).tolist() == np.asarray(first).tolist()


def test_other_integers_and_shapes() -> None:
    schedule = lrvec.with_warmup(lrvec.triangular(min_lr=0.01, max_lr=0.1, step_size=300), warmup_steps=150, start_lr=0.0)
    for dtype in ("int8", "uint8", "int16", "uint16", "int32", "uint32", "int64", "uint64"):
        most = min(np.iinfo(dtype).max, 2**53)
        steps = np.array([0, 1, most - 1, most], dtype)
        got = schedule(torch.from_numpy(steps))
        assert got.dtype == torch.float32
        assert np.allclose(got, schedule(steps), rtol=1e-6, atol=0.0), dtype
    for shape in ((), (2, 0, 3), (2, 3)):
        assert schedule(torch.zeros(shape, dtype=torch.int32)).shape == shape


def test_values_stay_on_the_device_of_the_steps() -> None:
    """On the device `meta`, which has shapes and no numbers, nothing else may be mixed in."""
    schedules = [one.make() for one in SMOOTH_CASES]
    schedules += [lrvec.cosine(base_lr=[0.1, 0.2], min_lr=0.0, total_steps=[5, 9]), lrvec.exponential(base_lr=0.1, gamma=[0.5, 0.9])]
    schedules += [lrvec.cosine_restarts(base_lr=0.1, min_lr=0.0, period=[5, 9], t_mult=[1, 2])]
    for schedule in schedules:
        got = schedule(torch.arange(4, device="meta"))
        assert got.device.type == "meta"
        assert got.shape == (*getattr(schedule, "shape", ()), 4)


@pytest.mark.parametrize("case", LATE, ids=str)
def test_late_steps(case: Case) -> None:
    """Also with counts that are tensors."""
    steps = late_steps(case)
    assert largest_error(case, steps, case.make()(torch.asarray(steps))) <= LIMIT
    function, counts = counted(case) or pytest.fail("the case has counts")
    assert largest_error(case, steps, function([torch.tensor(count) for count in counts], torch.asarray(steps))) <= LIMIT


# ---- torch.compile ----


ONE_OF_EACH = {one.kind: one for one in reversed(SMOOTH_CASES)}


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_compiles_in_one_graph(kind: str) -> None:
    case = ONE_OF_EACH[kind]
    schedule, steps = case.make(), np.array(smooth_steps(case), np.int32)
    torch.compiler.reset()
    got = torch.compile(lambda steps: 2.0 * schedule(steps), backend="eager", fullgraph=True)(torch.asarray(steps))
    assert largest_error(case, steps, got / 2.0) <= LIMIT


def test_every_kind_by_another_backend() -> None:
    cases = [ONE_OF_EACH[kind] for kind in ("polynomial", "exp_range", "sequential")]

    def values(steps: Any) -> Any:
        return [case.make()(steps) for case in cases]

    steps = np.arange(0, 1000, 7)
    torch.compiler.reset()
    for case, got in zip(cases, torch.compile(values, backend="aot_eager")(torch.asarray(steps)), strict=True):
        assert largest_error(case, steps, got) <= LIMIT, case


def test_sweeps_and_groups_inside_compiled_code() -> None:
    """Groups in one graph; a sweep is lowered by numpy, which breaks it."""
    groups = GROUPS[0].make()
    sweeps = [lrvec.cosine(base_lr=[0.1, 0.2], min_lr=0.0, total_steps=[5, 9]), STACKS[0].make()]
    steps = torch.arange(0, 1000, 7)
    torch.compiler.reset()
    got = torch.compile(groups, backend="eager", fullgraph=True)(steps)
    assert all(np.allclose(got[name], row, rtol=1e-6, atol=0.0) for name, row in groups(steps.numpy()).items())
    for sweep in sweeps:
        got = torch.compile(lambda steps, sweep=sweep: 2.0 * sweep(steps), backend="eager")(steps)
        assert np.allclose(got / 2.0, sweep(steps.numpy()), rtol=1e-5, atol=1e-8)


def test_a_compiled_training_step() -> None:
    """With a schedule that is made in it of a rate that is learnt: its slope is that without compilation."""

    def loss_after(weight: Any, rate: Any, step: Any) -> Any:
        schedule = lrvec.with_warmup(
            lrvec.cosine(base_lr=rate, min_lr=0.0, total_steps=10), warmup_steps=3, start_lr=0.0
        )
        return ((weight - schedule(step) * 2.0 * weight) ** 2).sum()

    torch.compiler.reset()
    weight, slopes = torch.tensor([1.0, -2.0]), []
    for function in (loss_after, torch.compile(loss_after, backend="aot_eager")):
        rate = torch.tensor(0.1, requires_grad=True)
        loss = sum(function(weight, rate, torch.tensor(step)) for step in (0, 2, 5))
        (slope,) = torch.autograd.grad(loss, rate)
        slopes.append(float(slope))
    assert slopes[0] == pytest.approx(slopes[1], rel=1e-6)
    assert slopes[0] < 0.0


# ---- gradients ----


def gradients(case: Case) -> Any:
    """One row a step, one column a parameter: by grad and vmap of torch.func."""
    function, values = function_of(case)
    return vmap(grad(function), in_dims=(None, 0))(torch.tensor(values), torch.tensor(smooth_steps(case)))


@pytest.mark.parametrize("case", SMOOTH_CASES, ids=str)
def test_gradients(case: Case) -> None:
    found = gradients(case)
    assert found.dtype == torch.float32
    assert wrong_derivatives(case, found, 4e-6) == []
    with double_precision():
        found = gradients(case)
    assert found.dtype == torch.float64
    assert wrong_derivatives(case, found, 1e-12) == []


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


# ---- traced parameters ----


def test_parameters_under_vmap() -> None:
    rates, steps = torch.linspace(0.1, 1.0, 7), torch.arange(60)
    got = vmap(lambda rate: lrvec.cosine(**{**COSINE, "base_lr": rate})(steps))(rates)
    rows = [lrvec.cosine(**{**COSINE, "base_lr": rate})(range(60)) for rate in rates.tolist()]
    assert np.abs(got.numpy() - rows).max() <= LIMIT * np.spacing(np.float32(1.0))


@pytest.mark.parametrize("case", [one for one in SMOOTH_CASES if counted(one)], ids=str)
def test_counts_may_be_tensors(case: Case) -> None:
    function, counts = counted(case) or pytest.fail("the case has counts")
    steps = np.array(smooth_steps(case))
    assert largest_error(case, steps, function([torch.tensor(count) for count in counts], torch.asarray(steps))) <= LIMIT


@pytest.mark.parametrize(
    ("name", "make"),
    [
        ("milestones", lambda n: lrvec.multi_step(base_lr=0.1, milestones=[3, n], gamma=0.5)),
        ("milestones", lambda n: lrvec.multi_step(base_lr=0.1, milestones=torch.stack([n, n]), gamma=0.5)),
        ("lr", lambda n: lrvec.sample(lrvec.constant(lr=n), num_steps=3)),
    ],
)
def test_what_must_be_known(name: str, make: Any) -> None:
    with pytest.raises(TypeError, match=f"^{name} must be known at this point, received a traced value$"):
        make(torch.tensor(2))


# ---- sweeps and groups ----


def test_a_sweep_gives_its_shape_and_that_of_the_steps() -> None:
    sweeps = [
        lrvec.cosine(base_lr=[[0.1], [0.2]], min_lr=0.0, total_steps=[10, 20, 30]),
        lrvec.step_decay(base_lr=0.1, step_size=[3, 7], gamma=[0.999, -0.5]),
        lrvec.exp_range(min_lr=0.0, max_lr=0.1, step_size=[5, 2**40], gamma=[0.9, 0.0]),
        lrvec.cosine_restarts(base_lr=0.1, min_lr=[0.0, 0.01], period=[3, 4], t_mult=[1, 2]),
        lrvec.sequential([([3, 9], lrvec.constant(lr=0.1)), (20, lrvec.exponential(base_lr=[0.2, 0.1], gamma=0.9))]),
        lrvec.with_warmup(lrvec.constant(lr=0.1), warmup_steps=[2, 2**53], start_lr=0.0),
        STACKS[0].make(),
    ]
    for sweep in sweeps:
        for steps in (np.arange(24).reshape(4, 6), np.array([2**31 - 1], np.int32)):
            got = sweep(torch.asarray(steps))
            wanted = sweep(steps)
            assert got.shape == wanted.shape == sweep.shape + steps.shape
            assert got.dtype == torch.float32
            assert np.abs(got.numpy() - wanted).max() <= LIMIT * np.spacing(np.float32(0.2)), sweep
        assert sweep(torch.tensor(7)).shape == sweep.shape


def test_a_sweep_of_a_tensor() -> None:
    rates = torch.tensor([0.25, 0.5], requires_grad=True)
    got = lrvec.linear(base_lr=rates, end_lr=0.0, total_steps=4)(torch.arange(6).reshape(2, 3))
    assert got.tolist() == [[[0.25, 0.1875, 0.125], [0.0625, 0.0, 0.0]], [[0.5, 0.375, 0.25], [0.125, 0.0, 0.0]]]
    got.sum().backward()
    assert rates.grad.tolist() == [2.5, 2.5]


@pytest.mark.parametrize("case", [*GROUPS[:1], GROUPS[3], STACKS[1]], ids=str)
def test_groups_give_a_dict_of_tensors(case: Case) -> None:
    groups, steps = case.make(), np.array([0, 5, 500, 900])
    got, wanted, matrix = groups(torch.asarray(steps)), groups(steps), groups.matrix(torch.asarray(steps))
    assert list(got) == list(wanted)
    for (name, row), beside in zip(wanted.items(), matrix, strict=True):
        assert isinstance(got[name], torch.Tensor)
        assert np.allclose(got[name], row, rtol=1e-6, atol=0.0)
        assert np.allclose(beside, row, rtol=1e-6, atol=0.0)
    assert {name: value.shape for name, value in groups(torch.tensor(5)).items()} == dict.fromkeys(wanted, ())


def test_a_callable_of_the_user_gets_tensors() -> None:
    schedule = lrvec.with_warmup(lambda step: 0.5 ** torch.as_tensor(step), warmup_steps=2, start_lr=0.0)
    assert schedule(torch.arange(5)).tolist() == [0.0, 0.5, 1.0, 0.5, 0.25]


# ---- what is refused ----


def test_steps_must_be_integers() -> None:
    for schedule in (lrvec.cosine(**COSINE), lrvec.cosine(**{**COSINE, "base_lr": [0.1, 0.2]})):
        for steps in (torch.tensor(1.0), torch.tensor([True]), torch.tensor(1j)):
            with pytest.raises(ValueError, match=rf"^steps must be non-negative integers, received an array of dtype {steps.dtype}$"):
                schedule(steps)


@pytest.mark.parametrize("option", [{"out": np.zeros(3)}, {"dtype": np.float32}, {"workers": 1}])
def test_options_of_numpy_are_refused(option: dict[str, Any]) -> None:
    (name,) = option
    for schedule in (lrvec.cosine(**COSINE), lrvec.cosine(**{**COSINE, "base_lr": [0.1, 0.2]})):
        with pytest.raises(TypeError, match=rf"^{name} must be None for the arrays of another library, received "):
            schedule(torch.arange(3), **option)


def test_libraries_do_not_mix() -> None:
    with pytest.raises(TypeError, match="Multiple namespaces"):
        lrvec.constant(lr=torch.tensor(0.1))(jnp.arange(3))


# ---- as values, and beside torch's own ----


def test_a_schedule_of_tensors_is_a_value() -> None:
    schedule = lrvec.cosine(base_lr=torch.tensor(0.1), min_lr=0.0, total_steps=10)
    assert repr(schedule) == "cosine(base_lr=tensor(0.1000), min_lr=0.0, total_steps=10)"
    assert schedule.to_dict() == lrvec.cosine(base_lr=float(np.float32(0.1)), min_lr=0.0, total_steps=10).to_dict()
    file = io.BytesIO()
    torch.save(schedule, file)
    file.seek(0)
    assert float(torch.load(file, weights_only=False)(5)) == float(schedule(5))


def test_numpy_goes_through_the_kernel() -> None:
    schedule, steps = lrvec.cosine(**COSINE), np.arange(60, dtype=np.int32)
    values = schedule(steps)
    assert type(values) is np.ndarray
    assert values.tolist() == [schedule(step) for step in range(60)]
    assert type(schedule(3)) is float


def test_nothing_is_imported_for_numpy() -> None:
    assert python(
        "import sys, lrvec, numpy, torch\n"
        "lrvec.cosine(base_lr=0.1, min_lr=0.0, total_steps=9)(numpy.arange(3))\n"
        "print(sorted({'jax', 'array_api_compat', 'lrvec._evaluate.traced'} & set(sys.modules)))\n"
        "lrvec.constant(lr=0.1)(torch.arange(3))\n"
        "print(sorted({'jax', 'lrvec._evaluate.traced'} & set(sys.modules)))\n"
    ) == "[]\n['lrvec._evaluate.traced']\n"  # fmt: skip


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
