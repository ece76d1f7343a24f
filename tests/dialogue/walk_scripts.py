"""Plays walks through a built script, on the dialogue worker's Python: JSON lines in, JSON lines out.

    python tests/dialogue/walk_scripts.py MODELS      with the repository's root on PYTHONPATH

A line in is {"script", "language", "day", "slots", "turns": [{"intent", "entities", "sentiment"}, ...]}; a line out
is {"replies": [...]}, the opening first, or {"replies", "problem": {"code", "message"}} where a turn had no answer.
Walks that begin alike share their beginning, so that trying every turn at every question stays quick.
"""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path
from typing import Any

from dialogue.worker.quiet import hush

hush()  # before Rasa is imported

from dialogue.worker.engine import make_fast  # noqa: E402
from dialogue.worker.problems import DialogueProblem  # noqa: E402
from dialogue.worker.script import Position, Script  # noqa: E402

Json = dict[str, Any]


class Walker:
    def __init__(self, models: Path) -> None:
        self._models = models
        self._scripts: dict[str, Script] = {}
        self._reached: dict[str, tuple[Position, tuple[Json, ...]]] = {}

    async def walk(self, request: Json) -> Json:
        script = self._script(request["script"])
        turns = list(request["turns"])
        replies: tuple[Json, ...] = ()
        try:
            for length in range(len(turns) + 1):
                key = json.dumps([{**request, "turns": turns[:length]}], sort_keys=True)
                if key not in self._reached:
                    self._reached[key] = await self._play(script, request, turns[:length])
                replies = self._reached[key][1]
        except DialogueProblem as problem:
            return {"replies": replies, "problem": {"code": str(problem.code), "message": str(problem)}}
        return {"replies": replies}

    async def _play(self, script: Script, request: Json, turns: list[Json]) -> tuple[Position, tuple[Json, ...]]:
        if not turns:
            position = script.position("walk", request["language"], request["day"], request["slots"])
            return position, (await script.open(position),)
        before = json.dumps([{**request, "turns": turns[:-1]}], sort_keys=True)
        reached, replies = self._reached[before]
        position = Position(reached.tracker.copy(), reached.language, reached.day, reached.memory.copy())
        last = turns[-1]
        sentiment = last.get("sentiment", "neutral")
        reply = await script.turn(position, last["intent"], sentiment, last.get("entities", []))
        return position, (*replies, reply)

    def _script(self, name: str) -> Script:
        if name not in self._scripts:
            folder = self._models / name
            self._scripts[name] = Script.load(folder, (folder / "current").read_text().strip())
        return self._scripts[name]


async def main() -> None:
    walker = Walker(Path(sys.argv[1]))
    for line in sys.stdin:
        print(json.dumps(await walker.walk(json.loads(line))), flush=True)


if __name__ == "__main__":
    make_fast()
    asyncio.run(main())
