"""layouts/labels/LANGUAGE.yaml: the words that are printed by themselves, and what checks know of the language."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Any, NamedTuple, TypeAlias

from pydantic import BeforeValidator, Field, WithJsonSchema

from builder.model.manuscript import Text
from builder.model.node import Node, Number, said

_NOTHING = Text("(?!)")
# A repeated group can take a time that grows beyond all bounds with the text: "(a+)+".
_REPEATED_GROUP = re.compile(r"(?<!\\)\)[*+{]")


class Quotes(NamedTuple):
    """A pair of quotation marks, with the space that belongs between them and the words."""

    opening: str
    closing: str


def _pattern(value: Any) -> Text:
    """Several patterns as one. Raises PydanticCustomError for what is none."""
    parts = [value] if isinstance(value, str) else value
    if not isinstance(parts, list) or not parts or not all(isinstance(one, str) and one for one in parts):
        raise said("words are wanted", "give a list of words, each in single quotation marks")
    for one in parts:
        try:
            re.compile(one)
        except re.error as error:
            raise said(f'"{one}" is no regular expression: {error}', "correct it, or write a plain word") from error
        if _REPEATED_GROUP.search(one):
            raise said(f'"{one}" repeats a group', "repeat signs only, as in \\w*, or write several lines")
    return Text(f"(?:{'|'.join(parts)})")


def _pair(value: Any) -> Quotes:
    opening, between, closing = value.partition("…") if isinstance(value, str) else ("", "", "")
    if not (opening and between and closing):
        raise said("a pair of quotation marks is wanted", "write them with an ellipsis between: «…»")
    return Quotes(opening, closing)


Pattern: TypeAlias = Annotated[
    Text, BeforeValidator(_pattern), WithJsonSchema({"type": "array", "items": {"type": "string"}})
]
Pair: TypeAlias = Annotated[Quotes, BeforeValidator(_pair), WithJsonSchema({"type": "string"})]


class Unit(Node):
    """How a unit prints: after the number, joined to it or after a no-break space; or in part before it, as €1.5bn."""

    text: Text
    before: Text | None = Field(None, description="what stands before the number: € in €1.5bn")
    joined: bool = False
    one: Text | None = Field(None, description="the form for one")
    spoken: Text | None = Field(None, description="the unit in full, for those who hear it: milioni di euro")
    spoken_one: Text | None = Field(None, alias="spoken-one", description="the unit in full, for one")
    of: Text | None = Field(None, description="the unit that it is a multiple of: million-euro of euro")
    times: Annotated[Number, Field(gt=0)] = Field(Decimal(1), description="how many of them: 1000000")

    @property
    def alone(self) -> str:
        """The unit where no number stands with it: €bn."""
        return f"{self.before or ''}{self.text}".strip()

    @property
    def each(self) -> bool:
        """Whether it is so short that every number of a figure has it: 80%, $5."""
        return self.joined or not self.text

    @property
    def forms(self) -> tuple[str, ...]:
        """The words that stand after a number of it."""
        written = (self.text, self.one, self.spoken)
        return tuple(one for one in (text.strip() for text in written if text is not None) if one)


class Lexicon(Node):
    """What checks know of a language: lists of words, as regular expressions that match whole words in any case."""

    rises: Pattern = Field(_NOTHING, description="verbs and nouns of numbers that go up")
    falls: Pattern = Field(_NOTHING, description="and of those that go down")
    points: Pattern = Field(_NOTHING, description="percentage points")
    percent: Pattern = Field(_NOTHING, description="per cent")
    promises: Pattern = Field(_NOTHING, description="words that announce numbers")
    here: Pattern = Field(_NOTHING, description="words that want a link: read here")
    not_numbers: tuple[Text, ...] = Field((), alias="not-numbers", description="numerals that mostly mean no number")
    quotes: tuple[Pair, ...] = Field((), description="pairs of quotation marks, the usual ones first: «…»")
    space_before: Mapping[Text, Text] = Field(
        default_factory=dict, alias="space-before", description="signs that stand apart from the word before, by space"
    )
    thousands: Pattern = Field(_NOTHING, description="thousands in one word, with the groups head and tail")
    from_: Pattern = Field(_NOTHING, alias="from", description="the word before the first of two numbers: from X to Y")
    to: Pattern = Field(_NOTHING, description="and before the second")
    multiples: Pattern = Field(_NOTHING, description="words after a number that make it a thousand times as large")
    idioms: Pattern = Field(_NOTHING, description="words with a numeral in them that counts nothing: mille grazie")
    quantities: Pattern = Field(_NOTHING, description="quantities that are no numerals: a third of, dozens of")


class Labels(Node):
    """The words of a language that layouts, figures and messages print by themselves."""

    words: Mapping[str, Text]
    units: Mapping[str, Unit]
    kinds: Mapping[str, Text]
    statuses: Mapping[str, Text]
    alternatives: Mapping[str, Text]
    job: Mapping[str, Text] = Field(description="the words of the job sheet for the print shop")
    mail: Mapping[str, Text] = Field(description="the words of the message with which the report is sent")
    checks: Lexicon | None = Field(None, description="what checks know of the language")
