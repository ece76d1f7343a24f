"""One file over HTTP: resumed, checked, and a clear word where it cannot be had."""

from __future__ import annotations

import hashlib
import socket
from pathlib import Path

import pytest

from bot.model_files.download import ATTEMPTS, download
from bot.model_files.manifest import ModelFilesError, RemoteFile
from tests.bot.model_files.conftest import Publisher

pytestmark = pytest.mark.integration

CONTENT = bytes(range(256)) * 4000
CHECKSUM = hashlib.sha256(CONTENT).hexdigest()


def nowhere(done: int, total: int | None) -> None:
    pass


def test_reports_how_far_it_is(publisher: Publisher, tmp_path: Path) -> None:
    url = publisher.put("model.bin", CONTENT)
    reports: list[tuple[int, int | None]] = []
    download(RemoteFile(url=url), tmp_path / "model.bin", lambda done, total: reports.append((done, total)))
    assert reports[-1] == (len(CONTENT), len(CONTENT))
    assert [done for done, _ in reports] == sorted(done for done, _ in reports)


def test_goes_on_after_a_broken_connection(publisher: Publisher, tmp_path: Path) -> None:
    url = publisher.put("model.bin", CONTENT)
    publisher.cuts["model.bin"] = [300_000, 200_000]
    checksum = download(RemoteFile(url=url, sha256=CHECKSUM), tmp_path / "model.bin", nowhere)
    assert checksum == CHECKSUM
    assert (tmp_path / "model.bin").read_bytes() == CONTENT
    assert publisher.asked == [
        ("model.bin", None),
        ("model.bin", "bytes=300000-"),
        ("model.bin", "bytes=500000-"),
    ]


def test_a_later_call_goes_on_where_an_earlier_one_gave_up(publisher: Publisher, tmp_path: Path) -> None:
    url = publisher.put("model.bin", CONTENT)
    publisher.cuts["model.bin"] = [100_000] * ATTEMPTS
    file, target = RemoteFile(url=url, sha256=CHECKSUM), tmp_path / "model.bin"
    with pytest.raises(ModelFilesError, match="run the same command again"):
        download(file, target, nowhere)
    assert not target.exists()
    download(file, target, nowhere)
    assert publisher.asked[-1] == ("model.bin", f"bytes={ATTEMPTS * 100_000}-")
    assert target.read_bytes() == CONTENT
    assert [path.name for path in tmp_path.iterdir()] == ["model.bin"]


def test_starts_anew_where_the_file_has_changed_meanwhile(publisher: Publisher, tmp_path: Path) -> None:
    url = publisher.put("model.bin", b"x" * len(CONTENT))
    publisher.cuts["model.bin"] = [100_000] * ATTEMPTS
    with pytest.raises(ModelFilesError):
        download(RemoteFile(url=url), tmp_path / "model.bin", nowhere)
    publisher.put("model.bin", CONTENT, '"two"')
    assert download(RemoteFile(url=url), tmp_path / "model.bin", nowhere) == CHECKSUM


def test_starts_anew_where_the_server_knows_no_ranges(publisher: Publisher, tmp_path: Path) -> None:
    publisher.ranges = False
    url = publisher.put("model.bin", CONTENT)
    publisher.cuts["model.bin"] = [100_000]
    assert download(RemoteFile(url=url), tmp_path / "model.bin", nowhere) == CHECKSUM


def test_a_part_that_is_already_whole_needs_no_more_bytes(publisher: Publisher, tmp_path: Path) -> None:
    url = publisher.put("model.bin", CONTENT)
    (tmp_path / "model.bin.part").write_bytes(CONTENT)
    (tmp_path / "model.bin.version").write_text('"one"')
    assert download(RemoteFile(url=url, sha256=CHECKSUM), tmp_path / "model.bin", nowhere) == CHECKSUM


def test_refuses_another_checksum_and_keeps_nothing(publisher: Publisher, tmp_path: Path) -> None:
    url = publisher.put("model.bin", CONTENT)
    with pytest.raises(ModelFilesError, match=f"the checksum is {CHECKSUM}, the manifest says {'0' * 64}"):
        download(RemoteFile(url=url, sha256="0" * 64), tmp_path / "model.bin", nowhere)
    assert not list(tmp_path.glob("model.bin*[!n]")), "neither the file nor a part that would be resumed"
    assert not (tmp_path / "model.bin").exists()


def test_refuses_another_size_before_fetching_it(publisher: Publisher, tmp_path: Path) -> None:
    url = publisher.put("model.bin", CONTENT)
    with pytest.raises(ModelFilesError, match=f"offers {len(CONTENT)} bytes, the manifest says 10"):
        download(RemoteFile(url=url, size=10), tmp_path / "model.bin", nowhere)
    assert not (tmp_path / "model.bin").exists()


def test_says_what_the_server_answered(publisher: Publisher, tmp_path: Path) -> None:
    with pytest.raises(ModelFilesError, match="the server answers 404"):
        download(RemoteFile(url=publisher.url("absent")), tmp_path / "absent", nowhere)


def test_says_plainly_that_there_is_no_network(tmp_path: Path) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))  # bound but not listening: connections are refused
        url = f"http://127.0.0.1:{unused.getsockname()[1]}/model.bin"
        with pytest.raises(ModelFilesError, match=r"no connection to 127\.0\.0\.1 .* with --from") as caught:
            download(RemoteFile(url=url), tmp_path / "model.bin", nowhere)
    assert "\n" not in str(caught.value)
