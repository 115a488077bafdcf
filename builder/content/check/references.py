"""Rules on what one piece of content says of another: quotes, links, images, and a figure's data."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from builder.content import numbers, prose
from builder.content.check.pictures import image_problems
from builder.content.check.tables import cell_problems
from builder.content.leftover import unset
from builder.content.markup import MARKS, REPORT, Quote
from builder.content.schema_errors import nearest, unknown
from builder.model.body import NumbersBlock
from builder.model.diagnostics import Diagnostic, Span
from builder.model.indicator import Indicator, is_cell
from builder.model.manuscript import Text
from builder.model.project import Project
from builder.model.report import Report

# Words that say nothing when a link is heard alone.
_VAGUE = frozenset(
    {"qui", "clicca qui", "clicca", "link", "leggi", "leggi qui", "leggi di più", "continua", "vai", "vedi", "questo"}
    | {"here", "click here", "click", "read more", "more", "this", "this link", "go", "see", "page", "pagina"}
)
_NAMED = re.compile(r"\{\{\s*([^\W\d_]+)\s*:\s*([\w/-]+)\s*\}\}")
WEB = ("http://", "https://", "mailto:", "tel:")


# The key that gives a form what it prints.
_KEYS = {"base-year": "base", "end-year": "end", "from": "period", "to": "period", "delta": "base"}


@dataclass(frozen=True, slots=True)
class Names:
    """What content may refer to by name."""

    topics: frozenset[str]
    indicators: frozenset[str]
    anchors: frozenset[str]
    pages: frozenset[str]
    tables: frozenset[str] = frozenset()
    unread: frozenset[str] = frozenset()  # tables that could not be read


def text_problems(text: Text, report: Report, names: Names, project: Project) -> Iterator[Diagnostic]:
    """What is wrong with a Markdown text's quotes, links, images and marking up."""
    found = prose.find(text)
    for html in found.html:
        yield Diagnostic(
            "html-in-text",
            f'"{html[:40]}" is HTML, and text is Markdown',
            "use *italic*, **bold**, [a link](#topic); for a plain < write &lt;",
            text.locate(html),
        )
    for heading in found.headings:
        words = heading.words
        if "page:" in words and any(quote.what == "page" for quote in prose.find(words).quotes):
            message = "a heading cannot quote a page number"
            hint = "layouts repeat headings where their page is not known: put it into the text below"
            yield Diagnostic("page-in-title", message, hint, text.locate(words))
    for written in found.broken:
        yield Diagnostic(
            "bad-quote",
            f"{written} is not how a number is quoted",
            _meant(written),
            text.locate(written),
        )
    for written, hint in found.leftovers:
        yield leftover(written, hint, text)
    for quote in found.quotes:
        where = text.locate(quote.written)
        if quote.what == "page":
            if quote.target not in names.anchors:
                yield unknown("unknown-anchor", "place", quote.target, names.anchors, where)
            continue
        if quote.what == "figure":
            yield from _figure_problems(quote, report, names, where)
            continue
        if quote.what == "table":
            if quote.target not in names.tables:
                yield unknown("unknown-table", "table", quote.target, names.tables, where)
            continue
        if is_cell(quote.target) and quote.target not in names.indicators:
            if quote.target.partition(".")[0] not in names.unread:
                yield from cell_problems(quote, report, where)
            continue
        if quote.target == REPORT:
            if quote.form not in numbers.REPORT_FORMS:
                message = f'the report has no form "{quote.form}"'
                yield Diagnostic("unknown-form", message, nearest(quote.form, numbers.REPORT_FORMS), where)
        elif quote.target not in names.indicators:
            yield unknown("unknown-indicator", "indicator", quote.target, names.indicators, where)
        elif quote.form not in numbers.FORMS:
            yield Diagnostic(
                "unknown-form",
                f'an indicator has no form "{quote.form}"',
                nearest(quote.form, [f for f in numbers.FORMS if f]),
                where,
            )
        elif (one := report.indicators.get(quote.target)) is not None:
            yield from _quote_problems(one, quote, report, where)
    for mark in found.marks:
        if mark not in MARKS:
            message = f'nothing can be marked as "{mark}"'
            yield Diagnostic("unknown-mark", message, nearest(mark, MARKS), text.locate(f"as={mark}"))
    for row in found.bare_columns:
        yield Diagnostic(
            "empty-header",
            "a column of the table has no heading",
            "write in the first row what each column holds: without it nobody who listens knows",
            text.locate(row),
        )
    for link, words in found.links:
        where = text.locate(link, after="](")
        if not words or words.lower().strip(".,:;!») ") in _VAGUE or words.startswith(WEB):
            yield Diagnostic(
                "vague-link",
                f'the link "{words}" does not say where it leads' if words else "a link has no words",
                "name what is there: people who listen hear links in a list, without the words around them",
                where,
            )
        if link.startswith("#"):
            if link[1:] not in names.anchors:
                yield unknown("unknown-anchor", "place", link[1:], names.anchors, where)
        elif not link.startswith(WEB):
            yield Diagnostic(
                "bad-link",
                f'the link to "{link}" leads nowhere',
                "link to #topic, or to an address that begins with https://",
                where,
            )
    for source, alt in found.images:
        yield from image_problems(source, alt, text.locate(source, after="]("), project)


