"""Photos and drawings: how each is cropped, and what is said of it."""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

from pydantic import BeforeValidator, Field

from builder.model.manuscript import Text
from builder.model.node import Millimetres, Node, word

# How wide a photo stands: as a column of a row of two, as the text, as the type area, over the whole page, or over two.
Width: TypeAlias = Annotated[Literal["column", "text", "full", "bleed", "spread"], BeforeValidator(word)]
Ratio: TypeAlias = Annotated[str, BeforeValidator(word), Field(pattern=r"^[1-9]\d{0,3}(\.\d+)?:[1-9]\d{0,3}(\.\d+)?$")]
PerCent: TypeAlias = Annotated[int, Field(ge=0, le=100)]


class Photo(Node):
    """What is said of a photo wherever it stands."""

    alt: Text = Field(description="what it shows, in words")
    caption: Text | None = Field(None, description="Markdown; a photo that has one is a figure with a number")
    credit: Text | None = Field(None, description="who took it")
    height: Millimetres | Annotated[Literal["rest"], BeforeValidator(word)] | None = Field(
        None, description="in mm; the photo is cropped to it. `rest` is what the page has left"
    )
    ratio: Ratio | None = Field(None, description='width to height, as "3:2"; the photo is cropped to it')
    focus: tuple[PerCent, PerCent] = Field(
        (50, 50), description="what stays when it is cropped: per cent from the left and from the top"
    )

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
    focus: tuple[PerCent, PerCent] = Field((50, 35), description="what stays when it is cropped")


class Image(Photo):
    """The photo of a topic's short form."""

    file: Text = Field(description="in content/")


def shape(ratio: str) -> float:
    """The width of a ratio such as "3:2" by its height."""
    wide, _, high = ratio.partition(":")
    return float(wide) / float(high)
