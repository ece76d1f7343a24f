"""Putting a model on the shelf and checking it there."""

from __future__ import annotations

import hashlib
import io
import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest

from bot.model_files.checksums import record_path
from bot.model_files.manifest import Kind, Manifest, ModelFilesError, RemoteFile, Unpack
from bot.model_files.shelf import State, fetch, problems, state, take
from tests.bot.model_files.conftest import Publisher

pytestmark = pytest.mark.integration


def nowhere(done: int, total: int | None) -> None:
    pass


def checksum(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def zipped(members: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as content:
        for name, data in members.items():
            content.writestr(name, data)
    return buffer.getvalue()


ARCHIVE = zipped({"small/am/final.mdl": b"acoustics", "small/conf/model.conf": b"settings"})
WEIGHTS, CONFIG = b"weights" * 1000, b"{}"


def manifest_of(*files: RemoteFile, holds: tuple[str, ...]) -> Manifest:
    return Manifest(
        name="small", kind=Kind.ASR, engine="vosk", languages=("en",), licence="MIT", about="", holds=holds, files=files
    )


def archive_model(publisher: Publisher, *, pinned: bool = True) -> Manifest:
    url = publisher.put("small.zip", ARCHIVE)
    file = RemoteFile(url=url, sha256=checksum(ARCHIVE) if pinned else None, unpack=Unpack.ZIP)
    return manifest_of(file, holds=("am/final.mdl",))


def loose_model(publisher: Publisher) -> Manifest:
    files = [
        RemoteFile(url=publisher.put(name, content), sha256=checksum(content), size=len(content))
        for name, content in (("config.json", CONFIG), ("model.bin", WEIGHTS))
    ]
    return manifest_of(*files, holds=("config.json", "model.bin"))


def test_fetches_and_unpacks_an_archive(publisher: Publisher, tmp_path: Path) -> None:
    model = archive_model(publisher)
    assert state(model, tmp_path) is State.ABSENT
    folder = fetch(model, tmp_path, nowhere)
    assert (folder / "am" / "final.mdl").read_bytes() == b"acoustics"
    assert state(model, tmp_path) is State.PRESENT
    assert problems(model, tmp_path) == []


def test_reports_progress_over_all_files_of_a_model(publisher: Publisher, tmp_path: Path) -> None:
    model = loose_model(publisher)
    reports: list[tuple[int, int | None]] = []
    fetch(model, tmp_path, lambda done, total: reports.append((done, total)))
    assert reports == [(len(CONFIG), model.size), (len(CONFIG) + len(WEIGHTS), model.size)]


def test_does_not_fetch_again_what_arrived_before_a_failure(publisher: Publisher, tmp_path: Path) -> None:
    model = loose_model(publisher)
    weights = publisher.files.pop("model.bin")
    with pytest.raises(ModelFilesError, match="404"):
        fetch(model, tmp_path, nowhere)
    assert state(model, tmp_path) is State.ABSENT
    publisher.put("model.bin", weights)
    publisher.asked.clear()
    fetch(model, tmp_path, nowhere)
    assert [name for name, _ in publisher.asked] == ["model.bin"]


def test_the_record_is_one_sha256sum_reads(publisher: Publisher, tmp_path: Path) -> None:
    fetch(archive_model(publisher), tmp_path, nowhere)
    if shutil.which("sha256sum") is None:
        pytest.skip("no sha256sum on this machine")
    subprocess.run(["sha256sum", "--check", "--strict", "small.sha256"], cwd=tmp_path, check=True, capture_output=True)


def test_an_unpinned_model_needs_trust_once_and_is_held_to_it(publisher: Publisher, tmp_path: Path) -> None:
    model = archive_model(publisher, pinned=False)
    with pytest.raises(ModelFilesError, match="--trust-first-download"):
        fetch(model, tmp_path, nowhere)
    assert publisher.asked == []
    fetch(model, tmp_path, nowhere, trust=True)
    shutil.rmtree(tmp_path / "small")
    fetch(model, tmp_path, nowhere)
    assert problems(model, tmp_path) == []
    publisher.put("small.zip", zipped({"small/am/final.mdl": b"something else"}), '"two"')
    with pytest.raises(ModelFilesError, match="the checksum is"):
        fetch(model, tmp_path, nowhere, trust=True)
    assert problems(model, tmp_path) == [], "the good one stays"


def test_an_archive_of_something_else_changes_nothing(publisher: Publisher, tmp_path: Path) -> None:
    content = zipped({"other/readme": b""})
    file = RemoteFile(url=publisher.put("small.zip", content), sha256=checksum(content), unpack=Unpack.ZIP)
    with pytest.raises(ModelFilesError, match=r"it lacks am/final\.mdl"):
        fetch(manifest_of(file, holds=("am/final.mdl",)), tmp_path, nowhere)
    assert not (tmp_path / "small").exists()


def test_finds_a_changed_and_a_lost_file(publisher: Publisher, tmp_path: Path) -> None:
    model = archive_model(publisher)
    folder = fetch(model, tmp_path, nowhere)
    (folder / "am" / "final.mdl").write_bytes(b"altered")
    (folder / "conf" / "model.conf").unlink()
    assert problems(model, tmp_path) == [
        "small/am/final.mdl has changed since it was fetched",
        "small/conf/model.conf is missing",
    ]


def test_takes_the_archive_from_a_folder_or_by_its_path(publisher: Publisher, tmp_path: Path) -> None:
    (tmp_path / "disk").mkdir()
    (tmp_path / "disk" / "small.zip").write_bytes(ARCHIVE)
    model = archive_model(publisher)
    for source, fetched in ((tmp_path / "disk", "one"), (tmp_path / "disk" / "small.zip", "two")):
        take(model, source, tmp_path / fetched)
        assert problems(model, tmp_path / fetched) == []
    assert publisher.asked == []
    assert (tmp_path / "disk" / "small.zip").exists(), "the source stays as it is"


def test_takes_loose_files_from_a_folder(publisher: Publisher, tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    (disk / "config.json").write_bytes(CONFIG)
    model = loose_model(publisher)
    with pytest.raises(ModelFilesError, match=r"does not hold small; wanted: config\.json, model\.bin"):
        take(model, disk, tmp_path / "fetched")
    (disk / "model.bin").write_bytes(WEIGHTS + b"!")
    with pytest.raises(ModelFilesError, match="the checksum is"):
        take(model, disk, tmp_path / "fetched")
    (disk / "model.bin").write_bytes(WEIGHTS)
    take(model, disk, tmp_path / "fetched")
    assert problems(model, tmp_path / "fetched") == []


def test_takes_an_unpacked_model_only_on_trust(publisher: Publisher, tmp_path: Path) -> None:
    unpacked = tmp_path / "unpacked"
    (unpacked / "am").mkdir(parents=True)
    (unpacked / "am" / "final.mdl").write_bytes(b"acoustics")
    model = archive_model(publisher)
    with pytest.raises(ModelFilesError, match="is an unpacked small"):
        take(model, unpacked, tmp_path / "fetched")
    take(model, unpacked, tmp_path / "fetched", trust=True)
    assert problems(model, tmp_path / "fetched") == []


def test_a_damaged_record_is_named_with_its_line(publisher: Publisher, tmp_path: Path) -> None:
    model = archive_model(publisher)
    fetch(model, tmp_path, nowhere)
    record_path(tmp_path, "small").write_text("nonsense\n")
    with pytest.raises(ModelFilesError, match=r"small\.sha256, line 1"):
        problems(model, tmp_path)
