"""These tests run the snippets of docs/plugging-in.md in the trainers that they are for: the rates that training sees are the schedule's.

DeepSpeed, torchtitan, Composer are too large to be installed for this. Stand-ins make the calls that their documentation names.
`python test_plugging_in.py FOLDER` goes on with LightningCLI from its checkpoint, and prints the rates as JSON.
"""

from __future__ import annotations

import json
import os
import re
import sys
import types
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from processes import run
from test_trainers import Iris, Net

import lrvec
from lrvec.torch import LRScheduler

pytestmark = pytest.mark.filterwarnings("default")  # what trainers warn of is theirs

PAGE = (Path(__file__).parents[2] / "docs" / "plugging-in.md").read_text()
SECTIONS = dict(re.findall(r"^## (.*?)\n(.*?)(?=^## |\Z)", PAGE, re.MULTILINE | re.DOTALL))
SCHEDULE = lrvec.warmup_cosine(base_lr=0.5, min_lr=0.0, warmup_steps=2, total_steps=8)
RATES = [SCHEDULE(step) for step in range(8)]


def snippets(section: str) -> list[str]:
    return re.findall(r"^```\n(.*?)^```$", SECTIONS[section], re.MULTILINE | re.DOTALL)


def executed(code: str, **names: Any) -> dict[str, Any]:
    """What a snippet defines, where these names are known."""
    space: dict[str, Any] = {"torch": torch, "lrvec": lrvec, "LRScheduler": LRScheduler, "schedule": SCHEDULE, **names}
    exec(code, space)
    return space


def adamw() -> torch.optim.Optimizer:
    return torch.optim.AdamW([torch.nn.Parameter(torch.zeros(3))], lr=1.0)


def seen_by(optimizer: Any, step: Callable[[], Any], steps: int = 8) -> list[float]:
    """The rates before each of some steps."""
    found = []
    for _ in range(steps):
        found.append(optimizer.param_groups[0]["lr"])
        step()
    return found


def lightning_module(**methods: Any) -> Any:
    import pytorch_lightning

    class Module(pytorch_lightning.LightningModule):
        def __init__(self) -> None:
            super().__init__()
            self.net, self.seen = Net(), []

        def training_step(self, batch: dict[str, torch.Tensor]) -> torch.Tensor:
            self.seen.append(self.optimizers().param_groups[0]["lr"])
            return self.net(**batch)["loss"]

        def train_dataloader(self) -> Any:
            return torch.utils.data.DataLoader(Iris(), batch_size=40)

    return type("Own", (Module,), methods)


def test_lightning() -> None:
    import pytorch_lightning

    module = lightning_module(configure_optimizers=executed(snippets("Lightning")[0])["configure_optimizers"])()
    quiet = {"logger": False, "enable_progress_bar": False, "enable_model_summary": False, "enable_checkpointing": False}
    pytorch_lightning.Trainer(max_steps=8, accelerator="cpu", **quiet).fit(module)
    assert module.seen == RATES


def lightning_cli(folder: Path, resumed: bool = False) -> tuple[list[float], Any]:
    """Trains by the YAML of the page, which gives an epoch of two steps a rate of its own."""
    import yaml
    from pytorch_lightning.cli import LightningCLI

    quiet = {"logger": False, "enable_progress_bar": False, "enable_model_summary": False, "accelerator": "cpu"}
    saves = {"class_path": "pytorch_lightning.callbacks.ModelCheckpoint"}
    saves["init_args"] = {"dirpath": str(folder), "filename": "{epoch}", "save_top_k": -1}  # type: ignore[assignment]
    settings = yaml.safe_load(snippets("Lightning")[1]) | {"trainer": {**quiet, "max_epochs": 4, "callbacks": [saves]}}
    if resumed:
        settings["ckpt_path"] = str(folder / "epoch=1.ckpt")
    (folder / "config.yaml").write_text(yaml.safe_dump(settings))
    cli = LightningCLI(lightning_module(), args=["fit", "--config", str(folder / "config.yaml")], save_config_callback=None)
    return cli.model.seen, cli.trainer.lr_scheduler_configs[0].scheduler


def test_lightning_by_yaml(tmp_path: Path) -> None:
    """It goes on in a new process too."""
    seen, scheduler = lightning_cli(tmp_path)
    assert type(scheduler) is LRScheduler
    wanted = [0.5, 0.5, 0.375, 0.375, 0.25, 0.25, 0.125, 0.125]
    assert seen == wanted
    done = run(__file__, str(tmp_path), PYTHONPATH=os.pathsep.join(sys.path))
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout.splitlines()[-1]) == wanted[4:]


def test_transformers(tmp_path: Path) -> None:
    from transformers import Trainer, TrainingArguments

    from lrvec.transformers import ScheduleMixin

    trainer_class = executed(snippets("transformers")[0], ScheduleMixin=ScheduleMixin, Trainer=Trainer)["OwnTrainer"]
    given = {"max_steps": 8, "logging_steps": 1, "report_to": [], "use_cpu": True, "disable_tqdm": True}
    arguments = TrainingArguments(str(tmp_path), remove_unused_columns=False, save_strategy="no", **given)
    trainer = trainer_class(model=Net(), args=arguments, train_dataset=Iris())
    trainer.train()
    trainer.save_state()
    assert [entry["learning_rate"] for entry in trainer.state.log_history if "learning_rate" in entry] == RATES
    checked = lrvec.read.check_log(tmp_path / "trainer_state.json", SCHEDULE)
    assert (checked.entries, checked.shift, checked.lags, checked.misfit) == ([*range(1, 9)], -1, [], None)


