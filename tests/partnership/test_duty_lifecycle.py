"""The published diagram of a duty's statuses is the table that the operations follow."""

from pathlib import Path

from saferhub.partnership.models.duties import DUTY_LIFECYCLE, DutyStatus

PAGE = Path(__file__).resolve().parents[2] / "docs" / "rules" / "statutory-calendar.md"


def test_the_published_diagram_is_the_table_of_moves() -> None:
    """Moves changed? Put the text of DUTY_LIFECYCLE.diagram() into the page."""
    assert f"```mermaid\n{DUTY_LIFECYCLE.diagram()}\n```" in PAGE.read_text(encoding="utf-8")


def test_every_status_has_an_owner_in_words() -> None:
    assert set(DUTY_LIFECYCLE.owners) == set(DutyStatus)
    assert all(len(words.split()) > 1 for words in DUTY_LIFECYCLE.owners.values())
