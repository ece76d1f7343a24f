"""The Chinese lunar calendar from a fixed table: the first month of each year, and how long its months are."""

from __future__ import annotations

from datetime import date, timedelta

# Year: the day it begins, its months in order (1: thirty days, 0: twenty-nine), and which month is doubled (0: none).
_YEARS = {
    2024: ("2024-02-10", "010010110110", 0),
    2025: ("2025-01-29", "1010010101110", 6),
    2026: ("2026-02-17", "101001001110", 0),
    2027: ("2027-02-06", "110100100110", 0),
    2028: ("2028-01-26", "1110100100110", 5),
    2029: ("2029-02-13", "110101010011", 0),
    2030: ("2030-02-03", "010110101010", 0),
    2031: ("2031-01-23", "0110101101010", 3),
    2032: ("2032-02-11", "100101101101", 0),
    2033: ("2033-01-31", "0100101011101", 11),
    2034: ("2034-02-19", "010010101101", 0),
    2035: ("2035-02-08", "101001001101", 0),
    2036: ("2036-01-28", "1101001001011", 6),
    2037: ("2037-02-15", "110100100101", 0),
    2038: ("2038-02-04", "110101010010", 0),
    2039: ("2039-01-24", "1101101010100", 5),
    2040: ("2040-02-12", "101101011010", 0),
    2041: ("2041-02-01", "010101101101", 0),
    2042: ("2042-01-22", "0100101011011", 2),
    2043: ("2043-02-10", "010010011011", 0),
    2044: ("2044-01-30", "1010010010111", 7),
    2045: ("2045-02-17", "101001001011", 0),
    2046: ("2046-02-06", "101010100101", 0),
    2047: ("2047-01-26", "1011010100101", 5),
    2048: ("2048-02-14", "011011010010", 0),
    2049: ("2049-02-02", "101011011010", 0),
    2050: ("2050-01-23", "0101010110110", 3),
}


def solar(year: int, month: int, day: int) -> date | None:
    """The solar date of a lunar one (of a doubled month, the first); None outside the table or for no such day.

    Day 0 is the last of the month before: (year, 1, 0) is New Year's Eve.
    """
    known = _YEARS.get(year)
    if known is None or not 1 <= month <= 12:
        return None
    first, months, doubled = known
    before = month - 1 + (0 < doubled < month)
    if not 0 <= day <= 29 + int(months[before]):
        return None
    passed = sum(29 + int(long) for long in months[:before])
    return date.fromisoformat(first) + timedelta(days=passed + day - 1)


def upcoming(reference: date, month: int, day: int, *, past: bool = False) -> date | None:
    """The next such day, `reference` included, or the last one before it."""
    years = range(reference.year - 1, reference.year + 2)
    days = [found for year in years if (found := solar(year, month, day)) is not None]
    if past:
        return max((one for one in days if one <= reference), default=None)
    # A table that begins or ends near `reference` must not answer with a day a year too late.
    return min((one for one in days if 0 <= (one - reference).days < 400), default=None)
