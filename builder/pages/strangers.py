"""Numbers on pages that a layout ascribes to indicators that are none."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from builder.model.diagnostics import Diagnostic
from builder.model.fragment import Fragment
from builder.model.report import Report


def strangers(report: Report, fragments: Sequence[Fragment]) -> Iterator[Diagnostic]:
    """Indicators that a layout names and the report does not have."""
    for fragment in fragments:
        named = {name for number in fragment.numbers for name in number.names} | {name for name, _ in fragment.printed}
        for name in sorted(named - set(report.indicators)):
            message = f'the layout of {fragment.name} says that a number comes from "{name}", which is no indicator'
            yield Diagnostic("unknown-indicator", message, "correct its data-indicator or data-about")
