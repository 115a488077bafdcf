"""Whether colours can be told apart: contrast for weak eyes, greys, and the three kinds of colour blindness."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

from builder.design.theme import Colour, Theme
from builder.model.diagnostics import Diagnostic

Linear: TypeAlias = tuple[float, float, float]
# WCAG 2.1, 1.4.3 (text) and 1.4.11 (parts of figures; the same for text from 18 pt).
TEXT, PART = 4.5, 3.0
# Lines of one weight in one figure are apart by this much of CIELAB, in every way of seeing.
APART = 10.0
# Severe protanopia, deuteranopia and tritanopia, on linear RGB (Machado, Oliveira and Fernandes 2009, table 1);
# and no colour at all (WCAG's relative luminance).
_EYES: dict[str, tuple[Linear, Linear, Linear]] = {
    "eyes that lack red": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "eyes that lack green": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.01182, 0.04294, 0.968881),
    ),
    "eyes that lack blue": (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.3039),
    ),
    "a print in grey": ((0.2126, 0.7152, 0.0722),) * 3,
}
# sRGB's white (IEC 61966-2-1) and its primaries in XYZ.
_XYZ = ((0.4124, 0.3576, 0.1805), (0.2126, 0.7152, 0.0722), (0.0193, 0.1192, 0.9505))
_WHITE = (0.9505, 1.0, 1.089)


def contrast_problems(theme: Theme) -> Iterator[Diagnostic]:
    """Where a theme's colours do not stand out enough: text on its grounds, parts of figures, lines beside lines."""
    colours = {str(name): colour for name, colour in [*theme.colours.items(), *theme.accents.items()]}
    accents = [str(name) for name in theme.accents]
    for ground in ("paper", "tint"):
        for name in dict.fromkeys(("ink", "quiet", "brand")):
            yield from _contrast(colours, name, ground, TEXT, "text")
    for name in accents:
        yield from _contrast(colours, name, "paper", TEXT, "text")
        yield from _contrast(colours, name, "tint", PART, "large numbers")
    yield from _contrast(colours, "rest", "paper", PART, "a part of a figure")
    for name in (*accents, "rest", "quiet"):
        yield from _seen(colours, name)
    for one, other in (*((accent, "rest") for accent in accents), ("ink", "quiet")):
        yield from _apart(colours, one, other)


def contrast(one: Linear, other: Linear) -> float:
    """The contrast ratio of two colours (WCAG 2.1)."""
    high, low = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def linear(colour: Colour) -> Linear:
    """A screen colour as light."""
    red, green, blue = (int(colour.srgb[at : at + 2], 16) for at in (1, 3, 5))
    return light(red, green, blue)


def light(red: int, green: int, blue: int) -> Linear:
    """A pixel (0 to 255 each) as light (IEC 61966-2-1)."""

    def of(value: float) -> float:
        return value / 12.92 if value <= 0.04045 else float(((value + 0.055) / 1.055) ** 2.4)

    return of(red / 255), of(green / 255), of(blue / 255)


def seen(colour: Linear, by: str) -> Linear:
    """A colour as other eyes see it."""
    red, green, blue = (min(1.0, max(0.0, sum(a * b for a, b in zip(row, colour, strict=True)))) for row in _EYES[by])
    return red, green, blue


def _luminance(colour: Linear) -> float:
    return 0.2126 * colour[0] + 0.7152 * colour[1] + 0.0722 * colour[2]


def _lab(colour: Linear) -> Linear:
    """CIE 1976 L*a*b*."""

    def root(value: float) -> float:
        return float(value ** (1 / 3)) if value > 216 / 24389 else (24389 / 27 * value + 16) / 116

    x, y, z = (
        root(sum(a * b for a, b in zip(row, colour, strict=True)) / white)
        for row, white in zip(_XYZ, _WHITE, strict=True)
    )
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def _contrast(colours: dict[str, Colour], name: str, ground: str, need: float, what: str) -> Iterator[Diagnostic]:
    found = contrast(linear(colours[name]), linear(colours[ground]))
    if found < need:
        yield Diagnostic(
            "contrast",
            f'"{name}" on "{ground}" has a contrast of {found:.1f} : 1, and {what} needs {need:g} : 1',
            "make the colour darker, or the ground lighter (WCAG 2.1, 1.4.3 and 1.4.11)",
            colours[name].srgb.span,
        )


def _seen(colours: dict[str, Colour], name: str) -> Iterator[Diagnostic]:
    for eyes in _EYES:
        found = contrast(seen(linear(colours[name]), eyes), seen(linear(colours["paper"]), eyes))
        if found < PART:
            yield Diagnostic(
                "contrast",
                f'for {eyes}, "{name}" on "paper" has a contrast of {found:.1f} : 1, and figures need {PART:g} : 1',
                "make the colour darker",
                colours[name].srgb.span,
            )


def _apart(colours: dict[str, Colour], one: str, other: str) -> Iterator[Diagnostic]:
    for eyes in _EYES:
        first, second = (_lab(seen(linear(colours[name]), eyes)) for name in (one, other))
        distance = sum((a - b) ** 2 for a, b in zip(first, second, strict=True)) ** 0.5
        if distance < APART:
            yield Diagnostic(
                "colours-alike",
                f'for {eyes}, "{one}" and "{other}" look alike in a figure',
                "make one of them darker or lighter",
                colours[one].srgb.span,
            )
