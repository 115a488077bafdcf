"""Printer profiles: what one print shop, or one printer, asks of a file."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Literal, TypeAlias

from pydantic import BeforeValidator, Field, Strict, model_validator
from pydantic_core import PydanticCustomError

from builder.model.manuscript import Text
from builder.model.node import Node, Number

# The cover is a sheet of its own: its outside and its inside, front and back.
COVER_PAGES = 4
DEFAULT = "coated-fogra39"

Version: TypeAlias = Literal["PDF/X-4", "PDF/X-3:2003", "PDF/X-1a:2003", "none"]
Marks: TypeAlias = Literal["none", "crop", "all"]
Binding: TypeAlias = Literal["stitched", "perfect", "none"]
Cover: TypeAlias = Literal["inside", "own-file"]
# The version of PDF that each is built on; the older ones know no object streams.
PDF_VERSION: Mapping[Version, str] = {"PDF/X-4": "1.6", "PDF/X-3:2003": "1.4", "PDF/X-1a:2003": "1.4", "none": "1.7"}
# Those that allow soft masks and opacity (ISO 15930-7, 6.2.8).
TRANSPARENT: frozenset[Version] = frozenset({"PDF/X-4", "none"})
XMP_IDENTIFICATION = "http://www.npes.org/pdfx/ns/id/"
XMP_MEDIA = "http://ns.adobe.com/xap/1.0/mm/"
Length = Annotated[Number, Field(ge=0, le=20)]
Width = Annotated[Number, Field(ge=0, le=100)]
Dpi = Annotated[int, Strict(), Field(ge=1, le=4800)]


def _words(value: object) -> object:
    return str(value) if isinstance(value, Text) else value


class Condition(Node):
    """The printing condition that a file is made for (ISO 15930-7, 6.2.2)."""

    profile: Text
    identifier: Text
    registry: Text
    name: Text


class Resolution(Node):
    """Of pictures, in dpi as placed: less than `least` is an error, less than `need` a warning; a picture above
    `most` is brought down to `need`. `line_art` is for pictures of pure black and white."""

    least: Dpi
    need: Dpi
    most: Dpi
    line_art: Dpi = Field(600, alias="line-art")

    @model_validator(mode="after")
    def _in_order(self) -> Resolution:
        if not self.least <= self.need <= self.most:
            raise PydanticCustomError("resolution", "`least`, `need` and `most` are not in this order")
        return self


class Thinnest(Node):
    """The thinnest line or the smallest type, in pt, in ink and reversed out of a ground."""

    least: Width
    reversed: Width


class Pages(Node):
    """Whole sheets, and how few and how many pages the binding takes."""

    multiple: Annotated[int, Strict(), Field(ge=1, le=64)] = 1
    least: Annotated[int, Strict(), Field(ge=1)] | None = None
    most: Annotated[int, Strict(), Field(ge=1)] | None = None


class Paper(Node):
    """`caliper` is the thickness of one leaf, in mm."""

    name: Text
    caliper: Annotated[Number, Field(gt=0, le=2)]


class Profile(Node):
    """A printer profile as YAML has it. Lengths in mm, ink in per cent."""

    about: Text
    pdfx: Annotated[Version, BeforeValidator(_words)] = Field(description="the PDF/X version, or none")
    condition: Condition | None = Field(None, description="without it the file is made in screen colours")
    bleed: Length
    marks: Annotated[Marks, BeforeValidator(_words)] = "none"
    safety: Length = Field(description="how far text keeps from the trim")
    ink: Annotated[int, Strict(), Field(ge=100, le=400)] | None = Field(None, description="the most ink on one spot")
    pictures: Resolution
    lines: Thinnest
    type: Thinnest
    pages: Pages = Pages()
    binding: Annotated[Binding, BeforeValidator(_words)] = "none"
    cover: Annotated[Cover, BeforeValidator(_words)] = "inside"
    paper: Paper
    glue: Length = Field(Decimal(0), description="what glue and cover add to the spine")

    @model_validator(mode="after")
    def _whole(self) -> Profile:
        if self.pdfx != "none" and (self.condition is None or self.ink is None):
            raise PydanticCustomError("condition", "PDF/X wants a `condition` and the most `ink`")
        if self.cover == "own-file" and self.binding == "none":
            raise PydanticCustomError("condition", "a cover of its own wants a `binding`: stitched or perfect")
        return self


class Printer(Profile):
    """A profile with its name and the file of its ICC profile."""

    name: str
    icc: Path | None

    @property
    def press(self) -> bool:
        """Whether the file is made in inks; else in screen colours."""
        return self.condition is not None

    @property
    def icc_name(self) -> str:
        return self.icc.name if self.icc is not None else ""

    def spine(self, pages: int) -> float:
        """Thickness of the book's back in mm: leaves × caliper + glue; stitched books have none to print on."""
        return float(pages / 2 * float(self.paper.caliper) + float(self.glue)) if self.binding == "perfect" else 0.0


def is_cmyk_output(icc: bytes) -> bool:
    """Whether these are the bytes of an ICC output profile in CMYK (ICC.1:2010, 7.2.5 and 7.2.6)."""
    return len(icc) > 128 and icc[12:16] == b"prtr" and icc[16:20] == b"CMYK" and icc[36:40] == b"acsp"
