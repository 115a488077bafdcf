"""Rules on the words of a language: layouts/labels/LANGUAGE.yaml."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from string import Formatter

from babel import Locale, UnknownLocaleError

from builder.content.schema_errors import nearest, unknown
from builder.model.body import TableBlock, blocks, printed_texts
from builder.model.diagnostics import Diagnostic
from builder.model.figure import Chart, Dumbbell, Scatter, Slopes, kind_of
from builder.model.front import Frontmatter, PageEntry, Topic
from builder.model.labels import Labels
from builder.model.manuscript import Document, Text

# Words that layouts, figures and descriptions of links use.
_WORDS = frozenset(
    {
        "address",
        "base", "colon", "colophon", "contents", "copy", "data", "data-short", "date", "difference", "draft",
        "each-square", "each-unit", "figure", "figures", "index", "index-note", "indicator", "indicators",
        "kind", "leaves-out", "made-from", "mandate", "method", "miniature", "minus", "no-figures",
        "not-available", "notes", "numbers", "of", "organisation", "page", "page-long", "pages-long", "part",
        "period", "plus", "publisher", "result", "scope", "source", "sources", "status", "table", "value",
        "withheld", "withheld-line", "withheld-see", "year",
    }
)  # fmt: skip
# Pages whose titles are among these words: a missing one is said where the words are.
PAGES = frozenset(("colophon", "contents", "data", "figures", "indicators", "method", "numbers", "photos", "tables"))
# And those of what not every report has.
_CHART = frozenset(("falling", "higher", "in-unit", "least", "lower", "most", "rising", "steady"))
_OF_KINDS = {
    "bullet": frozenset(("actual", "target", "previous")),
    "events": frozenset(("event",)),
    "histogram": frozenset(("class-limits", "count")),
    "map": frozenset(("names-in-data",)),
    "pictogram": frozenset(("each-icon",)),
}
_OF_SPARKS = frozenset(("falling", "higher", "lower", "rising", "steady", "trend"))
_CARRIED = frozenset(("brought-forward", "carried-forward"))
_OF_TABLES = frozenset(("continued", "from-to", "in-unit", "numbered-table"))
_OF_PHOTOS, _TORN, _AHEAD, _IN_TEXT, _TABLE_IN_TEXT = (
    frozenset(("photos", "no-photos")),
    frozenset(("axis-torn",)),
    frozenset(("forecast",)),
    frozenset(("figure-in-text",)),
    frozenset(("table-in-text",)),
)
# Words of the job sheet.
_JOB = frozenset(
    {
        "binding", "binding-none", "binding-perfect", "binding-stitched", "bleed", "caliper", "checked",
        "colours", "condition", "cover", "cover-inside", "cover-own-file", "file", "fonts", "format", "ink",
        "inks", "job-sheet", "limit", "marks", "marks-all", "marks-crop", "marks-none", "no-spine",
        "of-which-notes", "open-size", "pages", "paper", "screen-colours", "spine", "structure-checked",
        "title", "to-fill", "to-fill-words", "version",
    }
)  # fmt: skip
# Words of the message with which the report is sent.
_MAIL = frozenset(("attached", "dear", "hello", "readable", "subject"))
_OF_MAIL = frozenset(("title", "organisation", "period", "name", "file", "megabytes"))
# So many words that are missing are named.
_NAMED = 12
# The kinds and states of indicators; and the units that numbers take by themselves.
_KINDS = frozenset(
    {
        "change-in-percent", "change-in-points", "count", "share", "stock", "total", "year", "yearly-flow",
    }
)  # fmt: skip
_STATUSES = frozenset(
    {
        "to-verify", "verified", "withheld",
    }
)  # fmt: skip
_UNITS = frozenset(("percent",))
# What an alternative text may name in braces, by kind of figure.
_FIELDS = {
    "slope": {"base", "base_year", "end", "end_year"},
    "share": set(),
    "index": {"index"},
    "measures": {"items"},
    "units": set(),
    "timeline": {"first", "last"},
    **{
        kind: {"items"}
        for kind in (
            "bars", "grouped", "stacked", "lines", "multiples", "area", "scatter", "dumbbell", "slopes", "waterfall",
            "donut", "histogram", "heat", "pictogram", "bullet", "events", "tree", "flow", "map",
        )
    },
}  # fmt: skip
# Kinds whose patterns every language has had from the beginning.
_FIRST_KINDS = frozenset(("slope", "share", "index", "measures", "units", "timeline", "bars", "lines"))


def used_words(front: Frontmatter, topics: Mapping[str, Topic]) -> frozenset[str]:
    """The words that layouts and figures print in a report with these pages and topics."""
    figures = [one.figure for topic in topics.values() for one in topic.figures]
    found = set(_WORDS)
    if any(isinstance(one, Chart) for one in figures):
        found |= _CHART
    for one in figures:
        found |= _OF_KINDS.get(kind_of(one), frozenset())
        found |= (
            _TORN if not getattr(one, "zero", True) or isinstance(one, Slopes | Dumbbell | Scatter) else frozenset()
        )
        found |= _AHEAD if getattr(one, "forecast", None) is not None else frozenset()
    if any(isinstance(entry, PageEntry) and entry.page == "photos" for entry in front.order):
        found |= _OF_PHOTOS
    if any(isinstance(entry, PageEntry) and entry.page == "tables" for entry in front.order):
        found |= {"tables", "no-tables", "numbered-table"}
    texts = (
        text for topic in topics.values() for text in (topic.lead, topic.text, *_printed(topic)) if text is not None
    )
    written = tuple(texts)
    if any("figure:" in text for text in written):
        found |= _IN_TEXT
    if any("table:" in text for text in written):
        found |= _TABLE_IN_TEXT
    if any(isinstance(block, TableBlock) for topic in topics.values() for block in topic.body):
        found |= _OF_TABLES
    blocks = [block for topic in topics.values() for block in topic.tables]
    found |= _OF_SPARKS if any(block.spark for block in blocks) else frozenset()
    found |= _CARRIED if any(block.carry for block in blocks) else frozenset()
    return frozenset(found)


def in_own_words(labels: Labels, front: Frontmatter) -> Labels:
    """The labels with what report.yaml says otherwise; and of one year, where it is the period."""
    own = {str(name): text for name, text in front.words.items()}
    words = dict(labels.words)
    if front.period.last == front.period.from_ and "numbers-of-year" in words:
        words |= {"numbers": words["numbers-of-year"], "mandate": words["year"]}
    return labels.model_copy(update={"words": words | own})


def _printed(topic: Topic) -> Iterator[Text]:
    return (text for block, _, _ in blocks(topic.body) for _, text in printed_texts(block))


def label_problems(
    labels: Labels, front: Frontmatter, topics: Mapping[str, Topic], document: Document
) -> Iterator[Diagnostic]:
    """The language must be known, what the report prints must have its words, and patterns name only what there is."""
    try:
        Locale.parse(front.language, sep="-")
    except (UnknownLocaleError, ValueError):
        yield Diagnostic(
            "no-language",
            f'"{front.language}" is not a language whose numbers can be written',
            "give its code, such as it, en or de-CH",
            front.language.span,
        )
    groups: tuple[tuple[frozenset[str], Mapping[str, object], str], ...] = (
        (used_words(front, topics), labels.words, "words"),
        (_JOB, labels.job, "job"),
        (_KINDS, labels.kinds, "kinds"),
        (_STATUSES, labels.statuses, "statuses"),
        (_UNITS, labels.units, "units"),
        (_MAIL, labels.mail, "mail"),
    )
    missing = [f"{place}: {word}" for wanted, given, place in groups for word in sorted(wanted - set(map(str, given)))]
    kinds = {kind_of(one.figure) for topic in topics.values() for one in topic.figures} | _FIRST_KINDS
    missing += [f"alternatives: {kind}" for kind in _FIELDS if kind in kinds and kind not in labels.alternatives]
    if missing:
        words = "1 word is" if len(missing) == 1 else f"{len(missing)} words are"
        more = f" … and {len(missing) - _NAMED} more" if len(missing) > _NAMED else ""
        message = f"{words} missing: {', '.join(missing[:_NAMED])}{more}"
        yield Diagnostic("missing-key", message, "add them, as layouts/labels/en.yaml has them", document.span(()))
    for word in front.words:
        if str(word) not in labels.words:
            yield unknown("unknown-word", "word", word, labels.words, word.span)
    for unit_name, unit in labels.units.items():
        if unit.of is not None and unit.of not in labels.units:
            yield unknown("unknown-unit", "unit", unit.of, labels.units, unit.of.span)
        elif (unit.of is None) != (unit.times == 1):
            message = f'the unit "{unit_name}" says only one of `of` and `times`'
            where = document.span(("units", unit_name), key=True)
            yield Diagnostic("missing-key", message, "1000000 times euro are a million-euro", where)
    for kind, own in _FIELDS.items():
        if kind in labels.alternatives:
            yield from _pattern_problems(labels.alternatives[kind], own | {"value", "label"}, f'"{kind}"')
    for text in labels.mail.values():
        yield from _pattern_problems(text, _OF_MAIL, "the message")


def _pattern_problems(pattern: Text, known: frozenset[str] | set[str], of: str) -> Iterator[Diagnostic]:
    """What a pattern names in braces is known."""
    try:
        named = {name for _, name, _, _ in Formatter().parse(pattern) if name is not None}
    except ValueError:
        named = {"{"}
    for name in sorted(named - known):
        message = f'the pattern of {of} names "{name}", which there is not'
        yield Diagnostic("wrong-value", message, nearest(name, known), pattern.span)
