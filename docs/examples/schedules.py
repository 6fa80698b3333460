"""
Small curves as text
====================

`python docs/examples/schedules.py` draws schedules of many kinds as small curves."""

import lrvec

STEPS = 60
BARS = " .:-=+*#%@"

cosine = lrvec.cosine(base_lr=1.0, min_lr=0.0, total_steps=STEPS)
linear = lrvec.linear(base_lr=1.0, end_lr=0.0, total_steps=STEPS)
warmed_up = lrvec.with_warmup(
    lrvec.cosine(base_lr=1.0, min_lr=0.0, total_steps=STEPS - 10), warmup_steps=10, start_lr=0.0
)

schedules = [
    lrvec.constant(lr=1.0),
    lrvec.step_decay(base_lr=1.0, drop=0.5, step_size=15),
    lrvec.multi_step(base_lr=1.0, milestones=[20, 45], gamma=0.4),
    lrvec.exponential(base_lr=1.0, gamma=0.95),
    lrvec.exponential_decay(base_lr=1.0, decay_rate=0.5, decay_steps=20),
    linear,
    lrvec.polynomial(base_lr=1.0, end_lr=0.0, total_steps=STEPS, power=2.0),
    lrvec.polynomial_decay(start_lr=1.0, end_lr=0.1, total_steps=STEPS, power=0.5),
    cosine,
    lrvec.cosine_restarts(base_lr=1.0, min_lr=0.0, period=10, t_mult=2),
    lrvec.inverse_sqrt(base_lr=1.0, warmup_steps=8),
    lrvec.one_cycle(max_lr=1.0, total_steps=STEPS, pct_start=0.3, initial_div=25.0, final_div=1000.0),
    lrvec.warmup_stable_decay(
        base_lr=1.0,
        warmup_steps=10,
        decay_steps=20,
        total_steps=STEPS,
        final_lr=0.0,
        warmup_start=0.0,
        decay_shape="1-sqrt",
    ),
    lrvec.triangular(min_lr=0.0, max_lr=1.0, step_size=10),
    lrvec.triangular2(min_lr=0.0, max_lr=1.0, step_size=10),
    lrvec.exp_range(min_lr=0.0, max_lr=1.0, step_size=10, gamma=0.97),
    lrvec.megatron_lr(
        init_lr=0.0,
        max_lr=1.0,
        min_lr=0.1,
        lr_warmup_steps=10,
        lr_decay_steps=STEPS - 1,
        lr_decay_style="WSD",
        wsd_decay_steps=20,
        lr_wsd_decay_style="exponential",
    ),
    lrvec.megatron_wd(start_wd=0.0, end_wd=1.0, wd_incr_steps=40, wd_incr_style="cosine"),
    warmed_up,
    lrvec.sequential([(20, lrvec.constant(lr=1.0)), (40, lrvec.triangular(min_lr=0.0, max_lr=0.5, step_size=10))]),
    lrvec.scale_by_group(warmed_up, multipliers={"backbone": 0.3, "head": 1.0}),
    lrvec.stack([cosine, linear]),
]


def curve(rates):
    """Draws one character for each rate, from 0 to 1."""
    return "".join(BARS[min(int(rate * len(BARS)), len(BARS) - 1)] for rate in rates)


for schedule in schedules:
    rates = schedule(range(STEPS))
    if schedule.kind == "scale_by_group":
        rows = {f"{schedule.kind}: {name}": row for name, row in rates.items()}
    elif rates.ndim == 2:
        rows = {f"{schedule.kind}: {row.kind}": values for row, values in zip(schedule, rates, strict=True)}
    else:
        rows = {schedule.kind: rates}
    for name, row in rows.items():
        print(f"{name:>24}  {curve(row)}  {row[0]:.3f} ... {row[-1]:.3f}")
