"""What of WeasyPrint 70.0 has something of ours in its place, since it has no hook there: all functions, with reasons.

`check` holds the list to the WeasyPrint that is installed: one whose functions take other arguments is refused before
it lays out a page. What stands in their places is beside this module, where the list says. Two more libraries are bent
while WeasyPrint is loaded: see `builder.pages.engine`.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any

# Module, name, the arguments that it takes (None where it is a module), and why it is replaced, by what.
REPLACED: dict[tuple[str, str], tuple[tuple[str, ...] | None, str]] = {
    ("weasyprint.pdf", "build_fonts_dictionary"): (
        ("pdf", "fonts", "compress", "subset", "options"),
        "fonts are handed over as data, and each is subset once for the whole book: `fonts_and_tags`",
    ),
    ("weasyprint.pdf", "add_tags"): (
        ("pdf", "document", "pdf_version", "page_streams"),
        "tags are handed over as data, and the book has one structure: `fonts_and_tags`",
    ),
    ("weasyprint.draw", "draw_text"): (
        ("stream", "textbox", "offset_x", "text_overflow", "block_ellipsis"),
        "page numbers become holes in what is painted: `stamps`",
    ),
    ("weasyprint.layout.inline", "split_first_line"): (
        ("text", "style", "context", "max_width", "justification_spacing", "is_line_start", "minimum"),
        "a run that fits is not broken after its first word: `lines`",
    ),
    ("weasyprint.document", "LayoutContext"): (
        ("style_for", "get_image_from_uri", "font_config", "counter_style", "target_collector"),
        "notes that fit stay on their page: `notes`",
    ),
    ("weasyprint.layout.page", "_update_page_groups"): (
        ("page_groups", "resume_at", "next_page", "root_box", "blank"),
        "a page with notes or tables at its foot alone has folio and running head: `notes`",
    ),
    ("weasyprint.text.line_break", "pyphen"): (None, "words are parted as the language and the report want: `hyphens`"),
    ("weasyprint.images", "Image"): (None, "pictures of harmless formats alone are opened: `pictures`"),
    ("weasyprint.draw.text", "Image"): (None, "the same, for letters that are pictures"),
}
# Classes that are used beyond WeasyPrint's documentation, and what they must have. (Of their instances, `_page_box`,
# `_fonts`, `_tags`, `pango_layout`, `collapsed_border_grid`, `skipped_rows` and `links` are used too: an
# AttributeError tells where one is gone.)
USED: dict[tuple[str, str], tuple[str, ...]] = {
    ("weasyprint.css.counters", "CounterStyle"): ("render_value",),
    ("weasyprint.formatting_structure.boxes", "Box"): ("descendants", "copy", "margin_width", "border_width"),
    ("weasyprint.layout", "LayoutContext"): ("_update_footnote_area",),
    ("weasyprint.formatting_structure.boxes", "MarginBox"): (),
    ("weasyprint.formatting_structure.boxes", "TableBox"): (),
    ("weasyprint.text.line_break", "Layout"): ("set_text", "get_first_line", "deactivate"),
    ("weasyprint.formatting_structure.boxes", "TextBox"): (),
    ("weasyprint.pdf.stream", "Stream"): ("clone",),
}


_originals: dict[tuple[str, str], Any] = {}  # of what is replaced for good


def check() -> None:
    """Raises ImportError where the installed WeasyPrint is not the one that this package was written for."""
    for (module, name), (takes, _why) in REPLACED.items():
        found = _originals.get((module, name)) or getattr(import_module(module), name, None)
        if found is None:
            raise ImportError(f"WeasyPrint has no {module}.{name}; builder wants WeasyPrint 70.0")
        if takes is not None and tuple(inspect.signature(found).parameters) != takes:
            has = ", ".join(inspect.signature(found).parameters)
            raise ImportError(f"WeasyPrint's {module}.{name} takes ({has}); builder wants WeasyPrint 70.0")
    for (module, name), members in USED.items():
        found = getattr(import_module(module), name, None)
        if found is None or any(not hasattr(found, member) for member in members):
            raise ImportError(f"WeasyPrint's {module}.{name} is another; builder wants WeasyPrint 70.0")


def replace(module: str, name: str, by: Any) -> Any:
    """Put `by` in the place of something in the list, for good; returns what was there."""
    before = _put(module, name, by)
    _originals[module, name] = before
    return before


def _put(module: str, name: str, by: Any) -> Any:
    if (module, name) not in REPLACED:
        raise KeyError(f"{module}.{name} is not in the list of what is replaced")
    place = import_module(module)
    before = getattr(place, name)
    setattr(place, name, by)
    return before


@contextmanager
def replaced(module: str, name: str, by: Any) -> Iterator[None]:
    """Put `by` in the place of something in the list, while the block runs."""
    before = _put(module, name, by)
    try:
        yield
    finally:
        _put(module, name, before)


check()
