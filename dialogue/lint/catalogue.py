"""What every rule is for, and how its findings are mended: for the report, and for docs/scripts_reference.md."""

from __future__ import annotations

from dataclasses import dataclass

from dialogue.worker.rule import Rule


@dataclass(frozen=True, slots=True)
class Explained:
    why: str
    mend: str


RULES: dict[Rule, Explained] = {
    Rule.YAML: Explained(
        "the file cannot be read, so nothing in it holds", "look at the line named and the one above it"
    ),
    Rule.STRUCTURE: Explained("a key or a value is not one that is known there", "write it as the message says"),
    Rule.UNKNOWN_NAME: Explained(
        "a name that nothing declares is overlooked in the call", "correct the spelling, or declare it"
    ),
    Rule.UNKNOWN_QUEUE: Explained(
        "the customer is promised a colleague and put through to nobody", "name one of `queues` in script.yml"
    ),
    Rule.TEXT_MISSING: Explained("the customer hears nothing where the prompt is due", "give the variation a `text`"),
    Rule.LANGUAGE_MISSING: Explained(
        "customers of that language hear nothing where the prompt is due",
        "write the prompt in every `responses.<language>.yml`",
    ),
    Rule.LANGUAGES_DIFFER: Explained(
        "customers of one language are told or asked something else than the others",
        "write the prompt anew from the first language, variation by variation",
    ),
    Rule.VARIATIONS_ALIKE: Explained(
        "who did not understand the first time hears the same once more",
        "say it in other words: with an example, or with the keys that answer it",
    ),
    Rule.NOT_WORDS: Explained(
        "voices read digits, symbols, markup and addresses wrongly, or letter by letter",
        "write words; values belong in slots with a spoken format",
    ),
    Rule.SECRET_SPOKEN: Explained(
        "whoever listens learns what proves who the customer is", "leave the slot out of the prompt"
    ),
    Rule.TRAINING: Explained(
        "rules that contradict each other leave it open what the customer hears",
        "give one of the rules a narrower condition, or join them",
    ),
    Rule.CONTRADICTION: Explained(
        "one part of the script undoes the other, and which of them holds is left to chance",
        "decide for one, and delete or narrow the other",
    ),
    Rule.NO_HUMAN: Explained(
        "callers who do not get to a human hang up",
        "let a rule for `ask_human` run `utter_hand_over` at every question",
    ),
    Rule.NO_SILENCE: Explained("a silent customer hears silence", "keep the shared rule `silence`, or write one"),
    Rule.NO_NO_MATCH: Explained(
        "a customer who is not understood hears nothing", "keep the shared rule `not understood`, or write one"
    ),
    Rule.NO_REPEAT: Explained(
        "who did not hear the question cannot answer it", "keep the shared rule `say that again`, or write one"
    ),
    Rule.NO_DO_NOT_CALL: Explained(
        "the wish for no more calls must be noted whenever it is said",
        "keep the shared rule `do not call me again`, or set the outcome `do_not_call` in yours",
    ),
    Rule.NO_WRONG_PERSON: Explained(
        "a stranger is called again, and asked about somebody else's account",
        "keep the shared rule `wrong person`, or set the outcome `wrong_person` in yours",
    ),
    Rule.NO_CALL_LATER: Explained(
        "a customer without time hangs up, and is lost to the next attempt",
        "keep the shared rule `call me later`, or set the outcome `call_later` in yours",
    ),
    Rule.NO_DISCLOSURE: Explained(
        "who calls, that it is a machine and that it records must be said first",
        "make utter_disclosure the first action after `intent: start`",
    ),
    Rule.ACCOUNT_DATA: Explained(
        "others learn of the customer's money: amounts, digits, and dates of a payment",
        "say it behind a check of kind `compare` that was passed, or leave the field out",
    ),
    Rule.ENDLESS_LOOP: Explained(
        "a call that goes round for ever annoys the customer and blocks a line",
        "count in it (`action_count_detour`), and end or hand over at the limit",
    ),
    Rule.UNANSWERED: Explained(
        "a customer who says it is handed over as if something had broken",
        "keep the shared rules, or write one for the intent without a condition on a slot",
    ),
    Rule.STEPS: Explained(
        "Rasa trains it, and the call asks twice, stops short or leaves a question open",
        "put the step where the message says; the pitfalls in docs/scripts_reference.md say why",
    ),
    Rule.DEAD_END: Explained(
        "the customer hears a sentence and then nothing", "end with a form, `utter_hang_up` or `utter_hand_over`"
    ),
    Rule.UNREACHABLE: Explained(
        "what no call comes to is never said, tested or missed", "lead a rule to it, or delete it"
    ),
    Rule.UNSAID: Explained(
        "a step was lost, or the prompt is one to read, translate and approve for nothing",
        "say it in a rule, or delete it in every language",
    ),
    Rule.NO_EXPECTS: Explained(
        "recogniser and keypad do not know what answer to wait for", "add `metadata: {expects: ...}` to the question"
    ),
    Rule.LONG_SENTENCE: Explained(
        "after 25 words or 12 s the beginning is forgotten", "make two sentences of it, or leave something out"
    ),
    Rule.NOT_LEGAL: Explained(
        "who calls and what others may hear must be approved, and heard to its end",
        "add `metadata: {legal: true, interruptible: false}`",
    ),
    Rule.LEGAL_INTERRUPTIBLE: Explained(
        "what the law wants said is played to its end whatever is marked", "write `interruptible: false`"
    ),
    Rule.REQUESTED_SLOT: Explained(
        "the answer to one question fills the next one too, or none at all",
        "write `conditions: [{active_loop: <form>, requested_slot: <its slot>}]`",
    ),
    Rule.SOUNDS_ALIKE: Explained(
        "the recogniser takes one answer for the other", "say it in other words in the script's own grammar"
    ),
    Rule.SLOT_NEVER_FILLED: Explained(
        "rules and prompts wait for a value that never comes", "add a mapping or a check that sets it, or delete it"
    ),
    Rule.CONTACT_UNUSED: Explained(
        "customers without the field are refused for nothing, and data is passed on that nobody needs",
        "use it, mark it `required: false`, or delete it",
    ),
    Rule.OUTCOME_NEVER_SET: Explained(
        "the statistics show a zero that means nothing", "set it in a rule, or delete it from `outcomes`"
    ),
    Rule.NO_OUTCOME: Explained(
        "the call counts as `uncertain`, and nobody knows what was agreed",
        "run an `utter_outcome_...` before the end, or earlier on every way to it",
    ),
}
