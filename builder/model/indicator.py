"""One number of the report and what is known of it; and the register of sources."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Literal, TypeAlias

from pydantic import BeforeValidator, Field, Strict, model_validator
from pydantic_core import PydanticCustomError

from builder.model.manuscript import Text
from builder.model.node import Node, Number, Year, YearKey, word

Kind: TypeAlias = Literal[
    "share", "change-in-points", "change-in-percent", "stock", "count", "yearly-flow", "total", "year"
]
Status: TypeAlias = Literal["verified", "to-verify", "withheld"]


def named(written: str) -> tuple[str, str]:
    """The indicator that a formula names, and the form of it: `mail` or `mail.base`; a cell's name has three parts."""
    parts = written.split(".")
    own = 3 if len(parts) > 2 else 1
    return ".".join(parts[:own]), ".".join(parts[own:])


def is_cell(name: str) -> bool:
    """Whether an indicator is a cell of a table: entrate.titolo-1.2024."""
    return name.count(".") == 2


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


class Waiver(Node):
    """A finding of a check that is known and accepted here, and why."""

    check: Text = Field(description="the check's id, from docs/checks.md")
    about: Text | None = Field(
        None, description="only findings that name these words; all of them where it is left out"
    )
    reason: Text


class Signature(Node):
    """That somebody approved what stood here: `digest` is that of what they saw, from `builder sign`."""

    by: Text
    day: Text = Field(description="the day, as 2019-05-31")
    digest: Text


class Verified(Node):
    """Who held the number against its source, and when."""

    by: Text
    day: Text = Field(description="the day, as 2019-05-31")


class Formula(Node):
    """How an indicator follows from others: one operation over their names (`mail`, `soddisfazione.base`)."""

    sum: Annotated[tuple[Text, ...], Field(min_length=2)] | None = None
    difference: tuple[Text, Text] | None = Field(None, description="the first less the second")
    share: tuple[Text, Text] | None = Field(None, description="the first as a part of the second, in per cent")
    ratio: tuple[Text, Text] | None = Field(None, description="the first divided by the second")
    change_in_percent: tuple[Text, Text] | None = Field(
        None, alias="change-in-percent", description="from the first to the second"
    )
    change_in_points: tuple[Text, Text] | None = Field(
        None, alias="change-in-points", description="from the first to the second, both in per cent"
    )

    @model_validator(mode="after")
    def _one(self) -> Formula:
        if sum(terms is not None for _, terms in self._given()) != 1:
            raise PydanticCustomError("formula", "a formula is one operation")
        return self

    def _given(self) -> Iterator[tuple[str, tuple[Text, ...] | None]]:
        for name, field in type(self).model_fields.items():
            yield field.alias or name, getattr(self, name)

    @property
    def operation(self) -> str:
        return next(name for name, terms in self._given() if terms is not None)

    @property
    def terms(self) -> tuple[Text, ...]:
        return next(terms for _, terms in self._given() if terms is not None)


class Moment(Node):
    """A value at a point in time: the base that a change starts from, or the end that it reaches."""

    value: Number
    year: Year | None = None


class Indicator(Node):
    """One number of the report, written once. `value` is exact; how it prints follows from unit, sign and language."""

    label: Text
    short: Text | None = Field(None, description="a shorter label, for figures")
    kind: Annotated[Kind, BeforeValidator(word)]
    value: Number | None = None
    digits: Annotated[int, Strict(), Field(ge=0, le=9)] | None = Field(
        None, description="digits printed after the decimal point; those that are written where it is left out"
    )
    round_to: Annotated[Number, Field(gt=0)] | None = Field(
        None,
        alias="round-to",
        description="what the form `rounded` rounds to: 1000; else to whole numbers",
    )
    formula: Formula | None = Field(None, description="how the value follows from other indicators")
    parts: tuple[Text, ...] = Field((), description="the indicators that add up to this one")
    tolerance: Annotated[Number, Field(ge=0)] | None = Field(
        None, description="by how much it may differ from its parts, which were rounded before they were added"
    )
    qualifier: Text | None = Field(None, description="words before the number in tables and figures: circa")
    upper: Number | None = Field(None, description="for a range such as 8–10: its upper end")
    unit: Text | None = Field(None, description="a name from `units` in layouts/labels")
    sign: Annotated[Literal["shown", "hidden"], BeforeValidator(word)] = "hidden"
    base: Moment | None = None
    end: Moment | None = None
    period: Period | None = None
    series: Mapping[YearKey, Number] = Field(default_factory=dict, description="value by year, for bars and lines")
    scope: Text | None = Field(None, description="Markdown, one line: what the number is about")
    leaves_out: Text | None = Field(
        None, alias="leaves-out", description="Markdown, one line: what belongs to it and nobody has counted"
    )
    source: Text
    source_page: Text | None = Field(None, alias="source-page", description="where in the source: a page, a sheet")
    passage: Text | None = Field(None, description="the words of the source in which the number stands")
    method: Text | None = Field(None, description="Markdown, one line")
    note: Text | None = Field(None, description="Markdown, one line")
    status: Annotated[Status, BeforeValidator(word)] = "to-verify"
    verified: Verified | None = None
    approvers: tuple[Text, ...] | None = Field(None, description="who must sign; else `approvals` of report.yaml")
    signed: tuple[Signature, ...] = ()
    waive: tuple[Waiver, ...] = ()
    reason: Text | None = Field(None, description="Markdown, one line: why the value is withheld")
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
    file: Text | None = Field(
        None, description="a copy of it in content/: text or PDF, in which passages are looked up"
    )
    sha256: Text | None = Field(None, description="the digest of that file")
    note: Text | None = None
    waive: tuple[Waiver, ...] = ()
