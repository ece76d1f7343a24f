"""Trains scripts one after the other in a process that has imported Rasa already: JSON lines in, JSON lines out.

    python benchmarks/mutation/rasa_side.py      on the worker's Python, with the repository's root on PYTHONPATH

{"build": NAME, "scripts": FOLDER, "models": FOLDER} is answered by {"problems": [...]}. A model holds no words: where
only those differ, one that is there is taken.
"""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path
from typing import Any

from dialogue.worker.quiet import hush

hush()  # before Rasa is imported

from dialogue.worker.build import build, manifest_of  # noqa: E402
from dialogue.worker.project import Project, load  # noqa: E402
from dialogue.worker.source import ScriptError, plain  # noqa: E402
from dialogue.worker.train import config_of, domain_of  # noqa: E402

Json = dict[str, Any]
MODELS: dict[str, Path] = {}
"""What has been trained, by what it was trained from."""


def built(request: Json) -> Json:
    scripts, models, name = Path(request["scripts"]), Path(request["models"]), request["build"]
    try:
        project = load(scripts, name)
        trained_from = _trained_from(project)
        model = models / name / f"{project.version}.tar.gz"
        if trained_from in MODELS and not model.exists():
            shutil.copyfile(MODELS[trained_from], model)
            manifest = json.dumps(manifest_of(project), ensure_ascii=False)
            model.with_name(f"{project.version}.json").write_text(manifest, encoding="utf-8")
        build(scripts, models, name)
        MODELS.setdefault(trained_from, model)
    except ScriptError as error:
        return {"problems": [str(problem) for problem in error.problems]}
    return {"problems": []}


def _trained_from(project: Project) -> str:
    rules = [plain(placed.value) for table in (project.rules, project.stories) for placed in table.values()]
    return json.dumps([project.name, domain_of(project), config_of(project), rules])


def main() -> None:
    for line in sys.stdin:
        print(json.dumps(built(json.loads(line))), flush=True)


if __name__ == "__main__":
    main()
