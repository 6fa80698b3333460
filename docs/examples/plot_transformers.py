"""
A Trainer of transformers
=========================

`lrvec.transformers.ScheduleMixin` gives a Trainer of transformers any schedule, here one that decays at the end alone.
It needs transformers, torch and accelerate. The model is small and new, so nothing is downloaded.
"""

import tempfile

import matplotlib.pyplot as plt
import torch
from transformers import BertConfig, BertForSequenceClassification, Trainer, TrainingArguments

import lrvec
from lrvec.transformers import ScheduleMixin

WORDS, LENGTH = 32, 8
torch.manual_seed(0)
torch.set_num_threads(1)  # the model is too small for more
texts = torch.randint(2, WORDS, (1024, LENGTH))
texts[::2, 0] = 0  # the words to be noticed: 0 stands in front of every other text
data = [{"input_ids": text, "labels": (text == 0).any().long()} for text in texts]
sizes = {"hidden_size": 32, "num_hidden_layers": 1, "num_attention_heads": 2, "intermediate_size": 64}
model = BertForSequenceClassification(BertConfig(vocab_size=WORDS, **sizes))


class OwnTrainer(ScheduleMixin, Trainer):
    def schedule(self, steps):
        """Returns the schedule of a run of so many steps."""
        return lrvec.warmup_stable_decay(
            base_lr=2e-3,
            warmup_start=0.0,
            warmup_steps=steps // 10,
            decay_steps=steps // 4,
            decay_shape="1-sqrt",
            total_steps=steps,
            final_lr=0.0,
        )


with tempfile.TemporaryDirectory() as folder:
    arguments = TrainingArguments(
        folder,
        num_train_epochs=3,
        per_device_train_batch_size=32,
        logging_steps=2,
        save_strategy="no",
        report_to="none",
        disable_tqdm=True,
        use_cpu=True,
    )
    trainer = OwnTrainer(model, arguments, train_dataset=data)
    trainer.train()

# %%
# The Trainer's log has the schedule's rates. Its entry at step n has the rate of the step that has just been done:

log = [entry for entry in trainer.state.log_history if "loss" in entry]
steps, rates = zip(*[(entry["step"], entry["learning_rate"]) for entry in log], strict=True)
checked = lrvec.read.check_log(zip(steps, rates, strict=True), trainer.lr_scheduler.schedule)
assert checked.misfit is None
print(checked)

# %%
# The scheduler's curve, and what was logged:

ax = lrvec.plot(trainer.lr_scheduler)
ax.plot([step + checked.shift for step in steps], rates, "o", markersize=4)

# %%
# The loss:

figure, ax = plt.subplots(figsize=(7.2, 3.5), layout="constrained")
ax.plot(steps, [entry["loss"] for entry in log])
ax.set_xlabel("step")
ax.set_ylabel("loss")
assert log[-1]["loss"] < log[0]["loss"] / 2
