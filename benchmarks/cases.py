"""Typical parameters of every kind: the rows of all benchmarks."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy

import lrvec
from lrvec._schedule import KINDS


class Case(NamedTuple):
    label: str
    kind: str
    parameters: dict[str, Any]
    schedule: Any

    @property
    def parts(self) -> list[Any]:
        """The schedules whose values the kernels compute: several for a stack."""
        return list(self.parameters.get("schedules", [self.parameters["schedule"] if self.factors else self.schedule]))

    @property
    def factors(self) -> list[float]:
        """By which a group schedule multiplies these values; empty for others."""
        return list(self.parameters.get("multipliers", {}).values())

    def empty(self, steps: int) -> Any:
        """An array for the values at so many steps, with a row for each group or each schedule of a stack."""
        rows = max(len(self.factors), len(self.parts))
        return numpy.zeros((rows, steps) if rows > 1 else steps)

    def fill(self, steps: Any, out: Any) -> Any:
        return self.schedule.matrix(steps, out) if self.factors else self.schedule(steps, out=out)


def cases(steps: int) -> list[Case]:
    """All kinds with parameters that suit a run of so many steps."""
    table = typical_parameters(steps)
    if table.keys() != KINDS.keys():
        raise LookupError(f"typical parameters and kinds must match, but for {table.keys() ^ KINDS.keys()}")
    return [
        Case(label(name, parameters, table[name]), name, parameters, KINDS[name].make(parameters))
        for name in KINDS
        for parameters in table[name]
    ]


def label(kind: str, parameters: dict[str, Any], siblings: list[dict[str, Any]]) -> str:
    """The kind, and in what the parameters differ from those of its other cases."""
    differing = [name for name in parameters if any(parameters[name] != other[name] for other in siblings)]
    return ", ".join([kind, *(f"{name} {parameters[name]}" for name in differing)])


def typical_parameters(steps: int) -> dict[str, list[dict[str, Any]]]:
    period = max(10, min(10_000, steps // 10))
    rates = {"base_lr": 3e-4, "end_lr": 3e-5, "total_steps": steps}
    floor = {"base_lr": 3e-4, "min_lr": 3e-5}
    feet = {"min_lr": 3e-5, "max_lr": 3e-4, "step_size": period}
    trapezoid = {
        "base_lr": 3e-4,
        "warmup_steps": period,
        "decay_steps": steps // 5,
        "total_steps": steps,
        "final_lr": 3e-5,
        "warmup_start": 0.0,
    }
    wave = lrvec.cosine(**floor, total_steps=steps - period)
    phases = [
        (period, lrvec.linear(base_lr=0.0, end_lr=3e-4, total_steps=period)),
        (steps // 2 - period, lrvec.constant(lr=3e-4)),
        (steps // 2, lrvec.cosine(**floor, total_steps=steps // 2)),
    ]
    return {
        "constant": [{"lr": 3e-4}],
        "step_decay": [{"base_lr": 3e-4, "drop": 0.99, "step_size": period}],
        "multi_step": [{"base_lr": 3e-4, "milestones": (steps // 3, steps // 2, steps * 3 // 4), "gamma": 0.1}],
        "exponential": [{"base_lr": 3e-4, "gamma": 1e-4 ** (1 / steps)}],
        "exponential_decay": [{"base_lr": 3e-4, "decay_rate": 0.5, "decay_steps": period * 100}],
        "linear": [rates],
        "polynomial": [{**rates, "power": power} for power in (2.0, 0.9)],
        "polynomial_decay": [{"start_lr": 3e-4, "end_lr": 3e-5, "total_steps": steps, "power": 0.5}],
        "cosine": [{**floor, "total_steps": steps}],
        "inverse_sqrt": [{"base_lr": 3e-4, "warmup_steps": period}],
        "megatron_lr": [
            {
                "init_lr": 0.0,
                "max_lr": 3e-4,
                "min_lr": 3e-5,
                "lr_warmup_steps": period,
                "lr_decay_steps": steps,
                "lr_decay_style": "WSD",
                "wsd_decay_steps": steps // 5,
                "lr_wsd_decay_style": "exponential",
            },
        ],
        "megatron_wd": [{"start_wd": 0.01, "end_wd": 0.1, "wd_incr_steps": steps, "wd_incr_style": "cosine"}],
        "one_cycle": [
            {"max_lr": 3e-4, "total_steps": steps, "pct_start": 0.3, "initial_div": 25.0, "final_div": 1e4},
        ],
        "warmup_stable_decay": [{**trapezoid, "decay_shape": shape} for shape in ("linear", "1-sqrt")],
        "with_warmup": [{"schedule": wave, "warmup_steps": period, "start_lr": 0.0}],
        "sequential": [{"phases": phases}],
        "triangular": [feet],
        "triangular2": [feet],
        "exp_range": [{**feet, "gamma": 1e-4 ** (1 / steps)}],
        "cosine_restarts": [{**floor, "period": period, "t_mult": t_mult} for t_mult in (1, 2)],
        "scale_by_group": [
            {
                "schedule": lrvec.with_warmup(wave, warmup_steps=period, start_lr=0.0),
                "multipliers": {"backbone": 0.1, "head": 1.0},
            },
        ],
        "stack": [{"schedules": (wave, lrvec.linear(**rates))}],
    }
