"""The body of a topic: texts, figures, photos and boxes in the order in which they are printed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import BeforeValidator, Discriminator, Field, Strict, Tag, model_validator

from builder.model.columns import ColumnRoles
from builder.model.figure import FigureSpec
from builder.model.figure.base import Name
from builder.model.indicator import Status, Verified, Waiver
from builder.model.manuscript import Text
from builder.model.node import Node, Number, said, word
from builder.model.photo import BlockWidth, Over, Photo, Portrait, Ratio, TextWidth, Width

# Where a block may stand: in the text, or at the head or foot of its page or the next that has room.
Place: TypeAlias = Annotated[Literal["here", "head", "foot"], BeforeValidator(word)]
_PLACE = "head or foot of a page; where it is left out, in the text, unless a page would stay half empty before it"


class Block(Node):
    """What all blocks share: `id` is where links and `{{ page:ID }}` lead to."""

    id: Text | None = Field(None, description="a name for links, {{ page:… }} and {{ figure:… }}")
    keep: bool = Field(False, description="whether it stays on the page of the block after it")

    @property
    def floats(self) -> str:
        """Where it may stand (`Place`); `auto` in the text, unless a page would stay half empty; empty: there alone."""
        return str(getattr(self, "place", None) or "")

    @property
    def kind(self) -> str:
        """The key that says what it is."""
        return str(_block_kind(self))


class CaptionedBlock(Block):
    """A block that may have a line below it. It has no number: that is for figures, photos and tables."""

    caption: Text | None = Field(None, description="Markdown, one line below it")
    credit: Text | None = Field(None, description="whose it is, after the caption")


class TextBlock(CaptionedBlock):
    """Running text."""

    text: Text = Field(description="Markdown: running text")
    width: TextWidth = Field("text", description="column: half as wide as the type area")


class ColumnsBlock(CaptionedBlock):
    """Running text in two columns."""

    columns: Text = Field(description="Markdown: running text in two columns")
    width: Annotated[Literal["text", "full"], BeforeValidator(word)] = "full"


class FigureBlock(Block):
    """A figure."""

    figure: FigureSpec
    width: BlockWidth = Field("full", description="how wide it stands where it is not in a row: as the type area")
    credit: Text | None = Field(None, description="who drew it, or made its map")
    place: Place | None = Field(None, description=_PLACE)

    @property
    def floats(self) -> str:
        return self.place or "auto"


class PhotoBlock(Photo, Block):
    """A photo or drawing, with the words that stand for it."""

    photo: Text = Field(description="the file, in content/")
    page: Annotated[int, Strict(), Field(ge=1, le=9999)] | None = Field(None, description="which page of a PDF")
    width: Width = "text"
    place: Place | None = Field(None, description=_PLACE)
    over: Over | None = Field(None, description="words on a photo over the whole page")

    @property
    def floats(self) -> str:
        return "" if self.alone else self.place or "auto"

    @property
    def alone(self) -> bool:
        """Whether it has its pages for itself, to the cut."""
        return self.width in ("bleed", "spread")


class QuoteBlock(CaptionedBlock):
    """Words of somebody."""

    quote: Text
    by: Text | None = Field(None, description="who said it")
    width: BlockWidth = "text"


class BoxBlock(CaptionedBlock):
    """A text apart from the running one, on a ground of its own."""

    box: Text = Field(description="Markdown")
    title: Text | None = None
    width: BlockWidth = "full"
    place: Place | None = Field(None, description=_PLACE)


class NumbersBlock(CaptionedBlock):
    """Key numbers side by side, each with its label."""

    numbers: tuple[Text, ...] = Field(min_length=1, max_length=12, description="names of indicators")
    width: BlockWidth = "full"


class PortraitsBlock(CaptionedBlock):
    """People side by side: their photos, cropped alike, with name and role."""

    portraits: tuple[Portrait, ...] = Field(min_length=1, max_length=60)
    across: Annotated[int, Strict(), Field(ge=2, le=6)] = Field(4, description="how many stand side by side")
    ratio: Ratio = Field("4:5", description="width to height of all")
    tone: Text | None = Field(None, description="a colour of the theme: all are printed in black and in it")


def _columns_kind(value: Any) -> str:
    return "roles" if isinstance(value, dict | ColumnRoles) else "names"


Columns: TypeAlias = Annotated[
    Annotated[ColumnRoles, Tag("roles")] | Annotated[tuple[Name, ...], Tag("names")], Discriminator(_columns_kind)
]
TypedRow: TypeAlias = tuple[Number | Text | None, ...]
Digits: TypeAlias = Annotated[int, Strict(), Field(ge=0, le=9)]


class TableBlock(Block):
    """A table: a sheet of an office, or rows typed here."""

    table: Text = Field(description="its name: {{ table:NAME }}, and {{ NAME.row.column }} for a cell")
    title: Text = Field(description="Markdown, one line")
    file: Text | None = Field(None, description="in content/: XLSX, ODS or CSV")
    sheet: Text | None = Field(None, description="of a workbook; its first where it is left out")
    range: Text | None = Field(None, description="where the table stands: A4:G12; found by itself where left out")
    columns: Columns = Field((), description="of typed rows their names; of a sheet what its columns hold")
    rows: Mapping[Name, TypedRow] = Field(default_factory=dict, description="typed here: name: [cells]")
    unit: Text | Mapping[Name, Text] | None = Field(
        None, description="of all numbers, or by row or column: a name from `units` in layouts/labels"
    )
    digits: Digits | Mapping[Name, Digits] | None = Field(
        None,
        description="digits after the decimal point, for all or by row or column; the sheet’s where left out",
    )
    decimals: Annotated[Literal["comma", "point"], BeforeValidator(word)] | None = Field(
        None, description="how numbers written as text have their decimals; the language's way where it is left out"
    )
    total: Text | tuple[Text, ...] = Field((), description="rows that add up others, where their labels do not say so")
    tolerance: Annotated[Number, Field(ge=0)] | None = Field(
        None, description="by how much a sum may differ from its parts, where these were rounded before"
    )
    source: Text | None = Field(None, description="a name from sources.yaml")
    note: Text | None = Field(None, description="Markdown, below the table")
    highlight: Name | tuple[Name, ...] = Field((), description="the rows that matter: bold")
    heat: bool = Field(False, description="tones by value")
    spark: bool = Field(False, description="small bars of the years at the end of each row")
    carry: bool = Field(False, description="sums are carried forward from page to page")
    page: Annotated[Literal["wide"], BeforeValidator(word)] | None = Field(None, description="wide: on a turned page")
    place: Place | None = Field(None, description=_PLACE)
    status: Annotated[Status, BeforeValidator(word)] = "to-verify"
    verified: Verified | None = None
    waive: tuple[Waiver, ...] = ()

    @model_validator(mode="before")
    @classmethod
    def _named_once(cls, value: Any) -> Any:
        if isinstance(value, dict) and "id" in value:
            raise said("a table has its name after `table:`", "take the line `id` out: links find it by that name")
        return value | {"id": value["table"]} if isinstance(value, dict) and "table" in value else value

    @property
    def floats(self) -> str:
        return self.place or ""


class BreakBlock(Block):
    """The next block begins a new page."""

    page_break: Literal[True] = Field(alias="page-break")


# What may stand side by side, and what stands alone, by the key that says what it is.
IN_ROWS: dict[str, type[Block]] = {
    "text": TextBlock, "figure": FigureBlock, "photo": PhotoBlock, "quote": QuoteBlock, "box": BoxBlock,
    "numbers": NumbersBlock,
}  # fmt: skip


def _block_kind(value: Any) -> str | None:
    if isinstance(value, dict):
        return next((kind for kind in BLOCKS if kind in value), None)
    return next((kind for kind, model in BLOCKS.items() if isinstance(value, model)), None)


Single: TypeAlias = Annotated[
    Annotated[TextBlock, Tag("text")]
    | Annotated[FigureBlock, Tag("figure")]
    | Annotated[PhotoBlock, Tag("photo")]
    | Annotated[QuoteBlock, Tag("quote")]
    | Annotated[BoxBlock, Tag("box")]
    | Annotated[NumbersBlock, Tag("numbers")],
    Discriminator(_block_kind),
]


class RowBlock(CaptionedBlock):
    """Two to four blocks side by side."""

    row: tuple[Single, ...] = Field(min_length=2, max_length=4)
    place: Place | None = Field(None, description=_PLACE)

    @property
    def floats(self) -> str:
        return self.place or "auto"


BLOCKS: dict[str, type[Block]] = {
    **IN_ROWS, "table": TableBlock, "columns": ColumnsBlock, "portraits": PortraitsBlock, "row": RowBlock,
    "page-break": BreakBlock,
}  # fmt: skip
BodyBlock: TypeAlias = Annotated[
    Annotated[TextBlock, Tag("text")]
    | Annotated[ColumnsBlock, Tag("columns")]
    | Annotated[FigureBlock, Tag("figure")]
    | Annotated[PhotoBlock, Tag("photo")]
    | Annotated[QuoteBlock, Tag("quote")]
    | Annotated[BoxBlock, Tag("box")]
    | Annotated[NumbersBlock, Tag("numbers")]
    | Annotated[PortraitsBlock, Tag("portraits")]
    | Annotated[TableBlock, Tag("table")]
    | Annotated[RowBlock, Tag("row")]
    | Annotated[BreakBlock, Tag("page-break")],
    Discriminator(_block_kind),
]
# A block, where it stands (the keys that lead to it), and how many stand side by side with it, itself included.
Standing: TypeAlias = tuple[Node, tuple[str | int, ...], int]


def blocks(body: tuple[BodyBlock, ...]) -> Iterator[Standing]:
    """Every block in printing order; those of a row one by one, and after them the row, whose caption is below them."""
    for index, one in enumerate(body):
        if isinstance(one, RowBlock):
            for column, inner in enumerate(one.row):
                yield inner, ("body", index, "row", column), len(one.row)
        yield one, ("body", index), 1


def texts_of(block: Node) -> Iterator[Text]:
    """All texts in a block, as they stand in the YAML; of a row, those that are its own."""
    for _, value in block:
        if isinstance(value, Text):
            yield value
    if isinstance(block, FigureBlock):
        yield block.figure.title
    if isinstance(block, PortraitsBlock):
        yield from (text for one in block.portraits for text in (one.photo, one.name, one.role) if text is not None)
    if isinstance(block, PhotoBlock) and block.over is not None:
        yield block.over.text


Role: TypeAlias = Literal["prose", "line"]


def printed_texts(block: Node) -> Iterator[tuple[Role, Text]]:
    """The Markdown texts of a block that are printed, and whether each is running text or one line."""
    match block:
        case TextBlock():
            yield "prose", block.text
        case ColumnsBlock():
            yield "prose", block.columns
        case FigureBlock():
            yield "line", block.figure.title
            yield from (("line", text) for text in (block.figure.note, block.credit) if text is not None)
        case TableBlock():
            yield "line", block.title
            if block.note is not None:
                yield "line", block.note
        case PortraitsBlock():
            yield from (("line", text) for one in block.portraits for text in (one.name, one.role) if text is not None)
        case PhotoBlock():
            if block.over is not None:
                yield "prose", block.over.text
            yield from (("line", text) for text in (block.caption, block.credit) if text is not None)
        case QuoteBlock():
            yield "prose", block.quote
            if block.by is not None:
                yield "line", block.by
        case BoxBlock():
            if block.title is not None:
                yield "line", block.title
            yield "prose", block.box
    if isinstance(block, CaptionedBlock):
        yield from (("line", text) for text in (block.caption, block.credit) if text is not None)
