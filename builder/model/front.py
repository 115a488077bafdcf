"""report.yaml and topics: the order of the book and what it says."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import count
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import BeforeValidator, Discriminator, Field, Strict, Tag

from builder.model.body import BodyBlock, FigureBlock, NumbersBlock, PhotoBlock, PortraitsBlock, TableBlock, blocks
from builder.model.figure import FigureSpec
from builder.model.indicator import Period, Signature, Waiver
from builder.model.manuscript import Text
from builder.model.node import Node, Number, said, word
from builder.model.photo import BlockWidth, Image, Portrait


class Topic(Node):
    """One file of content/topics: a result, a text, or whatever its page template makes of it."""

    page: Text = Field(default_factory=lambda: Text("result"), description="the template in layouts/pages")
    title: Text = Field(description="line breaks in it are kept where they fit")
    short: Text | None = Field(None, description="the title for running heads")
    key: Text | None = Field(None, description="the indicator printed very large")
    lead: Text | None = Field(None, description="Markdown: the sentence that says what the number counts")
    text: Text | None = Field(None, description="Markdown: running text")
    size: Annotated[Literal["text", "lead"], BeforeValidator(word)] = Field(
        "text", description="lead: a short text, set larger on a page of texts"
    )
    figure: FigureSpec | None = None
    image: Image | None = None
    body: tuple[BodyBlock, ...] = Field((), description="texts, figures, photos … in their order, after the above")
    extra: Mapping[Text, Text] = Field(default_factory=dict, description="texts for a page template of your own")
    approvers: tuple[Text, ...] | None = Field(None, description="who must sign; else `approvals` of report.yaml")
    signed: tuple[Signature, ...] = ()
    waive: tuple[Waiver, ...] = ()

    @property
    def figures(self) -> tuple[TopicFigure, ...]:
        """All figures, in printing order."""
        return tuple(one for one in self.pictures if isinstance(one, TopicFigure))

    @property
    def photos(self) -> tuple[TopicPhoto, ...]:
        """All photos, in printing order."""
        return tuple(one for one in self.pictures if isinstance(one, TopicPhoto))

    @property
    def pictures(self) -> Iterator[TopicFigure | TopicPhoto]:
        """Figures and photos, in printing order."""
        if (image := self.image) is not None:
            yield TopicPhoto(image, image.file, image.alt, image.caption, image.credit, None, image.tone)
        if self.figure is not None:
            yield TopicFigure(0, self.figure, ("figure",), 1, None)
        drawn = count(1)
        for block, place, abreast in blocks(self.body):
            if isinstance(block, FigureBlock):
                yield TopicFigure(
                    next(drawn), block.figure, (*place, "figure"), abreast, block.id, block.width, block.credit
                )
            elif isinstance(block, PhotoBlock):
                yield TopicPhoto(
                    block, block.photo, block.alt, block.caption, block.credit, block.id, block.tone, block.page
                )
            elif isinstance(block, PortraitsBlock):
                for one in block.portraits:
                    yield TopicPhoto(one, one.photo, one.alt or one.name, None, one.credit, None, block.tone)

    @property
    def bare(self) -> bool:
        """Whether nothing but its title stands before its body."""
        return not (self.lead or self.text or self.image or self.figure or self.key)

    @property
    def tables(self) -> tuple[TableBlock, ...]:
        """The tables of its body, in printing order."""
        return tuple(one for one in self.body if isinstance(one, TableBlock))

    @property
    def uses(self) -> tuple[Text, ...]:
        """The indicators that it prints by themselves: its key number, and those of figures and rows of numbers."""
        drawn = [name for one in self.figures for name in one.figure.uses]
        rows = [name for one, _, _ in blocks(self.body) if isinstance(one, NumbersBlock) for name in one.numbers]
        return (*([self.key] if self.key is not None else []), *drawn, *rows)


@dataclass(frozen=True, slots=True)
class TopicFigure:
    """A figure of a topic: 0 is that of its key `figure`, the others are those of its body, from 1.

    `place` are the keys that lead to it, `abreast` how many blocks stand side by side with it, itself included.
    """

    number: int
    figure: FigureSpec
    place: tuple[str | int, ...]
    abreast: int
    id: Text | None
    width: BlockWidth = "full"
    credit: Text | None = None

    def name(self, topic: str) -> str:
        """What it is called in a report: as its topic, or `topic/1` in its body."""
        return f"{topic}/{self.number}" if self.number else topic


@dataclass(frozen=True, slots=True)
class TopicPhoto:
    """A photo of a topic, as it stands in the YAML (`written`), and what is said of it."""

    written: Image | PhotoBlock | Portrait
    file: Text
    alt: Text
    caption: Text | None
    credit: Text | None
    id: Text | None
    tone: Text | None
    page: int | None = None


class PageEntry(Node):
    """A page made by a template from the report's data alone: cover, contents, index …"""

    page: Text
    title: Text | None = None


