"""Which number of a sum is wrong, where it does not add up: the one that a usual slip of the pen would mend."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from statistics import median

# A number that is copied from elsewhere has so many digits at least: small ones are alike by chance.
_DIGITS = 3
_APART = 5
_POWERS = {1: "ten times too", 2: "a hundred times too", 3: "a thousand times too", 6: "a million times too"}


def slip(value: Decimal, right: Decimal, decimals: int) -> str:
    """What happened to a number that should be another, in words; empty where that is no usual slip."""
    if value == right or not value or not right:
        return ""
    if value == -right:
        return "its sign is lost"
    if (value < 0) != (right < 0):
        return ""
    if _swapped(_digits(value, decimals), _digits(right, decimals)):
        return "two digits are swapped"
    step = Decimal(1).scaleb(-decimals)
    for power, words in _POWERS.items():
        if abs(right - value.scaleb(power)) <= step.scaleb(power) / 2:
            return f"it is {words} small"
        if abs(value - right.scaleb(power)) <= step.scaleb(power) / 2:
            return f"it is {words} large"
    return ""


def likely(right: Decimal, others: Sequence[Decimal]) -> bool:
    """Whether a number fits the others of its line: of their sign, and between a fifth and five times their median."""
    if not others:
        return True
    middle = median(others)
    return right * middle > 0 and abs(middle) / _APART <= abs(right) <= abs(middle) * _APART


def nearer(value: Decimal, right: Decimal, beside: Sequence[Decimal]) -> bool:
    """Whether a number would be nearer to those beside it than the one that stands there."""
    if not beside:
        return False
    mean = sum(beside, Decimal(0)) / len(beside)
    return abs(right - mean) < abs(value - mean)


def copied(value: Decimal, others: Sequence[Decimal | None]) -> int | None:
    """Where else a number stands, of those beside it; None where it is too short to tell, or stands nowhere."""
    if len(_digits(value, 0).strip("0")) < _DIGITS:
        return None
    return next((at for at, other in enumerate(others) if other == value), None)


def _digits(value: Decimal, decimals: int) -> str:
    return f"{abs(value):.{decimals}f}".replace(".", "")


def _swapped(one: str, other: str) -> bool:
    """Whether two neighbouring digits have changed places."""
    if len(one) != len(other):
        return False
    apart = [at for at, (a, b) in enumerate(zip(one, other, strict=True)) if a != b]
    return len(apart) == 2 and apart[1] == apart[0] + 1 and one[apart[0]] == other[apart[1]]
