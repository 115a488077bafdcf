"""Markdown with quoted numbers."""

from __future__ import annotations

from builder.content.markup import Quote
from builder.content.prose import find, plain, render
from builder.model.manuscript import Text


def echo(quote: Quote) -> str:
    return f"<{quote.target}.{quote.form}>"


def test_quotes_links_and_images_are_found() -> None:
    found = find("a {{ x }} {{ y.base }} {{ page:z }} [l](#t) ![alt](p.png) {{ no such }}")
    assert [(q.target, q.form, q.what) for q in found.quotes] == [
        ("x", "", "number"),
        ("y", "base", "number"),
        ("z", "", "page"),
    ]
    assert found.links == (("#t", "l"),)
    assert found.images == (("p.png", "alt"),)
    assert found.broken == ("{{ no such }}",)


def test_html_is_found_and_never_printed() -> None:
    assert find("a <b>b</b>").html == ("<b>", "</b>")
    assert "<script" not in render(Text("<script>alert(1)</script> {{ x }}"), echo)


def test_a_quoted_value_is_escaped() -> None:
    assert "&lt;x.&gt;" in render(Text("{{ x }}"), echo)


def test_code_spans_quote_nothing() -> None:
    assert find("`{{ x }}`").quotes == ()
    assert "{{ x }}" in render(Text("`{{ x }}`"), echo)


def test_internal_links_wait_for_the_binder() -> None:
    assert 'href="book:topic"' in render(Text("[a](#topic)"), echo)


def test_notes_stand_where_they_are_called() -> None:
    html = render(Text("a^[a note with {{ x }}] b"), echo)
    assert '<span class="note" data-number="1">a note with &lt;x.&gt;</span> b' in html


def test_words_in_another_language_say_so() -> None:
    assert '<span lang="de">Guten Tag</span>' in render(Text("[Guten Tag]{lang=de}"), echo)
    assert '<p lang="el">' in render(Text("{lang=el}\nΚαλημέρα"), echo)
    assert "onclick" not in render(Text("[x]{onclick=evil}"), echo).split(">")[1]


def test_table_headers_have_a_scope() -> None:
    assert '<th scope="col">' in render(Text("|a|\n|-|\n|1|"), echo)


def test_ranges_do_not_break() -> None:
    assert '<span data-as="loose" class="range">2014–2019</span>' in render(Text("dal 2014–2019"), echo)


def test_plain_words_for_bookmarks() -> None:
    assert plain("**Cresce**\nla *quota* {{ x }} [qui](#a)", echo) == "Cresce la quota <x.> qui"
