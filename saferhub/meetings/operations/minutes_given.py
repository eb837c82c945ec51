"""Minutes for somebody without an account, or outside the partnership: a disclosure, like anything else that leaves.

What is given is an extract: the minutes of one item, because each matter leaves on a ground of its own. It goes through
the one way out (`saferhub.releases`): purpose, gateway, agreement, necessity, the release check over everything in it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.http import Http404
from django.urls import reverse

from saferhub.audit import operations as audit
from saferhub.casework.access import get_case, get_referral
from saferhub.foundation.refusals import Refusal
from saferhub.meetings import access
from saferhub.meetings.models import Item, ItemKind, Meeting, MinutesPart
from saferhub.meetings.rules import minutes as rules
from saferhub.partnership.access import Actor
from saferhub.partnership.rules.dates_in_words import date_in_words
from saferhub.publication.model import Document
from saferhub.publication.models import VersionStatus
from saferhub.releases.access import check_can_release, get_disclosure
from saferhub.releases.models import Disclosure
from saferhub.releases.operations.release import Leaving, Reasons, Recipient, release
from saferhub.releases.rules.documents import parts_of_document
from saferhub.sharing.access.emergencies import check_may_leave
from saferhub.sharing.models import Matter

from .minutes import get_part

KIND = "document"


@dataclass(frozen=True)
class Extract:
    """What would leave: the part, its item, the matter that it leaves."""

    meeting: Meeting
    part: MinutesPart
    item: Item
    matter: Matter


def extract_to_give(by: Actor, meeting_id: str, part_id: str) -> Extract:
    """The approved minutes of an item about a matter, for whoever may let something of that matter leave.

    Raises Http404, hidden or missing or about no matter; NotAllowed; Refusal `not_published` before approval.
    """
    meeting = access.get_meeting(by, meeting_id)
    part = get_part(by, meeting, part_id)
    if part.item is None or part.item.matter is None:
        raise Http404
    code = part.item.matter.public_id
    matter = (
        get_referral(by, code).matter if part.item.kind == ItemKind.REFERRAL else get_case(by, code).matter
    )
    check_can_release(by, matter)
    if part.status != VersionStatus.PUBLISHED:
        raise Refusal(
            "not_published",
            "Only minutes that are approved and in force are given to others.",
            link=reverse("meeting-minutes", args=[meeting.public_id]),
            link_text="The minutes",
        )
    return Extract(meeting, part, part.item, matter)


def document_for(extract: Extract, recipient: str) -> Document:
    """The extract as its recipient gets it."""
    return rules.extract(extract.part.document(), recipient=recipient, version=extract.part.number)


def leaving_of(extract: Extract, recipient: str, data_items: tuple[str, ...] = ()) -> Leaving:
    """The extract as the release check takes it."""
    meeting = extract.meeting
    title = f"Minutes of {meeting.group.name}, {date_in_words(meeting.on)}: {extract.item.reference}"
    return Leaving(
        KIND,
        extract.part.public_id,
        title[:200],
        parts_of_document(document_for(extract, recipient)),
        data_items=data_items,
    )


def give_extract(
    *,
    meeting_id: str,
    part_id: str,
    recipient: Recipient,
    reasons: Reasons,
    by: Actor,
    data_items: tuple[str, ...] = (),
    overrides: Mapping[str, str] | None = None,
) -> Disclosure:
    """Let the minutes of one item leave, or refuse and say where they may not.

    Raises as `extract_to_give` and as `releases.operations.release.release`. Not one transaction: the trace of a check
    that stops it stays.
    """
    extract = extract_to_give(by, meeting_id, part_id)

    def kept(disclosure: Disclosure) -> None:
        audit.record(
            "meetings.extract_given",
            extract.part,
            by=by,
            purpose=reasons.purpose,
            meeting=extract.meeting.public_id,
            disclosure=disclosure.public_id,
        )

    return release(
        matter=extract.matter,
        leaving=leaving_of(extract, recipient.name, data_items),
        recipient=recipient,
        reasons=reasons,
        by=by,
        overrides=overrides,
        finish=kept,
    )


def given(by: Actor, meeting_id: str, disclosure_id: str) -> tuple[Extract, Disclosure, Document]:
    """What a disclosure let leave, as it is printed or taken away: the very words that were checked.

    Raises Http404, hidden or missing or not of this meeting; NotAllowed; Refusal `changed_since` where they are no
    longer those that were checked.
    """
    disclosure = get_disclosure(by, disclosure_id)
    if disclosure.kind != KIND:
        raise Http404
    extract = extract_to_give(by, meeting_id, disclosure.subject)
    check_may_leave(by, extract.matter.folder)
    if leaving_of(extract, disclosure.recipient).content_hash != disclosure.content_hash:
        raise Refusal("changed_since", "These minutes were corrected since. Give the corrected ones.")
    audit.record_sight(
        "meetings.extract_shown",
        extract.part,
        by=by,
        purpose=disclosure.purpose,
        disclosure=disclosure.public_id,
    )
    return extract, disclosure, document_for(extract, disclosure.recipient)
