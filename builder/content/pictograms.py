"""Icons as they lie in a project: whether an SVG file has shapes that can be filled."""

from __future__ import annotations

from pathlib import Path


def icon_fault(file: Path) -> str:
    """Why a file cannot be drawn as an icon, or an empty text."""
    from fontTools.pens.boundsPen import ControlBoundsPen
    from fontTools.svgLib import SVGPath

    text = file.read_text("utf-8", errors="replace")
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        return "it has a document type or entities, which are refused"
    pen = ControlBoundsPen(None)
    try:
        SVGPath(str(file)).draw(pen)
    except Exception as error:  # noqa: BLE001 - whatever a stranger's file makes of the parser
        return str(error) or "it is not SVG"
    return "" if pen.bounds else "it has no filled shapes"
