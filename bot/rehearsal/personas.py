"""A persona of YAML as a rehearsed customer: hears the bot out, and answers."""

from __future__ import annotations

from bot.rehearsal.line import Line
from bot.rehearsal.rehearse import Customer
from bot.simulation.persona import Speaker

REACTION_MS = 500
"""How long they take to answer; longer than the pauses between the bot's sentences."""


def as_customer(speaker: Speaker) -> Customer:
    async def take_part(line: Line) -> None:
        heard = 0
        while True:
            await line.quiet(REACTION_MS, since=heard)
            words = " ".join(said.text for said in line.said[heard:])
            heard = len(line.said)
            answer = speaker.answer(words)
            if answer.press is not None:
                await line.press(answer.press)
            if answer.say is not None:
                await line.say(answer.say)
            if answer.hang_up:
                line.hang_up()

    return take_part
