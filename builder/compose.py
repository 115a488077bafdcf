"""compose: report + theme + figures + folios → one HTML document a section."""

from __future__ import annotations

import re
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any, Literal

from jinja2 import (
    Environment,
    FileSystemLoader,
    StrictUndefined,
    TemplateError,
    TemplateNotFound,
    TemplateSyntaxError,
)
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup
from pydantic import BaseModel

from builder import numbers, prose
from builder.diagnostics import Diagnostic, ReportError, Span
from builder.drawing import Drawn
from builder.fonts import Face
from builder.manuscript import Text
from builder.model import PageEntry, PartEntry, Report, Topic, TopicEntry
from builder.project import Project
from builder.theme import MM_PER_PT, Side, Theme

# Stands for a page number before the first pagination; as wide as most are.
UNKNOWN_FOLIO = "00"
# A list, a heading, a quotation or a table: not one sentence.
_BLOCK = re.compile(r"^\s*([-*+>#|]|\d+[.)])\s", re.MULTILINE)
_SHORT_WORD = re.compile(r"(?<!\S)(\w{1,2}) (?=\S)")


@dataclass(frozen=True, slots=True)
class Section:
    """What is paginated on its own: it begins on a new page, and on its `side` of the spread if it has one."""

    name: str
    template: str
    title: str
    short: str
    side: Side | None
    accent: str
    level: int
    number: int = 0
    count: int = 0
    part: PartEntry | None = None
    part_number: int = 0
    topic: Topic | None = None
    figure_number: int = 0
    span: Span | None = None

    def blank_before(self) -> Section:
        """The empty page that brings this section to its side."""
        return Section(
            f"blank-before-{self.name}",
            "blank",
            "",
            "",
            None,
            self.accent,
            0,
            part=self.part if self.template == "part" else None,
            span=self.span,
        )


def plan(report: Report, theme: Theme) -> tuple[Section, ...]:
    """The sections of the book in printing order, numbered."""
    brand = str(next(iter(reversed(list(theme.accents)))))
    sections: list[Section] = []
    parts = figures = 0

    def words(text: Text) -> str:
        return prose.plain(text, lambda q: _quoted(report, q))

    def topic_section(name: str, part: PartEntry | None, accent: str, number: int, count: int) -> Section:
        nonlocal figures
        topic = report.topics[name]
        figures += topic.figure is not None
        title = words(topic.title)
        return Section(
            name,
            str(topic.page),
            title,
            shortened(words(topic.short) if topic.short else title),
            theme.starts.get(topic.page),
            accent,
            2 if part else 1,
            number,
            count,
            part,
            parts if part else 0,
            topic,
            figures if topic.figure is not None else 0,
            topic.title.span,
        )

    for entry in report.front.order:
        match entry:
            case PageEntry():
                own = {"cover": report.front.title, "back-cover": report.front.title}
                title = words(entry.title or own.get(entry.page) or report.labels.words[entry.page])
                level = 0 if entry.page in ("cover", "back-cover", "colophon") else 1
                sections.append(
                    Section(
                        str(entry.page),
                        str(entry.page),
                        title,
                        title,
                        theme.starts.get(entry.page),
                        brand,
                        level,
                        span=entry.page.span,
                    )
                )
            case TopicEntry():
                sections.append(topic_section(entry.topic, None, brand, 0, 0))
            case PartEntry():
                parts += 1
                accent = str(entry.accent or list(theme.accents)[(parts - 1) % len(theme.accents)])
                title = words(entry.title)
                sections.append(
                    Section(
                        str(entry.part),
                        "part",
                        title,
                        title,
                        theme.starts.get(Text("part")),
                        accent,
                        1,
                        parts,
                        len(entry.topics),
                        entry,
                        parts,
                        span=entry.part.span,
                    )
                )
                results = [n for n in entry.topics if report.topics[n].key is not None]
                for name in entry.topics:
                    number = results.index(name) + 1 if name in results else 0
                    sections.append(topic_section(name, entry, accent, number, len(results)))
    return tuple(sections)


def _quoted(report: Report, quote: prose.Quote) -> str:
    if quote.page:
        return UNKNOWN_FOLIO
    found = numbers.in_form(report.indicators[quote.target], quote.form, report.labels, report.front.language)
    assert found is not None
    return found


