"""What is memorised beside the rules: the stories, which are not drawn but listed."""

from __future__ import annotations

from dialogue.picture.chart import Listed, Words
from dialogue.worker.project import Project

WHEN = "as a story tells"


def stories(project: Project, words: Words) -> list[Listed]:
    found = []
    for title, placed in project.stories.items():
        actions = (step.get("action") for step in placed.value["steps"])
        said = tuple(words.sentences[one] for one in actions if one in words.sentences)
        found.append(Listed(WHEN, title, said, ""))
    return found
