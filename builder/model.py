"""The report as typed, frozen data. Every text keeps its place in the YAML."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    Strict,
    Tag,
    WithJsonSchema,
    model_validator,
)
from pydantic_core import PydanticCustomError

from builder.manuscript import Text

# More than a sum in cents of all the money there is; decimal arithmetic stays exact below 28.
MOST_DIGITS = 18


def _number(value: Any) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise PydanticCustomError("number", "a number is wanted")
    if len(Decimal(value).as_tuple().digits) > MOST_DIGITS:
        raise PydanticCustomError("digits", "the number has more digits than anyone can read")
    return Decimal(value)


def _word(value: Any) -> Any:
    return str(value) if isinstance(value, Text) else value


Number = Annotated[Decimal, BeforeValidator(_number), WithJsonSchema({"type": "number"})]
Year = Annotated[int, Strict(), Field(ge=1, le=9999)]
Millimetres = Annotated[Decimal, BeforeValidator(_number), WithJsonSchema({"type": "number"})]


class Node(BaseModel):
    """Part of the content: frozen, and no key that is not listed."""

    model_config = ConfigDict(frozen=True, extra="forbid")


Kind: TypeAlias = Literal[
    "share", "change-in-points", "change-in-percent", "stock", "count", "yearly-flow", "total", "year"
]
Status: TypeAlias = Literal["verified", "to-verify", "withheld"]


class Period(Node):
    """From the first to the last year, both included; without `to`, one year."""

    from_: Year = Field(alias="from")
    to: Year | None = None

    @model_validator(mode="after")
    def _in_order(self) -> Period:
        if self.to is not None and self.to < self.from_:
            raise PydanticCustomError("period", "the period ends before it begins")
        return self

    @property
    def last(self) -> int:
        return self.from_ if self.to is None else self.to


class Moment(Node):
    """A value at a point in time: the base that a change starts from, or the end that it reaches."""

    value: Number
    year: Year | None = None


class Indicator(Node):
    """One number of the report, written once. `value` is exact; how it prints follows from unit, sign and language."""

    label: Text
    short: Text | None = Field(None, description="a shorter label, for figures")
    kind: Annotated[Kind, BeforeValidator(_word)]
    value: Number | None = None
    qualifier: Text | None = Field(None, description="words before the number in tables and figures: circa")
    upper: Number | None = Field(None, description="for a range such as 8–10: its upper end")
    unit: Text | None = Field(None, description="a name from `units` in layouts/labels")
    sign: Annotated[Literal["shown", "hidden"], BeforeValidator(_word)] = "hidden"
    base: Moment | None = None
    end: Moment | None = None
    period: Period | None = None
    series: Mapping[int, Number] = Field(default_factory=dict, description="value by year, for bars and lines")
    scope: Text | None = None
    source: Text
    method: Text | None = None
    note: Text | None = None
    status: Annotated[Status, BeforeValidator(_word)] = "to-verify"
    reason: Text | None = Field(None, description="why the value is withheld")
    see: Text | None = Field(None, description="the topic on whose page the withheld value is printed")

    @property
    def withheld(self) -> bool:
        return self.status == "withheld"


class Source(Node):
    """An entry of the register of sources. What is not known is left out, and prints as not available."""

    title: Text
    short: Text | None = Field(None, description="a shorter title, for the facts at the foot of a page")
    publisher: Text | None = None
    date: Text | None = None
    page: Text | None = None
    url: Text | None = None
    note: Text | None = None


class Figure(Node):
    """What all figures share. `height` is in mm, drawn at that size."""

    title: Text
    alt: Text | None = Field(None, description="replaces the alternative text made from the data")
    height: Millimetres | None = None
    note: Text | None = None

    @property
    def uses(self) -> tuple[Text, ...]:
        """The indicators that the figure draws."""
        one = getattr(self, "indicator", None)
        return (one,) if one is not None else tuple(getattr(self, "indicators", ()))


class Slope(Figure):
    """Two values and the difference between them."""

    kind: Annotated[Literal["slope"], BeforeValidator(_word)]
    indicator: Text


class Share(Figure):
    """A part of a hundred, as a waffle of squares or as one bar."""

    kind: Annotated[Literal["share"], BeforeValidator(_word)]
    indicator: Text
    style: Annotated[Literal["waffle", "bar"], BeforeValidator(_word)] = "waffle"


class Index(Figure):
    """A change in per cent whose base is not known: from 100 to 100 + change."""

    kind: Annotated[Literal["index"], BeforeValidator(_word)]
    indicator: Text


class Measures(Figure):
    """Several measures side by side, each on its own: no common axis."""

    kind: Annotated[Literal["measures"], BeforeValidator(_word)]
    indicators: tuple[Text, ...] = Field(min_length=2, max_length=6)


class Units(Figure):
    """A count, one mark each."""

    kind: Annotated[Literal["units"], BeforeValidator(_word)]
    indicator: Text


class Timeline(Figure):
    """A year on the line of the report's period."""

    kind: Annotated[Literal["timeline"], BeforeValidator(_word)]
    indicator: Text


