"""What cannot become a whole call is refused before anybody's phone rings."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from bot.call.equipment import NotReady
from bot.call.service import CallOrder
from dialogue.script import ContactError
from tests.bot.call.running_platform import RunningPlatform

pytestmark = [pytest.mark.integration, pytest.mark.requires("rasa")]

ORDER = CallOrder("3001", "satisfaction_survey", "en", {"bank_name": "Harbour Bank"}, date(2026, 11, 24))


async def test_a_queue_without_a_place_on_the_switch_is_refused(running: RunningPlatform) -> None:
    with pytest.raises(NotReady, match=r"hands over to service.*\[queues\]"):
        await running.service.place(ORDER)


async def test_a_language_the_script_does_not_speak_is_refused(running: RunningPlatform) -> None:
    with pytest.raises(NotReady, match="speaks en, zh, not `fr`"):
        await running.service.place(replace(ORDER, language="fr"))


async def test_a_language_nobody_here_hears_is_refused(running: RunningPlatform) -> None:
    order = replace(ORDER, script="repayment_reminder", language="zh")
    with pytest.raises(NotReady, match="does not hear `zh`"):
        await running.service.place(order)


async def test_a_contact_without_what_the_script_needs_is_refused(running: RunningPlatform) -> None:
    with pytest.raises(ContactError, match="customer_name"):
        await running.service.place(replace(ORDER, script="repayment_reminder"))
