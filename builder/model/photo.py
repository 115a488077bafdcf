"""Photos and drawings: how each is cropped, and what is said of it."""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import BeforeValidator, Field, WithJsonSchema

from builder.model.manuscript import Text
from builder.model.node import Node, number, said, word

# How wide a photo stands: as a column of a row of two, as the text, as the type area, over the whole page, or over two.
Width: TypeAlias = Annotated[Literal["column", "text", "full", "bleed", "spread"], BeforeValidator(word)]
# All other blocks stand in the type area; running text in a measure that can be read.
TextWidth: TypeAlias = Annotated[Literal["column", "text"], BeforeValidator(word)]
BlockWidth: TypeAlias = Annotated[Literal["column", "text", "full"], BeforeValidator(word)]
_RATIO = r"^[1-9]\d{0,3}(\.\d+)?:[1-9]\d{0,3}(\.\d+)?$"


def _height(value: Any) -> Any:
    if isinstance(value, Text):
        if value == "rest":
            return "rest"
        mm = re.fullmatch(r"(\d+(?:\.\d+)?) ?mm", value)
        hint = f"write {mm[1]}: it is in mm" if mm else "write a number of mm, such as 60, or rest"
        raise said(f'"{value}" is no height', hint)
    return number(value)


def _ratio(value: Any) -> str:
    if isinstance(value, Text) and re.fullmatch(_RATIO, value):
        return str(value)
    written = str(value)
    parts = [part.strip() for part in re.split(r"[:/x×]", written)]
    try:
        near = Fraction(parts[0]) / (Fraction(parts[1]) if len(parts) == 2 else 1)
        shaped = parts if len(parts) == 2 else [*map(str, near.limit_denominator(16).as_integer_ratio())]
        hint = f'write it as "{shaped[0]}:{shaped[1]}"'
    except (ValueError, ZeroDivisionError):
        hint = 'write width to height, such as "3:2"'
    raise said(f'"{written}" is no ratio', hint)


def _focus(value: Any) -> Any:
    if not isinstance(value, list | tuple) or len(value) != 2 or not all(type(one) is int for one in value):
        raise said("this is no place in the photo", "write per cent from the left and from the top: [30, 50]")
    return value


Ratio: TypeAlias = Annotated[str, BeforeValidator(_ratio), WithJsonSchema({"type": "string", "pattern": _RATIO})]
Height: TypeAlias = Annotated[
    Decimal | Literal["rest"],
    BeforeValidator(_height),
    WithJsonSchema({"anyOf": [{"type": "number"}, {"const": "rest"}]}),
]
PerCent: TypeAlias = Annotated[int, Field(ge=0, le=100)]
Focus: TypeAlias = Annotated[tuple[PerCent, PerCent], BeforeValidator(_focus)]


class Photo(Node):
    """What is said of a photo wherever it stands."""

    alt: Text = Field(description="what it shows, in words")
    caption: Text | None = Field(None, description="Markdown; a photo that has one is a figure with a number")
    credit: Text | None = Field(None, description="who took it")
    height: Height | None = Field(
        None, description="in mm; the photo is cropped to it. `rest` is what the page has left"
    )
    ratio: Ratio | None = Field(None, description='width to height, as "3:2"; the photo is cropped to it')
    focus: Focus = Field((50, 50), description="what stays when it is cropped: per cent from the left and from the top")

    tone: Text | None = Field(None, description="a colour of the theme: the photo is printed in black and in it")


class Over(Node):
    """Words on a photo that has a page of its own: they must be legible on what lies under them."""

    text: Text = Field(description="Markdown")
    at: Annotated[Literal["top", "bottom"], BeforeValidator(word)] = "bottom"
    colour: Annotated[Literal["paper", "ink"], BeforeValidator(word)] = Field(
        "paper", description="a colour of the theme"
    )


class Portrait(Node):
    """One person: a photo, a name and what they are."""

    photo: Text = Field(description="the file, in content/")
    name: Text
    role: Text | None = None
    alt: Text | None = Field(None, description="what the photo shows, where it is more than the person")
    credit: Text | None = Field(None, description="who took it")
    focus: Focus = Field((50, 35), description="what stays when it is cropped")


class Image(Photo):
    """The photo of a topic's short form."""

    file: Text = Field(description="in content/")


def shape(ratio: str) -> float:
    """The width of a ratio such as "3:2" by its height."""
    wide, _, high = ratio.partition(":")
    return float(wide) / float(high)
