"""Where a line breaks, mended: WeasyPrint 70 breaks a run of words after its first where all of them fit.

In `text/line_break.py`, `split_first_line` measures a run with the space at its end, which hangs beyond the line and
takes no room (CSS Text 3, 4.1.3). Where the run fits and the space does not, it takes the run for one that cannot be
broken but in its first word, and breaks after that. A quoted number is an element of its own, so each run before one
ends with a space.
"""

from __future__ import annotations

from typing import Any

from builder.pages.paginate.patch import replace

# Of white space that collapses, the last hangs (CSS Text 3, 4.1.2 and 4.1.3).
_COLLAPSING = frozenset(("normal", "nowrap", "pre-line"))


def split_first_line(
    text: str, style: Any, context: Any, max_width: float | None, justification_spacing: float, **more: Any
) -> tuple[Any, ...]:
    """In the place of WeasyPrint's: a layout, and how many bytes are on the line and before the next; px."""
    found: tuple[Any, ...] = _split_first_line(text, style, context, max_width, justification_spacing, **more)
    _layout, length, resume_at, *_ = found
    one_word = " " not in text.encode()[:length].decode().strip()
    if max_width is None or resume_at is None or not one_word or not text.endswith(" "):
        return found
    words = text.rstrip(" ")
    if style["white_space"] not in _COLLAPSING or " " not in words:
        return found
    _, _, rest, width, *_ = _split_first_line(words, style, context, max_width, justification_spacing, **more)
    if rest is not None or width > max_width:
        return found
    whole: tuple[Any, ...] = _split_first_line(text, style, context, None, justification_spacing, **more)
    return whole


_split_first_line = replace("weasyprint.layout.inline", "split_first_line", split_first_line)
