"""
Ten thousand schedules for one problem
======================================

`python docs/examples/search.py` compares ten thousand schedules for SGD on a real least-squares problem.

A study then refines the best one. The program needs optuna, scipy, scikit-learn and matplotlib.

The data are scikit-learn's diabetes set: 442 patients, 10 measurements, one outcome. For least squares the expected
loss of SGD can be computed. The error e of the weights moves by e -> e - lr x (x'e - r) for a patient x with residual
r, so the second moments S of (e, 1) move by a linear map:

    S -> S - lr (G S + S G') + lr^2 ((1 - 1/b) G S G' + 1/b mean(G_i S G_i'))

with G_i = (x_i, 0) (x_i, -r_i)', their mean G, and b patients a batch, drawn with replacement. The
matrix of the sweep has the rates of all candidates, and each of its columns moves all of them by one step. At the end
runs of SGD itself test the winner.
"""

from __future__ import annotations

import argparse
from typing import Any

import numpy
import optuna
from matplotlib.figure import Figure
from optuna.distributions import BaseDistribution, CategoricalDistribution, FloatDistribution, IntDistribution
from sklearn.datasets import load_diabetes

import lrvec
from lrvec.search import draw, suggest

STEPS = 500
BATCH = 8
RUNS = 4000

SPACE: dict[str, Any] = {
    "cosine": {"min_lr": 0.0, "total_steps": STEPS},
    "linear": {"end_lr": 0.0, "total_steps": STEPS},
    "polynomial": {"end_lr": 0.0, "total_steps": STEPS, "power": FloatDistribution(0.25, 4.0)},
    "exponential_decay": {"decay_rate": FloatDistribution(1e-3, 0.9, log=True), "decay_steps": STEPS},
    "warmup_stable_decay": {
        "warmup_steps": IntDistribution(0, 100),
        "decay_steps": IntDistribution(50, 400),
        "decay_shape": CategoricalDistribution(["linear", "1-sqrt"]),
        "total_steps": STEPS,
        "final_lr": 0.0,
        "warmup_start": 0.0,
    },
    "base_lr": FloatDistribution(1e-3, 1.0, log=True),
}


class Problem:
    """The problem holds the diabetes set, standardized, and how the second moments of the error move."""

    def __init__(self) -> None:
        data = load_diabetes()
        inputs = (data.data - data.data.mean(axis=0)) / data.data.std(axis=0)
        targets = (data.target - data.target.mean()) / data.target.std()
        solution = numpy.linalg.lstsq(inputs, targets, rcond=None)[0]
        residuals = targets - inputs @ solution
        count, width = inputs.shape
        left = numpy.hstack([inputs, numpy.zeros((count, 1))])
        right = numpy.hstack([inputs, -residuals[:, None]])
        mean = left.T @ right / count
        self.upper = numpy.triu_indices(width + 1)  # a symmetric matrix is kept as its upper half
        basis = numpy.zeros((len(self.upper[0]), width + 1, width + 1))
        for place, (row, column) in enumerate(zip(*self.upper, strict=True)):
            basis[place, row, column] = basis[place, column, row] = 1.0
        noise = numpy.einsum("ia,kab,ib,ic,id->kcd", right, basis, right, left, left, optimize=True) / count
        self.first = self._halves(mean @ basis + basis @ mean.T)
        self.second = self._halves((1 - 1 / BATCH) * (mean @ basis @ mean.T) + noise / BATCH)
        self.weights = numpy.einsum("kab,ab->k", basis, left.T @ left) / (2 * count)
        self.start = self._halves(numpy.outer((extended := numpy.append(-solution, 1.0)), extended))
        self.floor = float(residuals @ residuals / (2 * count))
        self.inputs, self.targets, self.solution = inputs, targets, solution

    def _halves(self, matrices: Any) -> Any:
        return matrices[..., self.upper[0], self.upper[1]]

    def excess(self, rates: Any) -> Any:
        """Returns how far the expected loss of each row lies above that of the solution; infinite if the row
        diverges."""
        moments = numpy.tile(self.start, (len(rates), 1))
        first, second = numpy.empty_like(moments), numpy.empty_like(moments)
        with numpy.errstate(over="ignore", invalid="ignore"):
            for rate in rates.T[:, :, None]:
                numpy.matmul(moments, self.first, out=first)
                numpy.matmul(moments, self.second, out=second)
                second *= rate
                second -= first
                second *= rate
                moments += second
            excess = moments @ self.weights
        return numpy.where(numpy.isfinite(excess), excess, numpy.inf)

    def run(self, rates: Any, runs: int, seed: int) -> Any:
        """Runs SGD on batches drawn at random, and returns for each run how far its loss is above that of the
        solution."""
        generator = numpy.random.default_rng(seed)
        weights = numpy.zeros((runs, self.inputs.shape[1]))
        for rate in rates:
            chosen = generator.integers(len(self.inputs), size=(runs, BATCH))
            batch = self.inputs[chosen]
            errors = numpy.einsum("rbw,rw->rb", batch, weights) - self.targets[chosen]
            weights -= rate / BATCH * numpy.einsum("rb,rbw->rw", errors, batch)
        return ((self.inputs @ (weights - self.solution).T) ** 2).mean(axis=0) / 2


