"""These tests read schedules from settings, and check logs against schedules."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import lrvec
from lrvec import read
from lrvec.cli import run
from lrvec.dialects import deepspeed
from lrvec.dialects.transformers import get_scheduler

COSINE = get_scheduler("cosine", 7, 100, lr=3e-4)

# ---- transformers ----

TYPES = ("linear", "cosine", "cosine_with_restarts", "polynomial", "constant", "constant_with_warmup", "inverse_sqrt", "cosine_with_min_lr", "cosine_warmup_with_min_lr", "warmup_stable_decay")
ARGS = {"learning_rate": 3e-4, "lr_scheduler_type": "cosine", "max_steps": 100}


@pytest.mark.parametrize(
    ("more", "wanted"),
    [
        ({"warmup_steps": 7}, COSINE),
        ({"warmup_steps": 7.9, "warmup_ratio": 0.5}, COSINE),
        ({"warmup_ratio": 0.07}, get_scheduler("cosine", 8, 100, lr=3e-4)),  # 0.07 * 100 is 7.000000000000001
        ({"warmup_ratio": 0.061, "warmup_steps": 0}, COSINE),
        ({"warmup_steps": 0.061, "lr_scheduler_kwargs": {}}, COSINE),
        ({"lr_scheduler_type": "constant"}, lrvec.constant(lr=3e-4)),
        ({"lr_scheduler_type": None, "learning_rate": None}, get_scheduler("linear", 0, 100, lr=5e-5)),
        ({"output_dir": "out", "deepspeed": {"zero_optimization": {}}, "weight_decay": 0.1, "lr_scheduler": None}, None),
        (
            {"lr_scheduler_type": "cosine_with_min_lr", "lr_scheduler_kwargs": '{"min_lr_rate": 0.1}', "warmup_steps": 3},
            get_scheduler("cosine_with_min_lr", 3, 100, {"min_lr_rate": 0.1}, lr=3e-4),
        ),
    ],
)
def test_training_arguments(more: dict[str, Any], wanted: Any, tmp_path: Path) -> None:
    settings = {**ARGS, **more}
    wanted = wanted or get_scheduler("cosine", 0, 100, lr=3e-4)
    (tmp_path / "args.json").write_text(json.dumps(settings))
    assert read.training_args(settings) == read.training_args(tmp_path / "args.json") == wanted
    assert read.training_args({**settings, "max_steps": -1}, total_steps=100) == wanted
    assert read.trainer_state({"max_steps": 100, "log_history": []}, args=settings) == wanted


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({"max_steps": -1}, "max_steps must be given for cosine, received None"),
        ({"max_steps": -1, "warmup_ratio": 0.1}, "max_steps must be positive, or total_steps be given, if warmup_ratio is a ratio, received -1"),
        ({"cosine_min_lr_ratio": 0.1}, "cosine_min_lr_ratio must be absent, for lrvec cannot follow it in transformers, received 0.1"),
        ({"warmup_tokens": 10}, "warmup_tokens must be absent"),
        ({"lr_scheduler_type": "greedy"}, "lr_scheduler_type must not follow a metric"),
        ({"lr_scheduler_type": "magic"}, "lr_scheduler_type must be one of"),
        ({"lr_scheduler_type": "lr"}, f"lr_scheduler_type must be one of {TYPES}, received 'lr'"),
        ({"lr_scheduler": "linear"}, "lr_scheduler must be absent, for lrvec cannot follow it in transformers, received 'linear'"),
        ({"warmup_steps": 500}, "warmup_steps must be less than max_steps, received 500; "),
        ({"warmup_ratio": 1.0}, "warmup_ratio must be less than max_steps, received 100; "),
        ({"warmup_steps": -1}, "warmup_steps must be non-negative, received -1"),
        ({"lr_scheduler_kwargs": {"num_waves": 3}}, "get_cosine_schedule_with_warmup() got an unexpected keyword argument 'num_waves'"),
        ({"lr_scheduler_kwargs": "{"}, "lr_scheduler_kwargs must hold JSON, received '{'"),
        ({"learning_rate": "auto"}, "learning_rate must be a finite number, received 'auto'"),
        ({"warmup_ratio": 1.5}, "warmup_ratio must satisfy 0 <= warmup_ratio <= 1, received 1.5"),
        ({"deepspeed": {"scheduler": {}}}, "deepspeed must have no scheduler, which goes before the Trainer's"),
    ],
)
def test_arguments_that_cannot_be_followed_are_named(more: dict[str, Any], message: str) -> None:
    with pytest.raises((TypeError, ValueError)) as refusal:
        read.training_args({**ARGS, **more})
    assert str(refusal.value).startswith(message)


def test_two_numbers_of_steps_are_refused() -> None:
    with pytest.raises(ValueError, match="total_steps must equal max_steps where that is set, received 90"):
        read.training_args(ARGS, total_steps=90)


# ---- Megatron ----

MEGATRON = {"lr": 3e-4, "lr_decay_style": "cosine", "train_iters": 1000, "weight_decay": 0.1}


def rate(**parameters: Any) -> Any:
    given = {"init_lr": 0.0, "max_lr": 3e-4, "min_lr": 0.0, "lr_warmup_steps": 0, "lr_decay_steps": 1000, "lr_decay_style": "cosine"}
    return lrvec.megatron_lr(**(given | parameters))


LEVEL = lrvec.megatron_wd(start_wd=0.1, end_wd=0.1, wd_incr_steps=1000, wd_incr_style="constant")


@pytest.mark.parametrize(
    ("more", "wanted"),
    [
        ({}, (rate(), LEVEL)),
        (
            {"lr_warmup_iters": 20, "lr_warmup_init": 1e-6, "min_lr": 1e-5, "lr_decay_iters": 900},
            (rate(lr_warmup_steps=20, init_lr=1e-6, min_lr=1e-5, lr_decay_steps=900), LEVEL),
        ),
        ({"lr_warmup_fraction": 0.07, "lr_decay_iters": 100}, (rate(lr_warmup_steps=7, lr_decay_steps=100), LEVEL)),
        (
            {"lr_decay_style": "WSD", "lr_wsd_decay_iters": 100},
            (rate(lr_decay_style="WSD", wsd_decay_steps=100, lr_wsd_decay_style="exponential"), LEVEL),
        ),
        ({"lr_decay_style": None}, (rate(lr_decay_style="linear"), LEVEL)),
        (
            {"train_iters": None, "train_samples": 64000, "lr_warmup_samples": 640, "rampup_batch_size": [32, 32, 64]},
            (
                rate(lr_warmup_steps=640, lr_decay_steps=64000),
                lrvec.megatron_wd(start_wd=0.1, end_wd=0.1, wd_incr_steps=64000, wd_incr_style="constant"),
            ),
        ),
        (
            {"weight_decay_incr_style": "linear", "start_weight_decay": 0.01, "end_weight_decay": 0.2, "lr_decay_iters": 800},
            (rate(lr_decay_steps=800), lrvec.megatron_wd(start_wd=0.01, end_wd=0.2, wd_incr_steps=1000, wd_incr_style="linear")),
        ),
    ],
)
def test_megatrons_arguments(more: dict[str, Any], wanted: Any) -> None:
    settings = {**MEGATRON, **more}
    assert read.megatron(settings) == read.megatron(argparse.Namespace(**settings)) == wanted


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({"train_samples": 5}, "exactly one of train_iters and train_samples must be given"),
        ({"lr": None}, "lr must be given, received None"),
        ({"lr_decay_samples": 5}, "lr_decay_samples must be absent with train_iters, received 5"),
        ({"lr_warmup_fraction": 0.0333}, "lr_warmup_fraction must make a whole number of the 1000 steps of the decay, received 0.0333"),
        ({"lr_warmup_fraction": 0.1, "lr_warmup_iters": 9}, "lr_warmup_iters must be absent with lr_warmup_fraction, received 9"),
        ({"rampup_batch_size": [1, 1, 1]}, "rampup_batch_size must be absent with train_iters, as Megatron asks"),
        ({"decoupled_lr": 1e-3}, "decoupled_lr must be absent, for lrvec cannot follow it in Megatron, received 0.001"),
        ({"use_checkpoint_opt_param_scheduler": True}, "use_checkpoint_opt_param_scheduler must be off"),
        ({"lr_decay_style": "WSD"}, "lr_wsd_decay_iters must be"),
        ({"lr_warmup_iters": 1000}, "lr_warmup_iters must be less than train_iters, received 1000"),
        ({"lr_warmup_iters": 50, "lr_decay_iters": 50}, "lr_warmup_iters must be less than lr_decay_iters, received 50"),
        ({"lr_warmup_fraction": 1.0}, "lr_warmup_fraction must be less than train_iters, received 1000"),
        ({"min_lr": 1.0}, "min_lr must not exceed lr, received min_lr=1.0, lr=0.0003"),
        ({"lr_warmup_init": 1.0}, "lr_warmup_init must not exceed lr, received lr_warmup_init=1.0, lr=0.0003"),
        ({"weight_decay": -0.5}, "weight_decay must be non-negative, received -0.5"),
        ({"weight_decay_incr_style": "wavy", "start_weight_decay": 0.2, "end_weight_decay": 0.3}, "weight_decay_incr_style must be one of"),
        ({"start_weight_decay": 0.2}, "start_weight_decay must be weight_decay where"),
        ({"weight_decay_incr_style": "cosine", "start_weight_decay": 0.2}, "end_weight_decay must be given for the style cosine"),
    ],
)
def test_megatrons_arguments_that_cannot_be_followed_are_named(more: dict[str, Any], message: str) -> None:
    with pytest.raises((TypeError, ValueError)) as refusal:
        read.megatron({**MEGATRON, **more})
    assert str(refusal.value).startswith(message)


# ---- DeepSpeed ----


def config(kind: str, lr: float | None = None, **params: Any) -> dict[str, Any]:
    optimizer = {} if lr is None else {"optimizer": {"type": "AdamW", "params": {"lr": lr}}}
    return {"train_batch_size": 8, "scheduler": {"type": kind, "params": params}, **optimizer}


def test_the_configuration_of_deepspeed(tmp_path: Path) -> None:
    decay = config("WarmupDecayLR", total_num_steps=100, warmup_max_lr=0.5, warmup_num_steps=10)
    (tmp_path / "ds.json").write_text(json.dumps(decay))
    wanted = deepspeed.WarmupDecayLR(100, warmup_max_lr=0.5, warmup_num_steps=10)
    assert read.deepspeed(decay) == read.deepspeed(str(tmp_path / "ds.json")) == wanted
    cosine = read.deepspeed(config("WarmupCosineLR", 0.5, total_num_steps=5000))
    assert cosine == deepspeed.WarmupCosineLR(5000, base_lr=0.5)
    assert read.deepspeed(config("WarmupLR", 0.5, warmup_max_lr=0.25)) == deepspeed.WarmupLR(warmup_max_lr=0.25)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({}, "scheduler must be a mapping or the path of a file of JSON, received None"),
        (config("Magic"), "scheduler.type must be one of ('LRRangeTest', 'OneCycle', 'WarmupLR', 'WarmupDecayLR', 'WarmupCosineLR'), rec"),
        (config("OneCycleMomentum"), "scheduler.type must be one of"),
        (config("WarmupLR", warmup_max_lr="auto"), "scheduler.params.warmup_max_lr must be a value, which transformers fills in"),
        (config("WarmupLR", warmup_max=1.0), "scheduler.params must be parameters of WarmupLR, warmup_min_lr, warmup_max_lr"),
        (config("WarmupCosineLR", total_num_steps=100), "WarmupCosineLR() missing 1 required keyword-only argument: 'optimizer.params.lr'"),
        (config("WarmupCosineLR", "auto", total_num_steps=5000), "optimizer.params.lr must be a finite number, received 'auto'"),
        (config("WarmupLR", 0.5, base_lr=1.0), "scheduler.params must be parameters of WarmupLR, warmup_min_lr, warmup_max_lr, warmup_num_steps, warmup_type, received base_lr"),
        ({"scheduler": {"type": "WarmupLR", "params": {"warmup_max_lr": 0.5}, "every": 2}}, "scheduler must have no keys but type and params, received every"),
        (config("WarmupLR", warmup_max_lr=0.5, warmup_num_steps=-1), "warmup_num_steps must be"),
    ],
)
def test_keys_of_deepspeed_that_cannot_be_followed_are_named(given: dict[str, Any], message: str) -> None:
    with pytest.raises((TypeError, ValueError)) as refusal:
        read.deepspeed(given)
    assert str(refusal.value).startswith(message)


# ---- logs ----

Rate = Callable[[int], float]


def logged(rate: Rate, every: int = 1, shift: int = 0, skipped: tuple[int, ...] = (), digits: str = "r") -> list[tuple[int, str]]:
    """What a run logs whose optimizer skips some steps."""
    found, clock = [], 0
    for step in range(1, 101):
        clock += step not in skipped
        if step % every == 0:
            value = rate(clock + shift)
            found.append((step, repr(value) if digits == "r" else format(value, digits)))
    return found


CLOCKS: list[dict[str, Any]] = [
    {"shift": 0},
    {"shift": -1},
    {"shift": 1},
    {"shift": -1, "every": 10},
    {"shift": -1, "digits": ".4g"},
    {"shift": 0, "digits": ".7f"},
    {"shift": -1, "skipped": (30,)},
    {"shift": 0, "skipped": (30, 31, 60), "digits": ".6e"},
]


@pytest.mark.parametrize("clock", CLOCKS, ids=str)
def test_a_log_of_the_schedule_fits(clock: dict[str, Any]) -> None:
    found = read.check_log(logged(COSINE, **clock), COSINE)
    assert found.misfit is None
    assert found.shift == clock["shift"]
    assert len(found.entries) == 100 // clock.get("every", 1)
    skipped = clock.get("skipped", ())
    assert found.lags == [(step, number + 1) for number, step in enumerate(skipped)]


def test_the_first_step_that_does_not_fit_is_found() -> None:
    log = [(step, COSINE(step - 1) * (1.0 + 1e-5 * (step >= 60))) for step in range(1, 101)]
    found = read.check_log(log, COSINE)
    assert (found.shift, found.lags, found.misfit) == (-1, [], (60, *[rate for _, rate in log[59:60]], COSINE(59)))
    assert str(found) == "\n".join([
        "entries    100, at the steps 1 ... 100",
        "clock      the rate at step n is schedule(n - 1)",
        "lag        none",
        f"misfit     step 60: the log has {log[59][1]!r}, the schedule {COSINE(59)!r}",
    ])  # fmt: skip
    late = read.check_log(logged(COSINE, skipped=(30,)), COSINE)
    assert str(late).splitlines()[1:3] == ["clock      the rate at step n is schedule(n)", "lag        from step 30 on 1 behind that"]


@pytest.mark.parametrize("name", ["constant", "constant_with_warmup", "linear", "cosine", "inverse_sqrt"])
@pytest.mark.parametrize(("every", "shift", "warmup"), [(1, -1, 0), (10, 0, 20), (5, -1, 17)])
def test_the_log_of_a_trainer_shows_its_schedule(name: str, every: int, shift: int, warmup: int) -> None:
    given = 0 if name == "constant" else warmup
    schedule = get_scheduler(name, given, 101, lr=3.21e-4)
    log = logged(schedule, every, shift)
    history: list[dict[str, Any]] = [{"step": step, "learning_rate": float(rate), "loss": 1.0} for step, rate in log]
    state = {"max_steps": 101, "log_history": [*history, {"step": 100, "eval_loss": 1.0}]}
    found = read.trainer_state(state)
    if shift == -1:
        assert found == schedule
    assert read.check_log(state, found).misfit is None
    assert read.check_log(state) == read.check_log(state, found)


def test_a_log_that_shows_nothing_is_refused() -> None:
    history = [{"step": step, "learning_rate": 1.0 / step**2} for step in range(1, 20)]
    with pytest.raises(ValueError, match="log_history must show a schedule of transformers that a warmup and a rate describe"):
        read.trainer_state({"max_steps": 20, "log_history": history})


@pytest.mark.parametrize("entry", [{"step": 1, "lr": 0.9}, (1,), (1, 0.9, 2), 0.9])
def test_an_entry_of_a_log_is_a_pair(entry: Any) -> None:
    assert read.check_log([[0, 0.5], (1, COSINE(1))], COSINE).entries == [0, 1]
    with pytest.raises(TypeError) as refusal:
        read.check_log([(0, 0.5), entry], COSINE)
    assert str(refusal.value) == f"source[1] must be a pair of a step and a learning rate, received {entry!r}"


FILES: dict[str, Callable[[list[tuple[int, str]]], str]] = {
    "trainer_state.json": lambda log: json.dumps(
        {"max_steps": 100, "log_history": [{"step": step, "learning_rate": float(rate)} for step, rate in log]}, indent=2
    ),
    "log.jsonl": lambda log: "\n".join(
        line for step, rate in log for line in (f'{{"train/global_step": {step}, "train/lr": {rate}}}', '{"eval": 1}')
    ),
    "log.csv": lambda log: "Step,loss, LR \n" + "".join(f"{step},0.1,{rate}\n{step},0.2,\n" for step, rate in log),
}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])  # the latter as spreadsheets write, with a mark in front
@pytest.mark.parametrize("name", FILES)
def test_logs_are_checked_from_files(name: str, encoding: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    log, path = tmp_path / name, tmp_path / "schedule.json"
    log.write_text(FILES[name](logged(COSINE, shift=-1)), encoding)
    path.write_text(json.dumps(COSINE.to_dict()), encoding)
    assert run(["check-log", str(log), "--schedule", str(path)]) == 0
    assert capsys.readouterr() == (f"{read.check_log(log, COSINE)}\n", "")
    path.write_text(json.dumps((1.01 * COSINE).to_dict()))
    assert run(["check-log", str(log), "--schedule", str(path)]) == 1
    assert capsys.readouterr().out.splitlines()[-1].startswith("misfit     step 2: the log has ")
    if name == "trainer_state.json":
        assert run(["check-log", str(log)]) == 0


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "LOG must have a column of steps, such as step, received no columns"),
        ("step,loss\n1,2\n", "LOG must have a column of learning rates, such as learning_rate, received step, loss"),
        ("step,lr\n", "LOG must have a column of steps, such as step, received no columns"),
        ("step,lr\n1,\n", "LOG must have an entry with a step and a learning rate, received none"),
        ("step,lr\n1,nan\n", "learning rate in LOG must be a finite number, received 'nan'"),
        ("step,lr\n1.5,1\n", "step must be a non-negative integer, received '1.5'"),
        ('{"step": 1,', "LOG must hold JSON, received '{\"step\": 1,'"),
    ],
)
def test_files_that_are_no_logs_are_refused(text: str, message: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "log").write_text(text)
    (tmp_path / "schedule").write_text(json.dumps(COSINE.to_dict()))
    assert run(["check-log", str(tmp_path / "log"), "--schedule", str(tmp_path / "schedule")]) == 2
    printed = capsys.readouterr()
    assert (printed.out, printed.err[: len(message) + 7]) == ("", f"lrvec: {message}")


# ---- torch ----


@pytest.mark.parametrize("scheduler", [3, lrvec.constant(lr=1.0)])
def test_what_is_no_scheduler_of_torch_is_refused(scheduler: Any) -> None:
    with pytest.raises(TypeError, match="scheduler must be one of torch's with its optimizer, received"):
        read.torch(scheduler)
