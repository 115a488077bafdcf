"""Where each number comes from and where it stands: the trail from a page back to its source."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from builder import numbers
from builder.approval import Approval
from builder.data import formula
from builder.fragment import Fragment, Number
from builder.manuscript import Manuscript
from builder.model import Indicator, Report
from builder.rules.waivers import Waived


@dataclass(frozen=True, slots=True)
class Standing:
    """A number on a page of the book: as it is printed, in which section, and where it comes from."""

    page: int
    section: str
    number: Number


@dataclass(frozen=True, slots=True)
class Trail:
    """All that is known of one indicator, ready to be shown; `rows` are pairs of what and how."""

    name: str
    label: str
    printed: str
    rows: tuple[tuple[str, str], ...]
    standings: tuple[Standing, ...]
    made_from: tuple[str, ...]
    makes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Trace:
    """Every indicator's trail, and every number of the book page by page."""

    trails: Mapping[str, Trail]
    standings: tuple[Standing, ...]
    pages: int

    def on(self, page: int) -> tuple[Standing, ...]:
        return tuple(one for one in self.standings if one.page == page)

    def of(self, words: str) -> tuple[Standing, ...]:
        """The places where a number is printed: `66`, `66%`, `+14`, `10.000`."""
        wanted = _bare(words)
        return tuple(one for one in self.standings if _bare(one.number.text) == wanted) if wanted else ()


def trace(
    report: Report,
    manuscript: Manuscript,
    fragments: Sequence[Fragment],
    waived: Sequence[Waived],
    approvals: Sequence[Approval],
) -> Trace:
    """The trail of every indicator through a book that is laid out."""
    standings: list[Standing] = []
    first = 1
    for fragment in fragments:
        standings += [Standing(first + n.page, fragment.name, n) for n in fragment.numbers]
        first += fragment.pages
    by_name: dict[str, list[Standing]] = {name: [] for name in report.indicators}
    for one in standings:
        for name in one.number.names if one.number.kind == "indicator" else ():
            by_name[name].append(one)
    makes: dict[str, list[str]] = {name: [] for name in report.indicators}
    for name, indicator in report.indicators.items():
        for term in _terms(indicator):
            makes[term].append(name)
    trails = {
        name: Trail(
            name,
            str(one.label),
            "" if one.withheld else str(numbers.printed(one, report.labels, report.front.language)),
            tuple(_rows(name, one, report, manuscript, waived, approvals)),
            tuple(by_name[name]),
            _terms(one),
            tuple(makes[name]),
        )
        for name, one in report.indicators.items()
    }
    return Trace(trails, tuple(standings), first - 1)


def _terms(one: Indicator) -> tuple[str, ...]:
    terms = (*(one.formula.terms if one.formula else ()), *one.parts)
    return tuple(dict.fromkeys(term.partition(".")[0] for term in terms))


def _rows(
    name: str,
    one: Indicator,
    report: Report,
    manuscript: Manuscript,
    waived: Sequence[Waived],
    approvals: Sequence[Approval],
) -> list[tuple[str, str]]:
    language = report.front.language
    rows = [("kind", one.kind.replace("-", " "))]
    for what, moment in (("base", one.base), ("end", one.end)):
        if moment is not None and not one.withheld:
            year = f" ({moment.year})" if moment.year else ""
            rows.append((what, f"{numbers.decimal(moment.value, language)}{year}"))
    rows.append(("period", numbers.period(one.period) if one.period else "not known"))
    if made := formula(one):
        rows.append(("made from", made))
    source = report.sources[one.source]
    about = (source.publisher, source.date, one.source_page or source.page, source.url)
    rows.append(("source", ", ".join([f"{one.source}: {source.title}", *(str(a) for a in about if a)])))
    if source.file is not None:
        rows.append(("copy", f"content/{source.file}" + (f", sha256 {source.sha256[:16]}…" if source.sha256 else "")))
    if one.passage is not None:
        rows.append(("passage", f"“{one.passage.flat}”"))
    rows.append(
        ("status", one.status.replace("-", " ") + (f": {one.reason.flat}" if one.withheld and one.reason else ""))
    )
    if one.verified is not None:
        rows.append(("verified", f"{one.verified.by}, {one.verified.day}"))
    for need in approvals:
        if (need.kind, need.name) == ("indicator", name):
            rows.append(("approval", f"{need.by}: {'signed' if need.signed else 'not yet signed'}"))
    where = manuscript.indicators.span((name,), key=True)
    rows.append(("written", str(where)))
    for passed in waived:
        if f'"{name}"' in passed.diagnostic.message:
            rows.append(("waived", f"{passed.diagnostic.code}: {passed.reason}"))
    return rows


def _bare(words: str) -> str:
    """A printed number without sign, unit and spaces."""
    found = re.search(r"\d(?:[\d.,]*\d)?", words.replace("\u00a0", ""))
    return found[0] if found else ""
