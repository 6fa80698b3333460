"""These tests train with lrvec's schedulers in the trainers of others: the rates that a training step sees are the schedule's.

`python test_trainers.py FRAMEWORK FOLDER` continues a run from its checkpoint in a folder, and prints the rates as JSON.
"""

from __future__ import annotations

import functools
import json
import os
import sys
from pathlib import Path
from types import FunctionType
from typing import Any, ClassVar

import numpy as np
import pytest
import torch
from processes import run
from sklearn.datasets import load_iris

import lrvec
from lrvec.torch import LRScheduler
from lrvec.transformers import ScheduleMixin

pytestmark = pytest.mark.filterwarnings("default")  # what trainers warn of is theirs

MIDDLE, END = 10, 20
RATE = lrvec.with_warmup(lrvec.cosine(base_lr=0.05, min_lr=0.001, total_steps=12), warmup_steps=5, start_lr=0.0)
DECAY = lrvec.linear(base_lr=0.0, end_lr=0.1, total_steps=15)


class Iris(torch.utils.data.Dataset[Any]):
    def __init__(self) -> None:
        found = load_iris()
        self.inputs, self.classes = torch.tensor(found.data, dtype=torch.float32), torch.tensor(found.target)

    def __len__(self) -> int:
        return 80

    def __getitem__(self, index: int) -> dict[str, torch.Tensor]:
        return {"inputs": self.inputs[index], "labels": self.classes[index]}


class Net(torch.nn.Module):
    def __init__(self) -> None:
        super().__init__()
        torch.manual_seed(0)
        self.layer = torch.nn.Linear(4, 3)

    def forward(self, inputs: torch.Tensor, labels: torch.Tensor) -> dict[str, torch.Tensor]:
        logits = self.layer(inputs)
        return {"loss": torch.nn.functional.cross_entropy(logits, labels), "logits": logits}


def huggingface(folder: Path, resumed: bool = False) -> list[list[float]]:
    from transformers import Trainer, TrainingArguments

    seen: list[list[float]] = []

    class Own(ScheduleMixin, Trainer):
        quantities: ClassVar[dict[str, Any]] = {"weight_decay": DECAY}

        def schedule(self, num_training_steps: int) -> lrvec.Schedule:
            assert num_training_steps == END
            return RATE

        def training_step(self, *given: Any, **named: Any) -> Any:
            group = self.optimizer.param_groups[0]
            seen.append([group["lr"], group["weight_decay"]])
            return super().training_step(*given, **named)

    arguments = TrainingArguments(
        output_dir=str(folder),
        max_steps=END,
        per_device_train_batch_size=16,
        save_steps=MIDDLE,
        logging_steps=1,
        report_to=[],
        use_cpu=True,
        disable_tqdm=True,
        remove_unused_columns=False,
    )
    trainer = Own(model=Net(), args=arguments, train_dataset=Iris())
    trainer.train(resume_from_checkpoint=str(folder / f"checkpoint-{MIDDLE}") if resumed else None)
    logged = [entry["learning_rate"] for entry in trainer.state.log_history if "learning_rate" in entry]
    assert logged == [RATE(i) for i in range(END)]
    return seen


def accelerate(folder: Path, resumed: bool = False) -> list[list[float]]:
    from accelerate import Accelerator

    accelerator, net = Accelerator(cpu=True), Net()
    optimizer = torch.optim.AdamW(net.parameters())
    scheduler = LRScheduler(optimizer, RATE, weight_decay=DECAY)
    loader = torch.utils.data.DataLoader(Iris(), batch_size=80)
    net, optimizer, loader, scheduler = accelerator.prepare(net, optimizer, loader, scheduler)
    if resumed:
        accelerator.load_state(str(folder / "state"))
    seen: list[list[float]] = []
    for step in range(MIDDLE if resumed else 0, END):
        if step == MIDDLE and not resumed:
            accelerator.save_state(str(folder / "state"))
        for batch in loader:
            group = optimizer.param_groups[0]
            seen.append([group["lr"], group["weight_decay"]])
            accelerator.backward(net(**batch)["loss"])
            optimizer.step()
            scheduler.step()
            optimizer.zero_grad()
    return seen


