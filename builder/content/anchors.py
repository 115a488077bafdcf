"""The places of the book that links lead to: where each is likely to stand, and what it is called."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from builder.content import prose
from builder.content.plan import Section
from builder.content.quoting import quoting, shortened
from builder.model.body import RowBlock, printed_texts
from builder.model.front import Topic
from builder.model.manuscript import Text
from builder.model.report import Report


def home(sections: Sequence[Section]) -> Callable[[str], str]:
    """Tells in which section an anchor is most likely to stand, before anything is laid out."""
    pages = {section.template: section.name for section in sections}
    figures = {f"figure-{one.number}": s.name for s in sections for one in s.listed}
    figures |= {f"photo-{one.place}": s.name for s in sections for one in s.photos}
    figures |= {one.anchor: s.name for s in sections for one in s.headings}
    kinds = {"data": "data", "indicator": "indicators"}

    def of(anchor: str) -> str:
        return figures.get(anchor) or pages.get(kinds.get(anchor.partition("-")[0], ""), anchor)

    return of


def anchor_titles(report: Report, sections: tuple[Section, ...], folios: Mapping[str, int]) -> dict[str, str]:
    """What each place that links lead to is called, for those who hear a link without its surroundings.

    `folios` gives the page of each anchor.
    """
    words = report.labels.words
    titles = {section.name: section.title for section in sections}

    def told(text: Text) -> str:
        return prose.plain(text, quoting(report, lambda anchor: str(folios[anchor])))

    for section in sections:
        for one in section.listed:
            title = told(one.title)
            titles[f"figure-{one.number}"] = f"{words['figure']} {one.number}: {title}"
            titles[f"data-{one.number}"] = f"{words['data']}: {title}"
        titles |= {f"photo-{one.place}": str(one.photo.alt) for one in section.photos}
        titles |= {one.anchor: one.words for one in section.headings}
        if section.topic is not None:
            titles |= dict(_block_titles(section.topic, report, titles))
    for name, indicator in report.register.items():
        titles[f"indicator-{name}"] = f"{words['indicators']}: {indicator.label.flat}"
    return titles


def _block_titles(topic: Topic, report: Report, titles: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """What the blocks that have names are called: by their figures, or the first words in them."""
    for block in topic.body:
        for one in (block, *(block.row if isinstance(block, RowBlock) else ())):
            if one.id is None:
                continue
            number = report.picture_numbers.get(str(one.id))
            said = next((str(text) for _, text in printed_texts(one)), str(one.id))
            words = prose.plain(said, quoting(report, lambda place: f"({place})"))
            yield str(one.id), titles[f"figure-{number}"] if number else shortened(words)
