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


def test_a_note_apart_is_set_at_its_first_call() -> None:
    html = render(Text("a[^x] b^[inside] c[^x]\n\n[^x]: one\n\n    two"), echo)
    assert '<span class="note" data-number="1">one<br>two</span> b' in html
    assert 'data-number="2">inside</span> c<span class="called-again" data-as="number">1</span>' in html
    assert html.count("one") == 1


def test_small_figures_stand_after_a_word() -> None:
    html = render(Text("CO~2~ e m^2^, da ~10 a ~20, **~~no~~**"), echo)
    assert 'CO<sub><span data-as="name">2</span></sub> e m<sup><span data-as="name">2</span></sup>' in html
    assert "<strong><s>no</s></strong>" in html
    assert plain("CO~2~, m^2^ e 10^-3^", echo) == "CO₂, m² e 10⁻³"


def test_lists_of_what_is_done_and_of_definitions() -> None:
    html = render(Text("- [x] done\n- [ ] to do\n- plain\n\nterm\n: words"), echo)
    assert '<li class="done">done</li>' in html
    assert '<li class="to-do">to do</li>' in html
    assert "<li>plain</li>" in html
    assert "<dt>term</dt>" in html


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
