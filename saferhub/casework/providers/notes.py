"""What notes give to the pages and commands of lower apps, and to the case's page."""

from __future__ import annotations


def register() -> None:
    """Fill the registries."""
    from saferhub.casework.models import Attachment
    from saferhub.casework.operations.notes_placing import follow_notes
    from saferhub.casework.queries import notes, notes_plan, notes_safety
    from saferhub.casework.registries import (
        BLOCKERS,
        CASE_BLOCKS,
        CASE_BUTTONS,
        CASE_TABS,
        NEXT,
        TIMELINE,
    )
    from saferhub.foundation.kept_files import register_kept_files
    from saferhub.foundation.registries import WORK
    from saferhub.sharing.registries import FOLLOWERS

    register_kept_files(Attachment)
    FOLLOWERS.register(follow_notes)
    CASE_TABS.register(notes_plan.plan_tab, order=40)
    CASE_TABS.register(notes_plan.files_tab, order=60)
    CASE_BLOCKS.register(notes_plan.plan_block, order=40)
    # The first is the page's green button.
    CASE_BUTTONS.register(notes_plan.buttons, order=10)
    TIMELINE.register(notes.happened, order=10)
    TIMELINE.register(notes_plan.happened, order=20)
    BLOCKERS.register(notes_plan.blockers, order=20)
    NEXT.register(notes_plan.next_contact, order=20)
    WORK.register(notes_plan.work_items, order=25)
    WORK.register(notes_safety.work_items, order=24)
