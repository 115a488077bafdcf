"""The graphics state of a content stream, and its colour spaces (ISO 32000-1, 8.4 and 8.6)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

from pikepdf import Array, Dictionary, Name

from builder.pdf.scan.painted import BLACK, IDENTITY, Box, Matrix, Paint, Painted
from builder.pdf.scan.typeset import Font

EVERYWHERE = Box(-1e9, -1e9, 1e9, 1e9)


@dataclass(frozen=True, slots=True)
class GraphicsState:
    ctm: Matrix = IDENTITY
    clip: Box = EVERYWHERE
    fill: Paint = BLACK
    stroke: Paint = BLACK
    line: float = 1.0
    font: Font | None = None
    size: float = 0.0
    spacing: float = 0.0
    word_spacing: float = 0.0
    stretch: float = 1.0
    leading: float = 0.0
    rise: float = 0.0
    mode: int = 0
    overprint_fill: bool = False
    overprint_stroke: bool = False
    overprint_mode: int = 0
    mask: bool = False
    fill_opacity: float = 1.0
    stroke_opacity: float = 1.0


class Walker(Protocol):
    """What runs the streams that a stream names."""

    def form(self, form: Any, state: GraphicsState, depth: int, resources: Any = None) -> None: ...

    def pattern(self, pattern: Any, state: GraphicsState, depth: int, resources: Any) -> None: ...

    def shading(self, shading: Any, state: GraphicsState, resources: Any) -> None: ...

    def font(self, font: Any) -> Font: ...

    def let_through(self, what: str) -> None: ...

    def forbid(self, what: str) -> None: ...

    def glyphs(self, font: Font, state: GraphicsState, depth: int) -> None: ...

    def paint(self, one: Painted) -> None: ...


def space_of(space: Any, resources: Any, depth: int = 0) -> tuple[str, tuple[str, ...]]:
    """The family of a colour space, and the colorants that it names."""
    if depth > 6:
        return "unknown", ()
    if isinstance(space, Name):
        short = {"/G": "DeviceGray", "/RGB": "DeviceRGB", "/CMYK": "DeviceCMYK", "/I": "Indexed"}
        name = short.get(str(space), str(space)[1:])
        own = resources.get(Name.ColorSpace, Dictionary()) if isinstance(resources, Dictionary) else Dictionary()
        if not isinstance(own, Dictionary):
            return name, ()
        if not name.startswith("Device") and name != "Pattern" and space in own:
            return space_of(own[space], resources, depth + 1)
        default = Name(f"/Default{name.removeprefix('Device')}")  # a space put in a device's place (8.6.5.6)
        if name.startswith("Device") and name != "DeviceN" and default in own and depth == 0:
            return space_of(own[default], resources, depth + 1)
        return name, ()
    if not isinstance(space, Array) or not len(space):
        return "unknown", ()
    family = str(space[0])[1:]
    match family:
        case "Indexed" | "I":
            return space_of(space[1], resources, depth + 1)
        case "Separation":
            return family, (str(space[1])[1:],)
        case "DeviceN":
            return family, tuple(str(n)[1:] for n in space[1])
        case "ICCBased":
            return f"ICCBased {({1: 'Gray', 3: 'RGB', 4: 'CMYK'}).get(int(space[1].get(Name.N, 0)), '?')}", ()
        case "Pattern" if len(space) > 1:  # uncoloured: it is painted in this space
            return space_of(space[1], resources, depth + 1)
    return family, ()


def matrix_of(value: Any) -> Matrix:
    """Six numbers, or the identity where there are none."""
    if value is None or len(value) != 6:
        return IDENTITY
    a, b, c, d, e, f = (float(x) for x in value)
    return a, b, c, d, e, f


def box_of(value: Any) -> Box:
    a, b, c, d = (float(x) for x in value)
    return Box(min(a, c), min(b, d), max(a, c), max(b, d))
