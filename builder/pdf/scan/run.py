"""A content stream being run: paths, text, pictures and colours with their graphics state (ISO 32000-1, 8 and 9)."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

import pikepdf
from pikepdf import Dictionary, Name

from builder.pages.standin import SOURCE_FILE
from builder.pdf.scan.graphics import GraphicsState, Walker, space_of
from builder.pdf.scan.painted import IDENTITY, Box, Kind, Matrix, Paint, Painted, Picture, times

# Letters that reach below the baseline.
_DESCENDING = frozenset("gjpqyQçÇ,;_()[]{}|/@§µ\ufffd")


@dataclass(slots=True)
class StreamRun:
    """One content stream being run."""

    walker: Walker
    resources: Any
    state: GraphicsState
    depth: int
    stack: list[GraphicsState] = field(default_factory=list)
    boxes: list[Box] = field(default_factory=list)
    points: list[tuple[float, float]] = field(default_factory=list)
    clipping: bool = False
    matrix: Matrix = IDENTITY
    line_matrix: Matrix = IDENTITY

    def change(self, **values: Any) -> None:
        self.state = replace(self.state, **values)

    def resource(self, kind: Name, name: Any) -> Any:
        return self.resources[kind][name]

    # Paths

    def move(self, *points: float) -> None:
        for x, y in zip(points[::2], points[1::2], strict=True):
            a, b, c, d, e, f = self.state.ctm
            self.points.append((a * x + c * y + e, b * x + d * y + f))

    def close(self) -> None:
        if self.points:
            xs, ys = [p[0] for p in self.points], [p[1] for p in self.points]
            self.boxes.append(Box(min(xs), min(ys), max(xs), max(ys)))
            self.points = []

    def subpath(self, x: float, y: float) -> None:
        self.close()
        self.move(x, y)

    def rectangle(self, x: float, y: float, w: float, h: float) -> None:
        self.close()
        self.boxes.append(Box(min(x, x + w), min(y, y + h), max(x, x + w), max(y, y + h)).through(self.state.ctm))

    def paint(self, fill: bool, stroke: bool) -> None:
        self.close()
        state = self.state
        a, b, c, d, *_ = state.ctm
        # The thinner way, where the scale is not the same both ways (the lesser singular value).
        whole, turn = a * a + b * b + c * c + d * d, a * d - b * c
        thick = state.line * max(0.0, (whole - max(0.0, whole * whole - 4 * turn * turn) ** 0.5) / 2) ** 0.5
        real = [box for box in self.boxes if box.width > 0 and box.height > 0] or self.boxes
        for box in real if fill else ():
            # A fill that is stroked too is as much thicker: a line of an SVG, which is filled unless it says otherwise.
            size = min(box.width, box.height) + (thick if stroke else 0)
            self.put("fill", box, state.fill, state.overprint_fill, state.fill_opacity, size)
        for box in self.boxes if stroke else ():
            self.put("stroke", box, state.stroke, state.overprint_stroke, state.stroke_opacity, thick)
        self.end_path()

    def end_path(self) -> None:
        self.close()
        if self.clipping and self.boxes:
            whole = Box(
                min(b.left for b in self.boxes),
                min(b.bottom for b in self.boxes),
                max(b.right for b in self.boxes),
                max(b.top for b in self.boxes),
            )
            self.change(clip=self.state.clip.meet(whole) or Box(0, 0, 0, 0))
        self.clipping, self.boxes = False, []

    def put(
        self, kind: Kind, box: Box, paint: Paint, overprint: bool, opacity: float, size: float, words: str = ""
    ) -> None:
        seen = self.state.clip.meet(box)
        if seen is not None:
            leaves = paint.leaves(overprint, self.state.overprint_mode)
            self.walker.paint(Painted(kind, seen, paint, leaves, self.state.mask, opacity, size, words))

    # Colours

    def colour(self, target: str, args: Any) -> None:
        names = [a for a in args if isinstance(a, Name)]
        current: Paint = getattr(self.state, target)
        if names:
            pattern = self.resource(Name.Pattern, names[0])
            self.walker.pattern(pattern, self.state, self.depth, self.resources)
            tint = tuple(float(a) for a in args if not isinstance(a, Name))
            self.change(**{target: replace(current, values=tint) if tint else Paint("Pattern")})
        else:
            self.change(**{target: replace(current, values=tuple(float(a) for a in args))})

    def colour_space(self, target: str, name: Any) -> None:
        space, names = space_of(name, self.resources)
        count = {"DeviceGray": 1, "DeviceRGB": 3, "DeviceCMYK": 4, "CalGray": 1, "CalRGB": 3}.get(space, 0)
        first = (0.0, 0.0, 0.0, 1.0) if space == "DeviceCMYK" else (0.0,) * count or (1.0,) * max(1, len(names))
        self.change(**{target: Paint(space, first, names)})

    def graphics(self, name: Any) -> None:
        settings = self.resource(Name.ExtGState, name)
        if Name.OP in settings:
            self.change(overprint_stroke=bool(settings.OP), overprint_fill=bool(settings.get(Name.op, settings.OP)))
        if Name.op in settings:
            self.change(overprint_fill=bool(settings[Name.op]))
        if Name.OPM in settings:
            self.change(overprint_mode=int(settings.OPM))
        if Name.Font in settings:
            self.change(font=self.walker.font(settings.Font[0]), size=float(settings.Font[1]))
        for key in (Name.TR, Name.TR2):
            if key in settings and settings[key] not in (Name.Identity, Name.Default):
                self.walker.forbid("a transfer function, which changes colours on the way to the plate")
        if Name.LW in settings:
            self.change(line=float(settings.LW))
        for key, target in ((Name.ca, "fill_opacity"), (Name.CA, "stroke_opacity")):
            if key in settings:
                self.change(**{target: float(settings[key])})
                if float(settings[key]) < 1:
                    self.walker.let_through("opacity")
        if settings.get(Name.BM, Name.Normal) not in (Name.Normal, Name.Compatible):
            self.walker.let_through("blend mode")
        if isinstance(settings.get(Name.SMask), Dictionary):
            self.walker.let_through("soft mask")
            if isinstance(settings.SMask.get(Name.G), pikepdf.Stream):
                inside = replace(self.state, mask=True)
                self.walker.form(settings.SMask.G, inside, self.depth + 1, self.resources)

    # Text (9.4)

    def show(self, parts: Any) -> None:
        state = self.state
        if state.font is None:
            return
        start, words, wide = self.matrix, [], 0.0
        for part in parts:
            if isinstance(part, pikepdf.String | str | bytes):
                raw = bytes(part) if not isinstance(part, str) else part.encode("latin-1")
                for code, width, text in state.font.glyphs(raw):
                    advance = width * state.size + state.spacing
                    if code == 32 and state.font.width_of_code == 1:
                        advance += state.word_spacing
                    wide += advance * state.stretch
                    words.append(text)
            else:
                wide -= float(part) / 1000 * state.size * state.stretch
        self.matrix = times((1, 0, 0, 1, wide, 0), self.matrix)
        text = "".join(words)
        if state.mode in (3, 7) or not text.strip() or not wide:
            return
        ctm = times(start, state.ctm)
        height = (ctm[2] ** 2 + ctm[3] ** 2) ** 0.5
        # From the descent, if a letter has one, to the height of capitals: where ink is, not the line's box.
        descent = 0.0 if _DESCENDING.isdisjoint(text) else 0.22
        box = Box(0, state.rise - descent * state.size, wide, state.rise + 0.7 * state.size).through(ctm)
        self.walker.glyphs(state.font, state, self.depth)
        size = abs(state.size) * height
        if state.mode in (0, 2, 4, 6):
            self.put("text", box, state.fill, state.overprint_fill, state.fill_opacity, size, text)
        if state.mode in (1, 2, 5, 6):
            self.put("text", box, state.stroke, state.overprint_stroke, state.stroke_opacity, size, text)

    def next_line(self, x: float, y: float) -> None:
        self.line_matrix = self.matrix = times((1, 0, 0, 1, x, y), self.line_matrix)

    def begin_text(self, matrix: Matrix = IDENTITY) -> None:
        self.matrix = self.line_matrix = matrix

    # Pictures and forms

    def paint_object(self, name: Any) -> None:
        one = self.resource(Name.XObject, name)
        if one.get(Name.Subtype) == Name.Form:
            self.walker.form(one, self.state, self.depth, self.resources)
            return
        if one.get(Name.Subtype) == Name.PS:
            self.walker.forbid("a piece of PostScript")
            return
        if Name.Alternates in one:
            self.walker.forbid("a picture with alternatives of itself")
        stencil = bool(one.get(Name.ImageMask, False))
        space, names = ("", ()) if stencil else space_of(one.get(Name.ColorSpace), self.resources)
        picture = Picture(
            int(one.Width),
            int(one.Height),
            1 if stencil else int(one.get(Name.BitsPerComponent, 8)),
            space,
            stencil,
            Name.SMask in one,
            one.objgen,
            str(one.get(SOURCE_FILE, "")),
        )
        if picture.soft_mask:
            self.walker.let_through("soft mask")
        self._picture(picture, Paint(space, (), names))

    def inline(self, image: Any) -> None:
        stencil = bool(image.image_mask)
        space = (
            "" if stencil else space_of(Name(image.colorspace), self.resources)[0] if image.colorspace else "unknown"
        )
        picture = Picture(image.width, image.height, image.bits_per_component, space, stencil, False, (0, 0))
        self._picture(picture, Paint(space))

    def _picture(self, picture: Picture, paint: Paint) -> None:
        state = self.state
        box = state.clip.meet(Box(0, 0, 1, 1).through(state.ctm))
        if box is not None:
            self.walker.paint(
                Painted(
                    "picture",
                    box,
                    state.fill if picture.stencil else paint,
                    False,
                    state.mask,
                    state.fill_opacity,
                    picture=picture,
                    matrix=state.ctm,
                )
            )
