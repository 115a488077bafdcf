"""Checks on topics as wholes: what their figures show, and whether two say the same."""

from __future__ import annotations

import re
from array import array
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from heapq import merge
from itertools import combinations, groupby, repeat
from operator import itemgetter

from builder.content.dataset import dataset
from builder.content.rules.table import found
from builder.content.rules.writing import Writing, front_writings, indicator_writings, topic_writings, words
from builder.model.diagnostics import Diagnostic, Span
from builder.model.figure import (
    AxisChart,
    Bars,
    Chart,
    Donut,
    Figure,
    Lines,
    Multiples,
    Pictogram,
    Slope,
    Slopes,
    over_years,
)
from builder.model.front import PageEntry, Topic
from builder.model.indicator import Indicator, named
from builder.model.labels import Lexicon
from builder.model.report import Report

# Of all runs of three words in two topics, the part from which on they are told to be alike.
_ALIKE = 0.6
# A change smaller than one part in so many is hardly seen on an axis from zero.
_FLAT = 20
# So many bits number a word: no report has two million different ones, and three words fit 64 bits.
_BITS = 21
# Runs that so many topics share are phrases of the house.
_COMMON = 40


def topic_rules(
    topic: Topic, report: Report, place: Callable[..., Span], lexicon: Lexicon | None
) -> Iterator[Diagnostic]:
    """What a topic's figure shows, against what its text says."""
    for one in topic.figures:
        if lexicon is not None and isinstance(one.figure, Chart):
            yield from _title_verbs(one.figure, report, lexicon)
        yield from _figure_rules(one.figure, topic, report, lambda *_keys, at=one.place: place(*map(str, at)))


def _title_verbs(figure: Chart, report: Report, lexicon: Lexicon) -> Iterator[Diagnostic]:
    """A figure of one series over time is not called rising where it falls."""
    table = dataset(figure, report)
    if len(table.series) != 1 or len(table.points) < 2:
        return
    ones = [report.indicators[name] for name in figure.indicators]
    years = [one.period.last for one in ones if one.period is not None]
    in_time = bool(table.years) or (len(years) == len(table.points) and years == sorted(set(years)))
    if not in_time:
        return
    known = [value for value in table.series[0].values if value is not None]
    if len(known) < 2 or known[0] == known[-1]:
        return
    rising = known[-1] > known[0]
    wrong, right = (lexicon.falls, lexicon.rises) if rising else (lexicon.rises, lexicon.falls)
    verb = re.search(rf"(?<!\w)(?<!\bnon )(?<!\bnot ){wrong}(?!\w)", figure.title, re.IGNORECASE)
    if verb and not re.search(rf"(?<!\w){right}(?!\w)", figure.title, re.IGNORECASE):
        message = f'the title says "{verb[0]}", and the figure goes {"up" if rising else "down"}'
        yield found("sign-verb", message, "use the other verb, or look at the numbers", figure.title.locate(verb[0]))


def _figure_rules(figure: Figure, topic: Topic, report: Report, place: Callable[..., Span]) -> Iterator[Diagnostic]:
    told = _quoted(topic) | ({str(topic.key)} if topic.key else set())
    shown = [str(n) for n in figure.uses if str(n) in report.indicators]
    related = {n for n in shown for t in told if _related(n, t, report)}
    if told and shown and not set(shown) & told and not related:
        yield found(
            "figure-differs",
            f'the figure shows "{shown[0]}", and the text speaks of {", ".join(sorted(told)[:3])}',
            "draw what the text speaks of, or speak of what is drawn",
            figure.title.span,
        )
    ones = [report.indicators[n] for n in shown]
    if isinstance(figure, AxisChart | Donut | Pictogram):
        kinds = {one.kind for one in ones}
        if len(kinds) > 1:
            said = " and ".join(sorted(kind.replace("-", " ") for kind in kinds))
            message = f"one axis carries a {said}"
            yield found("misleading-figure", message, "draw them as `measures`, or apart", place("figure"))
    if (
        isinstance(figure, Bars | Donut | Pictogram)
        and not over_years(figure)
        and len(ones) > 1
        and len({(o.period.from_, o.period.last) for o in ones if o.period}) > 1
    ):
        message = "the bars are of different periods"
        yield found("misleading-figure", message, "compare what is of one period, or draw `measures`", place("figure"))
    cut = isinstance(figure, Slopes) or (isinstance(figure, Lines | Multiples) and not figure.zero)
    if cut and isinstance(figure, Chart) and (values := dataset(figure, report).values):
        low, high = min(values), max(values)
        if 0 < (high - low) * _FLAT < max(abs(low), abs(high)):
            message = f"changes between {low} and {high} look as steep as any: the axis is cut"
            yield found("misleading-figure", message, "let the axis begin at zero, or draw `bars`", place("figure"))
    if isinstance(figure, Slope):
        for one in ones:
            if one.base and one.end and 0 < abs(one.end.value - one.base.value) * _FLAT < abs(one.base.value):
                message = f"a change from {one.base.value} to {one.end.value} looks as steep as any: the axis is cut"
                hint = "leave the figure out, or draw `bars`, which begin at zero"
                yield found("misleading-figure", message, hint, place("figure"))


