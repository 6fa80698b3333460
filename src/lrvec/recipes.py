"""These functions return the schedules of published runs, with their sources and with what these leave open.

Each recipe has `source`, where its numbers stand; `stated`, the numbers as published; `chosen`, what the source leaves
open, which are the recipe's parameters; and `steps`, the length of the run or, where it is not stated, one that shows
the schedule. A recipe that counts tokens or samples has the clock of the run as its parameter `clock`; with None it
returns a schedule over tokens or samples.

>>> from lrvec.recipes import olmo_2_1b
>>> olmo_2_1b()(1_907_359)
7.448728958032129e-05
>>> olmo_2_1b.source
'OLMo, configs/official-0425/OLMo2-1B-stage1.yaml and -stage2-seed42.yaml'
"""

from __future__ import annotations

import functools
import inspect
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from . import _checks
from .clocks import Clock, by_samples, by_tokens
from .schedules import (
    clipped,
    constant,
    cosine,
    decay_from,
    exponential_decay,
    join,
    linear,
    noam,
    power_law,
    rebase,
    replace_after,
    warmup_cosine,
    warmup_linear,
    warmup_stable_decay,
    with_warmup,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

T, B, M = 10**12, 10**9, 10**6


class Recipe:
    """A recipe returns the schedule of a published run. Its parameters are what the source leaves open."""

    def __init__(
        self,
        function: Callable[..., Any],
        source: str,
        steps: int,
        stated: Mapping[str, Any],
        chosen: Mapping[str, str],
    ) -> None:
        functools.update_wrapper(self, function)
        self.name = function.__name__
        self.function, self.source, self.steps, self.stated, self.chosen = function, source, steps, stated, chosen

    def __call__(self, **chosen: Any) -> Any:
        return self.function(**chosen)

    def __repr__(self) -> str:
        return f"<recipe {self.name}: {self.source}>"

    @property
    def defaults(self) -> dict[str, Any]:
        """The values of the parameters that are not given, by their names."""
        return {name: one.default for name, one in inspect.signature(self.function).parameters.items()}


RECIPES: dict[str, Recipe] = {}
"""Every recipe by its name."""


def _recipe(
    source: str, steps: int, /, *, chosen: Mapping[str, str] | None = None, **stated: Any
) -> Callable[[Callable[..., Any]], Recipe]:
    def enter(function: Callable[..., Any]) -> Recipe:
        made = RECIPES[function.__name__] = Recipe(function, source, steps, stated, chosen or {})
        return made

    return enter


_CLOCK = "None for a schedule over tokens"
_FROM = {"warmup": "the end of the warmup", "zero": "step 0"}


def _counting(clock: Clock | None, schedule: Any) -> Any:
    return schedule if clock is None else by_tokens(clock, schedule)


def _beside_warmup(peak: float, warmup: int, decay: Any) -> Any:
    """Returns a warmup, and a decay that counts the steps from step 0 on."""
    return replace_after(linear(base_lr=0.0, end_lr=peak, total_steps=warmup), step=warmup, other=decay)


def _levels(peak: float, warmup: int, *levels: tuple[int, float]) -> Any:
    """Returns a warmup, and a level from each of some steps on."""
    starts = [warmup, *(start for start, _ in levels)]
    rates = [peak, *(rate for _, rate in levels)]
    plateaus = [constant(lr=rate) for rate in rates]
    durations = [after - start for start, after in pairwise(starts)]
    rise = (warmup, linear(base_lr=0.0, end_lr=peak, total_steps=warmup))
    return join([rise, *zip(durations, plateaus, strict=False), plateaus[-1]])


def _stable(peak: float, warmup: int, stable: int, decay: int, shape: str = "linear") -> Any:
    return warmup_stable_decay(
        base_lr=peak,
        warmup_steps=warmup,
        decay_steps=decay,
        total_steps=stable + decay,
        final_lr=0.0,
        warmup_start=0.0,
        decay_shape=shape,
    )


# ---- before 2023 ----


@_recipe(
    "Vaswani et al., Attention Is All You Need, arXiv 1706.03762, section 5.3",
    100_000,
    model_dim=512,
    warmup_steps=4000,
    steps=100_000,
)
def transformer_base() -> Any:
    """The base model of the Transformer: model_dim^-0.5 min(t^-0.5, t warmup_steps^-1.5)."""
    return noam(model_dim=512, warmup_steps=4000, factor=1.0)


@_recipe(
    "Devlin et al., BERT, arXiv 1810.04805, A.2; google-research/bert, optimization.py",
    1_000_000,
    peak=1e-4,
    warmup_steps=10_000,
    steps=1_000_000,
)
def bert() -> Any:
    """BERT: a warmup, and a line to 0 that counts from step 0, so that the rate has a jump of 1 % behind the warmup."""
    return _beside_warmup(1e-4, 10_000, linear(base_lr=1e-4, end_lr=0.0, total_steps=1_000_000))


@_recipe("Raffel et al., T5, arXiv 1910.10683, section 3.1.2", 2**19, hold_steps=10_000, steps=2**19)
def t5() -> Any:
    """The pre-training of T5: 1 / sqrt(max(t, 10^4))."""
    return power_law(max_lr=0.01, base_lr=1.0, scale=1.0, exponent=0.5)


_WHISPER = {"tiny": 1.5e-3, "base": 1e-3, "small": 5e-4, "medium": 2.5e-4, "large": 1.75e-4, "large-v2": 2e-4}


@_recipe(
    "Radford et al., Whisper, arXiv 2212.04356, section 2.4 and tables 17 to 19",
    1_048_576,
    chosen={"size": f"one of {', '.join(_WHISPER)}", "counted_from": "where the decay's steps begin: warmup or zero"},
    peaks=_WHISPER,
    warmup_steps=2048,
    steps=1_048_576,
    steps_of_large_v2=655_360,
)
def whisper(size: str = "large", counted_from: str = "warmup") -> Any:
    """Whisper: a warmup, and a line to 0."""
    peak = _WHISPER[_checks.one_of("size", size, _WHISPER)]
    total = 655_360 if size == "large-v2" else 1_048_576
    if _checks.one_of("counted_from", counted_from, _FROM) == "warmup":
        return warmup_linear(base_lr=peak, warmup_steps=2048, total_steps=total)
    return _beside_warmup(peak, 2048, linear(base_lr=peak, end_lr=0.0, total_steps=total))


_GPT_3_CLOCK = Clock(1, 3_200_000)


@_recipe(
    "Brown et al., GPT-3, arXiv 2005.14165, appendix B",
    93_750,
    chosen={
        "clock": f"the steps of a ramp of the batch from 32 k to 3.2 M tokens are not stated; {_CLOCK}",
        "counted_from": "where the cosine begins: warmup or zero",
    },
    peak=0.6e-4,
    end_share=0.1,
    warmup_tokens=375 * M,
    decay_tokens=260 * B,
    tokens=300 * B,
    batch_tokens=3_200_000,
)
def gpt_3_175b(clock: Clock | None = _GPT_3_CLOCK, counted_from: str = "warmup") -> Any:
    """GPT-3 of 175B parameters: a warmup, and a cosine to a tenth, which is held."""
    if _checks.one_of("counted_from", counted_from, _FROM) == "warmup":
        decay = warmup_cosine(base_lr=6e-5, min_lr=6e-6, warmup_steps=375 * M, total_steps=260 * B)
    else:
        decay = _beside_warmup(6e-5, 375 * M, cosine(base_lr=6e-5, min_lr=6e-6, total_steps=260 * B))
    return _counting(clock, decay)


_BLOOM_CLOCK = Clock(2048, 2048, ramp=(192, 16, 9_765_625))


@_recipe(
    "bigscience, train/tr11-176B-ml/tr11-176B-ml.slurm",
    _BLOOM_CLOCK.steps("220_000_000 samples"),
    chosen={"clock": "stated in full; None for a schedule over samples"},
    peak=6e-5,
    end=6e-6,
    warmup_samples=183_105,
    decay_samples=200_000_000,
    samples=220_000_000,
    batch=2048,
    ramp=(192, 16, 9_765_625),
)
def bloom_176b(clock: Clock | None = _BLOOM_CLOCK) -> Any:
    """BLOOM of 176B parameters: a warmup and a cosine over samples, which is held; the batch grows."""
    over = warmup_cosine(base_lr=6e-5, min_lr=6e-6, warmup_steps=183_105, total_steps=200_000_000)
    return over if clock is None else by_samples(clock, over)


_PYTHIA = {
    "14m": 1e-3,
    "31m": 1e-3,
    "70m": 1e-3,
    "160m": 6e-4,
    "410m": 3e-4,
    "1b": 2.5e-4,
    "1.4b": 2e-4,
    "2.8b": 1.6e-4,
    "6.9b": 1.2e-4,
    "12b": 1.2e-4,
}


@_recipe(
    "pythia, models/*.yml; gpt-neox, megatron/learning_rates.py at 3a4af67c",
    143_000,
    chosen={"size": f"one of {', '.join(_PYTHIA)}"},
    peaks=_PYTHIA,
    end_share=0.1,
    warmup_share=0.01,
    steps=143_000,
)
def pythia(size: str = "12b") -> Any:
    """Pythia: a warmup, and a cosine to 0 over 143,000 more steps that is not let below a tenth."""
    peak = _PYTHIA[_checks.one_of("size", size, _PYTHIA)]
    floored = clipped(cosine(base_lr=peak, min_lr=0.0, total_steps=143_000), low=peak * 0.1)
    return with_warmup(floored, warmup_steps=1430, start_lr=0.0)


@_recipe(
    "CompVis/stable-diffusion, configs/stable-diffusion/v1-inference.yaml",
    237_000,
    chosen={"base_lr": "the rate that the trainer multiplies by the batch is left to the caller"},
    peak=1e-4,
    start_share=1e-6,
    warmup_steps=10_000,
)
def stable_diffusion_v1(base_lr: float = 1e-4) -> Any:
    """Stable Diffusion v1: a warmup, and a constant rate."""
    peak = _checks.finite("base_lr", base_lr)
    return with_warmup(constant(lr=peak), warmup_steps=10_000, start_lr=peak * 1e-6)


@_recipe("facebookresearch/DiT, train.py", 400_000, lr=1e-4)
def dit() -> Any:
    """Diffusion transformers: a constant rate."""
    return constant(lr=1e-4)


_DINO = ("lr", "weight_decay", "momentum")


@_recipe(
    "facebookresearch/dino, main_dino.py and utils.py",
    100 * 2502,
    chosen={
        "number": f"one of {', '.join(_DINO)}",
        "batch": "the samples of a step on all processes; the script's default is 64 for each process",
        "steps_per_epoch": "the whole batches of the data",
        "epochs": "100 is the script's default",
    },
    lr=5e-4,
    min_lr=1e-6,
    warmup_epochs=10,
    weight_decay=(0.04, 0.4),
    momentum=(0.996, 1.0),
    epochs=100,
)
def dino(number: str = "lr", batch: int = 512, steps_per_epoch: int = 2502, epochs: int = 100) -> Any:
    """DINO: half cosines of the learning rate behind a warmup, of the weight decay, and of the teacher's momentum."""
    counts = {"batch": batch, "steps_per_epoch": steps_per_epoch, "epochs": epochs}
    batch, steps_per_epoch, epochs = (_checks.positive_count(name, count) for name, count in counts.items())
    _checks.less_than("the 10 epochs of the warmup", 10, "epochs", epochs)
    total = epochs * steps_per_epoch
    if _checks.one_of("number", number, _DINO) == "weight_decay":
        return cosine(base_lr=0.04, min_lr=0.4, total_steps=total)
    if number == "momentum":
        return cosine(base_lr=0.996, min_lr=1.0, total_steps=total)
    peak, warmup = 5e-4 * batch / 256.0, 10 * steps_per_epoch
    rise = linear(base_lr=0.0, end_lr=peak, total_steps=warmup - 1)  # np.linspace meets the peak at its last step
    return join([(warmup, rise), cosine(base_lr=peak, min_lr=1e-6, total_steps=total - warmup)])


# ---- language models from 2023 on ----


@_recipe(
    "Touvron et al., LLaMA, arXiv 2302.13971, section 2.3",
    350_000,
    chosen={"total_steps": "1.4T tokens at a batch of 4M: 350,000 at 4 * 10^6, 333,786 at 2^22"},
    peak=1.5e-4,
    end_share=0.1,
    warmup_steps=2000,
    tokens=14 * T // 10,
    batch_tokens="4M",
)
def llama_65b(total_steps: int = 350_000) -> Any:
    """LLaMA of 65B parameters: a warmup, and a cosine to a tenth."""
    return warmup_cosine(base_lr=1.5e-4, min_lr=1.5e-5, warmup_steps=2000, total_steps=total_steps)


@_recipe(
    "Touvron et al., Llama 2, arXiv 2307.09288, section 2.2",
    500_000,
    chosen={"total_steps": "2T tokens at a batch of 4M: 500,000 at 4 * 10^6, 476,837 at 2^22"},
    peak=1.5e-4,
    end_share=0.1,
    warmup_steps=2000,
    tokens=2 * T,
    batch_tokens="4M",
)
def llama_2_70b(total_steps: int = 500_000) -> Any:
    """Llama 2 of 70B parameters: a warmup, and a cosine to a tenth."""
    return warmup_cosine(base_lr=1.5e-4, min_lr=1.5e-5, warmup_steps=2000, total_steps=total_steps)


@_recipe(
    "Grattafiori et al., The Llama 3 Herd of Models, arXiv 2407.21783, sections 3.4.1 and 3.4.3",
    1_200_000,
    chosen={
        "counts_warmup": "whether the 1,200,000 steps count the warmup",
        "anneal_steps": "the last 40M tokens, at 16M a step; 0 leaves the annealing out",
    },
    peak=8e-5,
    end=8e-7,
    warmup_steps=8000,
    decay_steps=1_200_000,
    anneal_tokens=40 * M,
)
def llama_3_405b(counts_warmup: bool = True, anneal_steps: int = 0) -> Any:
    """Llama 3 of 405B parameters: a warmup, a cosine to a hundredth, and a line to 0 at the very end."""
    total = 1_200_000 if _checks.flag("counts_warmup", counts_warmup) else 1_208_000
    decay = warmup_cosine(base_lr=8e-5, min_lr=8e-7, warmup_steps=8000, total_steps=total)
    steps = _checks.single_count("anneal_steps", anneal_steps, 0)
    return decay_from(decay, step=total, decay_steps=steps) if steps else decay


_DEEPSEEK_7B_CLOCK, _DEEPSEEK_67B_CLOCK = Clock(2304, 4096), Clock(4608, 4096)
_DEEPSEEK = {
    "clock": f"stated in full; {_CLOCK}",
    "rounding": "how tokens become steps: nearest, up or down",
}


def _levels_at(peak: float, stated: Clock, clock: Clock | None, rounding: str, *levels: tuple[int, float]) -> Any:
    """Returns a warmup of 2,000 steps, and a level from each of some numbers of tokens on."""
    _checks.one_of("rounding", rounding, ("nearest", "up", "down"))
    if clock is None:
        return _levels(peak, stated.tokens(2000), *levels)
    own = _checks.clock("clock", clock)
    return _levels(peak, 2000, *((own.steps(f"{seen} tokens", rounding=rounding), rate) for seen, rate in levels))


def _deepseek_llm(peak: float, stated: Clock, clock: Clock | None, rounding: str) -> Any:
    return _levels_at(peak, stated, clock, rounding, (16 * T // 10, peak * 0.316), (18 * T // 10, peak * 0.1))


@_recipe(
    "DeepSeek-LLM, README.md; Bi et al., arXiv 2401.02954",
    211_928,
    chosen=_DEEPSEEK,
    peak=4.2e-4,
    warmup_steps=2000,
    shares=(0.316, 0.1),
    share_tokens=(16 * T // 10, 18 * T // 10),
    tokens=2 * T,
    batch=2304,
    sequence_length=4096,
)
def deepseek_llm_7b(clock: Clock | None = _DEEPSEEK_7B_CLOCK, rounding: str = "nearest") -> Any:
    """DeepSeek LLM of 7B parameters: a warmup, and three levels."""
    return _deepseek_llm(4.2e-4, _DEEPSEEK_7B_CLOCK, clock, rounding)


@_recipe(
    "DeepSeek-LLM, README.md; Bi et al., arXiv 2401.02954",
    105_964,
    chosen=_DEEPSEEK,
    peak=3.2e-4,
    warmup_steps=2000,
    shares=(0.316, 0.1),
    share_tokens=(16 * T // 10, 18 * T // 10),
    tokens=2 * T,
    batch=4608,
    sequence_length=4096,
)
def deepseek_llm_67b(clock: Clock | None = _DEEPSEEK_67B_CLOCK, rounding: str = "nearest") -> Any:
    """DeepSeek LLM of 67B parameters: a warmup, and three levels."""
    return _deepseek_llm(3.2e-4, _DEEPSEEK_67B_CLOCK, clock, rounding)


@_recipe(
    "Dai et al., DeepSeekMoE, arXiv 2401.06066, section 5.1",
    106_449,
    peak=4.2e-4,
    warmup_steps=2000,
    factor=0.316,
    factor_shares=(0.8, 0.9),
    steps=106_449,
)
def deepseek_moe_16b() -> Any:
    """DeepSeekMoE of 16B parameters: a warmup, and a factor of 0.316 at 80 % and at 90 % of the steps."""
    first, second = (Clock(1).steps(share, total=106_449, rounding="nearest") for share in ("80%", "90%"))
    return _levels(4.2e-4, 2000, (first, 4.2e-4 * 0.316), (second, 4.2e-4 * 0.316**2))


@_recipe(
    "DeepSeek-V2, README.md of DeepSeek-V2-Lite; arXiv 2405.04434, appendix B",
    301_997,
    chosen=_DEEPSEEK,
    peak=4.2e-4,
    warmup_steps=2000,
    factor=0.316,
    factor_shares=(0.8, 0.9),
    tokens=57 * T // 10,
    batch=4608,
    sequence_length=4096,
)
def deepseek_v2_lite(clock: Clock | None = _DEEPSEEK_67B_CLOCK, rounding: str = "nearest") -> Any:
    """DeepSeek-V2-Lite: a warmup, and a factor of 0.316 at 80 % and at 90 % of the tokens."""
    levels = ((456 * T // 100, 4.2e-4 * 0.316), (513 * T // 100, 4.2e-4 * 0.316**2))
    return _levels_at(4.2e-4, _DEEPSEEK_67B_CLOCK, clock, rounding, *levels)


_V3_CLOCK = Clock(15360, 4096, ramp=[(f"{117.25 * place}B tokens", 3072 * (place + 1)) for place in range(5)])


@_recipe(
    "DeepSeek-AI, DeepSeek-V3, arXiv 2412.19437, section 4.2",
    _V3_CLOCK.steps("14.8T tokens"),
    chosen={
        "clock": f"how the batch grows from 3072 to 15360 over 469B tokens: here four times by 3072; {_CLOCK}",
        "warmup_tokens": "2,000 steps, as they are counted at the first batch size",
    },
    peak=2.2e-4,
    warmup_steps=2000,
    stable_tokens=10 * T,
    decay_tokens=43 * T // 10,
    levels=(2.2e-5, 7.3e-6),
    level_tokens=(333 * B, 167 * B),
    tokens=148 * T // 10,
)
def deepseek_v3(clock: Clock | None = _V3_CLOCK, warmup_tokens: int = 2000 * 3072 * 4096) -> Any:
    """DeepSeek-V3: a warmup, a constant rate up to 10T tokens, a cosine over 4.3T, and two levels."""
    warmup_tokens = _checks.positive_count("warmup_tokens", warmup_tokens)
    _checks.less_than("warmup_tokens", warmup_tokens, "stable_tokens", 10 * T)
    over = join(
        [
            (warmup_tokens, linear(base_lr=0.0, end_lr=2.2e-4, total_steps=warmup_tokens)),
            (10 * T - warmup_tokens, constant(lr=2.2e-4)),
            (43 * T // 10, cosine(base_lr=2.2e-4, min_lr=2.2e-5, total_steps=43 * T // 10)),
            (333 * B, constant(lr=2.2e-5)),
            constant(lr=7.3e-6),
        ]
    )
    return _counting(clock, over)


_K2_CLOCK = Clock(16_384, 4096)


@_recipe(
    "Kimi Team, Kimi K2, arXiv 2507.20534, section 2.5",
    _K2_CLOCK.steps("15.96T tokens"),
    chosen={
        "clock": f"67M tokens a step are taken as 2^26; {_CLOCK}",
        "shape": "the curve of the annealing over the last 400B and 60B tokens: linear or cosine",
    },
    peak=2e-4,
    warmup_steps=500,
    stable_tokens=10 * T,
    decay_tokens=55 * T // 10,
    decayed=2e-5,
    anneal_tokens=(400 * B, 60 * B),
    end=7e-6,
)
def kimi_k2(clock: Clock | None = _K2_CLOCK, shape: str = "linear") -> Any:
    """Kimi K2: a warmup, a constant rate up to 10T tokens, a cosine over 5.5T, and an annealing."""
    warmup = 500 * 2**26
    decayed = join(
        [
            (warmup, linear(base_lr=0.0, end_lr=2e-4, total_steps=warmup)),
            (10 * T - warmup, constant(lr=2e-4)),
            cosine(base_lr=2e-4, min_lr=2e-5, total_steps=55 * T // 10),
        ]
    )
    return _counting(clock, decay_from(decayed, step=155 * T // 10, decay_steps=460 * B, final_lr=7e-6, shape=shape))


_READINGS = {"paper": 5000, "blog": 8000}


@_recipe(
    "Hu et al., MiniCPM, arXiv 2404.06395, section 6.2; the authors' blog on MiniCPM",
    281_000,
    chosen={
        "reading": "the paper says T = 5000, the blog 8000: they contradict each other",
        "stable_steps": "263,000 in the blog; the paper does not say",
        "warmup_steps": "stated nowhere",
    },
    peak=0.01,
    halving_steps=_READINGS,
    decay_begins=263_000,
)
def minicpm_2_4b(reading: str = "paper", stable_steps: int = 263_000, warmup_steps: int = 2000) -> Any:
    """MiniCPM of 2.4B parameters: a warmup, a constant rate, and a decay by one half in each T steps."""
    halving = _READINGS[_checks.one_of("reading", reading, _READINGS)]
    stable = with_warmup(constant(lr=0.01), warmup_steps=warmup_steps, start_lr=0.0)
    stable_steps = _checks.positive_count("stable_steps", stable_steps)
    _checks.less_than("warmup_steps", stable.params["warmup_steps"], "stable_steps", stable_steps)
    return join([(stable_steps, stable), exponential_decay(base_lr=0.01, decay_rate=0.5, decay_steps=halving)])


_OLMO_1B_CLOCK, _OLMO_7B_CLOCK, _OLMO_13B_CLOCK = (Clock(batch, 4096) for batch in (512, 1024, 2048))
_OLMO_32B_CLOCK, _OLMO_3_CLOCK = Clock(2048, 4096), Clock(512, 8192)
_OLMO_STAGE = "1, or 2 for the annealing that follows, which begins at step 0"


def _olmo_2(peak: float, clock: Clock | None) -> Any:
    over = warmup_cosine(base_lr=peak, min_lr=0.1 * peak, warmup_steps=8_388_608_000, total_steps=5 * T)
    return _counting(clock, over)


def _length(stated: Clock, clock: Clock | None, tokens: int) -> tuple[int, int]:
    """Returns a warmup of 2,000 steps and the whole run, in steps of a clock, or in tokens without one."""
    if clock is None:
        return stated.tokens(2000), tokens
    return 2000, _checks.clock("clock", clock).steps(f"{tokens} tokens", rounding="down")


def _stages(stage: int, first: Callable[[], Any], second: Callable[[], Any]) -> Any:
    """Returns the schedule of one of two stages."""
    return {1: first, 2: second}[_checks.one_of_counts("stage", stage, (1, 2))]()


@_recipe(
    "OLMo, configs/official-0425/OLMo2-1B-stage1.yaml and -stage2-seed42.yaml",
    1_907_359,
    chosen={"stage": _OLMO_STAGE, "clock": f"stated in full; {_CLOCK}"},
    peak=4e-4,
    end_share=0.1,
    warmup_tokens=8_388_608_000,
    tokens=5 * T,
    stop_step=1_907_359,
    stage_2=7.4487e-5,
    stage_2_tokens=50 * B,
    batch=512,
    sequence_length=4096,
)
def olmo_2_1b(stage: int = 1, clock: Clock | None = _OLMO_1B_CLOCK) -> Any:
    """OLMo 2 of 1B parameters: a warmup and a cosine over 5T tokens, stopped at 4T, and a line to 0 over 50B more."""
    return _stages(
        stage,
        lambda: _olmo_2(4e-4, clock),
        lambda: _counting(clock, linear(base_lr=7.4487e-5, end_lr=0.0, total_steps=50 * B)),
    )


@_recipe(
    "OLMo, configs/official-1124/OLMo2-7B-stage1.yaml and -stage2-seed42.yaml",
    928_646,
    chosen={"stage": _OLMO_STAGE, "clock": f"stated in full; {_CLOCK}"},
    peak=3e-4,
    end_share=0.1,
    warmup_tokens=8_388_608_000,
    tokens=5 * T,
    stop_step=928_646,
    stage_2=6.1499e-5,
    stage_2_tokens=50 * B,
    batch=1024,
    sequence_length=4096,
)
def olmo_2_7b(stage: int = 1, clock: Clock | None = _OLMO_7B_CLOCK) -> Any:
    """OLMo 2 of 7B parameters: a warmup, a cosine and a line to 0. By its formula the first stage stops at 6.1351e-5,
    where its config has the second one begin at 6.1499e-5."""
    return _stages(
        stage,
        lambda: _olmo_2(3e-4, clock),
        lambda: _counting(clock, linear(base_lr=6.1499e-5, end_lr=0.0, total_steps=50 * B)),
    )


_PEAKS_13B = {"paper": 9e-4, "config": 3e-4}


@_recipe(
    "OLMo 2, arXiv 2501.00656; OLMo, configs/official-1124/OLMo2-13B-stage1.yaml and -stage2-seed1110-100B.yaml",
    596_057,
    chosen={
        "reading": "the paper's peak is 9e-4, of which the second stage's 9e-5 is a tenth; the config says 3e-4",
        "clock": f"stated in full; {_CLOCK}",
    },
    peaks=_PEAKS_13B,
    end_share=0.1,
    warmup_tokens=8_388_608_000,
    tokens=5 * T,
    stop_step=596_057,
    stage_2=9e-5,
    batch=2048,
    sequence_length=4096,
)
def olmo_2_13b(reading: str = "paper", clock: Clock | None = _OLMO_13B_CLOCK) -> Any:
    """OLMo 2 of 13B parameters: a warmup, and a cosine to a tenth."""
    return _olmo_2(_PEAKS_13B[_checks.one_of("reading", reading, _PEAKS_13B)], clock)


@_recipe(
    "OLMo-core, src/scripts/official/OLMo2/OLMo-2-0325-32B-train.py",
    774_860,
    chosen={"clock": f"stated in full; {_CLOCK}"},
    peak=6e-4,
    end_share=0.1,
    warmup_steps=2000,
    tokens=65 * T // 10,
    batch=2048,
    sequence_length=4096,
)
def olmo_2_32b(clock: Clock | None = _OLMO_32B_CLOCK) -> Any:
    """OLMo 2 of 32B parameters: a warmup, and a cosine to a tenth."""
    warmup, total = _length(_OLMO_32B_CLOCK, clock, 65 * T // 10)
    return warmup_cosine(base_lr=6e-4, min_lr=6e-5, warmup_steps=warmup, total_steps=total)


@_recipe(
    "OLMo-core, src/scripts/official/OLMo3/OLMo-3-1025-7B-pretrain-1.py and -2.py",
    1_668_930,
    chosen={"clock": f"stated in full; {_CLOCK}"},
    peak=3e-4,
    end_share=0.1,
    warmup_steps=2000,
    planned_tokens=5 * T,
    extended_at=597_046,
    tokens=7 * T,
    batch=512,
    sequence_length=8192,
)
def olmo_3_7b(clock: Clock | None = _OLMO_3_CLOCK) -> Any:
    """OLMo 3 of 7B parameters: a warmup and a cosine over 5T tokens, whose second half was stretched to 7T."""
    (warmup, planned), (_, total) = (_length(_OLMO_3_CLOCK, clock, tokens) for tokens in (5 * T, 7 * T))
    first = warmup_cosine(base_lr=3e-4, min_lr=3e-5, warmup_steps=warmup, total_steps=planned)
    extended_at = _OLMO_3_CLOCK.tokens(597_046) if clock is None else 597_046
    return rebase(first, step=extended_at, total_steps=total)


@_recipe(
    "smollm, text/pretraining/smollm1/config_smollm1_135M.yaml and _360M.yaml",
    600_000,
    peak=3e-3,
    warmup_steps=5000,
    decay_begins=500_000,
    decay_steps=100_000,
)
def smollm1_135m() -> Any:
    """SmolLM of 135M and of 360M parameters: a warmup, a constant rate, and a 1-sqrt decay to 0."""
    return _stable(3e-3, 5000, 500_000, 100_000, "1-sqrt")


@_recipe(
    "smollm, text/pretraining/smollm1/config_smollm1_1B.yaml",
    500_000,
    peak=5e-4,
    warmup_steps=2000,
    decay_begins=400_000,
    decay_steps=100_000,
)
def smollm1_1_7b() -> Any:
    """SmolLM of 1.7B parameters: a warmup, a constant rate, and a 1-sqrt decay to 0."""
    return _stable(5e-4, 2000, 400_000, 100_000, "1-sqrt")


_SMOLLM2 = {
    "135m": (3e-3, 1_600_000, 400_000),
    "360m": (3e-3, 2_080_000, 520_000),
    "1.7b": (5e-4, 4_716_000, 524_000),
}


@_recipe(
    "smollm, text/pretraining/smollm2/config_smollm2_135M.yaml, _360M.yaml and _1B.yaml",
    5_240_000,
    chosen={"size": f"one of {', '.join(_SMOLLM2)}"},
    peak_and_decay=_SMOLLM2,
    warmup_steps=2000,
)
def smollm2(size: str = "1.7b") -> Any:
    """SmolLM2: a warmup, a constant rate, and a line to 0."""
    peak, stable, decay = _SMOLLM2[_checks.one_of("size", size, _SMOLLM2)]
    return _stable(peak, 2000, stable, decay)


@_recipe(
    "smollm, text/pretraining/smollm3/stage1_8T.yaml",
    4_720_000,
    peak=2e-4,
    warmup_steps=2000,
    decay_begins=4_198_001,
    decay_steps=522_000,
    steps=4_720_000,
)
def smollm3() -> Any:
    """SmolLM3: a warmup, a constant rate, and a line that is one step before 0 when the run ends."""
    return _stable(2e-4, 2000, 4_198_001, 522_000)


@_recipe(
    "TinyLlama, pretrain/tinyllama.py",
    1_430_512,
    peak=4e-4,
    end=4e-5,
    warmup_steps=2000,
    steps=1_430_512,
)
def tinyllama_1_1b() -> Any:
    """TinyLlama of 1.1B parameters: a warmup, and a cosine to a tenth."""
    return warmup_cosine(base_lr=4e-4, min_lr=4e-5, warmup_steps=2000, total_steps=1_430_512)


@_recipe(
    "nanoGPT, train.py and config/train_gpt2.py",
    600_000,
    peak=6e-4,
    end=6e-5,
    warmup_steps=2000,
    steps=600_000,
)
def nanogpt_gpt2_124m() -> Any:
    """GPT-2 of 124M parameters by nanoGPT: a warmup whose first rate is peak / 2001, and a cosine to a tenth."""
    return warmup_cosine(base_lr=6e-4, min_lr=6e-5, warmup_steps=2000, total_steps=600_000, start_lr=6e-4 / 2001)


def names() -> list[str]:
    """List the names of all recipes.

    >>> "llama_3_405b" in names()
    True
    """
    return list(RECIPES)


__all__ = ["RECIPES", "Recipe", "names", *RECIPES]
