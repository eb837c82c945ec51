"""The model of documents: what it refuses, and that it is stored exactly."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from saferhub.publication import model, pictures
from saferhub.publication.model import Cell, Column, Link, NotADocument, Section, words
from saferhub.publication.stored import content_hash, from_json, to_json
from tests.publication.documents import NASTY, ODD, SVG, figure, letter, report, row, saying, table


@pytest.mark.parametrize("document", [report(), letter(), saying((*NASTY, *ODD))], ids=lambda one: one.kind)
def test_a_document_is_stored_as_one_text_and_read_again_exactly(document: model.Document) -> None:
    text = to_json(document)
    assert from_json(text) == document
    assert to_json(from_json(text)) == text
    assert text.isascii() and "\x00" not in text
    assert content_hash(text) == content_hash(to_json(document))


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.text(st.characters(exclude_categories=())))
def test_any_text_is_stored_exactly(text: str) -> None:
    document = saying((text,))
    assert from_json(to_json(document)) == document


def _changed(change: Callable[[dict[str, Any]], object]) -> str:
    whole = json.loads(to_json(report()))
    change(whole)
    return json.dumps(whole)


@pytest.mark.parametrize(
    "change",
    [
        lambda whole: whole.update(schema=2),
        lambda whole: whole.update(schema=True),
        lambda whole: whole.update(more=1),
        lambda whole: whole["document"].update(more=1),
        lambda whole: whole["document"].pop("marking"),
        lambda whole: whole["document"].update(title=1),
        lambda whole: whole["document"].update(title="  "),
        lambda whole: whole["document"].update(dated="7 September"),
        lambda whole: whole["document"].update(dated="20180907"),
        lambda whole: whole["document"].update(language="fr"),
        lambda whole: whole["document"].update(file_stem="../x"),
        lambda whole: whole["document"].update(sections={}),
        lambda whole: whole["document"]["sections"][0].update({"is": "Document"}),
        lambda whole: whole["document"]["sections"][0].update(level=3),
        lambda whole: whole["document"]["sections"][0].update(level=True),
        lambda whole: whole["document"]["sections"][0]["blocks"][0].update({"is": "Section"}),
        lambda whole: whole["document"]["sections"][0]["blocks"][0]["runs"][0].update(style="huge"),
    ],
)
def test_what_was_not_written_here_is_not_read(change: Callable[[dict[str, Any]], object]) -> None:
    with pytest.raises(NotADocument):
        from_json(_changed(change))


@pytest.mark.parametrize("text", ["", "[]", "null", "{", "[" * 100_000])
def test_what_is_no_document_is_refused(text: str) -> None:
    with pytest.raises(NotADocument):
        from_json(text)


@pytest.mark.parametrize("address", ["https://a.example/x?y=1#z", "http://a.example", "/cases/AB12/"])
def test_a_link_leads_to_the_web_or_into_the_service(address: str) -> None:
    assert Link("words", address).address == address


@pytest.mark.parametrize(
    "address",
    ["javascript:alert(1)", "data:text/html,x", "//a.example", "mailto:a@b.example", "https://", "https://a b", "a/b",
     "/\\a.example", "https://a\n.example", ""],
)  # fmt: skip
def test_a_link_leads_nowhere_else(address: str) -> None:
    with pytest.raises(NotADocument):
        Link("words", address)


@pytest.mark.parametrize(
    "make",
    [
        lambda: table(rows=(row("one cell"),)),
        lambda: table(columns=(), rows=()),
        lambda: table(caption=" "),
        lambda: table(notes=()),
        lambda: figure(alt=" "),
        lambda: figure(title=""),
        lambda: Section("", ()),
        lambda: Cell("5", withheld="not shown"),
        lambda: Column("x", "middle"),  # type: ignore[arg-type]
        lambda: words("x", "loud"),  # type: ignore[arg-type]
        lambda: report(sections=(Section("x", level=2),)),
        lambda: report(appendices=(Section("x", anchor="purpose"),)),
        lambda: report(appendices=(Section("x", anchor="Not This"),)),
    ],
)
def test_a_part_made_up_wrongly_is_refused(make: Callable[[], object]) -> None:
    with pytest.raises(NotADocument):
        make()


def test_recommendations_are_listed_in_order() -> None:
    assert [one.to for one in report().recommendations] == ["the committee"]


@pytest.mark.parametrize(
    "inner",
    [
        "<script>alert(1)</script>",
        '<rect onclick="x"/>',
        '<a href="https://x.example"><text>x</text></a>',
        '<image href="https://x.example/a.png"/>',
        '<rect style="fill: red"/>',
        '<rect fill="url(#a)"/>',
        '<foreignObject/>',
        '<use href="#a"/>',
        "<style>*{}</style>",
        '<text xml:base="x">x</text>',
        "<?php ?>",
        "<!-- -->",
        "<!DOCTYPE x>",
        "<b>x</b>",
    ],
)  # fmt: skip
def test_a_picture_that_could_act_or_fetch_is_refused(inner: str) -> None:
    svg = SVG.replace("</svg>", f"{inner}</svg>")
    for use in (
        lambda: pictures.for_page(svg, anchor="a", title="t", words="w"),
        lambda: pictures.standing_alone(svg, family="f"),
        lambda: pictures.words_in(svg),
    ):
        with pytest.raises(NotADocument):
            use()


@pytest.mark.parametrize("svg", ["", "x", "<p>x</p>", '<svg xmlns="http://www.w3.org/2000/svg"/>', SVG + SVG])
def test_what_is_no_picture_is_refused(svg: str) -> None:
    with pytest.raises(NotADocument):
        pictures.size_of(svg)


def test_a_picture_on_a_page_is_named_by_the_figure() -> None:
    svg = pictures.for_page(SVG, anchor="figure-1", title="<Title>", words="What & why")
    assert 'aria-labelledby="figure-1-picture-title figure-1-picture-words"' in svg
    assert '<title id="figure-1-picture-title">&lt;Title&gt;</title>' in svg
    assert '<desc id="figure-1-picture-words">What &amp; why</desc>' in svg


def test_a_picture_in_a_file_has_its_looks_in_it() -> None:
    svg = pictures.standing_alone(SVG, family="A Font")
    assert "class=" not in svg
    assert 'fill="#124a66"' in svg
    assert 'font-family="A Font"' in svg


def test_our_own_charts_are_pictures_of_documents() -> None:
    from saferhub.foundation.templatetags.charts import chart_columns, chart_line

    for chart in (
        chart_line("a", "Title & more", "Words", ["Jan", "Feb\x07"], [1, 2], "Referrals"),
        chart_columns("b", "Title", "Words", ["Jan", "Feb"], [1, 2], "Referrals", [2, 3], "Before"),
    ):
        svg = pictures.svg_of(chart)
        assert pictures.size_of(svg) == (680.0, 250.0)
        assert "Jan" in pictures.words_in(svg)
    with pytest.raises(NotADocument):
        pictures.svg_of("<p>none</p>")


def test_a_copy_without_an_item_is_another_document() -> None:
    whole = report()
    copy = replace(whole, sections=whole.sections[1:3], correction=None)
    assert to_json(copy) != to_json(whole)
