"""Sections that apps above register."""

from __future__ import annotations

from typing import Annotated

import pytest
from pydantic import Field

from saferhub.partnership.packs import read_pack, sections
from saferhub.partnership.packs.schema import Identifier, Item, Ref, Text

from .places import WEALDSHIRE, copy_of, problems_in


class Instrument(Item):
    """A form that is scored."""

    name: Text = Field(description="Its name")
    used_by: list[Annotated[Identifier, Ref("hubs")]] = Field(description="The hubs that use it")


@pytest.fixture
def instruments(monkeypatch):
    monkeypatch.setattr(sections, "_sections", dict(sections._sections))
    sections.register_section("forms_in_use", Instrument, kinds=("partnership",))


@pytest.fixture
def pack(tmp_path):
    return copy_of(WEALDSHIRE, tmp_path)


def written(pack, hub):
    (pack / "forms_in_use.yaml").write_text(
        f"- id: matrix\n  name: Matrix\n  used_by: [{hub}]\n  source: [{{invented: Example}}]\n"
    )


def test_a_section_registered_by_another_app_is_read(pack, instruments):
    written(pack, "marlstow")
    assert problems_in(pack) == ()
    assert read_pack(pack).items["forms_in_use"][0].item.name == "Matrix"


def test_its_references_are_checked_like_any_other(pack, instruments):
    written(pack, "marlow")
    (problem,) = problems_in(pack)
    assert str(problem) == (
        "wealdshire/forms_in_use.yaml:3: “used_by” names “marlow”, which is not in hubs.yaml. "
        "Did you mean “marlstow”?"
    )


def test_without_the_app_its_section_is_unknown(pack):
    written(pack, "marlstow")
    (problem,) = problems_in(pack)
    assert "no section “forms_in_use”" in problem.sentence


def test_a_name_that_is_taken_cannot_be_registered_for_another_model(instruments):
    with pytest.raises(ValueError, match="registered already"):
        sections.register_section("hubs", Instrument)
