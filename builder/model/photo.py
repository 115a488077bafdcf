"""Photos and drawings: how each is cropped, and what is said of it."""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

from pydantic import BeforeValidator, Field

from builder.model.manuscript import Text
from builder.model.node import Millimetres, Node, word

# How wide a photo stands: as a column of a row of two, as the text, as the type area, or over the whole page.
Width: TypeAlias = Annotated[Literal["column", "text", "full", "bleed"], BeforeValidator(word)]
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

    @property
    def shape(self) -> float | None:
        """Its width by its height, where it is to have another than its own."""
        if self.ratio is None:
            return None
        wide, _, high = self.ratio.partition(":")
        return float(wide) / float(high)


class Image(Photo):
    """The photo of a topic's short form."""

    file: Text = Field(description="in content/")
