"""These tests have schedules as fields of models of pydantic."""

from __future__ import annotations

import json
from typing import Any

import pydantic
import pytest
from processes import python

import lrvec

DECAY = lrvec.with_warmup(lrvec.cosine(base_lr=0.5, min_lr=0.0, total_steps=10), warmup_steps=2, start_lr=0.0)
SWEEP = lrvec.constant(lr=[1.0, 2.0])
GROUPS = lrvec.scale_by_group(DECAY, multipliers={"head": 1.0, "body": 0.1})


class Settings(pydantic.BaseModel):
    schedule: lrvec.Schedule = DECAY
    either: lrvec.Schedule | lrvec.Sweep | None = None
    groups: lrvec.GroupSchedule | None = None
    several: dict[str, list[lrvec.Schedule]] = {}


@pytest.mark.parametrize("field", ["schedule", "either"])
def test_a_schedule_is_read_from_its_dict(field: str) -> None:
    from_dict = Settings.model_validate({field: DECAY.to_dict()})
    from_value = Settings.model_validate({field: DECAY})
    from_json = Settings.model_validate_json(json.dumps({field: DECAY.to_dict()}))
    assert from_dict == from_value == from_json
    assert getattr(from_value, field) is DECAY


def test_fields_go_through_json_and_back() -> None:
    settings = Settings(either=SWEEP, groups=GROUPS, several={"a": [DECAY, 2.0 * DECAY]})
    written = settings.model_dump_json()
    assert json.loads(written)["groups"] == GROUPS.to_dict()
    assert settings.model_dump(mode="json")["several"]["a"][1] == (2.0 * DECAY).to_dict()
    assert settings.model_dump()["schedule"] is DECAY
    assert Settings.model_validate_json(written) == settings


REFUSED: dict[str, tuple[Any, str]] = {
    "another kind": ({"kind": "magic", "params": {}}, "Value error, kind must be one of "),
    "a missing parameter": ({"kind": "constant", "params": {}}, "Value error, constant() missing 1 required keyword-only argument: 'lr'"),
    "a wrong parameter": ({"kind": "constant", "params": {"lr": "x"}}, "Value error, lr must be a finite number, received 'x'"),
    "a sweep": (SWEEP.to_dict(), "Value error, kind must be that of a Schedule, received <Sweep of shape (2,)"),
    "a number": (0.5, "Value error, data must be a dict of 'kind' and a dict of 'params', received 0.5"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_schedule_is_an_error_of_the_field(name: str) -> None:
    given, message = REFUSED[name]
    with pytest.raises(pydantic.ValidationError) as refusal:
        Settings(schedule=given)
    [error] = refusal.value.errors()
    assert error["loc"] == ("schedule",)
    assert error["msg"].startswith(message)


def test_the_json_schema_is_that_of_the_dict() -> None:
    schema = Settings.model_json_schema()["properties"]["several"]["additionalProperties"]["items"]
    assert schema["required"] == ["kind", "params"]
    assert schema["properties"] == {"kind": {"type": "string"}, "params": {"type": "object"}}


def test_pydantic_is_not_imported() -> None:
    code = "import lrvec, sys; lrvec.Schedule.__get_pydantic_core_schema__(lrvec.Schedule, None); print('pydantic' in sys.modules)"
    assert python(code) == "False\n"
