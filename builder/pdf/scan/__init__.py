"""Reads what the pages of any PDF paint: through forms, patterns and annotations, with the graphics state (pikepdf).

The operators are those of ISO 32000-1, annex A.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, Object

from builder.pdf.scan.graphics import EVERYWHERE, GraphicsState, box_of, matrix_of, space_of
from builder.pdf.scan.operators import perform
from builder.pdf.scan.painted import BLACK, IDENTITY, Paint, Painted, times
from builder.pdf.scan.run import StreamRun
from builder.pdf.scan.typeset import Font, read_font

# What reading a file whose structure is at odds with itself raises.
FAULTS = (
    pikepdf.PikepdfError,
    ArithmeticError,
    AttributeError,
    LookupError,
    NotImplementedError,
    RecursionError,
    TypeError,
    ValueError,
)
# Forms within forms beyond this are a fault of the file, or an attack.
DEEPEST = 24
# A page with more marks than this is not read to its end.
MOST_MARKS = 400_000
# Nor one that enters forms more often: ten forms in each of ten, twenty deep, would never end.
MOST_FORMS = 50_000


@dataclass(slots=True)
class Marks:
    """All that one page paints, what of it lets light through, what no press file may have, and the fonts in use."""

    painted: list[Painted] = field(default_factory=list)
    transparent: set[str] = field(default_factory=set)
    forbidden: set[str] = field(default_factory=set)
    fonts: dict[str, Font] = field(default_factory=dict)
    missing: set[str] = field(default_factory=set)
    cut_short: bool = False


def scan(page: pikepdf.Page) -> Marks:
    """What `page` paints, in order. Broken pieces of content are passed over: the preflight says that they are."""
    marks = Marks()
    walker = _Walker(marks)
    if Name.Group in page.obj:
        walker.group(page.obj.Group)
    walker.read(page.obj, page.obj.get(Name.Resources, Dictionary()), GraphicsState(), 0)
    for annotation in page.obj.get(Name.Annots, Array()):
        for stream in _appearances(annotation):
            walker.form(stream, GraphicsState(), 0)
    return marks


def _appearances(annotation: Any) -> Iterator[Object]:
    if not isinstance(annotation, Dictionary) or not isinstance(annotation.get(Name.AP), Dictionary):
        return
    normal = annotation.AP.get(Name.N)
    if isinstance(normal, pikepdf.Stream):
        yield normal
    elif isinstance(normal, Dictionary):
        yield from (s for _, s in normal.items() if isinstance(s, pikepdf.Stream))


class _Walker:
    """Runs content streams with a graphics state."""

    def __init__(self, marks: Marks) -> None:
        self.marks = marks
        self.open: list[tuple[int, int]] = []
        self.fonts: dict[tuple[int, int], Font] = {}
        self.patterns: set[tuple[int, int]] = set()
        self.drawn: set[tuple[int, int]] = set()  # Type 3 fonts whose glyphs were read
        self.entered = 0

    def read(self, stream: Any, resources: Any, state: GraphicsState, depth: int) -> None:
        try:
            instructions = pikepdf.parse_content_stream(stream)
        except FAULTS:
            self.marks.cut_short = True
            return
        run = StreamRun(self, resources if isinstance(resources, Dictionary) else Dictionary(), state, depth)
        for one in instructions:
            if len(self.marks.painted) > MOST_MARKS or self.entered > MOST_FORMS:
                self.marks.cut_short = True
                return
            try:
                perform(run, one)
            except KeyError as error:  # a font, a form, a colour space that is nowhere
                self.marks.missing.add(str(error).strip("'\"")[:40])
            except FAULTS:
                self.marks.cut_short = True

    def paint(self, one: Painted) -> None:
        self.marks.painted.append(one)

    def let_through(self, what: str) -> None:
        self.marks.transparent.add(what)

    def forbid(self, what: str) -> None:
        self.marks.forbidden.add(what)

    def glyphs(self, font: Font, state: GraphicsState, depth: int) -> None:
        """A font in use; the glyphs of a Type 3 font are drawings, which are read once (ISO 32000-1, 9.6.5)."""
        known = self.marks.fonts.setdefault(font.name, font)
        if known.embedded and not font.embedded:  # of two with one name, the worse
            self.marks.fonts[font.name] = font
        key = font.dictionary.objgen
        if font.kind != "Type3" or (key in self.drawn and key != (0, 0)) or depth > DEEPEST:
            return
        self.drawn.add(key)
        for _, glyph in font.dictionary.get(Name.CharProcs, Dictionary()).items():
            inside = replace(state, ctm=IDENTITY, clip=EVERYWHERE, font=None)
            self.form(glyph, inside, depth + 1, font.dictionary.get(Name.Resources))

    def form(self, form: Any, state: GraphicsState, depth: int, resources: Any = None) -> None:
        """A form, unless it paints itself."""
        if form.objgen in self.open or depth > DEEPEST:
            self.marks.cut_short = True
            return
        try:
            ctm = times(matrix_of(form.get(Name.Matrix)), state.ctm)
            inner = state.clip.meet(box_of(form.BBox).through(ctm)) if Name.BBox in form else state.clip
        except FAULTS:
            self.marks.cut_short = True
            return
        if inner is None:
            return
        if Name.Group in form:
            self.group(form.Group)
        self.entered += 1
        self.open.append(form.objgen)
        self.read(form, form.get(Name.Resources, resources), replace(state, ctm=ctm, clip=inner), depth + 1)
        self.open.pop()

    def group(self, group: Any) -> None:
        if isinstance(group, Dictionary) and group.get(Name.S) == Name.Transparency:
            space = space_of(group.CS, Dictionary())[0] if Name.CS in group else ""
            self.marks.transparent.add(f"group {space}".strip())

    def font(self, font: Any) -> Font:
        key = font.objgen
        if key not in self.fonts or key == (0, 0):
            self.fonts[key] = read_font(font)
        return self.fonts[key]

    def pattern(self, pattern: Any, state: GraphicsState, depth: int, resources: Any) -> None:
        """The colours of a pattern, once; where it is painted is said by what it fills."""
        if pattern.objgen in self.patterns:
            return
        self.patterns.add(pattern.objgen)
        if isinstance(pattern, pikepdf.Stream):  # its cell counts wherever it lies: it is repeated over the page
            self.form(
                pattern, replace(state, ctm=IDENTITY, clip=EVERYWHERE, fill=BLACK, stroke=BLACK), depth + 1, resources
            )
        elif isinstance(pattern.get(Name.Shading), Dictionary | pikepdf.Stream):
            self.shading(pattern.Shading, state, resources)

    def shading(self, shading: Any, state: GraphicsState, resources: Any) -> None:
        space, names = space_of(shading.get(Name.ColorSpace), resources)
        self.marks.painted.append(Painted("shading", state.clip, Paint(space, (), names)))
