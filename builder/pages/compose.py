"""compose: report + theme + figures → one HTML document a section, with a place for each page number."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from html import unescape
from itertools import count
from typing import Any, Literal
from urllib.parse import urlencode

from babel.dates import format_date
from jinja2 import TemplateError
from markupsafe import Markup

from builder.content import numbers, prose
from builder.content.markup import REPORT, Quote
from builder.content.plan import Section, first_uses, heading_anchors
from builder.content.quoting import quoted, quoting, shortened
from builder.design.drawings import is_drawing
from builder.design.fonts import Face
from builder.design.pdf_pages import is_pdf
from builder.design.templates import environment, wrong_template
from builder.design.theme import Theme
from builder.model.body import TableBlock, texts_of
from builder.model.diagnostics import Diagnostic, ReportError, Span
from builder.model.drawing import Drawn
from builder.model.figure import FigureSpec
from builder.model.folios import measured, placed, within
from builder.model.indicator import Indicator, Source, named
from builder.model.manuscript import Text
from builder.model.project import Project
from builder.model.report import Report
from builder.model.spelling import on_disk
from builder.model.units import MM_PER_PT
from builder.pages.fitting import bound, cropped_height, tied
from builder.pages.tables import SetTable
from builder.runtime.cache import Cache

# A label in the top margin: legible on paper and on colour, outside the tags, and without a change of what is below.
_DRAFT = """<style>@page { @top-center { content: "WORD"; vertical-align: top; text-align: center;
  padding-top: calc(4mm + var(--bleed)); font: 700 var(--size-lead)/1 var(--heading); color: var(--ink);
  background: var(--paper); width: 40mm; height: 10mm; margin: calc(-1 * var(--bleed)) auto auto } }</style>"""
# What a template raises in which something is wrong.
_WRONG = (
    *(TemplateError, UnicodeDecodeError, RecursionError),
    *(TypeError, AttributeError, KeyError, ValueError, ArithmeticError),
)
_FIGURE = re.compile(r'src="figure:([^"]*)"')
# The ends of a title's lines, and not those within a note.
_LINE = re.compile(r"\n(?![^\[\]]*\])")


class _NotCountedError(Exception):
    """A template asks where indicators stand, and not all sections are laid out."""


class _Folio(Markup):
    """The place of a page number, which has no value yet."""

    def __int__(self) -> int:
        raise TemplateError("page numbers are not known while a section is composed: nothing can be reckoned with them")


class Composer:
    """Composes the sections of one report in one edition. Raises ReportError for what is wrong in a template."""

    def __init__(
        self,
        report: Report,
        theme: Theme,
        project: Project,
        figures: Mapping[str, Drawn],
        tables: Mapping[str, SetTable],
        sections: tuple[Section, ...],
        waiting: Callable[[str], bool] = lambda _name: False,
        cache: Cache | None = None,
    ) -> None:
        """`waiting` tells whether a figure, by the name of its topic, is not yet drawn; templates are in `cache`."""
        self._figures, self._waiting, self._tables = figures, waiting, tables
        self._report, self._theme, self._project = report, theme, project
        self._uses = first_uses(sections)
        self._environment = environment(project.layouts / "pages", cache)
        self.read = frozenset((project.layouts / "pages").glob("*.html"))
        words = report.labels
        self._draft = ""
        if report.draft:  # on every page, whatever its template
            word = words.words["draft"]
            self._draft = _DRAFT.replace("WORD", re.sub(r"[^\w ]", "", word))
        self._context: dict[str, Any] = {
            "report": report,
            "front": report.front,
            "theme": theme,
            "figures": figures,
            "tables": tables,
            "sections": sections,
            "word": words.words,
            "kind_name": words.kinds,
            "status_name": words.statuses,
            "number": lambda one: numbers.printed(one, words, report.front.language),
            "form": lambda one, form: numbers.in_form(one, form, words, report.front.language),
            "said": self._said,
            "period": numbers.period,
            "date": lambda day: _date(day, report.front.language),
            "made_from": lambda one: _made_from(one, report),
            "sources_of": lambda figure: _sources_of(figure, report),
            "fit": self._fit,
            "balance": self._balance,
            "lines": self._lines,
            "width": self._width,
            "column": theme.column,
            "crop": cropped_height,
            "drawing": self._whole,
            "src": _source,
            "tied": tied,
            "running": shortened,
            "picture": self._picture,
        }

    def waits(self, section: Section) -> bool:
        """Whether it shows a figure that is not yet drawn."""
        if section.template == "data":
            return any(map(self._waiting, self._figures))
        return any(self._waiting(one.name) for one in section.figures)

    def shown(self, html: str) -> dict[str, str]:
        """The figures that a section shows, as SVG by name."""
        named = map(unescape, _FIGURE.findall(html))
        return {name: self._figures[name].svg for name in named if name in self._figures}

    def compose(
        self,
        section: Section,
        more: Mapping[str, Any] | None = None,
        printed: Mapping[str, Sequence[tuple[str, int]]] | None = None,
    ) -> str | None:
        """One section as HTML, with places for page numbers (`builder.model.folios`).

        `more` is what the template of this section alone is told. `printed` are the sections, and their pages (from 0),
        where each indicator stands; without it, None comes back where the template asks for them.
        """

        def stands(name: str) -> list[tuple[_Folio, str]]:
            if printed is None:
                raise _NotCountedError
            first = self._uses.get(name)
            pages = printed.get(name, ())
            begun = next((one for one in pages if first and one[0] == first.name), None)
            where = [(_Folio(placed(within(*one))), first.name if first and one == begun else "") for one in pages]
            if first and not any(link for _, link in where):
                where.insert(0, (_Folio(placed(first.name)), first.name))
            return where

        def quote(one: Quote) -> str | Markup:
            if one.what == "page":
                link = '<a class="page-number" href="book:{}">{}</a>'
                return Markup(link).format(one.target, _Folio(placed(one.target)))
            printed = quoted(self._report, one)
            if one.what == "figure":
                link = '<a class="figure-reference" data-as="number" href="book:figure-{}">{}</a>'
                return Markup(link).format(self._report.picture_numbers[one.target], printed)
            if one.what == "table":
                link = '<a class="figure-reference" data-as="number" href="book:{}">{}</a>'
                return Markup(link).format(one.target, printed)
            if one.target == REPORT:
                return Markup('<span class="range" data-as="period">{}</span>').format(printed)
            about = self._said(self._report.indicators[one.target], one.form)
            if one.form in ("label", "period", "unit", "from", "to", "base-year", "end-year"):
                return Markup('<span class="range" data-about="{}">{}</span>').format(one.target, printed)
            return Markup('<span{} data-indicator="{}">{}</span>').format(about, one.target, printed)

        for name in self._figures if section.template == "data" else [one.name for one in section.figures]:
            self._figures[name]  # what is wrong with a figure is said of it, and not of the template that shows it
        notes, anchors = count(1), heading_anchors(section.name)
        context = self._context | {
            **(more or {}),
            "section": section,
            "topic": section.topic,
            "part": section.part,
            "page": lambda name: _Folio(placed(name)),
            "stands": stands,
            "pages_of": lambda name: tuple(page for page, _ in stands(name)),
            "plain": lambda text: prose.plain(text, quoting(self._report, placed)),
            "prose": lambda text, inline=False, with_notes=True: prose.render(
                text, quote, inline=inline, numbers=notes, notes=with_notes, anchors=anchors
            ),
            "title": lambda text: self._title(text, quote, notes),
            "place_of": lambda row: next((str(one.span) for each in row.row for one in texts_of(each) if one.span), ""),
            "figure_of": lambda block: next(one for one in section.figures if one.figure is block.figure),
            "photo_of": lambda block: next(one for one in section.photos if one.photo.written is block),
        }
        name = f"{section.template}.html"
        try:
            html = self._environment.get_template(name).render(context)
            if section.topic is not None and section.topic.body and 'class="body"' not in html:
                said = f'the template {name} prints no body, and the topic "{section.name}" has one'
                hint = 'put {% include "_body.html" %} into it, or take the body out'
                raise ReportError([Diagnostic("template", said, hint, Span(f"layouts/pages/{name}"))])
            if any(self._tables[one].sheets for one in _tables_of(section)) and 'class="sheet' not in html:
                said = f'the layouts print no tables, and the topic "{section.name}" has one'
                hint = "copy _block.html, _table.html and the end of 1-book.css from a new project (builder new)"
                raise ReportError([Diagnostic("template", said, hint, Span("layouts/pages/_block.html"))])
            return html.replace("</head>", self._draft + "</head>", 1)
        except _NotCountedError:
            return None
        except _WRONG as error:
            found = wrong_template(error, self._project.layouts / "pages", name, section.name, section.span)
            if found is None:
                raise
            raise ReportError([found]) from error

    def _title(self, text: Text, quote: Any, notes: Iterator[int]) -> Markup:
        """A headline: its line breaks are kept."""
        lines = [bound(line.strip()) for line in _LINE.split(text.strip())]
        return Markup("<br>").join(prose.render(Text(line), quote, inline=True, numbers=notes) for line in lines)

    def _said(self, one: Indicator, form: str = "", *, qualified: bool = False) -> Markup:
        """The attribute with the words to say instead of a number's signs; nothing where they are the same."""
        labels, language = self._report.labels, self._report.front.language
        words = numbers.spoken(one, form, labels, language)
        if words == (numbers.in_form(one, form, labels, language) or "").replace(numbers.NO_BREAK, " "):
            return Markup("")
        before = f"{one.qualifier} " if qualified and one.qualifier else ""
        return Markup(' aria-label="{}"').format(before + words)

    def _face(self, role: Literal["heading", "body"], weight: int) -> Face:
        return self._theme.face(role, weight, self._project.fonts)

    def _lines(self, text: str, role: Literal["heading", "body"], weight: int, size: str, measure: float) -> int:
        """How many lines `text` takes in the size named `size`, in a column of `measure` mm."""
        return self._face(role, weight).lines(measured(text).strip(), self._points(size), measure / MM_PER_PT)

    def _fit(self, text: str, weight: int, sizes: list[str], measure: float, most: int = 1) -> str:
        """The first of the sizes named in `sizes` at which `text` takes at most `most` lines of `measure` mm."""
        face, text = self._face("heading", weight), measured(text)
        for size in sizes:
            points = self._points(size)
            widest = max(face.width(word, points) for word in text.split())
            if widest <= measure / MM_PER_PT and self._lines(text, "heading", weight, size, measure) <= most:
                return size
        return sizes[-1]

    def _balance(
        self, text: str, weight: int, size: str, measure: float, role: Literal["heading", "body"] = "heading"
    ) -> str:
        """A CSS max-width, in mm, that makes the lines of a headline, or of a sentence set large, even."""
        face, text = self._face(role, weight), measured(text)
        text = bound(text.strip()) if role == "heading" else text.strip()
        if role == "heading" and "\n" in text:
            return f"{measure:g}mm"
        return f"{face.balanced(text, self._points(size), measure / MM_PER_PT) * MM_PER_PT:.1f}mm"

    def _width(self, text: str, weight: int, size: str) -> float:
        """Width of one line of heading type, in mm."""
        return self._face("heading", weight).width(measured(text), self._points(size)) * MM_PER_PT

    def _points(self, size: str) -> float:
        return float(getattr(self._theme.sizes, size))

    def _picture(self, file: str, page: int | None = None, place: int = 0, tone: str | None = None) -> str:
        """The address of a picture: of a page in it, where it stands (each place has its own resolution), its tone."""
        asked = {"page": page or 1, "place": place, **({"tone": tone} if tone else {})}
        return (self._project.content / file).as_uri() + (f"?{urlencode(asked)}" if page or place else "")

    def _whole(self, file: str) -> bool:
        """Whether a picture is a drawing or a page, which nobody crops."""
        found = on_disk(self._project.content / file)
        return is_drawing(found) or is_pdf(found)


def _date(day: str, language: str) -> str:
    """2019-05-31 → 31 maggio 2019."""
    return format_date(date.fromisoformat(day), "long", locale=language.replace("-", "_"))


def _made_from(one: Indicator, report: Report) -> str:
    """The labels of the indicators that one is made from, or is the sum of."""
    terms = one.formula.terms if one.formula else one.parts
    return "; ".join(dict.fromkeys(str(report.indicators[named(term)[0]].label) for term in terms))


def _tables_of(section: Section) -> list[str]:
    """The names of the tables in a section."""
    body = section.topic.body if section.topic is not None else ()
    return [str(one.table) for one in body if isinstance(one, TableBlock)]


def _sources_of(figure: FigureSpec, report: Report) -> tuple[Source, ...]:
    """What stands below a figure: the sources of its own numbers, or of its indicators where the book has several."""
    if figure.source is not None:
        return (report.sources[figure.source],)
    names = dict.fromkeys(report.indicators[name].source for name in figure.uses)
    return tuple(report.sources[name] for name in names if name in report.sources) if len(report.sources) > 1 else ()


def _source(text: Any) -> str:
    """The place of a text in the YAML, for messages about its layout."""
    span = getattr(text, "span", None)
    return str(span) if span else ""