class Bars(Figure):
    """Indicators of one unit compared, or the series of one indicator by year."""

    kind: Annotated[Literal["bars"], BeforeValidator(_word)]
    indicators: tuple[Text, ...] = Field(min_length=1, max_length=12)


class Lines(Figure):
    """The series of one indicator or more, over the years."""

    kind: Annotated[Literal["lines"], BeforeValidator(_word)]
    indicators: tuple[Text, ...] = Field(min_length=1, max_length=5)


def _figure_kind(value: Any) -> str | None:
    kind = value.get("kind") if isinstance(value, dict) else getattr(value, "kind", None)
    return None if kind is None else str(kind)


FigureSpec: TypeAlias = Annotated[
    Annotated[Slope, Tag("slope")]
    | Annotated[Share, Tag("share")]
    | Annotated[Index, Tag("index")]
    | Annotated[Measures, Tag("measures")]
    | Annotated[Units, Tag("units")]
    | Annotated[Timeline, Tag("timeline")]
    | Annotated[Bars, Tag("bars")]
    | Annotated[Lines, Tag("lines")],
    Discriminator(_figure_kind),
]


class Image(Node):
    """A photo or drawing, from the content folder, with the words that stand for it."""

    file: Text
    alt: Text
    caption: Text | None = None


class Topic(Node):
    """One file of content/topics: a result, a text, or whatever its page template makes of it."""

    page: Text = Field(default_factory=lambda: Text("result"), description="the template in layouts/pages")
    title: Text = Field(description="line breaks in it are kept where they fit")
    short: Text | None = Field(None, description="the title for running heads")
    key: Text | None = Field(None, description="the indicator printed very large")
    lead: Text | None = Field(None, description="Markdown: the sentence that says what the number counts")
    text: Text | None = Field(None, description="Markdown: running text")
    figure: FigureSpec | None = None
    image: Image | None = None
    extra: Mapping[Text, Text] = Field(default_factory=dict, description="texts for a page template of your own")


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
    order: tuple[Entry, ...]


class Labels(Node):
    """layouts/labels/LANGUAGE.yaml: the words that layouts and figures print by themselves."""

    words: Mapping[Text, Text]
    units: Mapping[Text, Unit]
    kinds: Mapping[Text, Text]
    statuses: Mapping[Text, Text]
    alternatives: Mapping[Text, Text]
    job: Mapping[Text, Text] = Field(description="the words of the job sheet for the print shop")


class Unit(Node):
    """How a unit prints: after the number, joined to it or after a no-break space."""

    text: Text
    joined: bool = False
    one: Text | None = Field(None, description="the form for one")
    spoken: Text | None = Field(None, description="the unit in full, for those who hear it: milioni di euro")
    spoken_one: Text | None = Field(None, alias="spoken-one", description="the unit in full, for one")


Labels.model_rebuild()


class Report(Node):
    """Everything that has been checked and may be printed."""

    front: Frontmatter
    indicators: Mapping[str, Indicator]
    sources: Mapping[str, Source]
    topics: Mapping[str, Topic]
    labels: Labels
    slug: str

    def in_order(self) -> tuple[tuple[str, PartEntry | None], ...]:
        """The topics' ids with their part, in printing order."""
        found: list[tuple[str, PartEntry | None]] = []
        for entry in self.front.order:
            if isinstance(entry, TopicEntry):
                found.append((entry.topic, None))
            elif isinstance(entry, PartEntry):
                found.extend((name, entry) for name in entry.topics)
        return tuple(found)