def heading_problems(*texts: Text) -> Iterator[Diagnostic]:
    """The levels of headings in texts that follow one another, below one title."""
    above = 1
    for text in texts:
        for heading in prose.find(text).headings:
            level, words = heading.level, heading.words
            if not 2 <= level <= above + 1:
                yield Diagnostic(
                    "heading-level",
                    f'the heading "{words}" is of level {level} and follows one of level {above}',
                    "the title is the first level: headings in a text begin with ##, and no level is left out",
                    text.locate(words),
                )
            above = level


def _meant(written: str) -> str:
    """What was probably meant by something in double braces."""
    if named := _NAMED.fullmatch(written):
        what, name = named[1].casefold(), named[2]
        kind = next((kind for kind in ("figure", "page") if kind.startswith(what) or what.startswith(kind)), None)
        if kind is not None:
            return f"write {{{{ {kind}:{name} }}}}"
        return f"write {{{{ page:{name} }}}} for its page, or {{{{ figure:{name} }}}} for its number"
    return "write {{ name }} or {{ name.base }}, with the name of an indicator"


def plain_problems(*texts: Text | None) -> Iterator[Diagnostic]:
    """Names, labels and notes are printed as they are: no quoted numbers and no HTML."""
    for text in texts:
        if text is None:
            continue
        found = prose.find(text)
        yield from unquoted(text)
        for written in found.html:
            yield Diagnostic(
                "plain-text",
                f'"{written}" stands in a text that is printed as it is',
                "write the words themselves: numbers are quoted in titles, leads and running texts only",
                text.locate(written),
            )
        for written, hint in (*found.leftovers, *unset(text)):
            yield leftover(written, hint, text)


def unquoted(text: Text | None) -> Iterator[Diagnostic]:
    """An address or a page of a source is printed as it is, whatever signs are in it, but quotes nothing."""
    for quote in prose.find(text).quotes if text is not None else ():
        yield Diagnostic(
            "plain-text",
            f'"{quote.written}" stands in a text that is printed as it is',
            "write the words themselves: numbers are quoted in titles, leads and running texts only",
            text.locate(quote.written) if text is not None else None,
        )


def _located(words: str, text: Text) -> Span | None:
    """Names of definitions are given in small letters, whatever they are written in."""
    at = text.source.lower().find(words.lower())
    return text.locate(text.source[at : at + len(words)]) if at >= 0 else text.span


def leftover(written: str, hint: str, text: Text) -> Diagnostic:
    first = written.partition("\n")[0]
    return Diagnostic("leftover-markup", f'"{first[:40]}" is markup that is not set here', hint, _located(first, text))


def note_problems(text: Text) -> Iterator[Diagnostic]:
    """The report's own title stands on covers and in the file's metadata, where no note can stand."""
    if prose.has_note(text):
        message = "the report's title cannot have a note"
        yield Diagnostic("note-in-title", message, "put it into the colophon, or a topic", text.span)


def title_problems(title: Text) -> Iterator[Diagnostic]:
    """A title is printed in places where its page number is not yet known."""
    for quote in prose.find(title).quotes:
        if quote.what == "page":
            message = "a title cannot quote a page number"
            yield Diagnostic("page-in-title", message, "put it into the lead or the text", title.locate(quote.written))


def _figure_problems(quote: Quote, report: Report, names: Names, where: Span | None) -> Iterator[Diagnostic]:
    if quote.target in report.picture_numbers:
        return
    if quote.target in names.anchors:
        message = f'"{quote.target}" is no figure with a number'
        hint = "a photo has one if it has a caption; of a topic with several figures, name the `id` of one"
        yield Diagnostic("unknown-anchor", message, hint, where)
    else:
        known = sorted({*report.picture_numbers, *names.anchors})
        yield unknown("unknown-anchor", "figure", quote.target, known, where)


def _quote_problems(one: Indicator, quote: Quote, report: Report, where: Span | None) -> Iterator[Diagnostic]:
    if one.withheld and quote.form not in ("label", "period", "from", "to", "base-year", "end-year"):
        yield Diagnostic(
            "withheld",
            f'"{quote.target}" is withheld and cannot be quoted',
            "rewrite the sentence without it, or change its status",
            where,
        )
    elif (
        (one.value is not None or quote.form in ("base", "end", "base-year", "end-year", "period", "from", "to"))
        and (one.unit is None or one.unit in report.labels.units)
        and numbers.in_form(one, quote.form, report.labels, report.front.language) is None
    ):
        yield Diagnostic(
            "no-data",
            f'"{quote.target}" has no {quote.form}',
            f"add `{_KEYS.get(quote.form, quote.form)}: …` to the indicator, or quote another form",
            where,
        )


def numbers_problems(block: NumbersBlock, report: Report, names: Names) -> Iterator[Diagnostic]:
    """Key numbers side by side: each is there, and may be printed."""
    for name in block.numbers:
        if str(name) not in names.indicators:
            yield unknown("unknown-indicator", "indicator", name, names.indicators, name.span)
        elif (one := report.indicators.get(str(name))) is not None and one.withheld:
            message = f'"{name}" is withheld and cannot be printed'
            yield Diagnostic("withheld", message, "take it out, or change its status", name.span)
