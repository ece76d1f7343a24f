"""Unpacking: only into its own folder."""

from __future__ import annotations

import stat
import zipfile
from pathlib import Path

import pytest

from bot.model_files.archive import unpack_zip
from bot.model_files.manifest import ModelFilesError

pytestmark = pytest.mark.unit


def archive(path: Path, members: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w") as content:
        for name, data in members.items():
            content.writestr(name, data)
    return path


def test_leaves_out_the_single_top_folder(tmp_path: Path) -> None:
    unpack_zip(archive(tmp_path / "a.zip", {"top/am/final.mdl": b"1", "top/top/x": b"2"}), tmp_path / "to")
    assert (tmp_path / "to" / "am" / "final.mdl").read_bytes() == b"1"
    assert (tmp_path / "to" / "top" / "x").read_bytes() == b"2"


def test_keeps_several_top_entries(tmp_path: Path) -> None:
    unpack_zip(archive(tmp_path / "a.zip", {"am/final.mdl": b"1", "README": b"2"}), tmp_path / "to")
    assert sorted(path.name for path in (tmp_path / "to").iterdir()) == ["README", "am"]


@pytest.mark.parametrize("name", ["../out", "top/../../out", "/out", "C:\\out", "..\\out"])
def test_refuses_a_path_that_leads_out(tmp_path: Path, name: str) -> None:
    unsafe = archive(tmp_path / "a.zip", {"top/fine": b"1", name: b"2"})
    with pytest.raises(ModelFilesError, match="points outside its folder; nothing was unpacked"):
        unpack_zip(unsafe, tmp_path / "to")
    assert not (tmp_path / "to").exists()
    assert not (tmp_path / "out").exists()


def test_refuses_a_link(tmp_path: Path) -> None:
    link = zipfile.ZipInfo("top/link")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as content:
        content.writestr(link, "/etc/passwd")
    with pytest.raises(ModelFilesError, match="points outside"):
        unpack_zip(tmp_path / "a.zip", tmp_path / "to")


def test_says_that_it_is_no_archive(tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(b"<html>not found</html>")
    with pytest.raises(ModelFilesError, match=r"a\.zip is not a zip archive"):
        unpack_zip(tmp_path / "a.zip", tmp_path / "to")
