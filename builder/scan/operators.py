"""The operators of content streams, run with a graphics state (ISO 32000-1, annex A)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any, TypeAlias

import pikepdf
from pikepdf import Dictionary, Name

from builder.scan.graphics import State, Walker, matrix_of, space_of
from builder.scan.painted import IDENTITY, Box, Kind, Matrix, Paint, Painted, Picture, times

# Letters that reach below the baseline.
_DESCENDING = frozenset("gjpqyQçÇ,;_()[]{}|/@§µ\ufffd")


@dataclass(slots=True)
class Run:
    """One content stream being run."""

    walker: Walker
    resources: Any
    state: State
    depth: int
    stack: list[State] = field(default_factory=list)
    boxes: list[Box] = field(default_factory=list)
    points: list[tuple[float, float]] = field(default_factory=list)
    clipping: bool = False
    matrix: Matrix = IDENTITY
    line_matrix: Matrix = IDENTITY

    def step(self, operator: str, args: Any, one: Any) -> None:
        handler = STEPS.get(operator)
        if handler is not None:
            handler(self, args)
        elif operator == "INLINE IMAGE":
            self._inline(one.iimage)

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
        thick = state.line * abs(a * d - b * c) ** 0.5
        alone = sum(b.width > 0 and b.height > 0 for b in self.boxes) == 1
        for box in self.boxes:
            if fill:
                thin = min(box.width, box.height) if alone and box.width and box.height else 0.0
                self.put("fill", box, state.fill, state.overprint_fill, state.fill_opacity, thin)
            if stroke:
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
            self.walker.paint(Painted(kind, seen, paint, overprint, opacity, size, words))

    # Colours

    def colour(self, target: str, args: Any) -> None:
        names = [a for a in args if isinstance(a, Name)]
        current: Paint = getattr(self.state, target)
        if names:
            pattern = self.resource(Name.Pattern, names[0])
            self.walker.pattern(pattern, self.state, self.depth, self.resources)
            self.change(**{target: Paint("Pattern")})
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
                self.walker.form(settings.SMask.G, self.state, self.depth + 1, self.resources)

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
        paint, overprint, opacity = state.fill, state.overprint_fill, state.fill_opacity
        if state.mode in (1, 5):
            paint, overprint, opacity = state.stroke, state.overprint_stroke, state.stroke_opacity
        self.put("text", box, paint, overprint, opacity, abs(state.size) * height, text)

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
        )
        if picture.soft_mask:
            self.walker.let_through("soft mask")
        self._picture(picture, Paint(space, (), names))

    def _inline(self, image: Any) -> None:
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
                    state.overprint_fill,
                    state.fill_opacity,
                    picture=picture,
                    matrix=state.ctm,
                )
            )


Step: TypeAlias = Callable[[Run, Any], None]


def _floats(args: Any) -> tuple[float, ...]:
    return tuple(float(a) for a in args)


def _restore(run: Run, _args: Any) -> None:
    if run.stack:
        run.state = run.stack.pop()


def _transform(run: Run, args: Any) -> None:
    run.change(ctm=times(matrix_of(args), run.state.ctm))


def _clip(run: Run, _args: Any) -> None:
    run.clipping = True


def _painting(fill: bool, stroke: bool) -> Step:
    return lambda run, _args: run.paint(fill, stroke)


def _device(target: str, space: str) -> Step:
    return lambda run, args: run.change(**{target: Paint(space, _floats(args))})


def _set(name: str, scale: float = 1.0) -> Step:
    return lambda run, args: run.change(**{name: float(args[0]) * scale})


def _set_font(run: Run, args: Any) -> None:
    run.change(font=run.walker.font(run.resource(Name.Font, args[0])), size=float(args[1]))


def _move_and_lead(run: Run, args: Any) -> None:
    run.change(leading=-float(args[1]))
    run.next_line(float(args[0]), float(args[1]))


def _quote(run: Run, args: Any) -> None:
    run.next_line(0, -run.state.leading)
    run.show([args[-1]])


def _double_quote(run: Run, args: Any) -> None:
    run.change(word_spacing=float(args[0]), spacing=float(args[1]))
    _quote(run, args)


STEPS: dict[str, Step] = {
    "q": lambda run, _args: run.stack.append(run.state),
    "Q": _restore,
    "cm": _transform,
    "w": _set("line"),
    "gs": lambda run, args: run.graphics(args[0]),
    "m": lambda run, args: run.subpath(*_floats(args)),
    "l": lambda run, args: run.move(*_floats(args)),
    "c": lambda run, args: run.move(*_floats(args)),
    "v": lambda run, args: run.move(*_floats(args)),
    "y": lambda run, args: run.move(*_floats(args)),
    "re": lambda run, args: run.rectangle(*_floats(args)),
    "S": _painting(False, True),
    "s": _painting(False, True),
    "f": _painting(True, False),
    "F": _painting(True, False),
    "f*": _painting(True, False),
    "B": _painting(True, True),
    "B*": _painting(True, True),
    "b": _painting(True, True),
    "b*": _painting(True, True),
    "n": lambda run, _args: run.end_path(),
    "W": _clip,
    "W*": _clip,
    "g": _device("fill", "DeviceGray"),
    "G": _device("stroke", "DeviceGray"),
    "rg": _device("fill", "DeviceRGB"),
    "RG": _device("stroke", "DeviceRGB"),
    "k": _device("fill", "DeviceCMYK"),
    "K": _device("stroke", "DeviceCMYK"),
    "cs": lambda run, args: run.colour_space("fill", args[0]),
    "CS": lambda run, args: run.colour_space("stroke", args[0]),
    "sc": lambda run, args: run.colour("fill", args),
    "scn": lambda run, args: run.colour("fill", args),
    "SC": lambda run, args: run.colour("stroke", args),
    "SCN": lambda run, args: run.colour("stroke", args),
    "sh": lambda run, args: run.walker.shading(run.resource(Name.Shading, args[0]), run.state, run.resources),
    "BT": lambda run, _args: run.begin_text(),
    "Tf": _set_font,
    "Tc": _set("spacing"),
    "Tw": _set("word_spacing"),
    "Tz": _set("stretch", 0.01),
    "TL": _set("leading"),
    "Ts": _set("rise"),
    "Tr": lambda run, args: run.change(mode=int(args[0])),
    "Td": lambda run, args: run.next_line(*_floats(args)),
    "TD": _move_and_lead,
    "Tm": lambda run, args: run.begin_text(matrix_of(args)),
    "T*": lambda run, _args: run.next_line(0, -run.state.leading),
    "Tj": lambda run, args: run.show([args[0]]),
    "TJ": lambda run, args: run.show(args[0]),
    "'": _quote,
    '"': _double_quote,
    "Do": lambda run, args: run.paint_object(args[0]),
}
