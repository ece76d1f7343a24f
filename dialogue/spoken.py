"""Slot values as words: what a voice is given to read never holds a digit or a symbol.

`spoken(value, format, language)` is the whole interface. The formats:

    date     2026-11-27       Friday, the twenty-seventh of November        十一月二十七日，星期五
    money    1250.00 USD      one thousand two hundred and fifty dollars    一千二百五十美元
    digits   4217             four two one seven                            四二一七
    phone    400 820 1234     four zero zero, eight two zero, ...           四零零，八二零，幺二三四
    time     15:30            three thirty in the afternoon                 下午三点半
    number   12.5             twelve point five                             十二点五
    text     Ms Chen          Ms Chen                                       Ms Chen

A value that does not fit its format raises `UnspeakableError`. The year of a date is not said: scripts speak of
days within weeks of the call.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, time
from decimal import Decimal, InvalidOperation
from enum import StrEnum

import cn2an  # type: ignore[import-untyped]
from babel.dates import format_date
from babel.numbers import get_currency_name, is_currency
from num2words import num2words  # type: ignore[import-untyped]
from num2words.lang_EN import Num2Word_EN  # type: ignore[import-untyped]

from dialogue.protocol import SlotValue


class Format(StrEnum):
    """How a slot is spoken; written after a bar in a prompt: `{due_date|date}`. None written means `text`."""

    DATE = "date"
    MONEY = "money"
    DIGITS = "digits"
    PHONE = "phone"
    TIME = "time"
    NUMBER = "number"
    TEXT = "text"


class UnspeakableError(ValueError):
    """The value cannot be spoken in this format; the message gives the expected form, never the value."""


LANGUAGES = ("en", "zh")

_EXPECTED = {
    Format.DATE: "a date as YYYY-MM-DD",
    Format.MONEY: "an amount and a currency, as in 1250.00 USD",
    Format.DIGITS: "a string of digits",
    Format.PHONE: "a telephone number of digits, spaces and hyphens, with an optional leading +",
    Format.TIME: "a time as HH:MM",
    Format.NUMBER: "a number",
    Format.TEXT: "text with at least one letter or digit",
}

_ENGLISH_DIGITS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_MANDARIN_DIGITS = "零一二三四五六七八九"
_MANDARIN_PHONE_DIGITS = "零幺二三四五六七八九"  # on the telephone 一 is said 幺, so that it is not heard as 七
_ENGLISH_SYMBOLS = {"&": " and ", "%": " percent ", "@": " at ", "+": " plus "}
_MANDARIN_SYMBOLS = {"&": "和", "%": "百分之", "@": "艾特", "+": "加"}
_ENGLISH_UNITS = {"CNY": (("yuan", "yuan"), ("fen", "fen"))}  # num2words has no yuan


def spoken(value: SlotValue, form: Format, language: str) -> str:
    """The words for one value. `language` is a tag of which only the first part counts (zh-CN is zh)."""
    base = language.split("-")[0].lower()
    if base not in LANGUAGES:
        raise UnspeakableError(f"there are no spoken forms for language {language!r}; there are for {LANGUAGES}")
    try:
        return _SPEAKERS[base][form](_text_of(value))
    except (ValueError, InvalidOperation) as error:
        raise UnspeakableError(f"expected {_EXPECTED[form]}") from error


def parse_money(text: str) -> tuple[Decimal, str]:
    """`1250.00 USD` as amount and ISO 4217 code; ValueError for anything else, negative amounts included."""
    match = re.fullmatch(r"(\d{1,12}(?:\.\d{1,2})?) ([A-Z]{3})", text)
    if match is None or not is_currency(match[2]):
        raise ValueError("not an amount with a currency")
    return Decimal(match[1]), match[2]


def parse_date(text: str) -> date:
    """An ISO calendar date in its long form only (2026-11-27)."""
    if not re.fullmatch(r"\d{4}-\d\d-\d\d", text):
        raise ValueError("not a date")
    return date.fromisoformat(text)


def parse_phone(text: str) -> list[str]:
    """The groups of digits of a telephone number, as written or as its length suggests; `+` is a group of its own."""
    match = re.fullmatch(r"(\+?)(\d+(?:[ -]\d+)*)", text.strip())
    if match is None:
        raise ValueError("not a telephone number")
    groups = [part for group in re.split(r"[ -]", match[2]) for part in _grouped(group)]
    return ["+", *groups] if match[1] else groups


def _grouped(digits: str) -> list[str]:
    sizes = {10: (3, 3, 4), 11: (3, 4, 4)}.get(len(digits), (len(digits),))
    ends = [sum(sizes[: index + 1]) for index in range(len(sizes))]
    return [digits[end - size : end] for size, end in zip(sizes, ends, strict=True)]


def _text_of(value: SlotValue) -> str:
    if value is None or isinstance(value, bool):
        raise ValueError("no value to speak")
    return str(value).strip()


def _decimal(text: str) -> Decimal:
    number = Decimal(text)
    if not number.is_finite():
        raise ValueError("not a finite number")
    return number.normalize() if number != number.to_integral() else number.quantize(Decimal(1))


def _digits_only(text: str) -> str:
    if not re.fullmatch(r"[0-9]+", text):
        raise ValueError("not a string of digits")
    return text


def _clock(text: str) -> time:
    if not re.fullmatch(r"\d\d:\d\d", text):
        raise ValueError("not a time")
    return time.fromisoformat(text)


# English


def _english_number(text: str) -> str:
    return str(num2words(_decimal(text), lang="en")).replace(",", "")


def _english_digits(text: str) -> str:
    return " ".join(_ENGLISH_DIGITS[int(digit)] for digit in _digits_only(text))


def _english_phone(text: str) -> str:
    groups = ["plus" if group == "+" else _english_digits(group) for group in parse_phone(text)]
    return ", ".join(groups).replace("plus, ", "plus ")


def _english_date(text: str) -> str:
    day = parse_date(text)
    ordinal = num2words(day.day, lang="en", to="ordinal")
    return f"{format_date(day, 'EEEE', locale='en')}, the {ordinal} of {format_date(day, 'MMMM', locale='en')}"


def _english_time(text: str) -> str:
    clock = _clock(text)
    part = "in the morning" if clock.hour < 12 else "in the afternoon" if clock.hour < 18 else "in the evening"
    hour = _english_number(str(clock.hour % 12 or 12))
    if clock.minute == 0:
        return f"{hour} o'clock {part}"
    minute = _english_number(str(clock.minute))
    return f"{hour} {'oh ' if clock.minute < 10 else ''}{minute} {part}"


def _english_money(text: str) -> str:
    amount, currency = parse_money(text)
    known = _ENGLISH_UNITS.get(currency) or Num2Word_EN.CURRENCY_FORMS.get(currency)
    if known is None:
        return f"{_english_number(str(amount))} {get_currency_name(currency, count=amount, locale='en')}"
    whole, part = int(amount), int(amount * 100) % 100
    said = [
        f"{_english_number(str(count))} {forms[count != 1]}" for count, forms in zip((whole, part), known, strict=True)
    ]
    if part == 0:
        return said[0]
    return said[1] if whole == 0 else " and ".join(said)


def _english_text(text: str) -> str:
    return _worded(text, _ENGLISH_SYMBOLS, lambda digits: f" {_english_digits(digits)} ")


# Mandarin


def _mandarin_number(text: str) -> str:
    """As it is said: 两千, 两万, 两亿 and a leading 两百, where the written form has 二."""
    words = str(cn2an.an2cn(f"{_decimal(text):f}", "low"))
    words = re.sub(r"(?<!十)二(?=[千万亿])", "两", words)
    return re.sub(r"^(负?)二百", r"\1两百", words)


def _mandarin_digits(text: str) -> str:
    return "".join(_MANDARIN_DIGITS[int(digit)] for digit in _digits_only(text))


def _mandarin_phone(text: str) -> str:
    groups = (
        "加" if group == "+" else "".join(_MANDARIN_PHONE_DIGITS[int(digit)] for digit in group)
        for group in parse_phone(text)
    )
    return "，".join(groups).replace("加，", "加")


def _mandarin_date(text: str) -> str:
    day = parse_date(text)
    return (
        f"{format_date(day, 'MMMM', locale='zh')}{cn2an.an2cn(str(day.day), 'low')}日，"
        f"{format_date(day, 'EEEE', locale='zh')}"
    )


def _mandarin_time(text: str) -> str:
    clock = _clock(text)
    parts = ((6, "凌晨"), (9, "早上"), (12, "上午"), (13, "中午"), (18, "下午"), (24, "晚上"))
    part = next(name for end, name in parts if clock.hour < end)
    hour = clock.hour if clock.hour <= 12 else clock.hour - 12
    said = f"{part}{_counted(hour)}点"
    if clock.minute == 0:
        return said
    if clock.minute == 30:
        return f"{said}半"
    return f"{said}{'零' if clock.minute < 10 else ''}{cn2an.an2cn(str(clock.minute), 'low')}分"


def _mandarin_money(text: str) -> str:
    amount, currency = parse_money(text)
    if currency != "CNY":
        name = get_currency_name(currency, locale="zh")
        return f"{_counted(_decimal(str(amount)))}{name}"
    whole, jiao, fen = int(amount), int(amount * 10) % 10, int(amount * 100) % 10
    said = f"{_counted(whole)}元" if whole or not (jiao or fen) else ""
    if jiao:
        said += f"{_counted(jiao)}角"
    elif fen and whole:
        said += "零"
    return said + (f"{_counted(fen)}分" if fen else "")


def _counted(number: int | Decimal) -> str:
    """A number before a measure word: two of something is 两."""
    return "两" if number == 2 else _mandarin_number(str(number))


def _mandarin_text(text: str) -> str:
    return _worded(text, _MANDARIN_SYMBOLS, _mandarin_digits)


# Both


def _worded(text: str, symbols: dict[str, str], digits: Callable[[str], str]) -> str:
    """Free text from a contact list, made safe to read: digits one by one, symbols by name or left out."""
    named = re.sub(r"[&%@+]", lambda match: symbols[match[0]], text)
    worded = re.sub(r"[0-9]+", lambda match: digits(match[0]), named)
    kept = re.sub(r"[^\w\s.,'’\-·，。、]|_", " ", worded)
    if not re.search(r"\w", kept):
        raise ValueError("nothing to say")
    return re.sub(r"\s+", " ", kept).strip()


_SPEAKERS: dict[str, dict[Format, Callable[[str], str]]] = {
    "en": {
        Format.DATE: _english_date,
        Format.MONEY: _english_money,
        Format.DIGITS: _english_digits,
        Format.PHONE: _english_phone,
        Format.TIME: _english_time,
        Format.NUMBER: _english_number,
        Format.TEXT: _english_text,
    },
    "zh": {
        Format.DATE: _mandarin_date,
        Format.MONEY: _mandarin_money,
        Format.DIGITS: _mandarin_digits,
        Format.PHONE: _mandarin_phone,
        Format.TIME: _mandarin_time,
        Format.NUMBER: _mandarin_number,
        Format.TEXT: _mandarin_text,
    },
}
