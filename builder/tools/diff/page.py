"""A comparison as text, as JSON, and as one web page with the pages side by side."""

from __future__ import annotations

import base64
import io
import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from PIL import Image

from builder.design.pdf_pages import page_picture
from builder.design.templates import web_page
from builder.tools.diff import Comparison, PageChange, marked

_DPI = 80


def summary(found: Comparison) -> str:
    changed = [p for p in found.pages if p.changed]
    parts = [
        f"{len({c.name for c in found.numbers})} numbers changed"
        if found.old.with_data and found.new.with_data
        else "",
        f"{len({c.name for c in found.figures})} figures changed"
        if found.old.with_data and found.new.with_data
        else "",
        f"{len(changed)} of {max(len(found.old.pages), len(found.new.pages))} pages changed",
        f"{sum(p.moved for p in found.pages)} pages moved",
    ]
    return ", ".join(part for part in parts if part)


def as_text(found: Comparison) -> str:
    lines = [f"{found.old.name} → {found.new.name}: {'nothing changed' if found.same else summary(found)}"]
    if not (found.old.with_data and found.new.with_data):
        lines.append("  one of the two has no data inside: numbers are told by their pages only")
    for title, changes in (("numbers", found.numbers), ("figures", found.figures)):
        if changes:
            lines += [title, *(f"  {c.name:24} {c.what}: {c.old or '–'} → {c.new or '–'}" for c in changes)]
    shown = [p for p in found.pages if p.changed]
    if shown:
        lines.append("pages")
    for page in shown:
        lines.append(f"  {_title(page)}")
        told = " ".join(f"[-{t}-]" if k == "old" else f"[+{t}+]" if k == "new" else t for k, t in page.words)
        if any(kind != "same" for kind, _ in page.words):
            lines.append(f"    {told[:600]}")
        else:
            lines.append("    the same words; it looks different")
    if moved := moves(found.pages):
        lines.append(f"moved: {moved}")
    return "\n".join(lines) + "\n"


def as_json(found: Comparison) -> str:
    data: dict[str, Any] = {
        "old": found.old.name,
        "new": found.new.name,
        "same": found.same,
        "numbers": [asdict(c) for c in found.numbers],
        "figures": [asdict(c) for c in found.figures],
        "pages": [
            {"old": p.old, "new": p.new, "moved": p.moved, "changed": p.changed, "looks": p.looks, "words": p.words}
            for p in found.pages
            if p.changed or p.moved
        ],
    }
    return json.dumps(data, ensure_ascii=False, indent=2)


def as_page(found: Comparison) -> str:
    """HTML that needs nothing but itself: pictures of the pages are inside."""
    pages = []
    for page in found.pages:
        if page.changed:
            before, after = _pictures(found, page)
            pages.append(
                {
                    "title": _title(page),
                    "old": page.old,
                    "new": page.new,
                    "words": page.words if any(kind != "same" for kind, _ in page.words) else (),
                    "before": before,
                    "after": after,
                }
            )
    context = {
        "old": found.old.name,
        "new": found.new.name,
        "summary": "Nothing changed" if found.same else summary(found),
        "with_data": found.old.with_data and found.new.with_data,
        "numbers": found.numbers,
        "figures": found.figures,
        "moved": moves(found.pages),
        "pages": pages,
    }
    return web_page(Path(__file__).with_name("diff.html"), context)


def moves(pages: Sequence[PageChange]) -> str:
    """Runs of pages that moved together: 13–24 → 14–25."""
    return ", ".join(_runs([(p.old, p.new) for p in pages if p.moved and p.old is not None and p.new is not None]))


def _runs(pairs: Sequence[tuple[int, int]]) -> Iterator[str]:
    at = 0
    while at < len(pairs):
        end = at
        while end + 1 < len(pairs) and pairs[end + 1] == (pairs[end][0] + 1, pairs[end][1] + 1):
            end += 1
        (a, b), (c, d) = pairs[at], pairs[end]
        yield f"{a} → {b}" if at == end else f"{a}–{c} → {b}–{d}"
        at = end + 1


def _title(page: PageChange) -> str:
    if page.old is None:
        return f"page {page.new}: new"
    if page.new is None:
        return f"page {page.old}: gone"
    return f"page {page.old}" if page.old == page.new else f"page {page.old} → {page.new}"


def _pictures(found: Comparison, page: PageChange) -> tuple[str, str]:
    if page.old is not None and page.new is not None:
        pair = marked(found.old.file, page.old - 1, found.new.file, page.new, _DPI)
        if pair is not None:
            return _data(pair[0]), _data(pair[1])
    before = _data(page_picture(found.old.file, page.old, _DPI)) if page.old else ""
    after = _data(page_picture(found.new.file, page.new, _DPI)) if page.new else ""
    return before, after


def _data(picture: Image.Image) -> str:
    out = io.BytesIO()
    picture.save(out, "WEBP", quality=70)
    return "data:image/webp;base64," + base64.b64encode(out.getvalue()).decode()
