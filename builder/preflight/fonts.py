"""The preflight rule on fonts, and the fonts that a page names."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import md5
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name

from builder.model.diagnostics import Severity
from builder.preflight.rules import Finding, Job


def font_findings(job: Job) -> Iterator[Finding]:
    files: dict[str, set[bytes]] = {}
    for page in job.pages:
        for name, font in page.marks.fonts.items():
            if font.kind == "Type3":
                yield Finding(
                    "a Type 3 font is used: its letters are drawings, which some presses set badly",
                    "use TrueType or OpenType fonts",
                    (page.number,),
                    severity=Severity.WARNING,
                )
            elif not font.embedded:
                yield Finding(
                    f"the font {name} is not in the file: the press would put another in its place",
                    "embed all fonts when the file is made",
                    (page.number,),
                    value=name,
                )
            elif name[6:7] != "+":
                yield Finding(
                    f"the font {name} is in the file as a whole, not as the letters that are used",
                    "embed subsets: some licences forbid the whole, and the file is larger than need be",
                    (page.number,),
                    value=name,
                    severity=Severity.WARNING,
                )
    for one in job.pdf.pages:
        for entry in fonts_of(one):
            name = str(entry.get(Name.BaseFont, ""))[1:]
            if name[6:7] == "+" and (program := _program(entry)) is not None:
                files.setdefault(name, set()).add(md5(program, usedforsecurity=False).digest())
    for name, programs in sorted(files.items()):
        if len(programs) > 1:
            yield Finding(
                f"{len(programs)} subsets of a font have one name, {name}: programs that join them lose letters",
                "export the file again, or ask its maker",
                value=name,
            )


def _program(font: Any) -> bytes | None:
    inner = font.get(Name.DescendantFonts)
    descriptor = (inner[0] if isinstance(inner, Array) and len(inner) else font).get(Name.FontDescriptor, Dictionary())
    for key in (Name.FontFile, Name.FontFile2, Name.FontFile3):
        if isinstance(descriptor.get(key), pikepdf.Stream):
            return bytes(descriptor[key].read_raw_bytes())
    return None


def fonts_of(page: pikepdf.Page) -> Iterator[Any]:
    """The fonts of a page, and of the forms that it paints, each once."""
    waiting, seen = [page.obj.get(Name.Resources, Dictionary())], set()
    while waiting:
        resources = waiting.pop()
        if not isinstance(resources, Dictionary):
            continue
        for _, font in resources.get(Name.Font, Dictionary()).items():
            if isinstance(font, Dictionary) and (font.objgen == (0, 0) or font.objgen not in seen):
                seen.add(font.objgen)
                yield font
        for kind in (Name.XObject, Name.Pattern):
            for _, form in resources.get(kind, Dictionary()).items():
                if form.objgen not in seen and isinstance(form, pikepdf.Stream) and Name.Resources in form:
                    seen.add(form.objgen)
                    waiting.append(form.Resources)
