"""A whole report on a page: with one of everything, and with what people type."""

from __future__ import annotations

from typing import Any

import pytest
from django.template import engines
from django.urls import reverse

from saferhub.publication.rules.numbering import number
from tests.journeys.conftest import sideways, violations
from tests.publication.documents import NASTY, report, saying

PAGE = (
    "{% load publication %}<div class='sh-document'><div class='sh-document__side'>{% document_contents made %}"
    "</div><article class='sh-document__text'>{% document_text made %}</article></div>"
)


@pytest.mark.parametrize("width", [1200, 375])
@pytest.mark.parametrize("document", [report(), saying((*NASTY, "x" * 10_000))], ids=["report", "nasty"])
def test_a_document_is_accessible_and_fits(document: Any, width: int, open_page: Any) -> None:
    page = open_page("", width=width)
    page.goto(reverse("help"))
    drawn = engines["django"].from_string(PAGE).render({"made": number(document)})
    page.evaluate("html => { document.querySelector('main').innerHTML = html }", drawn)
    assert violations(page) == []
    assert sideways(page) <= 0
    # A number is a link to itself, by keyboard too.
    first = page.locator(".sh-doc__paragraph > .sh-doc__number").first
    first.focus()
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{first.get_attribute('href')}")
