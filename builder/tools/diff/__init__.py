"""Two editions of a report side by side: which numbers, texts and figures changed, and which pages moved."""

from __future__ import annotations

import csv
import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache
from io import StringIO
from itertools import chain
from pathlib import Path
from typing import Any

from PIL import Image, ImageChops, ImageDraw

from builder.content.pdftext import page_texts
from builder.design.pdf_pages import page_picture
from builder.tools.data import read

# The file of a table inside an archive.
_TABLE = re.compile(r"table-(.+)\.csv")
# Pages that share less of their words than this are different pages.
_ALIKE = 0.35
# Differences of tone below this are the renderer's, not the page's.
_TONE = 24
_DPI = 60
_AROUND = 6


@dataclass(frozen=True, slots=True)
class Side:
    """One edition: its pages as text, and the data inside it where it is an archive."""

    name: str
    file: Path
    pages: tuple[str, ...]
    indicators: Mapping[str, Mapping[str, Any]]
    figures: Mapping[str, tuple[tuple[str, str], ...]]
    with_data: bool


@dataclass(frozen=True, slots=True)
class Change:
    """What changed of one thing: `name` is an indicator or a figure, `what` a field of it."""

    name: str
    what: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class PageChange:
    """A pair of pages (from 1; None where there is none on that side) and what differs on them.

    `words` are runs of (kind, text), kind being same, old or new; `looks` says that the pictures differ.
    """

    old: int | None
    new: int | None
    words: tuple[tuple[str, str], ...]
    looks: bool

    @property
    def moved(self) -> bool:
        return self.old is not None and self.new is not None and self.old != self.new

    @property
    def changed(self) -> bool:
        return self.old is None or self.new is None or self.looks or any(kind != "same" for kind, _ in self.words)


@dataclass(frozen=True, slots=True)
class Comparison:
    old: Side
    new: Side
    numbers: tuple[Change, ...]
    figures: tuple[Change, ...]
    pages: tuple[PageChange, ...]

    @property
    def same(self) -> bool:
        return not self.numbers and not self.figures and not any(p.changed or p.moved for p in self.pages)


def side_of(file: Path, name: str) -> Side:
    """What a PDF says. Raises ReportError or ValueError for what is no PDF that can be opened."""
    pages, files = page_texts(file), read(file).files
    data = next((one.data for one in files if one.name == "report.json"), None)
    report = json.loads(data) if data is not None else {}
    cells = [_cells(found[1], one.data) for one in files if (found := _TABLE.fullmatch(one.name))]
    figures: dict[str, list[tuple[str, str]]] = {}
    for row in report.get("figures", ()):
        said = " ".join(str(row[k]) for k in ("what", "year", "unit") if k in row)
        figures.setdefault(str(row["title"]), []).append((f"{row['indicator']} {said}", str(row.get("value", ""))))
    return Side(
        name,
        file,
        tuple(_words(text, number) for number, text in enumerate(pages, 1)),
        {str(row["id"]): row for row in report.get("indicators", ())} | dict(chain.from_iterable(cells)),
        {title: tuple(rows) for title, rows in figures.items()},
        data is not None,
    )


def _cells(table: str, data: bytes) -> Iterator[tuple[str, dict[str, Any]]]:
    """The cells of a table inside an archive, by the names with which texts quote them."""
    for row in csv.DictReader(StringIO(data.decode("utf-8-sig"))):
        for column, value in row.items():
            if column.startswith("c-"):
                yield f"{table}.{row['row']}.{column[2:]}", {"value": value}


def compare(old: Side, new: Side) -> Comparison:
    both = old.with_data and new.with_data
    return Comparison(
        old,
        new,
        tuple(_numbers(old.indicators, new.indicators)) if both else (),
        tuple(_figures(old.figures, new.figures)) if both else (),
        tuple(_pages(old, new)),
    )


def _words(text: str, number: int) -> str:
    """A page's text on one line, without its folio, which stands on a line of its own."""
    lines = [line.strip() for line in text.replace("\ufffe", "").replace("\u00ad", "").splitlines()]
    folio = next((at for at in (*range(len(lines) - 1, -1, -1),) if lines[at] == str(number)), None)
    if folio is not None:
        del lines[folio]
    return " ".join(" ".join(lines).split())


def _numbers(old: Mapping[str, Mapping[str, Any]], new: Mapping[str, Mapping[str, Any]]) -> Iterator[Change]:
    """Field by field; the pages on which a number stands are told with the pages."""
    for name in [*old, *(n for n in new if n not in old)]:
        if name not in new:
            yield Change(name, "taken out", _said(old[name].get("value")), "")
        elif name not in old:
            yield Change(name, "added", "", _said(new[name].get("value")))
        else:
            for field in [*old[name], *(f for f in new[name] if f not in old[name])]:
                was, is_ = old[name].get(field), new[name].get(field)
                if was != is_ and field != "pages":
                    yield Change(name, field, _said(was), _said(is_))


