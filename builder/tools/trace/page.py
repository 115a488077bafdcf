"""The trace as one web page to click through."""

from __future__ import annotations

from itertools import groupby
from pathlib import Path
from typing import Any

from builder.design.templates import web_page
from builder.tools.trace import Traced, Trail


def trace_page(found: Traced) -> str:
    """HTML that needs nothing but itself."""
    by_page = []
    for number, standings in groupby(found.trace.standings, lambda one: one.page):
        places = list(standings)
        sections = list(dict.fromkeys(one.section for one in places))
        rows = list(dict.fromkeys((p.number.text, p.number.names, p.number.kind, p.number.place) for p in places))
        said = [dict(zip(("text", "names", "kind", "place"), row, strict=True)) for row in rows]
        by_page.append({"number": number, "sections": sections, "standings": said})
    waived = [
        {
            "code": one.diagnostic.code,
            "message": one.diagnostic.message,
            "where": str(one.diagnostic.span or ""),
            "reason": one.reason,
        }
        for one in found.waived
    ]
    context = {
        "title": found.title,
        "organisation": found.organisation,
        "trails": [_trail(one) for one in found.trace.trails.values()],
        "pages": found.trace.pages,
        "by_page": by_page,
        "waived": waived,
    }
    return web_page(Path(__file__).with_name("trace.html"), context)


def _trail(one: Trail) -> dict[str, Any]:
    places = list(dict.fromkeys((p.page, p.section, p.number.text) for p in one.standings))
    return {
        "name": one.name,
        "label": one.label,
        "printed": one.printed,
        "rows": one.rows,
        "status": dict(one.rows)["status"].partition(":")[0],
        "made_from": one.made_from,
        "makes": one.makes,
        "pages": sorted({p.page for p in one.standings}),
        "standings": [dict(zip(("page", "section", "text"), place, strict=True)) for place in places],
    }
