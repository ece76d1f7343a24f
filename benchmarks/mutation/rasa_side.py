"""The side of a mutation run that needs Rasa, kept warm on the dialogue worker's Python: JSON lines in, JSON lines out.

    python benchmarks/mutation/rasa_side.py      with the repository's root on PYTHONPATH

{"build": NAME, "scripts": FOLDER, "models": FOLDER} is answered by {"problems": [...]}.
{"walk": NAME, "models": FOLDER, "day", "language", "contacts": [SLOTS, ...], "ways": [[CONTACT, TURN, ...], ...]} is
answered by {"ways", "replies"}, one reply for each way; without `ways`, those to every question are looked for, with
`turns` to try.
"""

from __future__ import annotations

import asyncio
import json
import random
import sys
from pathlib import Path
from typing import Any

from dialogue.worker.quiet import hush

hush()  # before Rasa is imported

from dialogue.worker.build import build  # noqa: E402
from dialogue.worker.engine import make_fast  # noqa: E402
from dialogue.worker.problems import DialogueProblem  # noqa: E402
from dialogue.worker.script import Position, Script  # noqa: E402
from dialogue.worker.source import ScriptError  # noqa: E402

Json = dict[str, Any]
WANDERINGS = 40  # random ways, besides every turn at every question
LONGEST = 12  # turns of a random way
ENOUGH = 6  # turns of one kind at one question: five lead away from it
AGAIN = ("silence", "no_match", "abuse", "thanks")  # what is counted, and in the end enough


class Walker:
    """Plays ways through one script; ways that begin alike share their beginning."""

    def __init__(self, script: Script, request: Json) -> None:
        self._script = script
        self._request = request
        self._reached: dict[str, tuple[Position, Json]] = {}

    async def after(self, way: list[Any]) -> Json:
        """What the bot answers to the last turn of a way, or which problem there is."""
        try:
            return (await self._play(way))[1]
        except DialogueProblem as problem:
            return {"problem": problem.code.value}

    async def _play(self, way: list[Any]) -> tuple[Position, Json]:
        key = json.dumps(way, sort_keys=True)
        if key not in self._reached:
            self._reached[key] = await (self._open(way[0]) if len(way) == 1 else self._turn(way))
        return self._reached[key]

    async def _open(self, contact: int) -> tuple[Position, Json]:
        request = self._request
        position = self._script.position("way", request["language"], request["day"], request["contacts"][contact])
        return position, await self._script.open(position)

    async def _turn(self, way: list[Any]) -> tuple[Position, Json]:
        before = (await self._play(way[:-1]))[0]
        position = Position(before.tracker.copy(), before.language, before.day, before.memory.copy())
        turn = way[-1]
        return position, await self._script.turn(position, turn["intent"], "neutral", turn["entities"])


async def explore(walker: Walker, turns: list[Json], contacts: int) -> list[list[Any]]:
    """Every turn at every question that some turn leads to, then random ways for each contact."""
    found: list[list[Any]] = [[contact] for contact in range(contacts)]
    seen: set[Any] = set()
    waiting: list[list[Any]] = [[0]]
    while waiting:
        way = waiting.pop(0)
        for turn in turns:
            longer = [*way, turn]
            found.append(longer)
            state = (await walker.after(longer)).get("state")
            if state is not None and state not in seen:
                seen.add(state)
                waiting.append(longer)
        for intent in AGAIN:
            longer = way
            while len(longer) - len(way) < ENOUGH and (await walker.after(longer)).get("state") is not None:
                longer = [*longer, {"intent": intent, "entities": []}]
                found.append(longer)
    choose = random.Random(20261121)
    for number in range(WANDERINGS):
        way = [number % contacts]
        while len(way) <= LONGEST and (await walker.after(way)).get("state") is not None:
            way = [*way, choose.choice(turns)]
            found.append(way)
    return found


def built(request: Json) -> Json:
    try:
        build(Path(request["scripts"]), Path(request["models"]), request["build"])
    except ScriptError as error:
        return {"problems": [str(problem) for problem in error.problems]}
    return {"problems": []}


async def walked(request: Json) -> Json:
    folder = Path(request["models"]) / request["walk"]
    walker = Walker(Script.load(folder, (folder / "current").read_text().strip()), request)
    ways = request.get("ways") or await explore(walker, request["turns"], len(request["contacts"]))
    return {"ways": ways, "replies": [await walker.after(way) for way in ways]}


async def main() -> None:
    for line in sys.stdin:
        request = json.loads(line)
        print(json.dumps(built(request) if "build" in request else await walked(request)), flush=True)


if __name__ == "__main__":
    make_fast()
    asyncio.run(main())
