"""Checks on what a text says about the numbers that it quotes: verbs, units, years, and announcements."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from itertools import pairwise

from builder.content import numbers
from builder.content.markup import REPORT
from builder.content.rules.table import found
from builder.content.rules.writing import Writing, words
from builder.model.diagnostics import Diagnostic
from builder.model.indicator import Indicator, is_cell
from builder.model.labels import Lexicon
from builder.model.report import Report

_SENTENCE = re.compile(r"[^.!?;\n]+(?:\.(?=\d)[^.!?;\n]+)*")
_LINK = re.compile(r"\[[^\[\]]*\]\([^)]*\)")
# Verbs farther from a number than this speak of something else.
_REACH = 60
_YEAR = re.compile(r"(?<!\d)(?:1[89]|20)\d\d(?!\d)")


def meaning_rules(written: Writing, report: Report, lexicon: Lexicon | None) -> Iterator[Diagnostic]:
    quotes = {at: q for at, q in written.quotes.items() if q.target in report.indicators}
    if lexicon is not None:
        yield from _verbs(written, report, lexicon)
        yield from _announced(written, lexicon)
        yield from _backwards(written, lexicon)
    masked = written.masked
    for at, quote in quotes.items():
        one = report.indicators[quote.target]
        after = masked[at + len(quote.written) :][:_REACH]
        yield from _unit_after(written, at, len(quote.written), one, quote.target, quote.form, after, report, lexicon)
    yield from _years(written, report)
    yield from _scopes(written, report)


def _change(one: Indicator) -> Decimal | None:
    """What an indicator says went up or down by."""
    if one.withheld or one.value is None:
        return None
    if one.kind.startswith("change") or (one.sign == "shown" and one.value < 0):
        return one.value
    if one.base is not None:
        return (one.end.value if one.end else one.value) - one.base.value
    return None


def _since(name: str, report: Report) -> Decimal | None:
    """What a cell of a table went up or down by: since the year before, if it did so since the first one too."""
    table = report.tables.get(name.partition(".")[0])
    cell = table.at(*name.split(".")[1:]) if table is not None and is_cell(name) else None
    if table is None or cell is None or cell[2].value is None:
        return None
    row, column, _ = cell
    series = next((one for one in table.series if table.columns.index(column) in one), ())
    dated = sorted((table.columns[at].year or 0, at) for at in series)
    until = [row.cells[at].value for year, at in dated if year <= (column.year or 0)]
    known = [value for value in until if value is not None]
    if len(known) < 2:
        return None
    last, whole = known[-1] - known[-2], known[-1] - known[0]
    return last if last * whole > 0 else None


def _verbs(written: Writing, report: Report, lexicon: Lexicon) -> Iterator[Diagnostic]:
    """A verb that goes up beside a number that goes down. A title speaks of its topic's key number."""
    text = written.masked
    near: list[tuple[int, int, int, str]] = []
    topic = written.topic
    key = str(topic.key) if topic is not None and topic.key is not None else None
    if topic is not None and key in report.indicators and (written.text is topic.title or written.text is topic.lead):
        near += [(m.start(), m.end(), m.start(), str(key)) for m in _SENTENCE.finditer(text[: 4 * _REACH])]
    for at, quote in written.quotes.items():
        if quote.target in report.indicators and quote.form in ("", "value", "delta", "signed", "unsigned", "rounded"):
            near.append((max(0, at - _REACH), at + len(quote.written) + _REACH // 2, at, quote.target))
    said: set[str] = set()
    for start, end, at, name in near:
        change = _change(report.indicators[name]) or _since(name, report)
        if not change or name in said:
            continue
        sentence = next((m for m in _SENTENCE.finditer(text) if m.start() <= at < m.end()), None)
        low, high = (max(start, sentence.start()), min(end, sentence.end())) if sentence else (start, end)
        wrong = lexicon.falls if change > 0 else lexicon.rises
        right = lexicon.rises if change > 0 else lexicon.falls
        verb = re.search(rf"(?<!\w)(?<!\bnon )(?<!\bnot ){wrong}(?!\w)", text[low:high], re.IGNORECASE)
        if verb and not re.search(rf"(?<!\w){right}(?!\w)", text[low:high], re.IGNORECASE):
            said.add(name)
            way = "up" if change > 0 else "down"
            span, _ = written.text.at(low + verb.start(), low + verb.end())
            yield found(
                "sign-verb",
                f'"{verb[0]}", and "{name}" goes {way} by {abs(change)}',
                "correct the verb or the number; quote it with .unsigned where the verb carries the sign",
                span,
            )


def _unit_after(
    written: Writing,
    at: int,
    long: int,
    one: Indicator,
    name: str,
    form: str,
    after: str,
    report: Report,
    lexicon: Lexicon | None,
) -> Iterator[Diagnostic]:
    """The words right after a quoted number must not give it another unit, or the same one twice."""
    if form not in ("", "value", "base", "end", "signed", "unsigned", "rounded", "delta", "words"):
        return
    own = one.unit if form not in ("base", "end") else numbers.MOMENT_UNITS.get(one.kind, one.unit)
    following = after.lstrip(" \u00a0*_")  # emphasis does not part a number from its unit
    kind = None
    if lexicon is not None:
        for called, pattern in (("points", lexicon.points), ("percent", lexicon.percent)):
            if re.match(rf"{pattern}(?!\w)", following, re.IGNORECASE):
                kind = called
    if kind is not None and kind != own:
        message = f'"{name}" is in {own or "no unit"}, and the text goes on with "{_first_words(following)}"'
        hint = "from 66% to 80% are 14 points, or 21.2 per cent: correct the words or the indicator"
        yield found("points-or-percent", message, hint, written.text.at(at, at + long)[0])
        return
    own_unit = report.labels.units.get(own or "")
    printed = f"{own_unit.alone} {own_unit.spoken or ''}" if own_unit is not None else ""
    if form == "value" and lexicon is not None:
        times = re.match(rf"{lexicon.multiples}(?!\w)", following, re.IGNORECASE)
        if times and not any(word.casefold().startswith(times[0].casefold()[:4]) for word in printed.split()):
            message = f'"{name}" is in {own or "no unit"}, and the text goes on with "{_first_words(following)}"'
            span, _ = written.text.at(at, at + long)
            yield found("unit-written", message, "correct the words, or the unit of the indicator", span)
            return
    sign = re.search(r"([€$£])\s?[*_]*$", written.masked[:at])
    if sign and sign[1] not in printed and "euro" not in printed:
        message = f'"{name}" is in {own or "no unit"}, and the text has {sign[1]} before it'
        yield found(
            "unit-written", message, "take the sign out, or correct the unit", written.text.at(at, at + long)[0]
        )
    for unit_name, unit in report.labels.units.items():
        matched = next((t for t in unit.forms if numbers.begins_with(following, t)), None)
        if matched is None:
            continue
        span, _ = written.text.at(at, at + long)
        if own is None or str(unit_name) != own:
            message = f'"{name}" is in {own or "no unit"}, and the text goes on with "{matched}"'
            yield found("unit-written", message, "correct the words, or the unit of the indicator", span)
        elif form not in ("value", "words"):
            message = f'"{name}" prints its unit, and the text writes "{matched}" once more'
            yield found("unit-written", message, f"write {{{{ {name}.value }}}}, or leave the word out", span)
        return


def _first_words(text: str) -> str:
    return " ".join(text.split()[:2]).rstrip(".,;:)")


def _years(written: Writing, report: Report) -> Iterator[Diagnostic]:
    """A year named in a sentence with a quoted number lies in the number's period."""
    if written.role not in ("prose", "title"):
        return
    text = str(written.text)
    for sentence in _SENTENCE.finditer(written.masked):
        inside = [(at, q) for at, q in written.quotes.items() if sentence.start() <= at < sentence.end()]
        periods = {
            q.target: report.indicators[q.target].period
            for _, q in inside
            if q.target in report.indicators and q.form not in ("label", "unit")
        }
        topic = written.topic
        if topic is not None and topic.key is not None and written.text is topic.lead:
            periods[str(topic.key)] = report.indicators[str(topic.key)].period
        named = [(m, f) for m, f, mark in written.marks if mark in ("year", "period")]
        years = [(m, f, list(map(int, _YEAR.findall(text[m:f])))) for m, f in named]
        own = {"from": report.front.period.from_, "to": report.front.period.last}
        years += [(at, at + len(q.written), [own[q.form]]) for at, q in inside if q.target == REPORT and q.form in own]
        for start, end, told in years:
            if not sentence.start() <= start < sentence.end():
                continue
            for year in told:
                wrong = [n for n, p in periods.items() if p is not None and not p.from_ <= year <= p.last]
                if wrong and not any(p is not None and p.from_ <= year <= p.last for p in periods.values()):
                    period = periods[wrong[0]]
                    assert period is not None
                    span, _ = written.text.at(start, end)
                    yield found(
                        "period-differs",
                        f'the text says {year}, and "{wrong[0]}" is of {numbers.period(period)}',
                        f"correct one of them, or quote {{{{ {wrong[0]}.period }}}}",
                        span,
                    )


def _backwards(written: Writing, lexicon: Lexicon) -> Iterator[Diagnostic]:
    """ "From 80% to 66%", where the indicator goes from 66% to 80%."""
    quotes = sorted(written.quotes.items())
    for (at, first), (then, second) in pairwise(quotes):
        if first.target != second.target or (first.form, second.form) != ("end", "base"):
            continue
        between = written.masked[at + len(first.written) : then]
        before = written.masked[max(0, at - 12) : at]
        if (
            lexicon
            and re.search(rf"(?<!\w){lexicon.from_}\s*[*_]*$", before, re.IGNORECASE)
            and re.fullmatch(rf"\s*[*_]*\s*{lexicon.to}\s*[*_]*", between, re.IGNORECASE)
        ):
            message = f'"{first.target}" goes from its base to its end, and the text from its end to its base'
            yield found("sign-verb", message, "turn the two round", written.text.at(at, then)[0])


def _scopes(written: Writing, report: Report) -> Iterator[Diagnostic]:
    """A sentence that names what another number is about, and not what its own is."""
    scopes = {" ".join(words(one.scope)): one.scope.flat for one in report.indicators.values() if one.scope is not None}
    if len(scopes) < 2:
        return
    for sentence in _SENTENCE.finditer(written.masked):
        told = f" {' '.join(words(sentence[0]))} "
        for at, quote in written.quotes.items():
            one = report.indicators.get(quote.target)
            if one is None or one.scope is None or not sentence.start() <= at < sentence.end():
                continue
            own = " ".join(words(one.scope))
            others = [text for key, text in scopes.items() if key != own and f" {key} " in told and key not in own]
            if others and f" {own} " not in told:
                message = f'the text says "{others[0]}", and "{quote.target}" is of "{one.scope.flat}"'
                hint = "correct the words, or the scope of the indicator"
                yield found("scope-differs", message, hint, written.text.at(at, at + len(quote.written))[0])


def _announced(written: Writing, lexicon: Lexicon) -> Iterator[Diagnostic]:
    """Numbers that are promised, and a "here" without a link."""
    text = written.masked
    here = re.search(rf"(?<!\w){lexicon.here}(?!\w)", text, re.IGNORECASE)
    links = [m.span() for m in _LINK.finditer(written.text)]
    if here and not any(start <= here.end() <= end for start, end in links):
        span, _ = written.text.at(here.start(), here.end())
        message = f'"{here[0]}" leads nowhere: the link is lost'
        yield found("lost-link", message, "make it a link: [what is there](https://…); or say that there is none", span)
    topic = written.topic
    told = any(quote.target != REPORT for quote in written.quotes.values())
    promise = re.search(rf"(?<!\w){lexicon.promises}(?!\w)", text, re.IGNORECASE)
    if promise and topic is not None and topic.key is None and not topic.uses and not told:
        span, _ = written.text.at(promise.start(), promise.end())
        message = f'"{promise[0]}" are announced, and the topic has none'
        yield found("promised-numbers", message, "add the numbers, or say that the source has none", span)