def near(space: Any, value: Any) -> Any:
    """Narrows a distribution of numbers to a tenth, around a value."""
    if not isinstance(space, FloatDistribution | IntDistribution):
        return space
    low, high = space.low, space.high
    if space.log:
        factor = (high / low) ** 0.05
        return FloatDistribution(max(low, value / factor), min(high, value * factor), log=True)
    margin = (high - low) / 20
    return type(space)(max(low, value - margin), min(high, value + margin))


def searched(kind: str) -> dict[str, Any]:
    """Returns the space of one kind's parameters."""
    return {"base_lr": SPACE["base_lr"], **SPACE[kind]}


def described(schedule: Any) -> str:
    names = [name for name, space in searched(schedule.kind).items() if isinstance(space, BaseDistribution)]
    values = {name: schedule.params[name] for name in names}
    return ", ".join(
        f"{name}={value:.4g}" if isinstance(value, float) else f"{name}={value}" for name, value in values.items()
    )


def save_picture(path: str, candidates: Any, excess: Any, best: dict[str, Any]) -> None:
    figure = Figure(figsize=(11, 4.5), layout="constrained")
    cloud, curves = figure.subplots(1, 2)
    kinds = numpy.array([schedule.kind for schedule in candidates])
    peaks = numpy.array([schedule.params["base_lr"] for schedule in candidates])
    for kind, schedule in best.items():
        rows = (kinds == kind) & (excess < 100 * excess.min())
        cloud.plot(peaks[rows], excess[rows], ".", markersize=2, label=kind)
        curves.plot(schedule(range(STEPS + 1)), label=kind)
    cloud.set(xscale="log", yscale="log", xlabel="base_lr", ylabel="expected loss above the least", title="Candidates")
    curves.set(yscale="log", ylim=(1e-4, 1.0), xlabel="step", ylabel="learning rate", title="The best of each kind")
    curves.legend()
    figure.savefig(path, dpi=120)


def main() -> None:
    parser = argparse.ArgumentParser(description="Search the schedules of SGD on the diabetes data.")
    parser.add_argument("--candidates", type=int, default=10_000)
    parser.add_argument("--trials", type=int, default=150)
    parser.add_argument("--picture", default="search.png")
    arguments = parser.parse_args()
    problem = Problem()

    candidates = draw(SPACE, arguments.candidates, seed=0)
    excess = problem.excess(candidates(range(STEPS)))
    order = numpy.argsort(excess)
    best: dict[str, Any] = {}
    print(f"{arguments.candidates} candidates, {STEPS} steps of {BATCH}; loss of the solution {problem.floor:.6f}")
    print(f"{'kind':<20} {'loss above it':>13}  parameters")
    for row in order:
        schedule = candidates[int(row)]
        if schedule.kind not in best:
            best[schedule.kind] = schedule
            print(f"{schedule.kind:<20} {excess[row]:>13.6f}  {described(schedule)}")

    winner = candidates[int(order[0])]
    space = {name: near(space, winner.params[name]) for name, space in searched(winner.kind).items()}

    def objective(trial: optuna.Trial) -> float:
        schedule = suggest(trial, getattr(lrvec, winner.kind), **space)
        trial.set_user_attr("schedule", schedule.to_dict())
        return float(problem.excess(schedule(range(STEPS))[None])[0])

    optuna.logging.set_verbosity(optuna.logging.WARNING)
    study = optuna.create_study(sampler=optuna.samplers.TPESampler(seed=0))
    study.enqueue_trial({name: winner.params[name] for name in space if isinstance(space[name], BaseDistribution)})
    study.optimize(objective, n_trials=arguments.trials)
    refined = lrvec.from_dict(study.best_trial.user_attrs["schedule"])
    print(f"{'after the study':<20} {study.best_value:>13.6f}  {described(refined)}")
    runs = problem.run(refined(range(STEPS)), RUNS, seed=0)
    print(f"{RUNS} runs of SGD with it: {runs.mean():.6f} +- {runs.std() / RUNS**0.5:.6f}")

    save_picture(arguments.picture, candidates, excess, best)
    print(f"picture: {arguments.picture}")


if __name__ == "__main__":
    main()
