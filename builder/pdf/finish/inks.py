"""Inks: what is painted is brought to the inks of the press, and black text prints over what lies under it.

Theme colours come as ink recipes from the layout on. What is left in screen colours is mixed here: theme colours by
their recipe, greys in black alone, the rest through the press's profile, with a word about it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import pikepdf
from pikepdf import Array, ContentStreamInstruction, Dictionary, Name, Operator

from builder.design.colour import RGB, Inks, Separation
from builder.model.diagnostics import Diagnostic, warning

_FILL = {"rg": "DeviceRGB", "g": "DeviceGray", "k": "DeviceCMYK"}
_STROKE = {"RG": "DeviceRGB", "G": "DeviceGray", "K": "DeviceCMYK"}
_SHOW = frozenset({"Tj", "TJ", "'", '"'})
_PAINT = frozenset({"f", "F", "f*", "B", "B*", "b", "b*", "S", "s", "sh", "Do", "INLINE IMAGE"})
_BLACK = (0.0, 0.0, 0.0, 1.0)


@dataclass(frozen=True, slots=True)
class _State:
    fill: Inks | None = None
    stroke: Inks | None = None
    fill_space: str = ""
    stroke_space: str = ""
    mode: int = 0
    over: bool = False


def ink(book: pikepdf.Pdf, separation: Separation, recipes: Mapping[RGB, Inks]) -> tuple[Diagnostic, ...]:
    """Rewrites every content stream of the book; says which colours have no recipe."""
    mixed: dict[RGB, int] = {}
    done: set[tuple[int, int]] = set()
    for number, page in enumerate(book.pages, 1):
        page.contents_coalesce()
        press = _Inker(separation, recipes)
        for stream, resources in _streams(page):
            if stream.objgen in done:
                continue
            done.add(stream.objgen)
            stream.write(press.inked(stream, resources))
            if Name.Group in stream and Name.CS in stream.Group:
                stream.Group.CS = Name.DeviceCMYK
            if Name.ColorSpace in resources:
                del resources[Name.ColorSpace]
        for _, held in _streams(page):
            for shading in _shadings(held):
                press.shade(shading)
        for colour in press.mixed:
            mixed.setdefault(colour, number)
    return tuple(
        warning(
            "colour-without-recipe",
            f"page {page}: the colour #{''.join(f'{round(v * 255):02x}' for v in rgb)} has no ink recipe; "
            f"it was mixed as {' '.join(f'{round(i * 100)}' for i in separation.inks(rgb))}",
            "use a colour of layouts/theme.yaml, or add this one there with its `cmyk`",
        )
        for rgb, page in mixed.items()
    )


def _streams(page: pikepdf.Page) -> Iterator[tuple[Any, Any]]:
    """The content of a page, of its forms and of its patterns, each with its resources."""
    waiting = [(page.obj.get(Name.Contents), page.obj.get(Name.Resources))]
    while waiting:
        stream, resources = waiting.pop()
        if not isinstance(stream, pikepdf.Stream) or not isinstance(resources, Dictionary):
            continue
        inner = [one for kind in (Name.XObject, Name.Pattern) for _, one in resources.get(kind, Dictionary()).items()]
        # Masks are no paint: their greys say how much shines through.
        waiting += [(one, one.Resources) for one in inner if isinstance(one, pikepdf.Stream) and Name.Resources in one]
        yield stream, resources


def _shadings(resources: Any) -> Iterator[Any]:
    """The gradients that a content stream may paint: by name, or in a pattern (ISO 32000-1, 8.7.4)."""
    yield from (shading for _, shading in resources.get(Name.Shading, Dictionary()).items())
    for _, pattern in resources.get(Name.Pattern, Dictionary()).items():
        if Name.Shading in pattern:
            yield pattern.Shading


class _Inker:
    """Rewrites content streams; remembers the colours that had no recipe."""

    def __init__(self, separation: Separation, recipes: Mapping[RGB, Inks]) -> None:
        self._separation, self._recipes = separation, recipes
        self.mixed: dict[RGB, None] = {}

    def inked(self, stream: Any, resources: Any) -> bytes:
        out: list[Any] = []
        stack: list[_State] = []
        state = _State()
        overprints = False
        for one in pikepdf.parse_content_stream(stream):
            operator = str(one.operator)
            if operator == "q":
                stack.append(state)
            elif operator == "Q" and stack:
                state = stack.pop()
            elif operator == "Tr":
                state = replace(state, mode=int(one.operands[0]))
            elif operator in ("cs", "CS"):
                space = str(one.operands[0])[1:]
                state = replace(state, fill_space=space) if operator == "cs" else replace(state, stroke_space=space)
                if space in ("DeviceCMYK", "DeviceRGB", "DeviceGray"):
                    continue  # said again with the colour
            elif (paint := self._paint(operator, one.operands, state)) is not None:
                stroke = operator.isupper()
                state = replace(state, stroke=paint) if stroke else replace(state, fill=paint)
                out.append(ContentStreamInstruction(list(paint), Operator("K" if stroke else "k")))
                continue
            elif operator in ("sc", "scn", "SC", "SCN"):
                state = replace(state, stroke=None) if operator.isupper() else replace(state, fill=None)
            wanted = self._overprint(operator, state)
            if wanted is not None and wanted != state.over:
                state = replace(state, over=wanted)
                overprints = True
                out.append(ContentStreamInstruction([Name("/Over" if wanted else "/Knock")], Operator("gs")))
            out.append(one)
        if overprints:
            if Name.ExtGState not in resources:
                resources.ExtGState = Dictionary()
            # OPM 1: inks that are 0 leave what is under them (ISO 32000-1, 11.7.4.3).
            for name, over in ((Name.Over, True), (Name.Knock, False)):
                resources.ExtGState[name] = Dictionary(Type=Name.ExtGState, OP=over, op=over, OPM=1)
        return pikepdf.unparse_content_stream(out)

    def shade(self, shading: Any) -> None:
        """Bring a gradient of the screen to the inks at its ends: from there on, the press mixes it."""
        if shading.get(Name.ColorSpace) not in (Name.DeviceRGB, Name.DeviceGray):
            return
        functions = list(_functions(shading.get(Name.Function)))
        if not functions or any(one.get(Name.FunctionType) not in (2, 3) for one in functions):
            return  # of another maker: the preflight says what it is in
        for one in functions:
            if one.FunctionType == 2:
                for end, usual in ((Name.C0, 0), (Name.C1, 1)):
                    values = [float(value) for value in one.get(end, [usual])]
                    red, green, blue = values if len(values) == 3 else values * 3
                    one[end] = Array(self._recipe((red, green, blue)) or self._separation.inks((red, green, blue)))
            if Name.Range in one:
                one.Range = Array([0, 1] * 4)
        if Name.Background in shading:
            del shading[Name.Background]
        shading.ColorSpace = Name.DeviceCMYK

    @staticmethod
    def _overprint(operator: str, state: _State) -> bool | None:
        """Whether what is painted next shall overprint; None where nothing is."""
        if operator in _SHOW:
            return state.fill == _BLACK and state.mode in (0, 4)
        return False if operator in _PAINT else None

    def _paint(self, operator: str, operands: Any, state: _State) -> Inks | None:
        space = {**_FILL, **_STROKE}.get(operator)
        if operator in ("sc", "scn", "SC", "SCN"):
            space = state.stroke_space if operator.isupper() else state.fill_space
        if space not in ("DeviceRGB", "DeviceGray", "DeviceCMYK"):
            return None
        values = tuple(float(v) for v in operands)
        if space == "DeviceCMYK":
            c, m, y, k = values
            return c, m, y, k
        red, green, blue = values if space == "DeviceRGB" else values * 3
        return self._mix((red, green, blue))

    def _mix(self, rgb: RGB) -> Inks:
        if (recipe := self._recipe(rgb)) is not None:
            return recipe
        if rgb != (1.0, 1.0, 1.0):
            self.mixed.setdefault(rgb)
        return self._separation.inks(rgb)

    def _recipe(self, rgb: RGB) -> Inks | None:
        """The inks of a colour of the theme, and black in black alone."""
        eight = tuple(round(v * 255) for v in rgb)
        for known, recipe in self._recipes.items():
            if tuple(round(v * 255) for v in known) == eight:
                return recipe
        return _BLACK if rgb == (0.0, 0.0, 0.0) else None


def _functions(function: Any) -> Iterator[Any]:
    """A function and those that it stitches together (ISO 32000-1, 7.10.4)."""
    if isinstance(function, Dictionary):
        yield function
        for inner in function.get(Name.Functions, []):
            yield from _functions(inner)
