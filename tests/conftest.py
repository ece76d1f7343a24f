"""What every test module obeys: one declared category, and named needs that skip with a reason.

`@pytest.mark.requires("rasa", "human-speech")` skips where the need is not met, saying why in the
summary. Names listed in the environment variable VOICEBOT_REQUIRE must be met: their skip is a failure.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator

import pytest
import structlog
from hypothesis import settings

from bot.logs import OfLibraries, configure_logs
from tests.needs import missing

CATEGORIES = frozenset({"unit", "contract", "integration", "scenario", "web", "load"})

settings.register_profile("untimed", deadline=None)  # a slow machine is no counterexample
settings.load_profile("untimed")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line(
        "markers", "requires(*names): skip, with the reason, where a need of tests/needs.py is not met"
    )


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        categories = {mark.name for mark in item.iter_markers()} & CATEGORIES
        if len(categories) != 1:
            raise pytest.UsageError(
                f"{item.nodeid}: set `pytestmark = pytest.mark.<category>` once in the module; "
                f"the categories are {', '.join(sorted(CATEGORIES))}"
            )


def pytest_runtest_setup(item: pytest.Item) -> None:
    demanded = set(filter(None, os.environ.get("VOICEBOT_REQUIRE", "").split(",")))
    for mark in item.iter_markers("requires"):
        for name in mark.args:
            reason = missing(name)
            if reason is None:
                continue
            if name in demanded:
                pytest.fail(f"VOICEBOT_REQUIRE names {name}, but {reason}", pytrace=False)
            pytest.skip(reason)


@pytest.fixture(autouse=True)
def _own_logs() -> Iterator[None]:
    """A command sets up logging for a process of its own, on a stream that a test closes: the next test has its own.

    In tests a log call with a key that is not known to be safe is an error.
    """
    before = structlog.get_config()
    configure_logs(logging.DEBUG, strict=True)
    yield
    structlog.configure(**before)
    root = logging.getLogger()
    root.handlers = [handler for handler in root.handlers if not isinstance(handler, OfLibraries)]
