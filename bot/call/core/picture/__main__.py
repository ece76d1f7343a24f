"""`python -m bot.call.core.picture`: draw the core anew into docs/."""

from __future__ import annotations

from pathlib import Path

from bot.call.core.picture.files import files

DOCS = Path(__file__).resolve().parents[4] / "docs"

for name, content in files().items():
    (DOCS / name).write_text(content, encoding="utf-8")
    print(DOCS / name)
