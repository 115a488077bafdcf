"""A WeasyPrint that is not the one that something of ours takes a place in is refused before it lays out a page."""

from __future__ import annotations

import pytest
import weasyprint.draw
import weasyprint.pdf

from builder.pages.paginate import patch


def other(stream: object, textbox: object, offset_x: float) -> None:
    del stream, textbox, offset_x


def test_the_installed_one_is_known() -> None:
    patch.check()


def test_other_arguments_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(weasyprint.draw, "draw_text", other)
    with pytest.raises(ImportError, match=r"draw.draw_text takes \(stream, textbox, offset_x\); builder wants"):
        patch.check()


def test_a_function_that_is_gone_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(weasyprint.pdf, "add_tags")
    with pytest.raises(ImportError, match=r"no weasyprint.pdf.add_tags; builder wants WeasyPrint 70.0"):
        patch.check()


def test_what_is_not_in_the_list_cannot_be_replaced() -> None:
    with pytest.raises(KeyError, match="not in the list"):
        patch.replace("weasyprint.pdf", "generate_pdf", None)
