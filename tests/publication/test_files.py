"""Documents as files to take away."""

from __future__ import annotations

from typing import Any

import pytest

from saferhub.publication.drawing.files import FORMATS, INVENTED, file_of
from tests.publication.documents import letter, report
from tests.publication.reading import text_of_word


@pytest.mark.parametrize("ending", FORMATS)
def test_a_file_is_named_by_the_document_and_its_kind(ending: str) -> None:
    made = file_of(letter(), ending)
    assert made.name == f"letter-1.{ending}"
    assert made.media_type == FORMATS[ending].media_type
    assert made.content[:2] in (b"%P", b"PK")


def test_another_kind_of_file_is_not_known() -> None:
    with pytest.raises(KeyError):
        file_of(letter(), "exe")


def test_a_file_of_the_demonstration_says_so_beside_its_own_status(settings: Any) -> None:
    settings.DEMONSTRATION = True
    assert INVENTED in text_of_word(file_of(letter(), "docx").content)
    assert f"{INVENTED}. Draft, not approved" in text_of_word(file_of(report(), "docx").content)
    settings.DEMONSTRATION = False
    assert INVENTED not in text_of_word(file_of(letter(), "docx").content)