def _figures(
    old: Mapping[str, tuple[tuple[str, str], ...]], new: Mapping[str, tuple[tuple[str, str], ...]]
) -> Iterator[Change]:
    for title in [*old, *(t for t in new if t not in old)]:
        if title not in new:
            yield Change(title, "taken out", "", "")
        elif title not in old:
            yield Change(title, "added", "", "")
        else:
            was, is_ = dict(old[title]), dict(new[title])
            for point in [*was, *(p for p in is_ if p not in was)]:
                if was.get(point) != is_.get(point):
                    yield Change(title, point, was.get(point, "–"), is_.get(point, "–"))


def _said(value: Any) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{key}: {one}" for key, one in value.items())
    return "–" if value is None else str(value)


def _pages(old: Side, new: Side) -> Iterator[PageChange]:
    for was, is_ in _pairs(old.pages, new.pages):
        if was is None or is_ is None:
            kind, text = ("new", new.pages[is_]) if is_ is not None else ("old", old.pages[was or 0])
            runs: tuple[tuple[str, str], ...] = ((kind, text),)
            yield PageChange(None if was is None else was + 1, None if is_ is None else is_ + 1, runs, looks=True)
            continue
        runs = tuple(_runs(old.pages[was], new.pages[is_]))
        looks = marked(old.file, was, new.file, is_) is not None
        yield PageChange(was + 1, is_ + 1, runs, looks)


def _pairs(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[int | None, int | None]]:
    """Which page became which: equal pages first, then those most alike between them, in order."""
    for tag, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            yield from zip(range(a, b), range(c, d), strict=True)
            continue
        at = c
        for was in range(a, b):
            left = b - was - 1
            rest = range(at, d)
            best = max(rest, key=lambda n: (_alike(old[was], new[n]), -n), default=None)
            if best is None or _alike(old[was], new[best]) < _ALIKE:
                if d - at > left and not old[was].strip() and at < d and not new[at].strip():
                    best = at
                else:
                    yield was, None
                    continue
            yield from ((None, n) for n in range(at, best))
            yield was, best
            at = best + 1
        yield from ((None, n) for n in range(at, d))


@lru_cache(maxsize=4096)
def _counted(text: str) -> Counter[str]:
    return Counter(text.split())


def _alike(one: str, two: str) -> float:
    a, b = _counted(one), _counted(two)
    both = sum((a & b).values())
    return both / max(1, min(sum(a.values()), sum(b.values()))) if a and b else float(not a and not b)


def _runs(old: str, new: str) -> Iterator[tuple[str, str]]:
    """The words of two texts as runs: same, old, new. Long runs of the same are cut to what stands around a change."""
    a, b = old.split(), new.split()
    for tag, i, j, k, m in SequenceMatcher(None, a, b, autojunk=False).get_opcodes():
        if tag == "equal":
            words = a[i:j]
            if len(words) > 2 * _AROUND + 2:
                head = words[:_AROUND] if i else []
                tail = words[-_AROUND:] if j < len(a) or m < len(b) else []
                words = [*head, "…", *tail]
            yield "same", " ".join(words)
            continue
        if j > i:
            yield "old", " ".join(a[i:j])
        if m > k:
            yield "new", " ".join(b[k:m])


def marked(old: Path, was: int, new: Path, is_: int, dpi: float = _DPI) -> tuple[Image.Image, Image.Image] | None:
    """Both pages (from 0) as pictures with a frame about what differs; None where nothing does."""
    one, two = (page_picture(*one, dpi).convert("RGB") for one in ((old, was + 1), (new, is_ + 1)))
    size = max(one.width, two.width), max(one.height, two.height)
    one, two = (_on_paper(picture, size) for picture in (one, two))
    mask = ImageChops.difference(one, two).convert("L").point(lambda tone: 255 if tone > _TONE else 0)
    if mask.getbbox() is None:
        return None
    for left, top, right, bottom in _places(mask):
        for picture in (one, two):
            ImageDraw.Draw(picture).rectangle(
                (left - 3, top - 3, right + 3, bottom + 3), outline=(200, 30, 30), width=2
            )
    return one, two


def _on_paper(picture: Image.Image, size: tuple[int, int]) -> Image.Image:
    if picture.size == size:
        return picture
    paper = Image.new("RGB", size, "white")
    paper.paste(picture, (0, 0))
    return paper


def _places(mask: Image.Image) -> list[tuple[int, int, int, int]]:
    """The bands of a page in which something differs."""
    rows = [mask.crop((0, y, mask.width, y + 1)).getbbox() is not None for y in range(mask.height)]
    said = re.finditer(r"(?:1+0{0,12})+", "".join("1" if row else "0" for row in rows))
    found = []
    for run in said:
        band = mask.crop((0, run.start(), mask.width, run.end())).getbbox()
        if band is not None:
            found.append((band[0], run.start() + band[1], band[2], run.start() + band[3]))
    return found