def alike(report: Report) -> Iterator[Diagnostic]:
    """Topics that say nearly the same."""
    runs = _runs(report)
    first: dict[bytes, str] = {}
    pairs: dict[tuple[str, str], int] = {}
    standing: list[tuple[str, Sequence[int]]] = []
    for name, own in runs.items():
        if own and first.setdefault(own.tobytes(), name) != name:
            pairs[first[own.tobytes()], name] = len(own)
        else:
            standing.append((name, own))
    shared: Counter[tuple[str, str]] = Counter()
    every = merge(*(zip(own, repeat(place)) for place, (_, own) in enumerate(standing)))
    for _, same in groupby(every, key=itemgetter(0)):
        names = [standing[place][0] for _, place in same]
        if 1 < len(names) <= _COMMON:
            shared.update(combinations(names, 2))
    for (one, two), count in sorted((pairs | shared).items()):
        both = min(len(runs[one]), len(runs[two]))
        if both >= 5 and count >= _ALIKE * both:
            yield found(
                "near-duplicate",
                f'"{two}" says nearly what "{one}" says: {100 * count // both} % of its words in runs of three',
                "join them, or waive the finding and say why",
                report.topics[two].title.span,
            )


def _runs(report: Report) -> dict[str, array[int]]:
    """The runs of three words of each topic, as numbers in order: as words they would fill memory."""
    known: dict[str, int] = {}
    found = {}
    for name, topic in report.topics.items():
        text = " ".join(str(t) for t in (topic.title, topic.lead, topic.text) if t is not None)
        said = [known.setdefault(word, len(known)) for word in words(text)]
        runs = {(a << 2 * _BITS) + (b << _BITS) + c for a, b, c in zip(said, said[1:], said[2:], strict=False)}
        found[name] = array("Q", sorted(runs))
    return found


def unused(report: Report, places: Callable[[str], Callable[..., Span]]) -> Iterator[Diagnostic]:
    """Indicators that no text prints, no figure draws and no formula uses."""
    used = {name for topic in report.topics.values() for name in (_quoted(topic) | _drawn(topic))}
    used |= {q for w in front_writings(report.front) for q in _names(w)}
    for name, one in report.indicators.items():
        used |= {named(t)[0] for t in (*(one.formula.terms if one.formula else ()), *one.parts)}
        used |= {q for w in indicator_writings(name, one) for q in _names(w) if q != name}
    for name in report.indicators:
        if name not in used:
            message = f'"{name}" is printed nowhere but in the tables'
            yield found("unused", message, "quote it, draw it, make it a topic's key, or take it out", places(name)())


def unverified(report: Report, places: Callable[[str], Callable[..., Span]]) -> Iterator[Diagnostic]:
    """The status of a number must stand somewhere in the book: beside it, or in the table of indicators."""
    tables = {str(e.page) for e in report.front.order if isinstance(e, PageEntry)} & {"indicators", "method"}
    if "indicators" in tables:
        return
    beside = {str(t.key) for t in report.topics.values() if t.key is not None and t.page == "result"}
    for name, one in report.indicators.items():
        if one.status == "to-verify" and name not in beside:
            message = f'nobody has verified "{name}", and no page says so'
            hint = "verify it, or add `- page: indicators` to the order: that table has the status of each number"
            yield found("unverified", message, hint, places(name)())


def _quoted(topic: Topic) -> set[str]:
    return {name for w in topic_writings(topic) for name in _names(w)}


def _names(written: Writing) -> Iterator[str]:
    return (quote.target for quote in written.quotes.values())


def _drawn(topic: Topic) -> set[str]:
    return {str(name) for name in topic.uses}


def _related(one: str, two: str, report: Report) -> bool:
    """Whether one number is made from the other."""
    return two in _made_from(one, report.indicators) or one in _made_from(two, report.indicators)


def _made_from(name: str, indicators: Mapping[str, Indicator]) -> set[str]:
    one = indicators.get(name)
    return set() if one is None else {named(t)[0] for t in (*(one.formula.terms if one.formula else ()), *one.parts)}
