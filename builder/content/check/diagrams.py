"""Rules on diagrams: events in their times, and amounts that flow."""

from __future__ import annotations

from collections.abc import Iterator

from builder.content.check.drawn import Asked
from builder.content.schema_errors import unknown
from builder.model.diagnostics import Diagnostic
from builder.model.figure import Events, Flow
from builder.model.figure.diagrams import moment
from builder.model.report import Report


def event_problems(asked: Asked, figure: Events) -> Iterator[Diagnostic]:
    """Times that are none, and events that end before they begin."""
    for at, event in enumerate(figure.events):
        times = []
        for key, time in (("from", event.from_), ("to", event.to)):
            try:
                times += [moment(time)] if time is not None else []
            except ValueError:
                hint = "write a year (2021), or a year and a month (2021-03)"
                yield asked.wrong(f'"{time}" is not a time', hint, "events", at, key)
        if len(times) == 2 and times[1] < times[0]:
            yield asked.wrong("the event ends before it begins", "change `from` and `to`", "events", at, "to")


def flow_problems(asked: Asked, figure: Flow, report: Report) -> Iterator[Diagnostic]:
    """Amounts that cannot flow, that come back to where they were, or that are lost on their way."""
    if figure.unit is not None and str(figure.unit) not in report.labels.units:
        yield unknown("unknown-unit", "unit", figure.unit, report.labels.units, figure.unit.span)
    below: dict[str, set[str]] = {}
    for at, link in enumerate(figure.links):
        if link.value <= 0:
            hint = "an amount that flows is above zero; turn `from` and `to` round for one that comes back"
            yield asked.wrong(f"{link.value} cannot flow", hint, "links", at, "value")
        reached = {str(link.to)}
        while more := {end for one in reached for end in below.get(one, ())} - reached:
            reached |= more
        if str(link.from_) in reached:
            message = f'"{link.from_}" flows back into itself'
            yield asked.wrong(message, "take out the link that closes the circle", "links", at, "to")
            continue
        below.setdefault(str(link.from_), set()).add(str(link.to))
    for name in dict.fromkeys(str(link.to) for link in figure.links):
        gets = sum(link.value for link in figure.links if str(link.to) == name)
        gives = sum(link.value for link in figure.links if str(link.from_) == name)
        if gives and abs(gets - gives) > max(gets, gives) / 100:  # less is rounding
            hint = "add the link that is missing, or correct one"
            yield asked.wrong(f'"{name}" gets {gets} and gives {gives}', hint, "links")