class Composer:
    """Composes the sections of one report in one edition. Raises ReportError for what is wrong in a template."""

    def __init__(
        self,
        report: Report,
        theme: Theme,
        project: Project,
        figures: Mapping[str, Drawn],
        sections: tuple[Section, ...],
    ) -> None:
        self._report, self._theme, self._project = report, theme, project
        self._environment = _environment(project.layouts / "pages")
        words = report.labels
        self._context: dict[str, Any] = {
            "report": report,
            "front": report.front,
            "theme": theme,
            "figures": figures,
            "sections": sections,
            "word": {str(k): str(v) for k, v in words.words.items()},
            "kind_name": {str(k): str(v) for k, v in words.kinds.items()},
            "status_name": {str(k): str(v) for k, v in words.statuses.items()},
            "number": lambda one: numbers.printed(one, words, report.front.language),
            "form": lambda one, form: numbers.in_form(one, form, words, report.front.language),
            "period": numbers.period,
            "fit": self._fit,
            "balance": self._balance,
            "lines": self._lines,
            "width": self._width,
            "src": _source,
            "tied": tied,
            "running": shortened,
            "picture": self._picture,
            "topic_of": _first_uses(sections).get,
        }

    def compose(self, section: Section, folios: Mapping[str, int]) -> str:
        """One section as HTML. `folios` gives the page of each anchor; where it is empty, a placeholder is set."""

        def page(name: str) -> str:
            if not folios:
                return UNKNOWN_FOLIO
            if name not in folios:
                raise ReportError(
                    [
                        Diagnostic(
                            "unknown-anchor",
                            f'nothing in the book is called "{name}"',
                            "a page refers to it: give it an id, or put it into the order",
                            section.span,
                        )
                    ]
                )
            return str(folios[name])

        def quote(one: prose.Quote) -> str | Markup:
            if one.page:
                link = '<a class="page-number" href="book:{}">{}</a>'
                return Markup(link).format(one.target, page(one.target))
            return _quoted(self._report, one)

        notes = count(1)
        context = self._context | {
            "section": section,
            "topic": section.topic,
            "part": section.part,
            "page": page,
            "plain": lambda text: prose.plain(text, lambda q: _quoted(self._report, q)),
            "prose": lambda text, inline=False: prose.render(text, quote, inline=inline, numbers=notes),
            "title": lambda text: self._title(text, quote),
        }
        name = f"{section.template}.html"
        try:
            return self._environment.get_template(name).render(context)
        except TemplateNotFound as error:
            raise ReportError(
                [
                    Diagnostic(
                        "missing-template",
                        f'there is no template "{error.name}"',
                        "put it into layouts/pages",
                        section.span,
                    )
                ]
            ) from error
        except TemplateSyntaxError as error:
            file = f"layouts/pages/{error.name or name}"
            raise ReportError(
                [Diagnostic("template-syntax", str(error.message), "see docs/layouts.md", Span(file, error.lineno))]
            ) from error
        except UnicodeDecodeError as error:
            raise ReportError(
                [
                    Diagnostic(
                        "not-utf8",
                        f"a template is not in UTF-8: {error.reason}",
                        'save it again as "UTF-8" in the editor',
                        Span(f"layouts/pages/{name}"),
                    )
                ]
            ) from error
        except RecursionError as error:
            raise ReportError(
                [
                    Diagnostic(
                        "template",
                        f"the template {name} includes itself",
                        "take the include out",
                        Span(f"layouts/pages/{name}"),
                    )
                ]
            ) from error
        except (TemplateError, TypeError, AttributeError, KeyError, ValueError, ArithmeticError) as error:
            span = _template_span(error, self._project.layouts / "pages")
            if span is None:
                raise
            raise ReportError(
                [
                    Diagnostic(
                        "template",
                        f"while composing {section.name}: {error}",
                        "the template uses something that the report does not have: see "
                        "docs/layouts.md for what there is",
                        span,
                    )
                ]
            ) from error

    def _title(self, text: Text, quote: Any) -> Markup:
        """A headline: its line breaks are kept."""
        lines = [bound(line.strip()) for line in text.strip().split("\n")]
        return Markup("<br>").join(prose.render(Text(line), quote, inline=True) for line in lines)

    def _face(self, role: Literal["heading", "body"], weight: int) -> Face:
        return self._theme.face(role, weight, self._project.fonts)

    def _lines(self, text: str, role: Literal["heading", "body"], weight: int, size: str, measure: float) -> int:
        """How many lines `text` takes in the size named `size`, in a column of `measure` mm."""
        return self._face(role, weight).lines(text.strip(), self._points(size), measure / MM_PER_PT)

    def _fit(self, text: str, weight: int, sizes: list[str], measure: float, most: int = 1) -> str:
        """The first of the sizes named in `sizes` at which `text` takes at most `most` lines of `measure` mm."""
        face = self._face("heading", weight)
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
        face = self._face(role, weight)
        text = bound(text.strip()) if role == "heading" else text.strip()
        if role == "heading" and "\n" in text:
            return f"{measure:g}mm"
        return f"{face.balanced(text, self._points(size), measure / MM_PER_PT) * MM_PER_PT:.1f}mm"

    def _width(self, text: str, weight: int, size: str) -> float:
        """Width of one line of heading type, in mm."""
        return self._face("heading", weight).width(text, self._points(size)) * MM_PER_PT

    def _points(self, size: str) -> float:
        return float(getattr(self._theme.sizes, size))

    def _picture(self, file: str) -> str:
        return (self._project.content / file).as_uri()


