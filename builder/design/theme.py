"""Design tokens → CSS variables and colours for figures, on screen (sRGB) or in print (CMYK)."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal, TypeAlias

from pydantic import BeforeValidator, Field, Strict

from builder.design.fonts import Face, face
from builder.model.manuscript import Text
from builder.model.node import Millimetres, Node, Number
from builder.model.photo import BlockWidth

Space: TypeAlias = Literal["srgb", "cmyk"]
Side: TypeAlias = Literal["recto", "verso"]
Percent = Annotated[int, Strict(), Field(ge=0, le=100)]
# The colours that every theme has; it may have more.
PALETTE = frozenset({"ink", "quiet", "rule", "rest", "paper", "tint", "shade", "brand"})
# The tones of a heat table, in per cent of the accent: light enough for black figures.
_TONES = (6, 14, 22, 32, 44)
# Between blocks side by side, in mm.
GUTTER = 8.0
# The measure of running text, in mm.
TEXT_MEASURE = 128.0


class Margin(Node):
    top: Millimetres
    bottom: Millimetres
    inner: Millimetres
    outer: Millimetres


class PageFormat(Node):
    """Trim size and margins, in mm; the pages face each other. The bleed is the printer's."""

    width: Millimetres
    height: Millimetres
    margin: Margin


class Colour(Node):
    """One colour as the screen shows it and as the press mixes it (ink %)."""

    srgb: Annotated[Text, Field(description='"#rrggbb"')]
    cmyk: tuple[Percent, Percent, Percent, Percent]

    def css(self, space: Space, part: int = 100) -> str:
        """As CSS; so much of it, in per cent, on white paper."""
        if space == "srgb":
            if part == 100:
                return str(self.srgb)
            mixed = (255 + (int(self.srgb[at : at + 2], 16) - 255) * part / 100 for at in (1, 3, 5))
            return "#" + "".join(f"{round(channel):02x}" for channel in mixed)
        return f"device-cmyk({' '.join(f'{ink * part / 10000:g}' for ink in self.cmyk)})"


class FaceFile(Node):
    file: Text
    weight: Annotated[int, Strict(), Field(ge=100, le=900)] = 400
    italic: bool = False


class Family(Node):
    family: Text
    faces: tuple[FaceFile, ...] = Field(min_length=1)


class Families(Node):
    heading: Family
    body: Family


Points = Annotated[Number, Field(gt=0, le=2000)]


class Sizes(Node):
    """Type sizes in pt, small to large."""

    small: Points
    text: Points
    large: Points
    lead: Points
    title: Points
    headline: Points
    figure: Points
    key: Points
    display: Points


class TableStyle(Node):
    """How tables look: rules or bands between rows, negative numbers, and whether wide ones turn their page."""

    rows: Annotated[Literal["rules", "bands"], BeforeValidator(str)] = "rules"
    negative: Annotated[Literal["minus", "parentheses"], BeforeValidator(str)] = "minus"
    turn: bool = True


class Theme(Node):
    """layouts/theme.yaml."""

    page: PageFormat
    sizes: Sizes
    fonts: Families
    colours: Mapping[Text, Colour]
    accents: Mapping[Text, Colour] = Field(min_length=1)
    starts: Mapping[Text, Annotated[Side, BeforeValidator(str)]] = Field(default_factory=dict)
    tables: TableStyle = TableStyle()

    def colour(self, name: str) -> Colour:
        """A colour or accent by name."""
        return next(c for key, c in [*self.colours.items(), *self.accents.items()] if key == name)

    def faces(self, role: Literal["heading", "body"], fonts: Path) -> tuple[Face, ...]:
        family: Family = getattr(self.fonts, role)
        return tuple(face(str(family.family), fonts / f.file, f.weight, f.italic) for f in family.faces)

    def face(self, role: Literal["heading", "body"], weight: int, fonts: Path) -> Face:
        """The upright face nearest to `weight`."""
        upright = [f for f in self.faces(role, fonts) if not f.italic] or list(self.faces(role, fonts))
        return min(upright, key=lambda f: abs(f.weight - weight))

    @property
    def families(self) -> tuple[str, ...]:
        """The families of the report's own type: that of headings, and that of texts."""
        return str(self.fonts.heading.family), str(self.fonts.body.family)

    def column(self, abreast: int) -> float:
        """The width of each of so many blocks side by side, in mm."""
        return (self.measure - GUTTER * (abreast - 1)) / abreast

    def wide(self, width: BlockWidth, abreast: int) -> float:
        """The width of a figure with so many blocks on its lines, in mm."""
        if abreast > 1 or width == "full":
            return self.column(abreast)
        return self.column(2) if width == "column" else min(TEXT_MEASURE, self.measure)

    @property
    def measure(self) -> float:
        """Width of the type area, in mm."""
        return float(self.page.width - self.page.margin.inner - self.page.margin.outer)

    @property
    def depth(self) -> float:
        """Height of the type area, in mm."""
        return float(self.page.height - self.page.margin.top - self.page.margin.bottom)

    def css(self, space: Space, fonts: Path, *, bleed: float, screen: bool = False) -> str:
        """The tokens as one stylesheet: @font-face rules and variables on the root. `bleed` is in mm.

        On a `screen`, wide tables stand on pages that lie; in print they are turned.
        """
        rules = []
        for family in (self.fonts.heading, self.fonts.body):
            for one in family.faces:
                rules.append(
                    "@font-face { "
                    f"font-family: '{family.family}'; src: url('{(fonts / one.file).as_uri()}'); "
                    f"font-weight: {one.weight}; font-style: {'italic' if one.italic else 'normal'} }}"
                )
        page, margin = self.page, self.page.margin
        variables = {
            "page-width": f"{page.width}mm",
            "page-height": f"{page.height}mm",
            "bleed": f"{bleed:g}mm",
            "margin-top": f"{margin.top}mm",
            "margin-bottom": f"{margin.bottom}mm",
            "margin-inner": f"{margin.inner}mm",
            "margin-outer": f"{margin.outer}mm",
            "measure": f"{self.measure:g}mm",
            "gutter": f"{GUTTER:g}mm",
            "depth": f"{self.depth:g}mm",
            "wide-page": "lying" if screen else "auto",
            "wide-turn": "none" if screen else f"rotate(-90deg) translateX({-self.depth:g}mm)",
            "wide-width": f"{self.depth if screen else self.measure:g}mm",
            "wide-height": f"{self.measure if screen else self.depth:g}mm",
            "heading": f"'{self.fonts.heading.family}', '{self.fonts.body.family}'",
            "body": f"'{self.fonts.body.family}', '{self.fonts.heading.family}'",
            **{f"size-{name}": f"{value}pt" for name, value in self.sizes},
            **{str(name): colour.css(space) for name, colour in self.colours.items()},
            "accent": next(iter(self.accents.values())).css(space),
            "first-accent": next(iter(self.accents.values())).css(space),
        }
        rules.append(":root { " + "; ".join(f"--{k}: {v}" for k, v in variables.items()) + " }")
        rules += [f".size-{name} {{ font-size: var(--size-{name}) }}" for name, _ in self.sizes]
        for name, colour in self.accents.items():
            rules.append(f":root {{ --accent-{name}: {colour.css(space)} }}")
            tones = "".join(f"; --tone-{at}: {colour.css(space, part)}" for at, part in enumerate(_TONES, 1))
            rules.append(f".accent-{name} {{ --accent: {colour.css(space)}{tones} }}")
        return "\n".join(rules)
