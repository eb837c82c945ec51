"""What the rows of meetings in a random world (see worlds.py) point at and want.

A meeting, its group and its day are no secret in a partnership, so each has one for all worlds. What is spoken of lies
in folders: the product puts it into those that are a hub's alone, the worlds into every folder, so that a unit's own
way to a folder is tried on it too.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, time
from typing import Any

from django.db import models

from saferhub.meetings.models import Group, Item, Meeting
from saferhub.partnership.models import Agency, Partnership
from saferhub.publication.stored import content_hash
from saferhub.sharing.models import Folder

CONTENT = "A lantern in Worlds Green"
# What the trigger on every table of frozen versions wants.
DRAFT = {"content": CONTENT, "content_hash": content_hash(CONTENT), "status": "draft"}
# What a model's constraints want beyond the least.
WANTED: dict[str, dict[str, Any]] = {
    "Item": {"title": "Worlds Green"},
    "KeptFrom": {"unit": None},
    "MinutesPart": DRAFT,
}
# A meeting of the demonstration lets go of its folders, which only one that is cancelled has not.
LETS_GO = (
    "UPDATE meetings_meeting SET folder_id = NULL, work_folder_id = NULL, status = 'cancelled'"
    " WHERE folder_id IS NOT NULL"
)
# Tables that others of meetings point at are emptied after them.
LAST = {"meetings_item": 1}


def a_meeting(partnership: Partnership, on: date) -> Meeting:
    """A planned meeting of a group without a hub. Written by the owner."""
    group = Group.objects.using("owner").create(partnership=partnership, kind="worlds", name="Worlds")
    return Meeting.objects.using("owner").create(
        partnership=partnership,
        group=group,
        number=1,
        on=on,
        starts_at=time(10),
        minutes=60,
        uid=f"worlds-{partnership.pk}",
    )


def given_for(
    model: type[models.Model],
    meeting: Meeting,
    units: Mapping[int, tuple[int, int | None, int]],
    folder: Folder,
) -> dict[str, Any]:
    """What a row of meetings in this folder points at beyond what every row may; for another app's model nothing."""
    if model._meta.app_label != "meetings":
        return {}
    given: dict[str, Any] = {"meeting": meeting, "agency": Agency(pk=units[folder.unit_id][0])}
    if model is Item:
        given["matter"] = None  # a standing item
    return given
