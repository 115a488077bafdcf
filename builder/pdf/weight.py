"""What takes the space in a PDF: pictures, fonts, files inside, and what the pages paint."""

from __future__ import annotations

from pathlib import Path

import pikepdf
from pikepdf import Dictionary, Name

from builder.pages.standin import SOURCE_FILE


def weights(file: Path) -> tuple[tuple[str, int], ...]:
    """What each picture, font and so on takes, in bytes as they are stored, the heaviest first."""
    found: dict[str, int] = {}
    with pikepdf.open(file) as pdf:
        fonts = {
            one[key].objgen: str(one.get(Name.FontName, "font")).partition("+")[2]
            for one in pdf.objects
            if isinstance(one, Dictionary)
            for key in ("/FontFile2", "/FontFile3")
            if key in one
        }
        for one in pdf.objects:
            if not isinstance(one, pikepdf.Stream):
                continue
            if one.get(Name.Subtype) == Name.Image:
                name = str(one.get(SOURCE_FILE, "pictures"))
            elif one.objgen in fonts:
                name = f"font {fonts[one.objgen]}"
            elif one.get(Name.Type) == Name.EmbeddedFile:
                name = "files inside"
            else:
                name = "text and drawings"
            found[name] = found.get(name, 0) + len(one.read_raw_bytes())
    return tuple(sorted(found.items(), key=lambda item: (-item[1], item[0])))
