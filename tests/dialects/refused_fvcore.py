"""What the parameter schedulers of fvcore refuse, by their names: arguments, and the message."""

from __future__ import annotations

from typing import Any

import lrvec

RUN = {"total_steps": 60}
PARTS = {"schedulers": [lrvec.constant(lr=1.0)] * 2, "interval_scaling": ["fixed", "fixed"], **RUN}

REFUSED: dict[str, list[tuple[dict[str, Any], str]]] = {
    "ConstantParamScheduler": [
        ({"value": 1.0, "total_steps": 0}, "total_steps must be a positive integer, received 0")
    ],
    "CosineParamScheduler": [
        ({"start_value": "1", "end_value": 0.0, **RUN}, "start_value must be a finite number, received '1'")
    ],
    "ExponentialParamScheduler": [
        ({"start_value": 0.0, "decay": 0.5, "total_steps": 10}, "start_value must be a positive number, received 0.0"),
        ({"start_value": 1.0, "decay": 0.0, **RUN}, "decay must be a positive number, received 0.0")
    ],
    "LinearParamScheduler": [
        ({"start_value": 1.0, "end_value": float("nan"), **RUN}, "end_value must be a finite number, received nan")
    ],
    "MultiStepParamScheduler": [
        ({"values": [1.0], **RUN}, "num_updates or milestones must be given for the boundaries, received None"),
        (
            {"values": [1.0, 0.5], "milestones": [3], **RUN},
            "milestones must have as many items as values, received 1 for 2",
        ),
        (
            {"values": [1.0, 0.5], "milestones": [3], "num_updates": 3, **RUN},
            "milestones must be in ascending order, each once, received 3 after 3",
        ),
        (
            {"values": [1.0, 0.5], "num_updates": 1, **RUN},
            "the number of values must not exceed num_updates, received the number of values=2, num_updates=1",
        ),
    ],
    "PolynomialDecayParamScheduler": [
        ({"base_value": 1.0, "power": 0, **RUN}, "power must be a positive number, received 0")
    ],
    "StepParamScheduler": [
        ({"num_updates": 0, "values": [1.0], **RUN}, "num_updates must be a positive number, received 0"),
        ({"num_updates": 1, "values": [], **RUN}, "values must have from 1 to 100000 items, received 0"),
    ],
    "StepWithFixedGammaParamScheduler": [
        (
            {"base_value": 1.0, "num_decays": 0, "gamma": 0.5, "num_updates": 10, **RUN},
            "num_decays must be a positive integer, received 0",
        ),
    ],
    "CompositeParamScheduler": [
        (
            {
                "schedulers": [lrvec.polynomial(base_lr=1.0, end_lr=0.0, total_steps=7, power=0.5)] * 2,
                "lengths": [0.5, 0.5],
                "interval_scaling": ["rescaled", "fixed"],
                "total_steps": 7,
            },
            "schedulers[0] must be a curve that can be rescaled to 0.5 of the run, received "
            "polynomial(base_lr=1.0, end_lr=0.0, total_steps=7, power=0.5); "
            "by must keep the steps of this schedule's power whole, received 0.5",
        ),
        ({**PARTS, "lengths": [1.0]}, "lengths must have as many items as schedulers, received 1 for 2"),
        ({**PARTS, "lengths": [0.5, 0.4]}, "lengths must sum to 1, received [0.5, 0.4]"),
        ({**PARTS, "lengths": [1.0, 0.0]}, "lengths[1] must be a positive number, received 0.0"),
        (
            {**PARTS, "lengths": [0.5, 0.5], "interval_scaling": ["fixed", "free"]},
            "interval_scaling[1] must be one of ('rescaled', 'fixed'), received 'free'",
        ),
    ],
}
