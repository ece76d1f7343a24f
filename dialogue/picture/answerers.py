"""What the call does where no person picks up: no rule says it, `answered_by` in script.yml does."""

from __future__ import annotations

from dialogue.picture.chart import Listed, Words
from dialogue.script import PROMPT_FOR, Script, Treatment

WHEN = "when no person answers"
_CLOSINGS = {
    Treatment.HANG_UP: "hangs up",
    Treatment.LEAVE_MESSAGE: "hangs up",
    Treatment.SAY_WHO: "waits for the person",
    Treatment.GO_ON: "goes on as with a person",
}


def treatments(script: Script, words: Words) -> list[Listed]:
    found = []
    for answerer, treatment in script.answered_by.items():
        said = (words.sentences[PROMPT_FOR[treatment]],) if treatment in PROMPT_FOR else ()
        found.append(Listed(WHEN, answerer.value, said, _CLOSINGS[treatment]))
    return found
