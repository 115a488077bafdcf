"""What paginate hands to bind: a section as a PDF, with its tags, fonts and places; and the book of them all."""

from __future__ import annotations

import pickle
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from builder.model.diagnostics import Diagnostic, Span


@dataclass(frozen=True, slots=True)
class Start:
    """Where a section begins, as far as its layout can tell: the side, and how many digits its folios have.

    `turn` is how many pages have that many digits, where the section runs on beyond them, and 0 where it does not.
    """

    side: Literal["recto", "verso"]
    digits: int
    turn: int = 0

    @property
    def number(self) -> int:
        """A folio for the first page, of as many digits as the true one."""
        return int(10**self.digits) - self.turn if self.turn else int(10 ** (self.digits - 1))

    @property
    def room(self) -> int:
        """How many pages can be laid out from here before their folios have another number of digits."""
        return int(10**self.digits) - self.number


@dataclass(frozen=True, slots=True)
class SectionJob:
    """A section to be laid out: its HTML, its start, the anchors that must arrive, and its place in the YAML.

    `figures` are those that it shows, as SVG by name.
    """

    name: str
    html: str
    start: Start
    expected: frozenset[str] = frozenset()
    span: Span | None = None
    figures: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Anchor:
    """An id and where it fell: page of the fragment (from 0), and place in pt from the trim's lower left corner."""

    name: str
    page: int
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Bookmark:
    label: str
    level: int
    page: int
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Marked:
    """A piece of a page's content: its marked-content identifier (ISO 32000-1, 14.7.4.3)."""

    page: int
    mcid: int


@dataclass(frozen=True, slots=True)
class Linked:
    """A link on a page: its place among the page's annotations."""

    page: int
    annotation: int


@dataclass(frozen=True, slots=True)
class Tag:
    """One element of the structure that a screen reader goes by (ISO 32000-1, 14.8), with what it holds in order.

    `alt` stands for a picture, `say` is read instead of the letters (ActualText), `expanded` instead of a short form.
    `box` is a picture's place, in pt from the page's lower left corner.
    """

    role: str
    kids: tuple[Kid, ...] = ()
    alt: str = ""
    say: str = ""
    expanded: str = ""
    language: str = ""
    scope: str = ""
    columns: int = 1
    rows: int = 1
    numbering: str = ""
    name: str = ""
    box: tuple[float, float, float, float] | None = None


Kid: TypeAlias = Tag | Marked | Linked


@dataclass(frozen=True, slots=True)
class Glyphs:
    """Of the glyphs of a font, by number, their widths in thousandths of an em and their characters; as bytes."""

    data: bytes

    @classmethod
    def of(cls, widths: Mapping[int, int], characters: Mapping[int, str]) -> Glyphs:
        return cls(zlib.compress(pickle.dumps((dict(widths), dict(characters))), 1))

    def __call__(self) -> tuple[dict[int, int], dict[int, str]]:
        widths, characters = pickle.loads(zlib.decompress(self.data))
        return widths, characters


@dataclass(frozen=True, slots=True)
class Typeface:
    """A font that a fragment uses: the whole program, and the glyphs used. The pages name it by `key`."""

    key: str
    name: str
    family: str
    program: bytes
    number: int
    variations: Mapping[str, float]
    flags: int
    ascent: int
    descent: int
    glyphs: Glyphs


@dataclass(frozen=True, slots=True)
class Number:
    """A number as it stands on a page of a fragment (from 0), and where it comes from.

    `kind` is indicator or about (then `names` are indicators), what a text or a layout has marked it as (year, folio,
    …), or empty where nobody knows. `place` is that of its text in the YAML.
    """

    text: str
    page: int
    kind: str
    names: tuple[str, ...] = ()
    place: str = ""


@dataclass(frozen=True, slots=True)
class Stamp:
    """A page number on a page of a fragment (from 0), to be set when the book's pages are counted.

    In the page's content each of its digits is a hole `{n.0}`, `{n.1}` …, where n is the stamp's place in the fragment.
    `glyphs` gives what fills it for the digits 0 to 9, and last what leaves it empty; `digits` is how many there are.
    `printed` is the number, which stands at the right where it has fewer.
    """

    place: str
    page: int
    digits: int
    glyphs: tuple[str, ...]
    printed: str = ""


@dataclass(frozen=True, slots=True)
class Packed:
    """The tags of a section as bytes, since as objects they take twenty times as much; `fill` sets page numbers."""

    data: bytes
    fill: Callable[[Iterable[Tag]], Iterable[Tag]] = tuple

    @classmethod
    def of(cls, tags: Iterable[Tag]) -> Packed:
        return cls(zlib.compress(pickle.dumps(tuple(tags)), 1))

    def __iter__(self) -> Iterator[Tag]:
        return iter(self.fill(pickle.loads(zlib.decompress(self.data))))


@dataclass(frozen=True, slots=True)
class Fragment:
    """One section, paginated. Its PDF has neither fonts nor tags of its own: the bound book has them once.

    `printed` says on which pages (from 0) each indicator stands. Page numbers are `stamps` until they are known.
    """

    name: str
    pdf: bytes
    pages: int
    anchors: tuple[Anchor, ...]
    bookmarks: tuple[Bookmark, ...]
    diagnostics: tuple[Diagnostic, ...]
    tags: Iterable[Tag] = ()
    typefaces: tuple[Typeface, ...] = ()
    printed: tuple[tuple[str, int], ...] = ()
    numbers: tuple[Number, ...] = ()
    stamps: tuple[Stamp, ...] = ()


@dataclass(frozen=True, slots=True)
class Book:
    """All sections in printing order, laid out, with their page numbers."""

    fragments: tuple[Fragment, ...]
    pages: int
    blank: frozenset[int]
    notes: int
    folios: Mapping[str, int]

    @property
    def printed(self) -> dict[str, tuple[int, ...]]:
        """The pages on which each indicator stands."""
        found: dict[str, set[int]] = {}
        first = 1
        for fragment in self.fragments:
            for name, page in fragment.printed:
                found.setdefault(name, set()).add(first + page)
            first += fragment.pages
        return {name: tuple(sorted(pages)) for name, pages in found.items()}