class TopicEntry(Node):
    """A topic that stands outside the parts."""

    topic: Text


class PartEntry(Node):
    """A part: it opens on a recto and holds topics."""

    part: Text
    title: Text
    lead: Text | None = None
    text: Text | None = None
    accent: Text | None = Field(None, description="a colour from `accents` in layouts/theme.yaml")
    topics: tuple[Text, ...] = ()


def _entry_kind(value: Any) -> str | None:
    if isinstance(value, dict):
        return next((kind for kind in ("page", "topic", "part") if kind in value), None)
    kinds = ((PageEntry, "page"), (TopicEntry, "topic"), (PartEntry, "part"))
    return next((kind for model, kind in kinds if isinstance(value, model)), None)


Entry: TypeAlias = Annotated[
    Annotated[PageEntry, Tag("page")] | Annotated[TopicEntry, Tag("topic")] | Annotated[PartEntry, Tag("part")],
    Discriminator(_entry_kind),
]


Level: TypeAlias = Literal["error", "warning", "none"]
# What a column of a table of indicators may hold; `base` and `base-year` are the two halves of a moment.
Column: TypeAlias = Literal[
    "id", "label", "short", "kind", "value", "digits", "qualifier", "upper", "unit", "sign", "base", "base-year", "end",
    "end-year", "from", "to", "scope", "source", "source-page", "passage", "method", "note", "status", "reason",
]  # fmt: skip


class Table(Node):
    """Indicators that come from a CSV or XLSX file, one in each row."""

    file: Text = Field(description="in content/")
    sheet: Text | None = Field(None, description="of an XLSX file; its first where it is left out")
    columns: Mapping[Annotated[Column, BeforeValidator(word)], Text] = Field(
        description="which heading of the table holds what; a heading below a merged one is written `above / below`"
    )
    defaults: Mapping[Annotated[Column, BeforeValidator(word)], Text] = Field(
        default_factory=dict, alias="all", description="what holds for every row: {source: bilancio}"
    )
    decimals: Annotated[Literal["comma", "point"], BeforeValidator(word)] | None = Field(
        None, description="how numbers written as text have their decimals; the language's way where it is left out"
    )


class Name(Node):
    """A name that has one spelling."""

    write: Text
    never: tuple[Text, ...] = Field((), description="other spellings; other capitals are found without being listed")


class Approvals(Node):
    """Who must sign what, where an entry does not say so itself."""

    indicators: tuple[Text, ...] = ()
    topics: tuple[Text, ...] = ()


def _hyphenated(value: Any) -> Any:
    if isinstance(value, str) and not re.fullmatch(r"[^\W\d_]+(?:-[^\W\d_]+)*", value):
        raise said(f'"{value}" is no word with hyphens', "write one word, as Treib-haus-gas-emissionen")
    return value


# A word with hyphens where it may be parted; without any, it is not parted.
Hyphenated: TypeAlias = Annotated[Text, BeforeValidator(_hyphenated)]


class Frontmatter(Node):
    """content/report.yaml."""

    title: Text
    subtitle: Text | None = None
    organisation: Text
    period: Period
    language: Text
    slug: Annotated[Text, Field(description="the name of the files built; made from title and period")] | None = None
    description: Text | None = None
    budget: Annotated[Number, Field(gt=0, le=1000)] = Field(
        Decimal(7), description="the most that the edition to be mailed may have, in MB"
    )
    colophon: Text | None = Field(None, description="Markdown")
    method: Text | None = Field(None, description="Markdown: the introduction of the method note")
    contents_depth: Annotated[int, Strict(), Field(ge=1, le=4)] = Field(
        2,
        alias="contents-depth",
        description="what the contents list: 1 parts, 2 topics, 3 and 4 headings in texts",
    )
    credits: Annotated[Literal["beside", "list"], BeforeValidator(word)] = Field(
        "beside", description="where credits of photos stand: beside them, or in the list of `- page: photos` alone"
    )
    order: tuple[Entry, ...]
    tables: tuple[Table, ...] = Field((), description="indicators that come from CSV or XLSX files")
    checks: Mapping[Text, Annotated[Level, BeforeValidator(word)]] = Field(
        default_factory=dict, description="how grave a check's findings are: error, warning, none"
    )
    stale_after: Annotated[int, Strict(), Field(ge=0)] | None = Field(
        None, alias="stale-after", description="the most years by which a source may be older than the report's last"
    )
    names: tuple[Name, ...] = Field((), description="names that have one spelling")
    words: Mapping[Text, Text] = Field(
        default_factory=dict, description="words that pages print by themselves, said otherwise: {mandate: Mandate}"
    )
    hyphenation: tuple[Hyphenated, ...] = Field(
        (), description="words that are parted at their hyphens alone: Treib-haus-gas-emissionen"
    )
    approvals: Approvals = Field(default_factory=Approvals, description="who must sign indicators and topics")
    waive: tuple[Waiver, ...] = ()
