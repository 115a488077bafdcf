"""The job sheet: one page for the print shop that says what the files are."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from builder.content.numbers import decimal
from builder.design.printer import Printer
from builder.design.theme import Theme
from builder.model.report import Report
from builder.preflight import Verdict


@dataclass(frozen=True, slots=True)
class Row:
    """One line: what, and what it comes to."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Delivered:
    """A file of the delivery: its name, where its bytes are now, and what the preflight said of it."""

    name: str
    path: Path
    verdict: Verdict


def rows(report: Report, theme: Theme, printer: Printer, files: Sequence[Delivered], notes: int) -> tuple[Row, ...]:
    """The sheet's lines in the report's language. Lengths in mm, ink in per cent."""
    word = report.labels.job
    return tuple(_rows(report, theme, printer, files, notes, word))


def _rows(
    report: Report, theme: Theme, printer: Printer, files: Sequence[Delivered], notes: int, word: Mapping[str, str]
) -> Iterator[Row]:
    language = report.front.language

    def number(value: float, unit: str = "mm", places: int = 2) -> str:
        return f"{decimal(Decimal(str(round(value, places))).normalize(), language)}\u00a0{unit}"

    inside = files[0].verdict
    yield Row(word["title"], f"{report.front.title.flat}, {report.front.organisation}")
    yield Row(word["format"], f"{number(float(theme.page.width))} × {number(float(theme.page.height))}")
    pages = str(inside.pages)
    if notes:
        pages += f" ({word['of-which-notes']}: {notes})"
    yield Row(word["pages"], pages)
    caliper = number(float(printer.paper.caliper), places=3)
    yield Row(word["paper"], f"{printer.paper.name} ({word['caliper']} {caliper})")
    colours = word["inks"] if printer.press else word["screen-colours"]
    yield Row(word["colours"], colours)
    if printer.condition is not None:
        yield Row(word["condition"], f"{printer.condition.identifier}: {printer.condition.name} ({printer.icc_name})")
    yield Row(word["bleed"], f"{number(float(printer.bleed))}; {word['marks']}: {word[f'marks-{printer.marks}']}")
    yield Row(word["binding"], word[f"binding-{printer.binding}"])
    if printer.cover == "own-file":
        spine = printer.spine(inside.pages)
        half = f"{inside.pages} : 2 × {caliper} + {number(float(printer.glue))}"
        cover = files[-1].verdict
        yield Row(word["cover"], f"{word['cover-own-file']}; {2 * cover.pages} {word['pages'].lower()}")
        parts = [number(float(theme.page.width)), *([number(spine)] if spine else []), number(float(theme.page.width))]
        yield Row(word["open-size"], f"{number(cover.size[0])} × {number(cover.size[1])} ({' + '.join(parts)})")
        yield Row(word["spine"], f"{number(spine)} ({half})" if spine else word["no-spine"])
    else:
        yield Row(word["cover"], word["cover-inside"])
    yield Row(word["fonts"], ", ".join(sorted({font for file in files for font in file.verdict.fonts})))
    inked = [file.verdict for file in files if file.verdict.ink is not None]
    if inked and printer.ink is not None:
        most = max(verdict.ink or 0.0 for verdict in inked)
        yield Row(word["ink"], f"{round(most)}\u00a0% ({word['limit']} {printer.ink}\u00a0%)")
    yield Row(word["to-fill"], word["to-fill-words"])
    yield Row(word["version"], printer.pdfx if printer.pdfx != "none" else "PDF")
    yield Row(word["checked"], word["structure-checked"])
    for file in files:
        digest = hashlib.sha256(file.path.read_bytes()).hexdigest()
        yield Row(word["file"], f"{file.name}\n{file.path.stat().st_size} byte\nSHA-256 {digest}")


def as_text(title: str, lines: Sequence[Row]) -> str:
    """The same, for an email to the print shop."""
    wide = max(len(row.label) for row in lines) + 2
    out = [title, "=" * len(title), ""]
    for row in lines:
        first, *more = row.value.split("\n")
        out += [f"{row.label:<{wide}}{first}", *(" " * wide + line for line in more)]
    return "\n".join(out) + "\n"
