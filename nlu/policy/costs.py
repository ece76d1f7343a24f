"""`costs.yml`: what mistakes cost, and what share of each safety intent must be found."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from nlu.inventory import Intent

FILE = Path(__file__).with_name("costs.yml")


class CostsError(ValueError):
    """The file of costs cannot be used; the message names the place and the remedy."""


class Costs(BaseModel):
    """Described in `costs.yml`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    wrong_action: float = Field(gt=0)
    wrong_hand_over: float = Field(gt=0)
    confirm: float = Field(gt=0)
    confirm_wrong: float = Field(gt=0)
    ask_again: float = Field(gt=0)
    false_rejection: float = Field(ge=0, le=0.5)
    safety_recall: dict[Intent, float]
    safety_false_alarms: float = Field(ge=0, le=0.5)
    safety_floor: float = Field(ge=0, le=1)
    calibration_error: float = Field(gt=0, le=1)


@cache
def costs(path: Path = FILE) -> Costs:
    """Raises `CostsError`."""
    try:
        return Costs.model_validate(YAML(typ="safe").load(path))
    except OSError as error:
        raise CostsError(f"{path}: cannot be read ({error.strerror})") from None
    except YAMLError as error:
        raise CostsError(f"{path}: is not YAML: {error}") from None
    except ValidationError as error:
        first = error.errors()[0]
        raise CostsError(f"{path}: {'.'.join(map(str, first['loc'])) or 'the file'}: {first['msg']}") from None
