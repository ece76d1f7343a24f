"""The switch and the mind of a replay, as fast as on the tape: what is said again takes as long as it took then."""

from __future__ import annotations

import asyncio
from collections import defaultdict, deque
from collections.abc import Mapping
from typing import Any

from bot.call.mind import DialogueTurns
from bot.rehearsal.leg import QUEUE_MS, HandOverEnd
from bot.replay.delays import Delays, Played, PromptKey, usual
from dialogue.protocol import Reply, Source, Started, WireEntity
from speech.audio import TELEPHONE
from telephony_bridge.leg import HandedOver


class TapePace:
    """See `bot.rehearsal.leg.Pace`. `observe` sees the lines of the replay's own tape.

    A prompt that has been reworded since sounds as long as the customer heard it: what they did next, they did
    when it was over. One that the tape does not have takes its own time.
    """

    def __init__(self, delays: Delays) -> None:
        self._delays = delays
        self._recorded: dict[PromptKey, deque[Played]] = defaultdict(deque)
        for played in delays.playouts:
            self._recorded[played.key].append(played)
        self._stops = deque(delays.stops)
        self._hand_overs = deque(delays.hand_overs)
        self._playing: dict[str, tuple[Played, int]] = {}

    def observe(self, row: Mapping[str, Any]) -> None:
        if row["kind"] == "speak":
            recorded = self._recorded[row["prompt"]["name"], row["prompt"]["variation"], row["start"] > 0]
            if recorded:
                self._playing[row["playout_id"]] = recorded.popleft(), row["start"]

    def start(self, playout_id: str, follows: bool) -> float:
        played = self._playing.get(playout_id)
        if played is not None and played[0].start_ms is not None:
            return played[0].start_ms
        return 0.0 if follows else self._delays.usual_start

    def length(self, playout_id: str, samples: int) -> float:
        played = self._playing.get(playout_id)
        if played is None or played[0].length_ms is None:
            return TELEPHONE.ms_for(samples)
        recorded, begun_at = played
        assert recorded.length_ms is not None
        return max(0.0, recorded.length_ms + TELEPHONE.ms_for(recorded.from_sample) - TELEPHONE.ms_for(begun_at))

    def stop(self) -> float:
        recorded = self._stops.popleft() if self._stops else None
        return self._delays.usual_stop if recorded is None else recorded

    def hand_over(self) -> tuple[float, HandOverEnd] | None:
        """As on the tape; a hand-over that the tape does not have is taken."""
        if self._hand_overs:
            return self._hand_overs.popleft()
        waited = usual((ended[0] for ended in self._delays.hand_overs if ended is not None), QUEUE_MS)
        return waited, HandedOver()


class PacedConversation:
    """A conversation that thinks as long as the recorded one did."""

    def __init__(self, conversation: DialogueTurns, delays: Delays) -> None:
        self._conversation = conversation
        self._ahead = deque(delays.decided)
        self._usual = usual(delays.decided)

    async def start(self) -> Started:
        return await self._conversation.start()

    async def turn(self, intent: str, source: Source, sentiment: str, entities: tuple[WireEntity, ...] = ()) -> Reply:
        reply = await self._conversation.turn(intent, source, sentiment, entities)
        await asyncio.sleep((self._ahead.popleft() if self._ahead else self._usual) / 1000)
        return reply

    async def end(self) -> None:
        await self._conversation.end()
