"""These tests hold the schedules of published runs against what their sources state elsewhere."""

from __future__ import annotations

import importlib.util
import math
from pathlib import Path

import numpy as np
import pytest
from oracle import Exact, mp, ulp_error

import lrvec
from lrvec import Clock, cli, recipes
from lrvec.recipes import RECIPES, Recipe

ROOT = Path(__file__).parents[2]


def near(value: float, wanted: float, digits: int) -> bool:
    """Whether a value has the digits that a source states."""
    return f"{value:.{digits - 1}e}" == f"{wanted:.{digits - 1}e}"


@pytest.mark.parametrize("recipe", RECIPES.values(), ids=RECIPES)
def test_a_recipe_says_where_it_comes_from_and_what_is_open(recipe: Recipe) -> None:
    assert recipe.source
    assert recipe.stated
    assert recipe.chosen.keys() == recipe.defaults.keys()
    assert recipe is getattr(recipes, recipe.name)
    schedule = recipe()
    assert schedule == recipe(**recipe.defaults)
    assert lrvec.from_dict(schedule.to_dict()) == schedule
    peaks = [recipe.stated[name] for name in ("peak", "lr") if name in recipe.stated]
    found = lrvec.summarize(schedule, range(recipe.steps + 1))
    assert found.min >= 0.0
    for peak in peaks:
        assert 0.989 * peak < found.max <= peak * (2.0 if recipe.name == "dino" else 1.0)
    if "end" in recipe.stated:
        assert near(found.last, recipe.stated["end"], 6)


def test_there_are_enough() -> None:
    assert len(RECIPES) == len(recipes.names()) >= 18
    assert set(RECIPES) < set(recipes.__all__)


def test_bert_and_the_transformer() -> None:
    """The annotated Transformer has a peak of 0.0007; BERT's optimizer counts its decay from step 0."""
    assert near(recipes.transformer_base()(4000), 512**-0.5 * 4000**-0.5, 14)
    bert = recipes.bert()
    assert bert([0, 9_999, 10_000, 500_000, 999_999]).tolist() == pytest.approx([0.0, 9.999e-5, 9.9e-5, 5e-5, 1e-10], rel=1e-12)
    assert recipes.t5()([1, 10_000, 40_000]).tolist() == [0.01, 0.01, 0.005]


def test_whisper() -> None:
    assert [recipes.whisper(size=size)(2048) for size in ("tiny", "large", "large-v2")] == [1.5e-3, 1.75e-4, 2e-4]
    assert recipes.whisper(size="large-v2")(655_360) == 0.0 < recipes.whisper(size="large-v2")(655_359)
    zero = recipes.whisper(counted_from="zero")
    assert near(zero(2048), 1.75e-4 * (1 - 2048 / 2**20), 12)
    assert near(zero(2**19), 1.75e-4 / 2, 12)


def test_runs_over_tokens_and_samples() -> None:
    gpt = recipes.gpt_3_175b(clock=None)
    assert gpt([0, 375_000_000, 260_000_000_000, 300_000_000_000]).tolist() == [0.0, 6e-5, 6e-6, 6e-6]
    assert recipes.gpt_3_175b()(81_249) > recipes.gpt_3_175b()(81_250) == 6e-6
    assert near(recipes.gpt_3_175b(clock=None, counted_from="zero")(130_000_000_000), 3.3e-5, 10)
    bloom, clock = recipes.bloom_176b(clock=None), recipes.bloom_176b.defaults["clock"]
    assert bloom([183_105, 200_000_000, 220_000_000]).tolist() == [6e-5, 6e-6, 6e-6]
    for step in (0, 1, 900, 12_000, 50_000, 100_000):
        assert recipes.bloom_176b()(step) == bloom(clock.samples(step))
    theirs = lrvec.megatron_lr(
        init_lr=0.0,
        max_lr=6e-5,
        min_lr=6e-6,
        lr_warmup_steps=183_105,
        lr_decay_steps=200_000_000,
        lr_decay_style="cosine",
    )
    steps = np.arange(0, 220_000_000, 999_983)
    assert np.allclose(bloom(steps), theirs(steps), rtol=1e-14, atol=0.0)


def test_deepseek() -> None:
    """The factors come at the shares of DeepSeekMoE's stated steps, and the tokens of DeepSeek-V3's phases make up its 14.8T."""
    moe = recipes.deepseek_moe_16b()
    assert moe([2000, 85_158, 85_159, 95_803, 95_804]).tolist() == [4.2e-4, 4.2e-4, 4.2e-4 * 0.316, 4.2e-4 * 0.316, 4.2e-4 * 0.316**2]
    llm = recipes.deepseek_llm_7b()
    assert llm([169_541, 169_542, 190_734, 190_735]).tolist() == [4.2e-4, 4.2e-4 * 0.316, 4.2e-4 * 0.316, 4.2e-4 * 0.1]
    assert recipes.deepseek_llm_7b(rounding="up")(169_542) == 4.2e-4
    assert Clock(2304, 4096).steps("2T tokens", rounding="nearest") == recipes.deepseek_llm_7b.steps == 211_928
    assert recipes.deepseek_llm_67b()(84_771) == 3.2e-4 * 0.316
    v3 = recipes.deepseek_v3(clock=None)
    stated = recipes.deepseek_v3.stated
    assert stated["stable_tokens"] + stated["decay_tokens"] + sum(stated["level_tokens"]) == stated["tokens"]
    assert v3([10**13, 143 * 10**11, 14_632_999_999_999, 14_633 * 10**9]).tolist() == [2.2e-4, 2.2e-5, 2.2e-5, 7.3e-6]
    clock = recipes.deepseek_v3.defaults["clock"]
    assert (clock.batch(0), clock.batch(clock.steps("469B tokens"))) == (3072, 15360)
    lite = recipes.deepseek_v2_lite()
    assert [lite(step) for step in (241_596, 241_597)] == [4.2e-4, 4.2e-4 * 0.316]


