"""What all content is made of: frozen nodes, exact numbers, years."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, Strict, WithJsonSchema
from pydantic_core import PydanticCustomError

from builder.model.manuscript import Text

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
Year = Annotated[int, Strict(), Field(ge=1, le=9999)]
Millimetres = Annotated[Decimal, BeforeValidator(number), WithJsonSchema({"type": "number"})]


class Node(BaseModel):
    """Part of the content: frozen, and no key that is not listed."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)
