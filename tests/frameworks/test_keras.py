"""These tests give optimizers of Keras schedules of lrvec, on each of its backends, which need a process of their own.

`python test_keras.py begin FILE` prints rates as JSON, trains a model, and saves it in a file; `python test_keras.py go-on FILE`
goes on from there.
"""

from __future__ import annotations

import importlib.util
import itertools
import json
import os
import sys
from typing import Any

import numpy
import pytest
from cases import CASES
from framework import LIMIT
from processes import run

import lrvec

MIDDLE, END = 10, 20
SCHEDULE = lrvec.with_warmup(lrvec.cosine(base_lr=0.05, min_lr=0.001, total_steps=12), warmup_steps=5, start_lr=0.0)
STEPS = numpy.array([0, 1, 2, 3, 5, 8, 13, 34, 144, 999, 1000, 1001, 9_999, 10**6, 2**31 - 1], numpy.int32)
FIRST = {case.kind: case.make() for case in reversed(CASES) if isinstance(case.make(), lrvec.Schedule)}
"""A schedule of each kind."""

BACKENDS = [name for name in ("jax", "torch", "tensorflow") if importlib.util.find_spec(name)]


def values() -> dict[str, list[float]]:
    from keras import ops

    from lrvec.keras import LearningRateSchedule

    steps = ops.convert_to_tensor(STEPS)
    return {kind: ops.convert_to_numpy(LearningRateSchedule(one)(steps)).tolist() for kind, one in FIRST.items()}


def trained(path: str, begins: bool) -> dict[str, Any]:
    """Trains a model with one weight, whose gradient is 1: a step moves it by the rate. Returns where it was before each step, and
    the optimizer's rates there."""
    import keras

    from lrvec.keras import LearningRateSchedule

    @keras.saving.register_keras_serializable()
    def output(_: Any, predicted: Any) -> Any:
        return keras.ops.mean(predicted)

    if begins:
        model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1, use_bias=False, kernel_initializer="zeros")])
        model.compile(keras.optimizers.SGD(LearningRateSchedule(SCHEDULE)), output)
    else:
        model = keras.saving.load_model(path)
        assert model.optimizer._learning_rate.schedule == SCHEDULE
    weights, rates = [], []
    ones = numpy.ones((1, 1), numpy.float32)
    for _ in range(MIDDLE):
        weights.append(float(model.get_weights()[0][0, 0]))
        rates.append(float(model.optimizer.learning_rate))
        model.fit(ones, ones, verbose=0)
    weights.append(float(model.get_weights()[0][0, 0]))
    if begins:
        model.save(path)
    return {"weights": weights, "rates": rates}


def ask(backend: str, *words: str) -> Any:
    done = run(__file__, *words, KERAS_BACKEND=backend, TF_CPP_MIN_LOG_LEVEL="3", PYTHONPATH=os.pathsep.join(sys.path))
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


@pytest.fixture(scope="module", params=BACKENDS)
def runs(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> list[Any]:
    """What two processes print, the first up to the middle and the other from there on."""
    path = str(tmp_path_factory.mktemp(request.param) / "model.keras")
    settings = {"KERAS_BACKEND": request.param, "TF_CPP_MIN_LOG_LEVEL": "3", "PYTHONPATH": os.pathsep.join(sys.path)}
    found = []
    for task in ("begin", "go-on"):
        done = run(__file__, task, path, **settings)
        assert done.returncode == 0, done.stderr
        found.append(json.loads(done.stdout.splitlines()[-1]))
    return found


def test_each_kind_has_its_values(runs: list[Any]) -> None:
    """They are within LIMIT ulp of float32, relative to the peak up to the step."""
    found = runs[0]["values"]
    assert found.keys() == FIRST.keys()
    for kind, schedule in FIRST.items():
        wanted = schedule(STEPS)
        peaks = numpy.maximum.accumulate(abs(wanted)).astype(numpy.float32)
        assert (abs(numpy.array(found[kind]) - wanted) <= LIMIT * numpy.spacing(peaks)).all(), kind


def test_a_model_trains_is_saved_and_trains_on(runs: list[Any]) -> None:
    begun, rest = runs
    rates = [SCHEDULE(step) for step in range(END)]
    assert begun["rates"] + rest["rates"] == pytest.approx(rates, rel=3e-7)
    assert begun["weights"][-1] == rest["weights"][0]
    weights = begun["weights"] + rest["weights"][1:]
    assert [before - after for before, after in itertools.pairwise(weights)] == pytest.approx(rates, abs=2e-7)


@pytest.mark.parametrize("schedule", [0.1, lrvec.constant(lr=[0.1, 0.2]), lambda step: 0.1])
def test_what_is_no_schedule_is_refused(schedule: Any) -> None:
    from lrvec.keras import LearningRateSchedule

    with pytest.raises(TypeError, match="schedule must be one schedule whose parameters are known, or its dict, received"):
        LearningRateSchedule(schedule)


if __name__ == "__main__":
    task, path = sys.argv[1:]
    print(json.dumps(trained(path, True) | {"values": values()} if task == "begin" else trained(path, False)))