def lightning(folder: Path, resumed: bool = False) -> list[list[float]]:
    import pytorch_lightning

    seen: list[list[float]] = []

    class Module(pytorch_lightning.LightningModule):
        def __init__(self) -> None:
            super().__init__()
            self.net = Net()

        def configure_optimizers(self) -> Any:
            optimizer = torch.optim.AdamW(self.parameters())
            scheduler = LRScheduler(optimizer, RATE, weight_decay=DECAY)
            return {"optimizer": optimizer, "lr_scheduler": {"scheduler": scheduler, "interval": "step"}}

        def training_step(self, batch: dict[str, torch.Tensor]) -> torch.Tensor:
            group = self.optimizers().param_groups[0]
            seen.append([group["lr"], group["weight_decay"]])
            return self.net(**batch)["loss"]

    saves = pytorch_lightning.callbacks.ModelCheckpoint(folder, "{step}", every_n_train_steps=MIDDLE, save_top_k=-1)
    trainer = pytorch_lightning.Trainer(
        max_steps=END, accelerator="cpu", logger=False, callbacks=[saves], enable_progress_bar=False, enable_model_summary=False
    )
    loader = torch.utils.data.DataLoader(Iris(), batch_size=16)
    trainer.fit(Module(), loader, ckpt_path=str(folder / f"step={MIDDLE}.ckpt") if resumed else None)
    return seen


TRAINERS = {"huggingface": huggingface, "accelerate": accelerate, "lightning": lightning}


@pytest.mark.parametrize("name", TRAINERS)
def test_a_training_step_sees_the_schedules_values(name: str, tmp_path: Path) -> None:
    """It does so too when a new process goes on from the checkpoint in the middle."""
    wanted = [[RATE(i), DECAY(i)] for i in range(END)]
    assert TRAINERS[name](tmp_path) == wanted
    done = run(__file__, name, str(tmp_path), PYTHONPATH=os.pathsep.join(sys.path))
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout.splitlines()[-1]) == wanted[MIDDLE:]


class Stub:
    """It stands for a Trainer that has its optimizer, and is about to ask for a scheduler."""

    lr_scheduler = None

    def __init__(self) -> None:
        self.optimizer = torch.optim.SGD(Net().parameters(), lr=1.0)


def run_of(steps: int) -> lrvec.Schedule:
    return lrvec.linear(base_lr=0.5, end_lr=0.0, total_steps=steps)


@pytest.mark.parametrize(
    "schedule",
    [lambda self, steps: run_of(steps), staticmethod(run_of), functools.partial(run_of), run_of(8), run_of(8).to_dict()],
    ids=["method", "function", "callable", "schedule", "dict"],
)
@pytest.mark.parametrize("on_instance", [False, True])
def test_the_mixin_takes_a_schedule_or_what_makes_one_for_the_steps(schedule: Any, on_instance: bool) -> None:
    own = type("Own", (ScheduleMixin, Stub), {} if on_instance else {"schedule": schedule})()
    if on_instance:
        own.schedule = schedule.__get__(own) if isinstance(schedule, (staticmethod, FunctionType)) else schedule
    scheduler = own.create_scheduler(8)
    assert (scheduler.schedule, own.lr_scheduler) == (run_of(8), scheduler)


@pytest.mark.parametrize("rate", [0.5, 1, np.float32(0.5)])
def test_the_mixin_refuses_a_function_of_the_step(rate: Any) -> None:
    """It would be a constant: the rate at the number of training steps."""
    own = type("Own", (ScheduleMixin, Stub), {"schedule": lambda self, steps: rate})()
    with pytest.raises(TypeError, match="^schedule must give a schedule for the number of training steps, and no rate, received"):
        own.create_scheduler(8)


if __name__ == "__main__":
    print(json.dumps(TRAINERS[sys.argv[1]](Path(sys.argv[2]), resumed=True)))
