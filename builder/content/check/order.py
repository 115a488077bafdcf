"""Rules on the order of the book: what it names is there, once, and has a title."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from builder.content.check.labels import PAGES
from builder.content.check.references import Names
from builder.content.schema_errors import unknown
from builder.design.theme import Theme
from builder.model.diagnostics import Diagnostic, Span, warning
from builder.model.front import Frontmatter, PageEntry, PartEntry, Topic, TopicEntry
from builder.model.labels import Labels
from builder.model.manuscript import Manuscript, Text

NAME = re.compile(r"[\w][\w-]*")


def order_problems(
    front: Frontmatter,
    topics: Mapping[str, Topic],
    labels: Labels,
    theme: Theme,
    names: Names,
    manuscript: Manuscript,
) -> Iterator[Diagnostic]:
    seen: dict[str, Span | None] = {}

    def once(name: Text) -> Iterator[Diagnostic]:
        if str(name) in seen:
            yield Diagnostic(
                "duplicate-name",
                f'"{name}" stands twice in the order of the book',
                f"the first is at {seen[str(name)]}: keep one, or give the other its own name",
                name.span,
            )
        seen[str(name)] = name.span

    if front.credits == "list" and not any(isinstance(e, PageEntry) and e.page == "photos" for e in front.order):
        message = "credits of photos are to stand in a list, and the order has none"
        hint = "add a line `- page: photos`, or take this one out"
        yield Diagnostic("missing-key", message, hint, manuscript.report.span(("credits",)))
    if not front.order:
        yield Diagnostic(
            "empty",
            "the order of the book is empty",
            "add at least one line such as `- page: cover`",
            manuscript.report.span(("order",)),
        )
    for entry in front.order:
        if isinstance(entry, PageEntry):
            yield from once(entry.page)
            if str(entry.page) not in names.pages:
                yield unknown("unknown-page", "page template", entry.page, names.pages, entry.page.span)
            elif entry.title is None and entry.page not in {*labels.words, *PAGES, "cover", "back-cover"}:
                yield Diagnostic(
                    "missing-key",
                    f'the page "{entry.page}" has no title',
                    "add `title: …` below it; bookmarks and contents need one",
                    entry.page.span,
                )
            continue
        wanted = (entry.topic,) if isinstance(entry, TopicEntry) else entry.topics
        if isinstance(entry, PartEntry):
            yield from once(entry.part)
            if not NAME.fullmatch(entry.part):
                yield Diagnostic(
                    "bad-name",
                    f'"{entry.part}" cannot be a name',
                    "use letters, digits and hyphens",
                    entry.part.span,
                )
            if entry.accent is not None and entry.accent not in theme.accents:
                yield unknown("unknown-accent", "accent", entry.accent, theme.accents, entry.accent.span)
        for name in wanted:
            yield from once(name)
            if str(name) not in names.topics:
                yield unknown("unknown-topic", "topic", name, names.topics, name.span)
    for unused in sorted(names.topics - set(seen)):
        yield warning(
            "unused-topic",
            f'the topic "{unused}" is not in the order of the book, so it is not printed',
            f"add `- {unused}` to a part in content/report.yaml, or remove the file",
            Span(manuscript.topics[unused].file),
        )
    for own, topic in topics.items():
        if str(topic.page) not in names.pages:
            span = topic.page.span or manuscript.topics[own].span(())
            yield unknown("unknown-page", "page template", topic.page, names.pages, span)
