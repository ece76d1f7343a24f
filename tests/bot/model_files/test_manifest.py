"""Manifests: the ones we have are sound, and a wrong one is named with its fault."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.model_files.manifest import ModelFilesError, read_manifest, read_manifests
from tests.needs import ROOT

pytestmark = pytest.mark.unit

GOOD = """\
name = "small"
kind = "asr"
engine = "vosk"
languages = ["en"]
licence = "MIT"
about = "A model"
holds = ["am/final.mdl"]
[[files]]
url = "https://example.org/models/small.zip?download=true"
unpack = "zip"
"""


def test_every_manifest_of_the_house_is_sound() -> None:
    manifests = read_manifests(ROOT / "models")
    assert {manifest.engine for manifest in manifests.values()} == {"vosk", "faster-whisper", "piper", "smart-turn"}
    unpinned = {name for name, manifest in manifests.items() if not manifest.pinned}
    readme = (ROOT / "models" / "README.md").read_text()
    assert all(f"`{name}`" in readme for name in unpinned), "the page says which are unpinned"
    for manifest in manifests.values():
        if manifest.archive is None:
            assert set(manifest.holds) == {file.name for file in manifest.files}


def test_names_a_file_by_its_address(tmp_path: Path) -> None:
    path = tmp_path / "small.toml"
    path.write_text(GOOD)
    manifest = read_manifest(path)
    assert manifest.archive is not None
    assert manifest.archive.name == "small.zip"
    assert not manifest.pinned
    assert manifest.size is None


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("name = ", "nom = "), "`name`: Field required"),
        (('"small"', '"large"'), "`name` is large, and must be the file's name, small"),
        (('"asr"', '"ears"'), "`kind`: Input should be"),
        (("https://", "file://"), "`files.0.url`"),
        (('unpack = "zip"', 'unpack = "zip"\nsha256 = "abc"'), "`files.0.sha256`"),
        (
            ('unpack = "zip"', 'unpack = "zip"\n[[files]]\nurl = "https://example.org/a"'),
            "an archive has no other files",
        ),
        (("name = ", "name "), "not valid TOML"),
        (('"small"', '"../small"'), "`name`"),
    ],
)
def test_says_what_is_wrong_and_where(tmp_path: Path, change: tuple[str, str], message: str) -> None:
    path = tmp_path / "small.toml"
    path.write_text(GOOD.replace(*change))
    with pytest.raises(ModelFilesError) as caught:
        read_manifest(path)
    assert str(path) in str(caught.value)
    assert message in str(caught.value)
