"""What all content is made of: frozen nodes, exact numbers, years."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, Strict, WithJsonSchema, WrapValidator
from pydantic_core import PydanticCustomError

from builder.model.manuscript import Text

# 2023/24, 2023-24, 2023/2024.
_FISCAL = re.compile(r"(\d{4})([/–-])(\d{2}|\d{4})")
# More than a sum in cents of all the money there is; decimal arithmetic stays exact below 28.
MOST_DIGITS = 18


def number(value: Any) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise PydanticCustomError("number", "a number is wanted")
    if len(Decimal(value).as_tuple().digits) > MOST_DIGITS:
        raise PydanticCustomError("digits", "the number has more digits than anyone can read")
    return Decimal(value)


def said(message: str, hint: str) -> PydanticCustomError:
    """What is wrong with a value, and what to do about it, in our own words."""
    return PydanticCustomError("said", "{message}", {"message": message, "hint": hint})


def word(value: Any) -> Any:
    return str(value) if isinstance(value, Text) else value


Number = Annotated[Decimal, BeforeValidator(number), WithJsonSchema({"type": "number"})]


class FiscalYear(int):
    """A year that begins in one calendar year and ends in the next, such as a school year: that in which it begins.

    It prints as it is written: 2023/24.
    """

    written: str

    def __new__(cls, written: str) -> FiscalYear:
        """Raises ValueError for what is no such year."""
        found = _FISCAL.fullmatch(written)
        if found is None or (int(found[1]) + 1) % 10 ** len(found[3]) != int(found[3]) % 10 ** len(found[3]):
            raise ValueError(written)
        year = super().__new__(cls, found[1])
        year.written = written
        return year

    def __str__(self) -> str:
        return self.written

    def __format__(self, form: str) -> str:
        return super().__format__(form) if form[-1:] in "bcdoxXneEfFgG%" and form else format(self.written, form)

    def __reduce__(self) -> tuple[type[FiscalYear], tuple[str]]:
        return FiscalYear, (self.written,)

    def like(self, year: int) -> FiscalYear:
        """Another year that is written as this one is."""
        between, end = _FISCAL.fullmatch(self.written).group(2, 3)  # type: ignore[union-attr]  # it has been
        return FiscalYear(f"{year}{between}{str(year + 1)[-len(end) :]}")


def _fiscal(value: Any, plain: Callable[[Any], int]) -> int:
    if isinstance(value, str) and _FISCAL.fullmatch(value):
        try:
            return FiscalYear(str(value))
        except ValueError as error:
            raise said(f'"{value}" is no year', "a year ends in the one that follows: 2023/24") from error
    return plain(value)


_WRITTEN_YEAR = WithJsonSchema({"anyOf": [{"type": "integer"}, {"type": "string", "pattern": r"^\d{4}[/–-]\d{2,4}$"}]})
Year = Annotated[int, Strict(), Field(ge=1, le=9999), WrapValidator(_fiscal), _WRITTEN_YEAR]
# As a key, which YAML may have as words.
YearKey = Annotated[int, WrapValidator(_fiscal), _WRITTEN_YEAR]
Millimetres = Annotated[Decimal, BeforeValidator(number), WithJsonSchema({"type": "number"})]


class Node(BaseModel):
    """Part of the content: frozen, and no key that is not listed."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)
