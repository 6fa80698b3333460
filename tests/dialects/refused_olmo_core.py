"""What the schedulers of OLMo-core refuse, by their names: arguments, and the message."""

from __future__ import annotations

from typing import Any

RUN = {"base_lr": 1.0, "total_steps": 100}
NO_WARMUP = "exactly one of warmup and warmup_steps and warmup_fraction must be given, received none"
NO_DECAY = "; it leaves OLMo-core no step to decay in"
TOO_HIGH = ({**RUN, "warmup": 10, "warmup_min_lr": 1.0}, "warmup_min_lr must be less than base_lr, received 1.0")

TWO = [{"type": "linear_with_warmup", "warmup": 10}, {"type": "constant"}]
NO_TYPE = (
    "schedulers[0]['type'] must be one of ('constant', 'constant_with_warmup', 'wsd', 'power_lr', 'linear_with_warmup', "
    "'inv_sqrt_with_warmup', 'cos_with_warmup', 'half_cos_with_warmup', 'cos_with_warmup_and_linear_decay', 'composable', "
    "'wsds', 'exponential'), received None"
)

REFUSED: dict[str, list[tuple[dict[str, Any], str]]] = {
    "ConstantScheduler": [({**RUN, "base_lr": 0.0}, "base_lr must be a positive number, received 0.0")],
    "ConstantWithWarmup": [
        (RUN, NO_WARMUP),
        (
            {**RUN, "warmup_fraction": 0.001},
            "warmup must have at least one step, received 0; OLMo-core divides by it",
        ),
        TOO_HIGH,
    ],
    "WSD": [
        (RUN, NO_WARMUP),
        (
            {**RUN, "warmup": 10, "decay": 10},
            "exactly one of decay and decay_steps and decay_fraction must be given, received decay and decay_fraction",
        ),
        (
            {**RUN, "warmup": 95},
            "warmup_steps + decay_steps must not exceed total_steps, "
            "received warmup_steps=95, decay_steps=10, total_steps=100",
        ),
        TOO_HIGH,
    ],
    "PowerLR": [
        ({**RUN, "warmup": 10, "b": 0.0}, "b must be less than 0, received 0.0"),
        (
            {**RUN, "warmup": 95},
            "warmup + decay must not exceed total_steps, received warmup=95, decay=10, total_steps=100",
        ),
    ],
    "LinearWithWarmup": [
        (RUN, NO_WARMUP),
        ({**RUN, "warmup": 100}, "warmup must be less than total_steps, received 100" + NO_DECAY),
    ],
    "InvSqrtWithWarmup": [
        ({**RUN, "warmup": 0}, "warmup must have at least one step, received 0; OLMo-core divides by it"),
    ],
    "CosWithWarmup": [
        (
            {**RUN, "warmup": 10, "warmup_fraction": 1.5},
            "warmup_fraction must satisfy 0 <= warmup_fraction <= 1, received 1.5",
        ),
        TOO_HIGH,
    ],
    "HalfCosWithWarmup": [
        (
            {**RUN, "warmup": 10, "alpha_f": 0.5, "warmup_min_lr": 0.75},
            "warmup_min_lr must be less than the warmup's peak, received 0.75",
        ),
        ({**RUN, "warmup": 50, "t_max": 50}, "warmup must be less than t_max, received 50" + NO_DECAY),
    ],
    "CosWithWarmupAndLinearDecay": [
        (
            {**RUN, "warmup": 10, "decay": 101, "decay_fraction": None},
            "decay must not exceed total_steps, received decay=101, total_steps=100",
        ),
    ],
    "ComposableScheduler": [
        ({**RUN, "stages": []}, "stages must hold at least one stage, received none"),
        (
            {**RUN, "stages": [{"duration": 10}]},
            "exactly one of stages[0]['end_lr'] and stages[0]['end_lr_fraction'] must be given, received neither",
        ),
        (
            {**RUN, "stages": [{"duration": 0, "end_lr": 1.0}]},
            "stages[0]['duration'] must be a positive integer, received 0",
        ),
    ],
    "WSDS": [
        (
            {**RUN, "period_lengths": [20, 10], "warmup": 5, "decay": 11},
            "decay must not exceed period_lengths[1], received decay=11, period_lengths[1]=10",
        ),
        (
            {**RUN, "period_lengths": [20], "warmup": 5, "decay": 5, "period_lr_multipliers": [1.0, 2.0]},
            "period_lr_multipliers must have as many items as period_lengths, received 2 for 1",
        ),
        (
            {**RUN, "period_lengths": [], "warmup": 5, "decay": 5},
            "period_lengths must hold at least one period, received none",
        ),
    ],
    "ExponentialScheduler": [({**RUN, "lr_min": 0.0}, "lr_min must be a positive number, received 0.0")],
    "SequentialScheduler": [
        ({**RUN, "schedulers": []}, "schedulers must hold at least one scheduler, received none"),
        ({**RUN, "schedulers": TWO}, "exactly one of schedulers_max and schedulers_max_steps must be given, received neither"),
        ({**RUN, "schedulers": TWO, "schedulers_max": []}, "schedulers_max must have one item less than schedulers, received 0 for 2"),
        (
            {**RUN, "schedulers": TWO, "schedulers_max": [100]},
            "schedulers_max must sum to less than total_steps, received [100]; the last scheduler of OLMo-core would never run",
        ),
        (
            {**RUN, "schedulers": TWO, "schedulers_max_steps": [10]},
            "schedulers[0]['warmup'] must be less than schedulers_max_steps[0], received 10" + NO_DECAY,
        ),
        (
            {**RUN, "schedulers": [{"type": "linear_with_warmup", "warmup": 1, "alpha_f": 0.0}, TWO[0]], "schedulers_max": [50]},
            "schedulers[0] must end with a positive rate, received 0.0; the next one begins there",
        ),
        ({**RUN, "schedulers": [{"warmup": 1}], "schedulers_max": []}, NO_TYPE),
    ],
}
