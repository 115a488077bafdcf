"""A table of very many pages is laid out in parts, at the same time: each is a section of its own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

from builder.content.plan import Section
from builder.model.body import TableBlock
from builder.pages.tables import SetTable

# So many pages of a table are laid out together: enough that the set-up of a section does not count, and little to
# hold at a time. One that is not longer than half as many again is not parted.
_PAGES = 12
# What prints the pages of a table alone; layouts of projects that were made before tables were parted lack it.
TEMPLATE = "_table-pages"


def parted(
    sections: Sequence[Section], tables: Mapping[str, SetTable], templates: frozenset[str]
) -> tuple[Section, ...]:
    """The sections, where a table that ends one is cut after every so many pages."""
    if TEMPLATE not in templates:
        return tuple(sections)
    return tuple(part for section in sections for part in _parts(section, tables))


def _parts(section: Section, tables: Mapping[str, SetTable]) -> Iterator[Section]:
    body = section.topic.body if section.topic is not None else ()
    last = body[-1] if body else None
    if not isinstance(last, TableBlock) or len(sheets := tables[str(last.table)].sheets) <= _PAGES * 1.5:
        yield section
        return
    cuts = [*range(0, len(sheets) - _PAGES // 2, _PAGES), len(sheets)]
    for number, (begin, end) in enumerate(pairwise(cuts)):
        if number == 0:
            yield replace(section, sheets=(begin, end))
            continue
        yield Section(
            f"{section.name}~{number + 1}",
            TEMPLATE,
            section.title,
            section.short,
            None,
            section.accent,
            0,
            section.number,
            section.count,
            section.part,
            section.part_number,
            span=section.span,
            table=last,
            sheets=(begin, end),
        )
