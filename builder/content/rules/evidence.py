"""Numbers held against their source: the passage must stand in the source, and the number in the passage."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from hashlib import sha256

from babel.numbers import get_group_symbol

from builder.content import numbers
from builder.content.rules.table import found
from builder.model.diagnostics import Diagnostic, Span
from builder.model.indicator import Indicator, Source
from builder.model.manuscript import Text
from builder.model.project import Project
from builder.model.report import Report
from builder.model.spelling import composed

# What makes a number part of a longer one, or of a word.
_JOINED_BEFORE = re.compile(r"[\w.,]$")
_JOINED_AFTER = re.compile(r"\d|[.,]\d")
_RANGE = re.compile(r"-\d")
# What makes a number more, less or about what it says.
_QUALIFIERS = (
    "circa|quasi|oltre|almeno|fino a|più di|meno di|non meno di|intorno a|"
    "about|around|nearly|almost|over|at least|up to|more than|less than"
)
# No number is longer.
_FAR = 60
_TYPES = (".txt", ".md", ".pdf")


class Evidence:
    """The copies of the sources, read once. `problems` are those of the files themselves."""

    def __init__(self, report: Report, project: Project) -> None:
        self._report = report
        self.problems: list[Diagnostic] = []
        self._units = _unit_texts(report)
        self._pages: dict[str, tuple[str, ...]] = {}
        for name, source in report.sources.items():
            if source.file is not None and (pages := self._open(name, source, source.file, project)) is not None:
                self._pages[name] = pages

    def _open(self, name: str, source: Source, file: Text, project: Project) -> tuple[str, ...] | None:
        path = project.inside(file, project.content, file.span)
        if isinstance(path, Diagnostic):
            self.problems.append(path)
            return None
        data = path.read_bytes()
        digest = sha256(data).hexdigest()
        if source.sha256 is None:
            message = f'the source "{name}" has a copy, and not its digest'
            hint = f"add a line `sha256: {digest}`, so that a change of the copy is seen"
            self.problems.append(found("source-file", message, hint, file.span))
        elif source.sha256 != digest:
            message = f'the copy of the source "{name}" is not the file whose digest is given'
            hint = f"look at what changed; if the new file is right, its digest is {digest}"
            self.problems.append(found("source-file", message, hint, source.sha256.span))
        if path.suffix.lower() not in _TYPES:
            return None  # kept and held by its digest; its words cannot be read here
        from builder.content.pdftext import page_texts  # pdfium takes its time to load, and most sources are texts

        try:
            pages = page_texts(path) if path.suffix.lower() == ".pdf" else (data.decode("utf-8-sig"),)
        except ValueError as error:
            message = f'the copy of the source "{name}" cannot be read: {error}'
            self.problems.append(found("source-file", message, "save it again, text as UTF-8", file.span))
            return None
        return tuple(plain(page) for page in pages)

    def holds(self, name: str, one: Indicator, place: Callable[..., Span]) -> Iterator[Diagnostic]:
        """What is wrong between an indicator, its passage and its source."""
        passage = one.passage
        pages = self._pages.get(str(one.source))
        if passage is None:
            if pages is not None and not one.withheld and one.formula is None:
                message = f'"{name}" does not say where in "{one.source}" it stands'
                hint = "add `passage: …` with the words of the source that hold the number"
                yield found("passage", message, hint, place())
            return
        words = plain(passage)
        if pages is not None:
            whole = re.compile(rf"(?<!\w)(?<!\d[.,]){re.escape(words)}(?![.,]?\d)(?!\w)")
            on = [number for number, page in enumerate(pages, 1) if whole.search(page)]
            if not on:
                message = f'the passage of "{name}" is not in the source "{one.source}"'
                yield found("passage", message, "copy the words from the source as they stand there", passage.span)
                return
            wanted = re.fullmatch(r"(?:pag?\.|pagina|page)?\s*(\d+)", one.source_page or "")
            if len(pages) > 1 and wanted and int(wanted[1]) not in on:
                message = f'the passage of "{name}" is on page {on[0]} of its source, and not on {wanted[1]}'
                yield found("passage", message, "correct `source-page`", place("source-page"))
        for message, key in self._wanting(name, one, words):
            yield found("passage", message, f"the passage is: {passage.flat[:160]}", place(*key))

    def _wanting(self, name: str, one: Indicator, words: str) -> Iterator[tuple[str, tuple[str, ...]]]:
        """What the indicator says and its passage does not."""
        if one.value is not None and one.formula is None:
            value = self._written(one.value, "+" if one.sign == "shown" and one.value > 0 else "")
            if one.upper is not None:
                value = replace(value, upper=self._written(one.upper))
            if not self._stands(value, one.unit, words):
                said = numbers.printed(one, self._report.labels, self._report.front.language)
                yield (
                    f'"{name}" is {str(said).replace(numbers.NO_BREAK, " ")}, and its passage does not say so',
                    ("value",),
                )
            elif (before := self._qualified(value, words)) != (one.qualifier.flat.casefold() if one.qualifier else ""):
                what = f'with "{before}" before it' if before else "without it"
                message = (
                    f'"{name}" prints {one.qualifier or "no word"} before its number, and its passage has it {what}'
                )
                yield message, ("qualifier",) if one.qualifier else ("value",)
            elif one.sign == "hidden" and one.value > 0 and any(replace(value, sign="+").ends(words)):
                yield f'the source writes "{name}" with a plus, and its sign is hidden', ("value",)
        for moment, key in ((one.base, "base"), (one.end, "end")):
            if moment is None:
                continue
            unit = numbers.MOMENT_UNITS.get(one.kind, one.unit)
            if not self._stands(self._written(moment.value), unit, words):
                yield f'the {key} of "{name}" is {moment.value}, and its passage does not say so', (key, "value")
            if moment.year is not None and str(moment.year) not in words:
                yield f'the {key} of "{name}" is of {moment.year}, and its passage does not say so', (key, "year")
        if one.period is not None:
            for year in {one.period.from_, one.period.last}:
                if not re.search(rf"(?<!\d){year}(?!\d)", words):
                    yield (
                        f'the period of "{name}" is {numbers.period(one.period)}, and its passage does not say {year}',
                        ("period",),
                    )

    def _stands(self, value: _Written, unit: str | None, words: str) -> bool:
        """Whether a number stands in the words, and right after it its unit, or none where it has none."""
        for end in value.ends(words):
            after = words[end : end + 40].lstrip()
            there = {
                name for name, forms in self._units.items() if any(numbers.begins_with(after, form) for form in forms)
            }
            if (unit in there) if unit is not None else not there:
                return True
        return False

    @staticmethod
    def _qualified(value: _Written, words: str) -> str:
        """The word before the number that makes it more or less."""
        for way in value.ways:
            found = re.search(rf"(?<!\w)({_QUALIFIERS})\s+{re.escape(way)}(?!\w)", words, re.IGNORECASE)
            if found:
                return found[1].casefold()
        return ""

    def _written(self, value: Decimal, sign: str = "") -> _Written:
        """The ways in which people write a number."""
        language = self._report.front.language
        grouped = numbers.decimal(abs(value), language)
        ways = {grouped, grouped.replace(get_group_symbol(language.replace("-", "_")), "")}
        if value >= 2 and (letters := numbers.in_words(value, language)):
            ways.add(letters)
        return _Written(tuple(sorted(ways, key=len, reverse=True)), "-" if value < 0 else sign)


@dataclass(frozen=True, slots=True)
class _Written:
    """A number as it may be written; `sign` must stand before it, `upper` after it and a dash."""

    ways: tuple[str, ...]
    sign: str = ""
    upper: _Written | None = None

    def ends(self, words: str) -> Iterator[int]:
        """Where the number ends, wherever it stands in the words: whole, and not as a part of another."""
        for way in self.ways:
            at = words.find(way)
            while at >= 0:
                end = at + len(way)
                head = words[:at].rstrip() if self.sign else words[:at]
                signed = not self.sign or head.endswith(self.sign)
                head = head.removesuffix(self.sign) if self.sign else head
                if signed and not _JOINED_BEFORE.search(head) and not _JOINED_AFTER.match(words, end):
                    if self.upper is None and not _RANGE.match(words, end):
                        yield end
                    elif self.upper is not None and words[end : end + 1] == "-":
                        yield from (end + 1 + length for length in self.upper.ends(words[end + 1 :]) if length <= _FAR)
                at = words.find(way, at + 1)


_PERCENT = ("per cento", "percento", "per cent", "percent", "Prozent", "pour cent", "por ciento", "%")


def _unit_texts(report: Report) -> Mapping[str, tuple[str, ...]]:
    """The ways in which each unit is written."""
    return {
        str(name): (*u.forms, *((str(u.spoken_one),) if u.spoken_one else ()), *(_PERCENT if name == "percent" else ()))
        for name, u in report.labels.units.items()
    }


def plain(text: str) -> str:
    """On one line, with one kind of dash and apostrophe, and no space about the dash of a range."""
    text = re.sub(r"[‐-―−]", "-", composed(text)).replace("’", "'").replace("‘", "'")
    text = re.sub(r"\s+", " ", text).strip()
    return re.sub(r"(?<=\d) ?- ?(?=\d)", "-", text)
