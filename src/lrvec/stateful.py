"""This module keeps an earlier import path: what it names is in `lrvec.dialects.nano_optax`."""

from .dialects.nano_optax import as_schedule as as_schedule
from .dialects.nano_optax import constant_lr as constant_lr
from .dialects.nano_optax import lambda_lr as lambda_lr
from .dialects.nano_optax import scan as scan
from .dialects.nano_optax import step_lr as step_lr
