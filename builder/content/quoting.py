"""What stands in the place of a quote, and titles as single lines."""

from __future__ import annotations

from collections.abc import Callable

from builder.content import numbers
from builder.content.markup import REPORT, Quote
from builder.model.report import Report


def quoting(report: Report, page: Callable[[str], str]) -> Callable[[Quote], str]:
    """What stands for each quote of a text; `page` gives the page of an anchor, or a place for it."""
    return lambda quote: page(quote.target) if quote.what == "page" else quoted(report, quote)


def quoted(report: Report, quote: Quote) -> str:
    """What a text quotes: a number, or which figure it is. Pages are not for this function to know: see `quoting`."""
    assert quote.what != "page", quote.written
    if quote.what == "figure":
        word = report.labels.words["figure-in-text"]
        return f"{word}{numbers.NO_BREAK}{report.picture_numbers[quote.target]}"
    if quote.what == "table":
        return f"{report.labels.words['table-in-text']}{numbers.NO_BREAK}{report.table_numbers[quote.target]}"
    if quote.target == REPORT:
        period = report.front.period
        return {"period": numbers.period(period), "from": str(period.from_), "to": str(period.last)}[quote.form]
    found = numbers.in_form(report.indicators[quote.target], quote.form, report.labels, report.front.language)
    assert found is not None
    return found


def shortened(title: str, most: int = 64) -> str:
    """A title for a running head, which has one line: whole words, and an ellipsis where some are left out."""
    if len(title) <= most:
        return title
    head = title[: most - 1]
    return (head.rpartition(" ")[0] or head).rstrip(" ,;:") + "…"