@pytest.mark.parametrize("recipe", [one for one in RECIPES.values() if "tokens" in one.stated and "clock" in one.chosen], ids=repr)
def test_a_recipe_that_counts_tokens_has_a_schedule_over_them(recipe: Recipe) -> None:
    """It is the one over steps at the tokens that are seen, but for what the steps of the one over steps are rounded by."""
    clock = recipe.defaults["clock"]
    tokens, steps = recipe(clock=None), recipe()
    for step in [1, 400, 1999, *range(2001, recipe.steps, recipe.steps // 50)]:
        assert steps(step) == pytest.approx(tokens(clock.tokens(step)), rel=2e-5), step
    assert steps(recipe.steps) == pytest.approx(tokens(clock.tokens(recipe.steps)), rel=2e-5)


def test_what_recipes_refuse() -> None:
    for call, said in (
        (lambda: recipes.olmo_2_1b(clock=5), "clock must be a lrvec.Clock, received 5"),
        (lambda: recipes.deepseek_llm_7b(clock="x"), "clock must be a lrvec.Clock, received 'x'"),
        (lambda: recipes.olmo_3_7b(clock=5), "clock must be a lrvec.Clock, received 5"),
        (lambda: recipes.bloom_176b(clock=5), "clock must be a lrvec.Clock, received 5"),
        (lambda: recipes.deepseek_v2_lite(clock=None, rounding="x"), "rounding must be one of"),
        (lambda: recipes.llama_3_405b(counts_warmup="no"), "counts_warmup must be True or False, received 'no'"),
        (lambda: recipes.llama_3_405b(anneal_steps=-1), "anneal_steps must be a non-negative integer, received -1"),
        (lambda: recipes.deepseek_v3(warmup_tokens=10**13), "warmup_tokens must be less than stable_tokens, received"),
        (lambda: recipes.minicpm_2_4b(stable_steps=5), "warmup_steps must be less than stable_steps, received 2000"),
        (lambda: recipes.minicpm_2_4b(stable_steps=-5), "stable_steps must be a positive integer, received -5"),
        (lambda: recipes.dino(batch=-4), "batch must be a positive integer, received -4"),
        (lambda: recipes.dino(batch="x"), "batch must be a positive integer, received 'x'"),
        (lambda: recipes.dino(epochs=10), "the 10 epochs of the warmup must be less than epochs, received 10"),
        (lambda: recipes.stable_diffusion_v1(base_lr=math.nan), "base_lr must be a finite number, received nan"),
    ):
        with pytest.raises((TypeError, ValueError), match=f"^{said}"):
            call()


def test_kimi_and_minicpm() -> None:
    kimi = recipes.kimi_k2(clock=None)
    assert kimi([500 * 2**26, 10**13, 155 * 10**11, 1596 * 10**10]).tolist() == [2e-4, 2e-4, 2e-5, 7e-6]
    assert recipes.kimi_k2()(500) == 2e-4
    paper, blog = recipes.minicpm_2_4b(), recipes.minicpm_2_4b(reading="blog")
    assert near(paper(268_000), 0.005, 12)
    assert near(blog(271_000), 0.005, 12)
    assert paper(263_000) == blog(263_000) == 0.01


def test_llama() -> None:
    llama = recipes.llama_3_405b()
    assert llama([8000, 1_200_000]).tolist() == [8e-5, 8e-7]
    assert recipes.llama_3_405b(counts_warmup=False)([1_207_999, 1_208_000]).tolist()[1] == 8e-7
    annealed = recipes.llama_3_405b(anneal_steps=4)
    assert annealed(range(1_200_000, 1_200_006)).tolist() == pytest.approx([8e-7, 6e-7, 4e-7, 2e-7, 0.0, 0.0], rel=1e-15)
    assert recipes.llama_65b(total_steps=333_786)(333_786) == recipes.llama_2_70b()(500_000) == 1.5e-5


def test_olmo_checks_itself() -> None:
    """Where stage 1 stops, stage 2 begins: 1B in all digits that its config states, 13B by the paper's peak. 7B's configs
    do not agree with each other."""
    assert near(recipes.olmo_2_1b()(1_907_359), 7.4487e-5, 5)
    assert recipes.olmo_2_1b(stage=2)(0) == 7.4487e-5
    assert recipes.olmo_2_1b(stage=2)(23_842) == 0.0 < recipes.olmo_2_1b(stage=2)(23_841)  # stop_at is 10 steps more
    assert Clock(512, 4096).steps("4T tokens") - 1_907_359 in (-10, -9, 0, 1, 10)
    assert near(recipes.olmo_2_13b()(596_057), 9e-5, 12)
    assert near(recipes.olmo_2_13b(reading="config")(596_057), 3e-5, 12)
    assert near(recipes.olmo_2_7b()(928_646), 6.1351e-5, 5)
    assert recipes.olmo_2_7b(stage=2)(0) == 6.1499e-5
    assert recipes.olmo_2_32b()([2000, 774_860]).tolist() == [6e-4, 6e-5]
    seven = recipes.olmo_3_7b()
    assert near(seven(597_046), 1.65e-4, 12)
    length = 1_668_930 - 597_046
    wanted = mp.mpf(3e-5) + (mp.mpf(3e-4) - mp.mpf(3e-5)) * (1 + mp.cospi(mp.mpf(length + 500_000) / (2 * length))) / 2
    assert ulp_error(seven(1_097_046), Exact(wanted, wanted)) <= 3.0
    assert seven([1_668_930]).tolist() == [3e-5]


def test_smollm_ends_as_its_configs_say() -> None:
    for recipe, begin, end in [
        (recipes.smollm1_135m(), 500_000, 600_000),
        (recipes.smollm1_1_7b(), 400_000, 500_000),
        (recipes.smollm2(size="135m"), 1_600_000, 2_000_000),
        (recipes.smollm2(size="360m"), 2_080_000, 2_600_000),
        (recipes.smollm2(), 4_716_000, 5_240_000),
        (recipes.smollm3(), 4_198_001, 4_720_001),
    ]:
        peak = recipe(begin)
        assert recipe(begin + 1) < peak == lrvec.peak(recipe)[1]
        assert recipe(end) == 0.0 < recipe(end - 1)


def test_pythia_is_neox_before_its_cosine_was_mended() -> None:
    def neox(step: int, peak: float) -> float:
        if step <= 1430:
            return peak * step / 1430
        done = min(step, 143_000 - 1430) - 1430
        return max(peak / 2.0 * (math.cos(math.pi * done / 143_000) + 1), peak * 0.1)

    for size, peak in (("12b", 1.2e-4), ("160m", 6e-4)):
        schedule = recipes.pythia(size=size)
        for step in (0, 1, 1430, 1431, 70_000, 115_000, 117_500, 142_999):
            assert schedule(step) == pytest.approx(neox(step, peak), rel=1e-14)


def test_nanogpt_tinyllama_and_images() -> None:
    nano = recipes.nanogpt_gpt2_124m()
    for step in (0, 1, 1999, 2000):
        assert nano(step) == pytest.approx(6e-4 * min(step + 1, 2001) / 2001, rel=1e-15)
    assert recipes.tinyllama_1_1b()(1_430_512) == 4e-5
    assert recipes.stable_diffusion_v1()([0, 10_000]).tolist() == [1e-10, 1e-4]
    assert recipes.dit()(7) == 1e-4


def test_dino_is_its_array() -> None:
    """dino's utils.cosine_scheduler, over 20 steps an epoch."""

    def theirs(base: float, final: float, warmup: int) -> list[float]:
        rise = np.linspace(0, base, warmup * 20) if warmup else np.array([])
        iterations = np.arange(100 * 20 - len(rise))
        return [*rise, *(final + 0.5 * (base - final) * (1 + np.cos(np.pi * iterations / len(iterations))))]

    for number, base, final, warmup in (("lr", 1e-3, 1e-6, 10), ("weight_decay", 0.04, 0.4, 0), ("momentum", 0.996, 1.0, 0)):
        schedule = recipes.dino(number=number, steps_per_epoch=20)
        assert schedule(range(2000)).tolist() == pytest.approx(theirs(base, final, warmup), rel=1e-12)


def test_the_page_lists_every_recipe() -> None:
    spec = importlib.util.spec_from_file_location("recipes_page", ROOT / "docs" / "recipes.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    assert (ROOT / "docs" / "recipes.md").read_text() == module.page(), "run `python docs/recipes.py > docs/recipes.md`"


def test_the_command_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["recipe", "llama-3-405b", "--summary"]) == 0
    assert "maximum    8e-05 at step 8000" in capsys.readouterr().out
    assert cli.run(["recipe", "llama_3_405b", "--at", "8000"]) == 0  # Python's name
    assert capsys.readouterr().out == "8000\t8e-05\n"
    assert cli.run(["recipe", "minicpm-2-4b", "--reading", "blog", "--steps", "3"]) == 0
    assert capsys.readouterr().out == "0\t0\n1\t5e-06\n2\t1e-05\n"
    assert cli.run(["recipe", "whisper", "--size", "huge"]) == 2
    assert "--size must be one of" in capsys.readouterr().err
    assert cli.run(["recipe", "llama-3-405b", "--no-counts-warmup", "--steps", "1", "--out", "x"]) == 2
