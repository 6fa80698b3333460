"""This module keeps an earlier import path: what it names is in `lrvec.dialects.megatron`."""

from .dialects.megatron import megatron_lr as megatron_lr
from .dialects.megatron import megatron_wd as megatron_wd
