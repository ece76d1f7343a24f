"""`voicebot answer`: waits for calls and holds them, side by side."""

from __future__ import annotations

import asyncio
import signal
from datetime import datetime

from rich.console import Console
from rich.markup import escape

from bot.call.equipment import NotReady
from bot.call.order import CallOrder, CallResult
from bot.call.platform import platform
from bot.call.reception import Reception, Routes, routes_of
from bot.cli.call import SettingsFile
from bot.cli.errors import fail, friendly
from bot.preparation import check_orders, prepare_versions, script_named
from bot.settings import Settings, load_settings
from bot.studio.in_service import Releases
from dialogue.script import ContactError

console = Console()


def answer(settings: SettingsFile = None) -> None:
    """Take the calls to the numbers under `inbound` in voicebot.toml, until it is interrupted.

    Calls under way then still end well.
    """
    with friendly():
        loaded = load_settings(settings)
        releases = Releases(loaded.folders)
        routes = _routes(loaded, releases)
        prepare_versions(loaded, releases, sorted({order.script for order in routes.values()}), console)
        asyncio.run(_answer(loaded, routes, releases))


def _routes(settings: Settings, releases: Releases) -> Routes:
    if not settings.inbound:
        raise NotReady(
            "no number is said to be ours: add [[inbound]] to voicebot.toml, with the number called and the script"
        )
    routes = routes_of(
        settings.inbound, {route.script: script_named(settings, route.script) for route in settings.inbound}
    )
    for order in routes.values():
        try:
            check_orders(settings, releases, order.script, order.language, order.contact)
        except ContactError as error:
            problems = "\n".join(f"  {problem}" for problem in error.problems)
            fail(f"[[inbound]] {order.called}: {order.script} cannot take calls; see contact there:\n{problems}")
    return routes


async def _answer(settings: Settings, routes: Routes, releases: Releases) -> None:
    asked_to_end = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, asked_to_end.set)
    scripts = sorted({order.script for order in routes.values()})
    async with platform(settings, scripts, with_switch=True, versions=releases) as service:
        reception = Reception(service, routes, _begun, _ended)
        await reception.open()
        for order in routes.values():
            console.print(f"answering {order.called}  [dim]{order.script}, {order.language}[/]", highlight=False)
        await asked_to_end.wait()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.remove_signal_handler(number)  # a second one ends at once
        if reception.calls:
            console.print(f"no new calls; waiting for {reception.calls} to end", highlight=False)
        await reception.close()


def _begun(order: CallOrder) -> None:
    console.print(f"{_time()}  a call to {order.called}  [dim]{escape(order.script)}[/]", highlight=False)


def _ended(result: CallResult) -> None:
    console.print(f"{_time()}  [bold]{result.outcome.value}[/]  [dim]{result.tape}[/]", highlight=False, soft_wrap=True)


def _time() -> str:
    return f"{datetime.now():%H:%M:%S}"
