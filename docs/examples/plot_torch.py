"""
Three numbers of an optimizer of torch
======================================

`lrvec.torch.LRScheduler` sets the learning rate, the weight decay and the momentum of AdamW, each by a schedule of its
own. It needs torch, and takes the place of torch's schedulers.
"""

import matplotlib.pyplot as plt
import torch

import lrvec
from lrvec.torch import LRScheduler

STEPS = 400
torch.manual_seed(0)
torch.set_num_threads(1)  # the model is too small for more
angles = torch.linspace(0.5, 12.0, 512)
spiral = torch.stack([angles * angles.cos(), angles * angles.sin()], dim=1) / 12.0
inputs, classes = torch.cat([spiral, -spiral]), torch.arange(2).repeat_interleave(512)

model = torch.nn.Sequential(
    torch.nn.Linear(2, 64), torch.nn.ReLU(), torch.nn.Linear(64, 64), torch.nn.ReLU(), torch.nn.Linear(64, 2)
)
optimizer = torch.optim.AdamW(model.parameters())
scheduler = LRScheduler(
    optimizer,
    lrvec.warmup_cosine(base_lr=1e-2, min_lr=0.0, warmup_steps=50, total_steps=STEPS),
    weight_decay=lrvec.cosine(base_lr=0.0, min_lr=0.1, total_steps=STEPS),
    momentum=lrvec.piecewise(steps=[0, 50, STEPS], values=[0.85, 0.95, 0.9]),
)

# %%
# The picture of a scheduler has all that it sets. A clock gives it a second axis, here in epochs of four batches:

BATCH = 256
lrvec.plot(scheduler, clock=lrvec.Clock(BATCH, steps_per_epoch=len(inputs) / BATCH))

# %%
# The training loop calls `step` as with torch's own schedulers:

losses = []
for _ in range(STEPS):
    batch = torch.randint(len(inputs), (BATCH,))
    loss = torch.nn.functional.cross_entropy(model(inputs[batch]), classes[batch])
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    scheduler.step()
    losses.append(loss.item())

accuracy = (model(inputs).argmax(dim=1) == classes).float().mean().item()
assert accuracy > 0.95
print(f"{accuracy:.1%} of the points are on their spiral")

figure, ax = plt.subplots(figsize=(7.2, 3.5), layout="constrained")
ax.semilogy(losses)
ax.set_xlabel("step")
ax.set_ylabel("loss")
