"""`python -m dialogue.worker build|serve`; `python PATH/TO/dialogue/worker build|serve` does the same from anywhere."""

from __future__ import annotations

import argparse
import importlib
import importlib.util
import json
import signal
import sys
from pathlib import Path
from typing import Any


def _make_importable() -> None:
    """Run as a folder, import `dialogue` alone: the folder above may hold packages made for another Python."""
    room = Path(__file__).resolve().parent.parent
    spec = importlib.util.spec_from_file_location(
        "dialogue", room / "__init__.py", submodule_search_locations=[str(room)]
    )
    if spec is None or spec.loader is None:
        raise ImportError(f"{room} is not a package")
    module = importlib.util.module_from_spec(spec)
    sys.modules["dialogue"] = module
    spec.loader.exec_module(module)


def main(arguments: list[str] | None = None) -> int:
    parsed = _parser().parse_args(arguments)
    from dialogue.worker.quiet import hush

    hush()
    code: int = parsed.run(parsed)
    return code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="dialogue.worker", description="Trains scripts and holds conversations.")
    commands = parser.add_subparsers(required=True, metavar="build|serve")
    build = commands.add_parser("build", help="validate and train scripts")
    build.add_argument("--scripts", type=Path, required=True, help="the folder of the scripts and shared/")
    build.add_argument("--models", type=Path, required=True, help="where trained scripts are kept")
    build.add_argument("--only", action="append", default=[], metavar="SCRIPT", help="this script (repeatable)")
    build.add_argument("--stay", action="store_true", help="build each JSON list of names that comes in, tell in JSON")
    build.add_argument("--warm", action="store_true", help="with --stay: import Rasa before it is needed")
    build.set_defaults(run=_build)
    serve = commands.add_parser("serve", help="answer conversations over HTTP")
    serve.add_argument("--models", type=Path, required=True)
    serve.add_argument("--scripts", default="", metavar="A,B", help="load these at start (default: all that are built)")
    serve.add_argument("--listen", required=True, metavar="unix:PATH|tcp:HOST:PORT", help="port 0 takes a free one")
    serve.add_argument("--name", default="worker", help="how this worker calls itself in /v1/health")
    serve.add_argument("--idle-minutes", type=float, default=60.0, help="forget a conversation unused this long")
    serve.add_argument("--stop-with-stdin", action="store_true", help="stop when standard input closes")
    serve.set_defaults(run=_serve)
    return parser


def _build(parsed: argparse.Namespace) -> int:
    from dialogue.worker.build import build_all

    if parsed.stay:
        return _stay(parsed)
    return 0 if build_all(parsed.scripts, parsed.models, parsed.only, _tell_person) else 1


def _stay(parsed: argparse.Namespace) -> int:
    """Until the input ends: Ctrl-C is for whoever asks."""
    from dialogue.worker.build import build_all

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if parsed.warm:
        importlib.import_module("rasa.model_training")
    for line in sys.stdin:
        build_all(parsed.scripts, parsed.models, json.loads(line), _tell_machine)
        _tell_machine({"event": "done"})
    return 0


def _tell_machine(event: dict[str, Any]) -> None:
    print(json.dumps(event, ensure_ascii=False), flush=True)


def _tell_person(event: dict[str, Any]) -> None:
    if event["event"] == "failed":
        for one in event["problems"]:
            place = f"{one['file']}:{one['line']}" if one["line"] else one["file"]
            print(f"{place}: {one['message']}", file=sys.stderr, flush=True)
    elif event["event"] == "trained":
        print(f"{event['script']}: trained as {event['version']} in {event['seconds']} s", flush=True)
    elif event["event"] == "skipped":
        print(f"{event['script']}: unchanged, {event['version']}", flush=True)


def _serve(parsed: argparse.Namespace) -> int:
    from dialogue.worker.server import Settings, serve

    names = tuple(filter(None, parsed.scripts.split(",")))
    return serve(
        Settings(
            models=parsed.models,
            scripts=names,
            listen=parsed.listen,
            name=parsed.name,
            idle_seconds=parsed.idle_minutes * 60,
            stop_with_stdin=parsed.stop_with_stdin,
        )
    )


if __name__ == "__main__":
    if not __package__:
        sys.path.pop(0)
        _make_importable()
    sys.exit(main())
