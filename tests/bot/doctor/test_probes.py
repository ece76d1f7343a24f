"""Each probe, on what is there and on what is not."""

from __future__ import annotations

import socket
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from bot.call.keyring import write_new_key
from bot.doctor import engines, machine, services, setup, trained
from bot.doctor.examination import audio, recordings
from bot.doctor.report import Status
from bot.environments.building import Environment
from bot.environments.house import platform_environment
from bot.model_files.manifest import Kind, Manifest, RemoteFile
from bot.settings import RecordingSettings, Settings, SwitchSettings
from nlu.manifest import FILE_NAME

pytestmark = pytest.mark.integration


@contextmanager
def listener(greeting: bytes) -> Iterator[int]:
    """A server on this machine that says one thing to its first visitor; the value is its port."""
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()

        def greet() -> None:
            visitor, _ = server.accept()
            with visitor:
                visitor.sendall(greeting)

        thread = threading.Thread(target=greet)
        thread.start()
        yield server.getsockname()[1]
        thread.join()


@contextmanager
def nobody() -> Iterator[int]:
    """A port nobody listens on."""
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        yield unused.getsockname()[1]


def test_knows_a_freeswitch_by_its_greeting() -> None:
    with listener(b"Content-Type: auth/request\n\n") as port:
        found = services.switch("127.0.0.1", port)
    assert (found.status, found.detail) == (Status.OK, f"event socket at 127.0.0.1:{port}")


def test_a_drained_switch_says_how_to_give_it_calls_again() -> None:
    with listener(b"Content-Type: auth/request\n\n") as port:
        found = services.switch("127.0.0.1", port, drained=True)
    assert found.status is Status.OK
    assert "drained: no new calls" in found.detail
    assert "drain = true" in found.remedy


def test_something_else_is_not_a_freeswitch() -> None:
    with listener(b"HTTP/1.1 400 Bad Request\r\n\r\n") as port:
        found = services.switch("127.0.0.1", port)
    assert found.status is Status.OPTIONAL
    assert "not as an event socket" in found.detail


def test_services_that_are_not_there_are_optional() -> None:
    with nobody() as port:
        for found in (services.switch("127.0.0.1", port), services.server("Redis", "127.0.0.1", port, "for more")):
            assert found.status is Status.OPTIONAL
            assert f"not at 127.0.0.1:{port}" in found.detail
            assert found.remedy


def test_little_memory_and_disk_are_missing(tmp_path: Path) -> None:
    assert machine.memory(available_gb=0.4).status is Status.MISSING
    assert machine.memory(available_gb=30.0).status is Status.OK
    assert machine.disk(tmp_path / "not" / "made", free_gb=0.1).status is Status.MISSING
    assert machine.disk(tmp_path / "not" / "made").subject == "disk"


def test_this_environment_is_found() -> None:
    found = setup.environment(platform_environment())
    assert found.status is Status.OK
    assert "Python 3." in found.detail


def test_an_environment_that_is_not_there_says_how_to_get_it(tmp_path: Path) -> None:
    (tmp_path / "requirements.txt").touch()
    here = Environment("environment", tmp_path / "env", tmp_path / "requirements.txt", (sys.version_info[:2],))
    assert (setup.environment(here).status, setup.environment(here).remedy) == (Status.MISSING, "make setup")
    nowhere = Environment("environment", tmp_path / "env", tmp_path / "requirements.txt", ((2, 6),))
    assert "Python 2.6 was not found" in setup.environment(nowhere).remedy


def test_reads_the_version_of_rasa(tmp_path: Path) -> None:
    assert setup.rasa(tmp_path / "bin" / "python").status is Status.MISSING
    (tmp_path / "lib" / "python3.10" / "site-packages" / "rasa-3.6.21.dist-info").mkdir(parents=True)
    found = setup.rasa(tmp_path / "bin" / "python")
    assert (found.status, found.detail) == (Status.OK, "3.6.21")


def test_the_engines_of_the_house_are_here() -> None:
    for found in (engines.pocketsphinx(), engines.espeak(), engines.silero(), engines.onnxruntime()):
        assert found.status is Status.OK, found


