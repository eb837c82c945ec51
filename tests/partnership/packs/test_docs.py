"""The reference in docs/packs.md is the schema's own."""

from __future__ import annotations

from pathlib import Path

from saferhub.partnership.packs import all_sections
from saferhub.partnership.packs.local import register as register_local
from saferhub.partnership.packs.reference import BEGINS, ENDS, reference

DOCUMENT = Path(__file__).resolve().parents[3] / "docs" / "packs.md"


def test_the_reference_is_written_from_the_schema():
    """Broke it? Put what `saferhub.partnership.packs.reference.reference()` returns between the two marks."""
    text = DOCUMENT.read_text()
    written = text[text.index(BEGINS) + len(BEGINS) : text.index(ENDS)].strip()
    assert written == reference().strip()


def test_every_field_says_what_it_is():
    for line in reference().splitlines():
        if line.startswith("| `"):
            assert not line.endswith("|  |"), f"no description: {line}"


def test_registering_the_same_sections_again_changes_nothing():
    before = all_sections()
    register_local()
    assert all_sections() == before
