"""Photos in two inks: their shadows in black, and the tones above them in a colour of the theme."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from PIL import Image, ImageColor

from builder.design.theme import Colour, Space, Theme


@dataclass(frozen=True, slots=True)
class Duotone:
    """How dark and light parts of a photo are printed: a mixture for its blacks, one for `grey`, one for its whites.

    The mixtures are channels (0-255) of RGB or CMYK. The colour stands where the photo is as light as it is: `grey`,
    from 1 to 254. So a photo is neither darker nor lighter than in grey.
    """

    dark: tuple[int, ...]
    colour: tuple[int, ...]
    light: tuple[int, ...]
    grey: int

    def printed(self, picture: Image.Image) -> Image.Image:
        """A picture in grey (L) in these tones: RGB or CMYK."""
        channels = []
        for dark, colour, light in zip(self.dark, self.colour, self.light, strict=True):
            below = [dark + (colour - dark) * at / self.grey for at in range(self.grey)]
            above = [colour + (light - colour) * at / (255 - self.grey) for at in range(256 - self.grey)]
            channels.append(picture.point([round(value) for value in (*below, *above)]))
        return Image.merge("RGB" if len(channels) == 3 else "CMYK", channels)


def duotones(theme: Theme, space: Space) -> dict[str, Duotone]:
    """Those that a theme has, by the names of their colours: of screens, or in its inks."""
    dark, light = theme.colour("ink"), theme.colour("paper")
    named = [*theme.colours.items(), *theme.accents.items()]
    return {
        str(name): Duotone(_channels(dark, space), _channels(one, space), _channels(light, space), _grey(one))
        for name, one in named
    }


def _channels(colour: Colour, space: Space) -> tuple[int, ...]:
    if space == "cmyk":
        return tuple(round(ink * 255 / 100) for ink in colour.cmyk)
    return ImageColor.getrgb(str(colour.srgb))[:3]


def _grey(colour: Colour) -> int:
    grey: Any = ImageColor.getcolor(str(colour.srgb), "L")
    return min(254, max(1, int(grey)))