def test_accelerate() -> None:
    from accelerate import Accelerator

    net, loader = Net(), torch.utils.data.DataLoader(Iris(), batch_size=80)
    made = executed(snippets("Accelerate")[0], Accelerator=lambda: Accelerator(cpu=True), net=net, loader=loader)

    def step() -> None:
        for batch in made["loader"]:
            made["accelerator"].backward(made["net"](**batch)["loss"])
            made["optimizer"].step()
            made["scheduler"].step()

    assert seen_by(made["optimizer"], step) == RATES


def test_deepspeeds_call() -> None:
    """The stand-in does what the documentation of `initialize` says: "a scheduler object or a callable that takes an optimizer and
    returns a scheduler object"."""

    def initialize(model: Any, optimizer: Any, config: Any, lr_scheduler: Any) -> Any:
        scheduler = lr_scheduler(optimizer) if callable(lr_scheduler) else lr_scheduler
        return types.SimpleNamespace(step=scheduler.step), optimizer, None, scheduler

    stand_in = types.SimpleNamespace(initialize=initialize)
    made = executed(snippets("DeepSpeed")[0], deepspeed=stand_in, net=None, config={}, optimizer=adamw())
    assert type(made["scheduler"]) is LRScheduler
    assert seen_by(made["optimizer"], made["engine"].step) == RATES


def test_torchtitans_call() -> None:
    """The stand-in makes a LambdaLR of the function for each optimizer, steps them together, and saves `last_epoch` alone."""

    class Container:
        def __init__(self, optimizers: list[Any], lr_lambda: Any) -> None:
            self.schedulers = [torch.optim.lr_scheduler.LambdaLR(one, lr_lambda) for one in optimizers]

        def step(self) -> None:
            for one in self.schedulers:
                one.step()

    optimizer = adamw()
    made = executed(snippets("torchtitan and Composer")[0], LRSchedulersContainer=Container, optimizers=[optimizer])
    assert seen_by(optimizer, made["schedulers"].step, 5) == RATES[:5]
    other = LRScheduler(adamw(), SCHEDULE)
    other.load_state_dict({"last_epoch": 5})
    assert other.optimizer.param_groups[0]["lr"] == RATES[5]


def test_composers_call() -> None:
    """The stand-in makes a LambdaLR of the function of the state, as Composer does for schedulers that are functions."""
    state = types.SimpleNamespace(timestamp=types.SimpleNamespace(batch=types.SimpleNamespace(value=0)))

    def trainer(model: Any, optimizers: Any, schedulers: list[Any]) -> Any:
        made = [torch.optim.lr_scheduler.LambdaLR(optimizers, lambda _, one=one: one(state)) for one in schedulers]

        def step() -> None:
            state.timestamp.batch.value += 1
            for one in made:
                one.step()

        return types.SimpleNamespace(step=step)

    optimizer = adamw()
    made = executed(snippets("torchtitan and Composer")[1], Trainer=trainer, model=None, optimizer=optimizer)
    assert seen_by(optimizer, made["trainer"].step) == RATES


def test_timms_groups() -> None:
    groups = [{"params": [torch.nn.Parameter(torch.zeros(1))], "lr_scale": scale} for scale in (0.25, 1.0)]
    optimizer = torch.optim.AdamW(groups)
    for num_updates in (0, 3, 7):
        executed(snippets("timm")[0], optimizer=optimizer, num_updates=num_updates)
        assert [group["lr"] for group in optimizer.param_groups] == [0.25 * RATES[num_updates], RATES[num_updates]]


def test_keras() -> None:
    import keras

    from lrvec.keras import LearningRateSchedule

    optimizer = executed(snippets("Keras")[0], keras=keras, LearningRateSchedule=LearningRateSchedule)["optimizer"]
    optimizer.build([keras.Variable([0.0])])
    optimizer.iterations.assign(3)
    assert float(optimizer.learning_rate) == pytest.approx(RATES[3], rel=3e-7)


def test_optax_and_mlx() -> None:
    import mlx.core
    import mlx.optimizers
    import optax

    state = optax.inject_hyperparams(optax.sgd)(learning_rate=SCHEDULE).init({"w": mlx.core.zeros(1).tolist()})
    assert float(state.hyperparams["learning_rate"]) == RATES[0]
    optimizer = mlx.optimizers.SGD(learning_rate=SCHEDULE)
    optimizer.init({"w": mlx.core.zeros(1)})
    for step in range(8):
        optimizer.update({"w": mlx.core.zeros(1)}, {"w": mlx.core.zeros(1)})
        assert optimizer.learning_rate.item() == pytest.approx(RATES[step], rel=3e-7, abs=1e-9)


if __name__ == "__main__":
    print(json.dumps(lightning_cli(Path(sys.argv[1]), resumed=True)[0]))
