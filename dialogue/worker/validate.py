"""Does everything a script names exist? Rasa notices few of these mistakes, and none with its place."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from ruamel.yaml.comments import CommentedMap, CommentedSeq

from dialogue.worker.project import PLACEHOLDER, START_INTENT, Placed, Project
from dialogue.worker.rule import Rule
from dialogue.worker.source import Problem, Source, line_of
from dialogue.worker.validate_checks import check_problems
from dialogue.worker.validate_sensitive import sensitive_problems

RASA_ACTIONS = frozenset({"action_listen", "action_deactivate_loop"})
SLOT_TYPES = frozenset({"text", "bool", "categorical", "float", "list", "any"})
CONTACT_TYPES = frozenset({"text", "name", "date", "time", "amount", "money", "number", "digits", "phone", "bool"})
COMMANDS = {"transfer": "queue", "outcome": "outcome", "hang_up": None}

_NEEDED = {"from_intent": ("intent", "value"), "from_entity": ("entity",)}
_RULE_KEYS = frozenset({"rule", "condition", "steps", "conversation_start", "wait_for_user_input", "metadata"})
_STORY_KEYS = frozenset({"story", "steps", "metadata"})
_STEP_KEYS = frozenset({"intent", "entities", "action", "active_loop", "slot_was_set", "or", "checkpoint", "metadata"})


def problems_of(project: Project) -> list[Problem]:
    """Every reference problem, in the order of the files."""
    found: list[Problem] = []
    parts: tuple[Callable[[Project], Iterator[Problem]], ...] = (
        _script,
        _slots,
        _forms,
        _actions,
        _commands,
        _prompts,
        sensitive_problems,
        check_problems,
        _rules,
    )
    for part in parts:
        found += part(project)
    return found


def _script(project: Project) -> Iterator[Problem]:
    source, data = project.script, project.script.data
    if data.get("name") != project.name:
        yield source.problem(f"`name` must be the folder's name, {project.name}", data, "name")
    languages = data.get("languages")
    if not isinstance(languages, CommentedSeq) or not languages:
        yield source.problem("`languages` must list at least one language", data, "languages")
    contact = data.get("contact") or CommentedMap()
    if not isinstance(contact, CommentedMap):
        yield source.problem("`contact` must be a mapping of fields", data, "contact")
        return
    for name, field in contact.items():
        if not isinstance(field, CommentedMap) or field.get("type") not in CONTACT_TYPES:
            types = ", ".join(sorted(CONTACT_TYPES))
            yield source.problem(f"contact field `{name}` needs a `type`: one of {types}", contact, name)


def _slots(project: Project) -> Iterator[Problem]:
    for name, slot in project.slots.items():
        if not isinstance(slot.value, CommentedMap) or slot.value.get("type") not in SLOT_TYPES:
            types = ", ".join(sorted(SLOT_TYPES))
            if isinstance(slot.value, CommentedMap) and "type" in slot.value:
                message = f"`{slot.value['type']}` is no type of a slot: `{name}` needs one of {types}"
                yield slot.source.problem(message, slot.value, "type")
            else:
                yield slot.problem(f"slot `{name}` needs a `type`: one of {types}")
            continue
        for mapping in slot.value.get("mappings") or []:
            if not isinstance(mapping, CommentedMap) or "type" not in mapping:
                yield slot.problem(f"every mapping of slot `{name}` needs a `type`")
                continue
            yield from _mapping(project, slot.source, name, mapping)


def _mapping(project: Project, source: Source, slot: str, mapping: CommentedMap) -> Iterator[Problem]:
    for key in _NEEDED.get(mapping["type"], ()):
        if key not in mapping:
            yield source.problem(f"a mapping of type {mapping['type']} needs `{key}`", mapping, "type")
    entity = mapping.get("entity")
    if entity is not None and entity not in project.entities:
        message = f"slot `{slot}` is filled from the entity `{entity}`, which no domain declares"
        yield source.problem(message, mapping, "entity", Rule.UNKNOWN_NAME)
    for key in ("intent", "not_intent"):
        named = mapping.get(key) or []
        for intent in [named] if isinstance(named, str) else named:
            if intent not in project.intents:
                yield source.problem(f"unknown intent `{intent}`", mapping, key, Rule.UNKNOWN_NAME)
    for condition in mapping.get("conditions") or []:
        loop = condition.get("active_loop")
        if loop is not None and loop not in project.forms:
            yield source.problem(f"unknown form `{loop}`", condition, "active_loop", Rule.UNKNOWN_NAME)


def _forms(project: Project) -> Iterator[Problem]:
    for name, form in project.forms.items():
        required = form.value.get("required_slots") if isinstance(form.value, CommentedMap) else None
        if not isinstance(required, CommentedSeq):
            yield form.problem(f"form `{name}` needs `required_slots`")
            continue
        for index, slot in enumerate(required):
            if slot not in project.slot_names():
                yield form.source.problem(f"unknown slot `{slot}`", required, index, Rule.UNKNOWN_NAME)
            elif not {f"utter_ask_{name}_{slot}", f"utter_ask_{slot}"} & set(project.primary):
                yield form.source.problem(f"nothing asks for `{slot}`: add utter_ask_{slot}", required, index)


def _actions(project: Project) -> Iterator[Problem]:
    known = project.action_names() - set(project.actions) | RASA_ACTIONS
    for name, action in project.actions.items():
        if name not in known:
            yield action.problem(f"no check and no prompt is declared for the action `{name}`")


def _commands(project: Project) -> Iterator[Problem]:
    for name, response in project.commands.items():
        entries = response.value
        one = entries[0] if isinstance(entries, CommentedSeq) and len(entries) == 1 else None
        custom = one.get("custom") if isinstance(one, CommentedMap) and set(one) == {"custom"} else None
        command = custom.get("command") if isinstance(custom, CommentedMap) else None
        if command not in COMMANDS:
            yield response.problem(
                f"`{name}` must be one `custom: {{command: ...}}` with transfer, outcome or hang_up; texts belong into "
                "responses.<language>.yml"
            )
            continue
        assert isinstance(custom, CommentedMap)
        argument = COMMANDS[command]
        if set(custom) != {"command", *([argument] if argument else [])}:
            needs = f"needs `{argument}` and nothing else" if argument else "takes nothing else"
            yield response.source.problem(f"the command {command} {needs}", one, "custom")
        elif argument and custom[argument] not in (project.script.data.get(f"{argument}s") or []):
            rule = Rule.UNKNOWN_QUEUE if argument == "queue" else Rule.UNKNOWN_NAME
            message = f"script.yml has no {argument} `{custom[argument]}`"
            yield response.source.problem(message, custom, argument, rule)


def _prompts(project: Project) -> Iterator[Problem]:
    primary = project.languages[0] if project.languages else None
    for language in project.languages:
        prompts = project.responses.get(language, {})
        for name, prompt in prompts.items():
            yield from _prompt(project, name, prompt)
            if name not in project.primary:
                yield prompt.problem(f"the prompt `{name}` has no {primary} text", Rule.LANGUAGE_MISSING)
        for name, prompt in project.primary.items():
            if name not in prompts:
                yield _untranslated(name, prompt, prompts, language)


def _untranslated(name: str, prompt: Placed, prompts: dict[str, Placed], language: str) -> Problem:
    """Where the text is to be written: in the file of that language, behind the prompt that it follows in the first."""
    path = prompt.source.path.with_name(f"responses.{language}.yml")
    names = list(prompt.at)
    before = [one for one in names[: names.index(prompt.key)] if one in prompts and prompts[one].source.path == path]
    behind = f", behind `{before[-1]}`" if before else ""
    told = f"{prompt.source.path.name}:{line_of(prompt.at, prompt.key)}"
    line = line_of(prompts[before[-1]].at, prompts[before[-1]].key) if before else 1
    message = f"the prompt `{name}` is missing here{behind}; its first text is in {told}"
    return Problem(str(path), line, message, Rule.LANGUAGE_MISSING)


def _prompt(project: Project, name: str, prompt: Placed) -> Iterator[Problem]:
    if not name.startswith("utter_"):
        yield prompt.problem(f"the name of a prompt starts with utter_: `{name}`")
    if name in project.commands:
        yield prompt.problem(f"`{name}` is a command in the domain and a prompt here")
    if not isinstance(prompt.value, CommentedSeq) or not prompt.value:
        yield prompt.problem(f"`{name}` must be a list of `- text: ...`", Rule.TEXT_MISSING)
        return
    for index, variation in enumerate(prompt.value):
        if not isinstance(variation, CommentedMap) or not isinstance(variation.get("text"), str):
            message = f"every variation of `{name}` needs a `text`"
            yield prompt.source.problem(message, prompt.value, index, Rule.TEXT_MISSING)
            continue
        for key in set(variation) - {"text", "metadata"}:
            yield prompt.source.problem(f"unknown key `{key}` in a prompt; known are text, metadata", variation, key)
        for slot in PLACEHOLDER.findall(variation["text"]):
            if slot not in project.slot_names():
                message = f"`{name}` uses the unknown slot `{slot}`"
                yield prompt.source.problem(message, variation, "text", Rule.UNKNOWN_NAME)


def _rules(project: Project) -> Iterator[Problem]:
    for table, keys in ((project.rules, _RULE_KEYS), (project.stories, _STORY_KEYS)):
        for placed in table.values():
            for key in set(placed.value) - keys:
                yield placed.source.problem(f"unknown key `{key}` in a rule or story", placed.value, key)
            for part in ("condition", "steps"):
                for step in placed.value.get(part) or []:
                    yield from _step(project, placed, step)
    if not any(_starts(placed) for placed in project.rules.values()):
        path = project.script.path.with_name("rules.yml")
        yield Problem(str(path), None, f"no rule begins with `- intent: {START_INTENT}`: nothing opens")


def _starts(placed: Placed) -> bool:
    first = placed.value["steps"][0] if placed.value["steps"] else None
    return isinstance(first, CommentedMap) and first.get("intent") == START_INTENT


def _step(project: Project, placed: Placed, step: Any) -> Iterator[Problem]:
    if not isinstance(step, CommentedMap):
        yield placed.problem("every step must be a mapping such as `- intent: affirm`")
        return
    problem = placed.source.problem
    for key in set(step) - _STEP_KEYS:
        yield problem(f"unknown key `{key}` in a step; known are {', '.join(sorted(_STEP_KEYS))}", step, key)
    if "intent" in step and step["intent"] not in {*project.intents, START_INTENT}:
        yield problem(f"unknown intent `{step['intent']}`", step, "intent", Rule.UNKNOWN_NAME)
    if "action" in step and step["action"] not in project.action_names() | RASA_ACTIONS:
        yield problem(f"unknown action `{step['action']}`", step, "action", Rule.UNKNOWN_NAME)
    if step.get("active_loop") is not None and step["active_loop"] not in project.forms:
        yield problem(f"unknown form `{step['active_loop']}`", step, "active_loop", Rule.UNKNOWN_NAME)
    for slot in _names(step.get("slot_was_set")):
        if slot not in project.slot_names() | {"requested_slot"}:
            yield problem(f"unknown slot `{slot}`", step, "slot_was_set", Rule.UNKNOWN_NAME)
    for entity in _names(step.get("entities")):
        if entity not in project.entities:
            yield problem(f"unknown entity `{entity}`", step, "entities", Rule.UNKNOWN_NAME)
    for inner in step.get("or") or []:
        yield from _step(project, placed, inner)


def _names(items: Any) -> Iterator[str]:
    for item in items or []:
        if isinstance(item, dict):
            yield from item
        else:
            yield str(item)
