"""No log line of the product holds a customer's words or number: fixed sentences, listed keys, errors without text."""

from __future__ import annotations

import ast
import json
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import structlog

from bot.logs import ROOMS, SAFE, OfLibraries, UnsafeLog, configure_logs
from telephony_bridge.media import MediaFault

pytestmark = pytest.mark.unit

HOUSE = Path(__file__).parent.parent.parent
LEVELS = {"debug", "info", "warning", "error", "critical"}
OF_PYTHON = {"bot/logs.py", "dialogue/worker/quiet.py", "nlu/encoder/quantise.py", "speech/tts/piper.py"}
"""They use Python's own logging, and only to quieten libraries."""
SECRET = "four two one seven"


def modules() -> Iterator[tuple[str, ast.Module]]:
    for room in sorted(ROOMS):
        for path in sorted((HOUSE / room).rglob("*.py")):
            yield path.relative_to(HOUSE).as_posix(), ast.parse(path.read_text(encoding="utf-8"))


def has_a_logger(tree: ast.Module) -> bool:
    return any(isinstance(node, ast.Import) and node.names[0].name == "structlog" for node in tree.body)


def log_calls(tree: ast.AST) -> Iterator[ast.Call]:
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Attribute(value=ast.Name(id="log"))):
                yield node


def complaints(call: ast.Call) -> Iterator[str]:
    """What a log call does that the rule forbids."""
    assert isinstance(call.func, ast.Attribute)
    if call.func.attr not in LEVELS:
        yield f"log.{call.func.attr} is none of {', '.join(sorted(LEVELS))}"
    match call.args:
        case [ast.Constant(value=str())]:
            pass
        case _:
            yield "what happened is one fixed sentence"
    for keyword in call.keywords:
        if keyword.arg not in SAFE:
            yield f"{keyword.arg or '**'} is not listed in bot/logs.py"
        elif keyword.arg in {"remedy", "why"} and not isinstance(keyword.value, ast.Constant):
            yield f"{keyword.arg} is a fixed sentence"
        for node in ast.walk(keyword.value):
            match node:
                case ast.JoinedStr() | ast.Call(func=ast.Name(id="str" | "repr")) | ast.Attribute(attr="format"):
                    yield f"{keyword.arg} is put into words; a value goes as it is, an exception under `error`"


def test_every_log_call_of_the_product_keeps_the_rule() -> None:
    calls = [(name, call) for name, tree in modules() if has_a_logger(tree) for call in log_calls(tree)]
    assert len(calls) > 20
    found = [f"{name}:{call.lineno}: {complaint}" for name, call in calls for complaint in complaints(call)]
    assert not found, "\n".join(found)


def test_there_is_no_other_way_to_log() -> None:
    """Every logger is called `log`, so that the test above finds its calls, and nobody uses Python's own."""
    for name, tree in modules():
        for node in ast.walk(tree):
            match node:
                case ast.Import(names=names) if any(each.name == "logging" for each in names):
                    assert name in OF_PYTHON, f"{name}:{node.lineno}: log with structlog"
                case ast.ImportFrom(module="logging" | "structlog"):
                    pytest.fail(f"{name}:{node.lineno}: import structlog as a whole")
                case ast.Assign(targets=[ast.Name(id=target)], value=ast.Call(func=ast.Attribute(attr="get_logger"))):
                    assert target == "log", f"{name}:{node.lineno}: a logger is called `log`"


@pytest.mark.parametrize(
    "source",
    [
        "log.info(text)",
        'log.info(f"heard {text}")',
        'log.info("heard", text=text)',
        'log.info("heard", **fields)',
        'log.exception("failed")',
        'log.error("failed", error=str(error))',
        'log.error("failed", reason=f"{error}")',
        'log.error("failed", why=error.strerror)',
        'log.error("failed", exc_info=True)',
        'log.bind(call="c1")',
    ],
)
def test_a_log_call_that_could_tell_of_a_customer_is_found(source: str) -> None:
    assert [complaint for call in log_calls(ast.parse(source)) for complaint in complaints(call)]


def written(capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    line: dict[str, Any] = json.loads(capsys.readouterr().err)
    return line


def failed() -> Exception:
    try:
        try:
            open("/nowhere/" + SECRET)  # noqa: PTH123, SIM115
        except OSError:
            configure_logs(SECRET)  # type: ignore[arg-type]
    except Exception as error:
        return error
    raise AssertionError


def test_of_an_error_the_log_has_type_and_place_and_not_a_word(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logs()
    structlog.get_logger().error("it failed", call="c1", error=failed(), fault=MediaFault.DROPPED)
    line = written(capsys)
    assert (line["event"], line["call"], line["level"], line["fault"]) == ("it failed", "c1", "error", "dropped")
    first, second = line["error"].split(" after ")
    assert "Error at bot/logs.py:" in first
    assert second == "FileNotFoundError ENOENT"
    assert SECRET not in str(line)


def test_what_is_not_listed_is_dropped_and_named(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logs()
    structlog.get_logger().warning("heard", text=SECRET, call="c1", exc_info=failed())
    line = written(capsys)
    assert (line["call"], line["dropped"]) == ("c1", "exc_info, text")
    assert SECRET not in str(line)


def test_in_tests_it_is_an_error() -> None:
    with pytest.raises(UnsafeLog, match="text"):
        structlog.get_logger().debug("heard", text=SECRET)


def test_a_value_that_is_no_plain_one_is_not_put_into_words(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logs()
    structlog.get_logger().warning("heard", reason=[SECRET])
    assert written(capsys)["reason"] == "list"


def test_a_library_is_told_of_without_what_it_said(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logs()
    logging.getLogger("asyncio").error("Task exception was never retrieved: %s", SECRET, exc_info=failed())
    line = written(capsys)
    assert (line["library"], line["level"]) == ("asyncio", "error")
    assert line["place"].startswith("test_logs.py:")
    assert SECRET not in str(line)


def test_logs_are_set_up_once_for_libraries() -> None:
    configure_logs()
    configure_logs()
    assert sum(isinstance(handler, OfLibraries) for handler in logging.getLogger().handlers) == 1
