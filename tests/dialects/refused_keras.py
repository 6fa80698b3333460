"""What the schedules of Keras refuse, by their names: arguments, and the message."""

from __future__ import annotations

from typing import Any

DECAY = {"initial_learning_rate": 1.0, "decay_steps": 10}

REFUSED: dict[str, list[tuple[dict[str, Any], str]]] = {
    "ExponentialDecay": [
        (
            {**DECAY, "decay_rate": -0.5},
            "decay_rate must be a positive number, received -0.5; below 0 Keras has no rate between multiples of decay_steps",
        ),
        ({**DECAY, "decay_rate": 0.5, "decay_steps": 0}, "decay_steps must be a positive integer, received 0"),
        ({**DECAY, "decay_rate": 0.5, "name": 3}, "name must be text, received 3"),
    ],
    "InverseTimeDecay": [
        (
            {**DECAY, "decay_rate": -0.5},
            "decay_rate must be non-negative, received -0.5; below 0 the divisor of Keras meets 0",
        ),
        ({**DECAY, "decay_rate": 0.5, "staircase": "no"}, "staircase must be True or False, received 'no'"),
    ],
    "PiecewiseConstantDecay": [
        ({"boundaries": [3], "values": [1.0]}, "boundaries must have one item less than values, received 1 for 1"),
        (
            {"boundaries": [3, 2], "values": [1.0, 0.5, 0.25]},
            "boundaries must be in ascending order, each once, received 2 after 3",
        ),
        (
            {"boundaries": [2.5], "values": [1.0, 0.5]},
            "boundaries[0] must be a non-negative integer, received 2.5",
        ),
    ],
    "PolynomialDecay": [
        (
            {**DECAY, "power": 1e9, "cycle": True},
            "power must have at most 100000 segments, received 1000000000",
        ),
        ({**DECAY, "power": -1.0}, "power must be non-negative, received -1.0"),
        ({**DECAY, "decay_steps": 1e4}, "decay_steps must be a positive integer, received 10000.0: use int(10000.0)"),
    ],
    "CosineDecay": [
        (
            {**DECAY, "warmup_steps": 5},
            "warmup_steps must be 0 without a warmup_target, received 5; Keras would have no warmup",
        ),
    ],
    "CosineDecayRestarts": [
        (
            {"initial_learning_rate": 1.0, "first_decay_steps": 10, "t_mul": 0.5},
            "t_mul must be at least 1, received 0.5; Keras has no rate behind the cycles of a shrinking length",
        ),
        (
            {"initial_learning_rate": 1.0, "first_decay_steps": 10, "t_mul": 1.0, "m_mul": 1.5},
            "m_mul must be from -1 to 1 where t_mul is 1, received 1.5; the cycles of Keras become higher for ever",
        ),
        (
            {"initial_learning_rate": 1.0, "first_decay_steps": 10, "m_mul": 1e100},
            "m_mul must keep the height of every cycle finite, received 1e+100 for 51 cycles",
        ),
        (
            {"initial_learning_rate": 1.0, "first_decay_steps": 10, "t_mul": 1e300},
            f"t_mul must be at most 2**53 = {2**53}, received 1e+300",
        ),
        (
            {"initial_learning_rate": 1.0, "first_decay_steps": 0},
            "first_decay_steps must be a positive integer, received 0",
        ),
    ],
}
