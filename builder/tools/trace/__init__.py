"""Where each number comes from and where it stands: the trail from a page back to its source."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from builder.build import laid_out
from builder.content import numbers
from builder.content.approval import Approval, approvals
from builder.content.rules.waivers import Waived
from builder.model.fragment import Fragment, Number
from builder.model.indicator import Indicator, named
from builder.model.manuscript import Manuscript
from builder.model.project import Project
from builder.model.report import Report
from builder.pdf.data import formula

_NUMBER = re.compile(r"[+\-−€]?\s?\d[\d.,]*(?:\s?[–-]\s?\d[\d.,]*)?(?:\s?[^\W\d_€%°]*[€%°]?|\s[^\d]*)\Z")
# Forms that say something of an indicator, and print no number of it.
_NO_NUMBERS = frozenset(("label", "period", "from", "to", "base-year", "end-year", "unit"))


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
    forms: Mapping[str, frozenset[str]]

    def on(self, page: int) -> tuple[Standing, ...]:
        return tuple(one for one in self.standings if one.page == page)

    def of(self, words: str) -> tuple[Standing, ...]:
        """The places where a number is printed: `66`, `66%`, `+14 punti`, `10.000`. Folios are none.

        With a sign or a unit, those of indicators that are printed so.
        """
        if not _NUMBER.match(words.strip()):
            return ()
        bare, whole = _bare(words), _flat(words)
        places = [one for one in self.standings if _bare(one.number.text) == bare and one.number.kind != "folio"]
        if whole == bare:
            return tuple(places)
        return tuple(p for p in places if any(whole in self.forms.get(name, ()) for name in p.number.names))


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
    forms = {name: _forms(one, report) for name, one in report.indicators.items()}
    bare = {name: frozenset(map(_bare, texts)) | texts for name, texts in forms.items()}
    for fragment in fragments:
        standings += [Standing(first + n.page, fragment.name, _own(n, bare)) for n in fragment.numbers]
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
            "" if one.withheld else _qualified(one, report),
            tuple(_rows(name, one, report, manuscript, waived, approvals)),
            tuple(by_name[name]),
            _terms(one),
            tuple(makes[name]),
        )
        for name, one in report.indicators.items()
    }
    return Trace(trails, tuple(standings), first - 1, forms)


def _own(number: Number, forms: Mapping[str, frozenset[str]]) -> Number:
    """Of the indicators about a number, those that print it so; where none does, it only says something about them."""
    if number.kind != "indicator":
        return number
    names = tuple(n for n in number.names if {number.text, _bare(number.text)} & forms.get(n, frozenset()))
    return replace(number, names=names) if names else replace(number, kind="about")


def _forms(one: Indicator, report: Report) -> frozenset[str]:
    """Every way in which an indicator's numbers are printed, on one line and without spaces."""
    if one.withheld:
        return frozenset()
    labels, language = report.labels, report.front.language
    said = [numbers.in_form(one, form, labels, language) for form in numbers.FORMS if form not in _NO_NUMBERS]
    said += [numbers.decimal(value, language) for value in one.series.values()]
    said += [part for text in said if text for part in text.split(numbers.EN_DASH)]
    return frozenset(_flat(text) for text in said if text)


def _flat(words: str) -> str:
    return re.sub(r"\s", "", words).replace("−", "-").replace(numbers.EN_DASH, "-").casefold()


def _terms(one: Indicator) -> tuple[str, ...]:
    terms = (*(one.formula.terms if one.formula else ()), *one.parts)
    return tuple(dict.fromkeys(named(term)[0] for term in terms))


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
    for what, text in (("method", one.method), ("note", one.note), ("leaves out", one.leaves_out)):
        if text is not None:
            rows.append((what, text.flat))
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


def _qualified(one: Indicator, report: Report) -> str:
    before = f"{one.qualifier} " if one.qualifier else ""
    return before + str(numbers.printed(one, report.labels, report.front.language))


def _bare(words: str) -> str:
    """A printed number, or a range of them, without sign, unit and spaces."""
    found = re.search(r"\d(?:[\d.,]*\d)?(?:-\d(?:[\d.,]*\d)?)?", _flat(words))
    return found[0] if found else ""


@dataclass(frozen=True, slots=True)
class Traced:
    """Where every number of a report comes from and stands, and the findings that are waived."""

    title: str
    organisation: str
    trace: Trace
    waived: tuple[Waived, ...]
    report: Report
    folios: Mapping[str, int]


def traced(project: Project) -> Traced:
    """Lay the book out as for screens, and follow its numbers. Raises ReportError with every problem."""
    manuscript, report, laid, waived = laid_out(project)
    numbers = trace(report, manuscript, laid.book.fragments, waived, approvals(report, project))
    return Traced(report.front.title.flat, str(report.front.organisation), numbers, waived, report, laid.book.folios)