def test_a_library_that_does_not_load_is_missing(tmp_path: Path) -> None:
    (tmp_path / "libespeak-ng.so").write_text("not a library")
    assert engines.espeak(tmp_path / "libespeak-ng.so").status is Status.MISSING


def manifest() -> Manifest:
    file = RemoteFile(url="https://example.org/model.bin")
    return Manifest(
        name="small", kind=Kind.ASR, engine="e", languages=(), licence="", about="", holds=("model.bin",), files=(file,)
    )


def test_an_optional_engine_needs_its_package_and_a_model(tmp_path: Path) -> None:
    found = engines.optional_engine("e", "no_such_package", "install it", [manifest()], tmp_path)
    assert found.status is Status.OPTIONAL
    assert (found.detail, found.remedy) == ("package and model not here", "install it; voicebot models fetch small")
    (tmp_path / "fetched" / "small").mkdir(parents=True)
    (tmp_path / "fetched" / "small" / "model.bin").touch()
    found = engines.optional_engine("e", "no_such_package", "install it", [manifest()], tmp_path)
    assert (found.detail, found.remedy) == ("package not here", "install it")
    found = engines.optional_engine("e", "json", "install it", [manifest()], tmp_path)
    assert (found.status, found.detail, found.remedy) == (Status.OK, "small", "")


def test_tells_whether_the_end_of_turn_model_is_there(tmp_path: Path) -> None:
    own = manifest().model_copy(update={"engine": "smart-turn"})
    found = engines.end_of_turn([own], tmp_path)
    assert (found.status, found.remedy) == (Status.OPTIONAL, "voicebot models fetch small")
    (tmp_path / "fetched" / "small").mkdir(parents=True)
    (tmp_path / "fetched" / "small" / "model.bin").touch()
    assert engines.end_of_turn([own], tmp_path).status is Status.OK


def test_tells_which_scripts_are_built(tmp_path: Path) -> None:
    scripts, models = tmp_path / "scripts", tmp_path / "models"
    for name in ("reminder", "survey"):
        (scripts / name).mkdir(parents=True)
        (scripts / name / "script.yml").touch()
    (scripts / "shared").mkdir()
    (models / "dialogue" / "survey").mkdir(parents=True)
    (models / "dialogue" / "survey" / "current").write_text("20260102-abc\n")
    found = list(trained.dialogue(scripts, models))
    assert [(one.subject, one.status, one.detail) for one in found] == [
        ("script reminder", Status.NOT_YET, "not built"),
        ("script survey", Status.OK, "version 20260102-abc"),
    ]


def test_a_model_of_meaning_that_is_not_trained_is_not_yet_there(tmp_path: Path) -> None:
    assert trained.meaning(tmp_path).status is Status.NOT_YET


def test_a_broken_model_of_meaning_is_missing(tmp_path: Path) -> None:
    (tmp_path / "nlu" / "v1").mkdir(parents=True)
    (tmp_path / "nlu" / "v1" / FILE_NAME).write_text("{")
    (tmp_path / "nlu" / "live").write_text("v1\n")
    found = trained.meaning(tmp_path)
    assert found.status is Status.MISSING
    assert found.remedy == f"remove {tmp_path / 'nlu' / 'v1'} and train again"


def test_a_folder_without_scripts_is_missing(tmp_path: Path) -> None:
    assert [one.status for one in trained.dialogue(tmp_path, tmp_path)] == [Status.MISSING]


def test_whether_recordings_are_sealed_and_a_key_that_is_gone(tmp_path: Path) -> None:
    assert recordings(RecordingSettings()).detail == "not sealed"
    write_new_key(tmp_path / "k")
    assert recordings(RecordingSettings(key="k", keys={"k": tmp_path / "k"})).detail == "sealed with k"
    (tmp_path / "k").unlink()
    gone = recordings(RecordingSettings(key="k", keys={"k": tmp_path / "k"}))
    assert gone.status is Status.MISSING
    assert str(tmp_path / "k") in gone.detail


def test_audio_that_must_not_come_as_the_settings_have_it_is_told_of() -> None:
    assert audio(Settings()).status is Status.OK
    unicast = Settings(switch=SwitchSettings(dialect="unicast", host="10.0.0.9"))
    assert "allow_unprotected" in audio(unicast).detail
    assert audio(unicast).status is Status.MISSING
