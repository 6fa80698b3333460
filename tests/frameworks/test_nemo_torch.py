"""These tests use lrvec.nemo with torch: AdamW is trained on scikit-learn's digits, saved in the middle, and continued in a new
process.

`python test_nemo_torch.py FILE` continues from a file, and prints the results as JSON.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

import torch
from processes import run
from sklearn.datasets import load_digits

from lrvec.nemo import OptimizerParamScheduler

MIDDLE, END = 170, 400
SETTINGS: dict[str, Any] = {
    "init_lr": 0.0,
    "max_lr": 4e-3,
    "min_lr": 1e-5,
    "lr_warmup_steps": 40,
    "lr_decay_steps": 360,
    "lr_decay_style": "WSD",
    "start_wd": 0.01,
    "end_wd": 0.1,
    "wd_incr_steps": 300,
    "wd_incr_style": "cosine",
    "wsd_decay_steps": 200,
    "lr_wsd_decay_style": "minus_sqrt",
}


class Training:
    """A network with two groups of parameters: the output's have twice the rate and no weight decay."""

    def __init__(self, **others: Any) -> None:
        torch.manual_seed(0)
        torch.set_num_threads(1)
        digits = load_digits()
        self.images = torch.tensor(digits.data / 16.0, dtype=torch.float32)
        self.classes = torch.tensor(digits.target)
        self.model = torch.nn.Sequential(torch.nn.Linear(64, 32), torch.nn.ReLU(), torch.nn.Linear(32, 10))
        body, _, head = self.model
        groups = [
            {"params": body.parameters(), "lr": 1e-3, "weight_decay": 0.01},
            {"params": head.parameters(), "lr": 2e-3, "weight_decay": 0.0},
        ]
        self.optimizer = torch.optim.AdamW(groups)
        self.scheduler = OptimizerParamScheduler(self.optimizer, **{**SETTINGS, **others})

    def until(self, last: int) -> list[list[str]]:
        """The loss, and each group's rate and weight decay, at every step from here on: all bits of them."""
        seen = []
        for step in range(self.scheduler.num_steps, last):
            batch = torch.randperm(len(self.images), generator=torch.Generator().manual_seed(step))[:64]
            loss = torch.nn.functional.cross_entropy(self.model(self.images[batch]), self.classes[batch])
            self.optimizer.zero_grad()
            loss.backward()
            written = [group[key] for group in self.optimizer.param_groups for key in ("lr", "weight_decay")]
            seen.append([value.hex() for value in (loss.item(), *written)])
            self.optimizer.step()
            self.scheduler.step(1)
        return seen

    def accuracy(self) -> float:
        return float((self.model(self.images).argmax(1) == self.classes).float().mean())

    @property
    def parts(self) -> dict[str, Any]:
        return {"model": self.model, "optimizer": self.optimizer, "scheduler": self.scheduler}

    def save(self, path: Path) -> None:
        torch.save({name: part.state_dict() for name, part in self.parts.items()}, path)

    def load(self, path: str) -> None:
        for name, state in torch.load(path).items():
            self.parts[name].load_state_dict(state)


def test_a_run_goes_on_in_a_new_process_as_if_it_had_not_been_stopped(tmp_path: Path) -> None:
    training = Training()
    begun = training.until(MIDDLE)
    training.save(tmp_path / "middle.pt")
    rest = training.until(END)
    done = run(__file__, str(tmp_path / "middle.pt"), PYTHONPATH=os.pathsep.join(sys.path))
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == rest
    assert (len(begun), len(rest)) == (MIDDLE, END - MIDDLE)
    assert training.accuracy() > 0.95


def test_the_matrices_foretell_the_run() -> None:
    training = Training()
    rates, weight_decays = (
        matrix(range(END)).T.tolist() for matrix in (training.scheduler.lr_matrix, training.scheduler.wd_matrix)
    )
    wanted = [
        [value.hex() for pair in zip(*rows, strict=True) for value in pair]
        for rows in zip(rates, weight_decays, strict=True)
    ]
    assert [row[1:] for row in training.until(END)] == wanted
    assert [row[1] / row[0] for row in rates[1:]] == [2.0] * (END - 1)
    assert {row[1] for row in weight_decays} == {0.0}


if __name__ == "__main__":
    continued = Training(max_lr=1.0, lr_decay_steps=END, start_wd=0.0)  # the checkpoint's settings are taken
    continued.load(sys.argv[1])
    print(json.dumps(continued.until(END)))