def _first_uses(sections: tuple[Section, ...]) -> dict[str, Section]:
    """The first section that prints each indicator: as its key number, in its texts or in its figure."""
    uses: dict[str, Section] = {}
    for section in sections:
        if (topic := section.topic) is None:
            continue
        texts = [t for t in (topic.title, topic.lead, topic.text) if t is not None]
        quoted = [q.target for t in texts for q in prose.find(t).quotes if not q.page]
        drawn = topic.figure.uses if topic.figure else ()
        for name in [*([topic.key] if topic.key else []), *quoted, *drawn]:
            uses.setdefault(str(name), section)
    return uses


def shortened(title: str, most: int = 64) -> str:
    """A title for a running head, which has one line: whole words, and an ellipsis where some are left out."""
    if len(title) <= most:
        return title
    head = title[: most - 1]
    return (head.rpartition(" ")[0] or head).rstrip(" ,;:") + "…"


def bound(line: str) -> str:
    """A headline with no article or preposition at the end of a line: it is bound to the word that follows."""
    return _SHORT_WORD.sub(lambda m: m[1] + numbers.NO_BREAK, line)


def tied(text: Text) -> Text:
    """A sentence set large, with its last two words kept together: no word stands alone on the last line."""
    if _BLOCK.search(text):
        return text
    head, space, last = text.rstrip().rpartition(" ")
    return Text(head + numbers.NO_BREAK + last, text.span, text.source) if space and len(last) < 16 else text


def _source(text: Any) -> str:
    """The place of a text in the YAML, for messages about its layout."""
    span = getattr(text, "span", None)
    return str(span) if span else ""


class _Templates(FileSystemLoader):
    """Templates of the project; a link that leads out of it is not followed."""

    def get_source(self, environment: Environment, template: str) -> tuple[str, str, Callable[[], bool]]:
        source, file, current = super().get_source(environment, template)
        root = Path(self.searchpath[0]).resolve().parent.parent
        if not Path(file).resolve().is_relative_to(root):
            raise TemplateNotFound(template)
        return source, file, current


class _Sandbox(ImmutableSandboxedEnvironment):
    """Of the report's data, templates get fields and properties, and none of the methods that models inherit."""

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        if isinstance(obj, BaseModel):
            own = attr in type(obj).model_fields or isinstance(getattr(type(obj), attr, None), property)
            return own and not attr.startswith(("_", "model_"))
        return super().is_safe_attribute(obj, attr, value)


def _environment(folder: Path) -> Environment:
    return _Sandbox(
        loader=_Templates(folder),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _template_span(error: BaseException, folder: Path) -> Span | None:
    """The line of the template that was being rendered when `error` happened."""
    frames = [f for f in traceback.extract_tb(error.__traceback__) if Path(f.filename).is_relative_to(folder)]
    return Span(f"layouts/pages/{Path(frames[-1].filename).name}", frames[-1].lineno or 1) if frames else None
