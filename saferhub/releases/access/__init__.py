"""Who may see what leaves, and who may let it leave.

Letters and checks lie in a matter's folder and are read by its readers. The information governance lead
reads the disclosures and what was stopped, of the whole partnership, and never a letter.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.db.models import Model, QuerySet
from django.http import Http404
from django.urls import reverse

from saferhub.foundation.refusals import NotAllowed, Refusal, allows
from saferhub.partnership.access import Actor, Permission
from saferhub.people.access import check_can_edit_record, is_correction_by_hub
from saferhub.people.models import Person
from saferhub.releases.models import Disclosure, Letter, LetterStatus, ReleaseCheck
from saferhub.sharing.access import (
    check_can_edit,
    in_folders_readable_by,
    matters_visible_to,
    sight_of,
)
from saferhub.sharing.access.emergencies import sees_beyond_emergency
from saferhub.sharing.access.sight import governed_by
from saferhub.sharing.models import Folder, Matter


def letters_visible_to(actor: Actor) -> QuerySet[Letter]:
    """The letters in the matters this actor may see."""
    return in_folders_readable_by(actor, Letter.objects.all())


def get_letter(actor: Actor, public_id: str) -> Letter:
    """The letter of this identifier. Raises Http404 in the same words whether hidden or missing."""
    found = (
        letters_visible_to(actor)
        .filter(public_id=public_id)
        .select_related("folder", "partnership", "addressee_agency")
        .first()
    )
    if found is None:
        raise Http404
    return found


def get_letter_for_update(actor: Actor, public_id: str) -> Letter:
    """The same, locked until the transaction ends."""
    found = letters_visible_to(actor).select_for_update(of=("self",)).filter(public_id=public_id).first()
    if found is None:
        raise Http404
    return found


def matter_of(actor: Actor, letter: Letter) -> Matter:
    """The matter that a letter belongs to. Raises Http404 where the actor does not see it."""
    found = (
        matters_visible_to(actor)
        .filter(folder_id=letter.folder_id)
        .select_related("folder", "partnership", "hub", "unit__agency", "lead")
        .first()
    )
    if found is None:
        raise Http404
    return found


def disclosures_visible_to(actor: Actor) -> QuerySet[Disclosure]:
    """Disclosures of the matters she may see, and all of the partnership for its governance lead."""
    return governed_by(actor, Disclosure.objects.all())


def get_disclosure(actor: Actor, public_id: str) -> Disclosure:
    """The disclosure of this identifier. Raises Http404 whether hidden or missing."""
    found = (
        disclosures_visible_to(actor)
        .filter(public_id=public_id)
        .select_related("recipient_agency", "agreement", "checked")
        .first()
    )
    if found is None:
        raise Http404
    return found


def can_read_content(actor: Actor, disclosure: Disclosure) -> bool:
    """Whether she reads the matter it left, and so what it said."""
    return in_folders_readable_by(actor, Disclosure.objects.filter(pk=disclosure.pk)).exists()


def checks_visible_to(actor: Actor) -> QuerySet[ReleaseCheck]:
    """Runs of the check over what was to leave the matters she may see, or her partnership."""
    return governed_by(actor, ReleaseCheck.objects.all())


def check_can_see_disclosures(actor: Actor) -> None:
    """Raise NotAllowed unless she answers for what leaves the partnership."""
    actor.check(Permission.SEE_DISCLOSURES)


def check_can_write(actor: Actor, matter: Matter) -> None:
    """Raise NotAllowed unless she may write a letter in this matter: it is her hub's or her unit's."""
    actor.check(Permission.WORK_ON_MATTERS)
    check_can_edit(actor, matter)


def check_can_release(actor: Actor, matter: Matter) -> None:
    """Raise NotAllowed unless she may let something of this matter leave.

    Besides writing in it she must see it by more than an emergency: what was opened for some hours to save
    somebody is not to travel on.
    """
    check_can_write(actor, matter)
    _check_beyond_emergency(actor, matter.folder)


def check_can_release_copy(actor: Actor, person: Person) -> None:
    """Raise NotAllowed unless she may give a person the copy of this record: it is her unit's, or she decides for
    a hub that works on it, and she sees it by more than an emergency."""
    check_can_edit_record(actor, person)
    _check_beyond_emergency(actor, person.folder)


def _check_beyond_emergency(actor: Actor, folder: Folder) -> None:
    if not sees_beyond_emergency(actor, folder):
        raise NotAllowed(
            "only_in_emergency",
            "You see this because of an emergency, so nothing of it can leave through you."
            " Ask somebody who works on it.",
        )


def folder_to_ask_of(actor: Actor, person: Person, matters: Iterable[Matter]) -> int:
    """For which folder the database is asked what is held elsewhere about a person: the record's, or, for whoever
    answers for the hub, the matter's, because it answers for one's own unit's and hub's alone."""
    if not is_correction_by_hub(actor, person):
        return person.folder_id
    hubs = sight_of(actor).hubs
    return next((one.folder_id for one in matters if one.hub_id in hubs), person.folder_id)


def check_is_draft(letter: Letter) -> None:
    """Raise Refusal `not_a_draft` where the letter has left or was dropped."""
    if letter.status != LetterStatus.DRAFT:
        raise Refusal(
            "not_a_draft",
            "This letter has left, so it stays as it is."
            if letter.status == LetterStatus.RELEASED
            else "This letter was dropped. Begin another.",
            link=reverse("letter", args=[letter.public_id]),
            link_text="See the letter",
        )


def can_write(actor: Actor, matter: Matter) -> bool:
    return allows(check_can_write, actor, matter)


def can_see_disclosures(actor: Actor) -> bool:
    return allows(check_can_see_disclosures, actor)


def can_release_copy(actor: Actor, person: Person) -> bool:
    return allows(check_can_release_copy, actor, person)


# Every protected table of this app, for the test that holds both walls to each other.
LOADERS: dict[type[Model], Callable[[Actor], QuerySet[Any]]] = {
    Letter: letters_visible_to,
    ReleaseCheck: checks_visible_to,
    Disclosure: disclosures_visible_to,
}
