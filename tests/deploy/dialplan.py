"""What FreeSWITCH's dialplan would do with a call, as far as the files in deploy/ go."""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree

Action = tuple[str, str]
"""An application and its data."""


def actions(dialplan: Path, number: str, *, within_hours: bool = True) -> list[Action]:
    """Of the first extension that takes the number; `within_hours`: whether conditions on the time are met."""
    for extension in ElementTree.parse(dialplan).getroot().iter("extension"):
        conditions = extension.findall("condition")
        if all(_takes(condition, number) for condition in conditions if "field" in condition.attrib):
            timed = any("field" not in condition.attrib for condition in conditions)
            kind = "anti-action" if timed and not within_hours else "action"
            return [(one.attrib["application"], one.get("data", "")) for one in extension.iter(kind)]
    return []


def _takes(condition: ElementTree.Element, number: str) -> bool:
    assert condition.attrib["field"] == "destination_number"
    return re.search(condition.attrib["expression"], number) is not None
