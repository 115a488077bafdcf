"""The report as typed, frozen data. Every text keeps its place in the YAML."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

from pydantic import Field

from builder.model.body import TableBlock
from builder.model.figure import Bars, Figure, FigureSpec, Index, Lines, Measures, Share, Slope, Timeline, Units
from builder.model.front import (
    Approvals,
    Column,
    Entry,
    Frontmatter,
    Level,
    Name,
    PageEntry,
    PartEntry,
    Table,
    Topic,
    TopicEntry,
    TopicFigure,
    TopicPhoto,
)
from builder.model.indicator import (
    Formula,
    Indicator,
    Kind,
    Moment,
    Period,
    Signature,
    Source,
    Status,
    Verified,
    Waiver,
    is_cell,
)
from builder.model.labels import Labels, Unit
from builder.model.node import MOST_DIGITS, Millimetres, Node, Number, Year
from builder.model.photo import Image
from builder.model.table import SheetTable

__all__ = [
    "MOST_DIGITS", "Approvals", "Bars", "Column", "Entry", "Figure", "FigureSpec", "Formula", "Frontmatter", "Image",
    "Index", "Indicator", "Kind", "Labels", "Level", "Lines", "Measures", "Millimetres", "Moment", "Name", "Node",
    "Number", "PageEntry", "PartEntry", "Period", "Report", "Share", "Signature", "Slope", "Source", "Status",
    "Table", "Timeline", "Topic", "TopicEntry", "Unit", "Units", "Verified", "Waiver", "Year",
]  # fmt: skip


class Report(Node):
    """Everything that has been checked and may be printed; a `draft` as long as a signature is wanting."""

    front: Frontmatter
    indicators: Mapping[str, Indicator]
    sources: Mapping[str, Source]
    topics: Mapping[str, Topic]
    labels: Labels
    slug: str
    tables: Mapping[str, SheetTable] = Field(default_factory=dict)
    draft: bool = False

    def figure(self, name: str) -> TopicFigure:
        """The figure of this name (`TopicFigure.name`)."""
        topic = name.partition("/")[0]
        return next(one for one in self.topics[topic].figures if one.name(topic) == name)

    @cached_property
    def picture_numbers(self) -> Mapping[str, int]:
        """The numbers in the book of figures, and of photos with a caption.

        By the name of their block; and by that of their topic, where it has one alone.
        """
        found: dict[str, int] = {}
        number = 0
        for topic, _ in self.in_order():
            numbers = []
            for one in self.topics[topic].pictures if topic in self.topics else ():
                if isinstance(one, TopicPhoto) and one.caption is None:
                    continue
                number += 1
                numbers.append(number)
                if one.id is not None:
                    found[str(one.id)] = number
            if len(numbers) == 1:
                found[topic] = number
        return found

    @cached_property
    def table_numbers(self) -> Mapping[str, int]:
        """The numbers in the book of tables, by name."""
        names = [
            str(one.table)
            for topic, _ in self.in_order()
            if topic in self.topics
            for one in self.topics[topic].body
            if isinstance(one, TableBlock)
        ]
        return {name: number for number, name in enumerate(names, 1)}

    @property
    def register(self) -> Mapping[str, Indicator]:
        """The indicators that lists name one by one: all but the cells of tables."""
        return {name: one for name, one in self.indicators.items() if not is_cell(name)}

    def in_order(self) -> tuple[tuple[str, PartEntry | None], ...]:
        """The topics' ids with their part, in printing order."""
        found: list[tuple[str, PartEntry | None]] = []
        for entry in self.front.order:
            if isinstance(entry, TopicEntry):
                found.append((entry.topic, None))
            elif isinstance(entry, PartEntry):
                found.extend((name, entry) for name in entry.topics)
        return tuple(found)
