"""Colour management: screen colours and pictures → the inks of a printing condition, through LittleCMS (Pillow)."""

from __future__ import annotations

from functools import cache, cached_property
from io import BytesIO
from pathlib import Path
from typing import Any, TypeAlias

from PIL import Image, ImageCms

from builder.model.project import SHIPPED

RGB: TypeAlias = tuple[float, float, float]
Inks: TypeAlias = tuple[float, float, float, float]
Lab: TypeAlias = tuple[float, float, float]

INTENT = ImageCms.Intent.RELATIVE_COLORIMETRIC
# Black-point compensation: the darkest of the source becomes the darkest of the press (ISO 18619).
FLAGS = ImageCms.Flags.BLACKPOINTCOMPENSATION
# For which press pictures in inks are made that do not say so: the usual one in Europe.
USUAL_PRESS = SHIPPED / "ISOcoated_v2_300_bas.icc"
# Channels closer than this, of 1, are a grey.
NEUTRAL = 0.012


@cache
def screen_profile() -> ImageCms.ImageCmsProfile:
    """sRGB (IEC 61966-2-1), for what has no profile of its own."""
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))


class Separation:
    """Colours and pictures for one press. `profile` is its ICC output profile; without one, for screens."""

    def __init__(self, profile: Path | None) -> None:
        self._press = ImageCms.getOpenProfile(str(profile)) if profile is not None else None
        self._mixed: dict[RGB, Inks] = {}

    @property
    def mode(self) -> str:
        return "RGB" if self._press is None else "CMYK"

    @property
    def _target(self) -> ImageCms.ImageCmsProfile:
        return self._press or screen_profile()

    def inks(self, rgb: RGB) -> Inks:
        """A screen colour (0-1) as C, M, Y and K (0-1): greys in black alone, the others through the profile."""
        if rgb not in self._mixed:
            if max(rgb) - min(rgb) <= NEUTRAL:
                self._mixed[rgb] = (0.0, 0.0, 0.0, self.black(sum(rgb) / 3))
            else:
                one = Image.new("RGB", (1, 1), tuple(round(v * 255) for v in rgb))
                mixed: Any = self._convert(one, screen_profile(), "CMYK").getpixel((0, 0))
                c, m, y, k = (round(v / 255, 2) for v in mixed)
                self._mixed[rgb] = (c, m, y, k)
        return self._mixed[rgb]

    def black(self, grey: float) -> float:
        """How much black alone is as light as a grey of the screen (0 black, 1 white)."""
        wanted = self._greys[round(grey * 255)]
        return min(range(256), key=lambda k: abs(self._blacks[k] - wanted)) / 255 if grey < 1 else 0.0

    @cached_property
    def _greys(self) -> bytes:
        """Lightness of the screen's greys, from 0 to 255."""
        ramp = Image.new("RGB", (256, 1))
        ramp.putdata([(grey, grey, grey) for grey in range(256)])
        lab: Any = ImageCms.applyTransform(ramp, self._to_lab(screen_profile(), "RGB"))
        return bytes(lab.tobytes()[::3])

    @cached_property
    def _blacks(self) -> bytes:
        """Lightness of 0 to 255 parts of black on the press."""
        ramp = Image.new("CMYK", (256, 1))
        ramp.putdata([(0, 0, 0, k) for k in range(256)])
        lab: Any = ImageCms.applyTransform(ramp, self._to_lab(self._target, "CMYK"))
        return bytes(lab.tobytes()[::3])

    def greys(self, picture: Image.Image, profile: bytes | None) -> Image.Image:
        """A picture in grey (L), by its own profile, as light as on the screen: for the black plate, or for screens."""
        if profile is not None:
            picture = Separation(None).convert(picture, profile).convert("L")
        if self._press is None:
            return picture
        return picture.point([round(255 * (1 - self.black(grey / 255))) for grey in range(256)])

    def lab(self, inks: Inks) -> Lab:
        """How a mixture looks on the press's paper (CIELAB, relative to its white)."""
        one = Image.new("CMYK", (1, 1), tuple(round(v * 255) for v in inks))
        return _lab(ImageCms.applyTransform(one, self._to_lab(self._target, "CMYK")))

    def convert(self, picture: Image.Image, profile: bytes | None) -> Image.Image:
        """A picture (RGB, CMYK or L) by its own ICC `profile` into the inks of the press, or into sRGB for screens.

        Without one it is taken for sRGB, and inks for those of FOGRA39. Raises ValueError where it cannot be read.
        """
        try:
            source = ImageCms.getOpenProfile(BytesIO(profile)) if profile else None
            if source is not None and source.profile.xcolor_space.strip() != {"L": "GRAY"}.get(
                picture.mode, picture.mode
            ):
                source = None  # a profile for other channels says nothing of these
            if source is None and picture.mode == "CMYK":
                source = ImageCms.getOpenProfile(str(USUAL_PRESS))
            if source is None and picture.mode == "L":
                picture = picture.convert("RGB")
            if source is None and self._press is None:
                return picture  # from sRGB to sRGB
            return self._convert(picture, source or screen_profile(), self.mode)
        except (ImageCms.PyCMSError, OSError) as error:
            raise ValueError(f"its colour profile cannot be read: {error}") from error

    def _convert(self, picture: Image.Image, source: ImageCms.ImageCmsProfile, mode: str) -> Image.Image:
        transform = ImageCms.buildTransform(source, self._target, picture.mode, mode, INTENT, FLAGS)
        converted = ImageCms.applyTransform(picture, transform)
        assert converted is not None
        return converted

    @staticmethod
    def _to_lab(source: ImageCms.ImageCmsProfile, mode: str) -> ImageCms.ImageCmsTransform:
        lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB"))
        return ImageCms.buildTransform(source, lab, mode, "LAB", INTENT, FLAGS)


def _lab(pixel: Any) -> Lab:
    lightness, a, b = pixel.tobytes()
    return lightness * 100 / 255, float(a - 256 if a > 127 else a), float(b - 256 if b > 127 else b)
