"""Writing, sending, answering and withdrawing a referral.

A draft lies in no hub, so its unit alone sees it. Sending puts it into the hub that is asked and starts the
clock. What the hub decides is written elsewhere, and so is everything at once for other ways in
(`operations.referrals_filed`).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction

from saferhub.audit import operations as audit
from saferhub.casework.access import get_referral_for_update
from saferhub.casework.access.referrals import check_can_refer, check_can_write
from saferhub.casework.models import (
    REFERRAL_LIFECYCLE,
    Referral,
    ReferralMove,
    ReferralStatus,
    Source,
    SubjectKind,
)
from saferhub.casework.queries import referral_clock
from saferhub.casework.queries.referral_ground import check_carried, receiver, rests_on
from saferhub.casework.queries.referral_written import written_of
from saferhub.casework.rules import referrals as rules
from saferhub.foundation import clock
from saferhub.foundation.ids import new_reference
from saferhub.foundation.one_page import one_page
from saferhub.foundation.refusals import Refusal, refuse_if
from saferhub.partnership.access import Actor
from saferhub.partnership.models import Hub
from saferhub.sharing.models import Agreement, Matter, MatterStatus, Revision
from saferhub.sharing.operations.folders import check_seen, revise
from saferhub.sharing.operations.matters import (
    begin_matter,
    put_into_hub,
    rename_matter,
    set_status,
)
from saferhub.sharing.operations.telling import holders_of, tell
from saferhub.sharing.queries.fitting import fit_of
from saferhub.sharing.rules.interests import fit_refusals
from saferhub.sharing.rules.matters import prefix_of

_DRAWS = 5
_FROM_OUTSIDE = (Source.SHEET, Source.API)


class Incomplete(Refusal):
    """A referral that lacks something. `missing` says what, on which step and in which field."""

    def __init__(self, lacks: list[rules.Missing]) -> None:
        super().__init__("incomplete", f"{'. '.join(one.sentence for one in lacks)}.")
        self.missing = lacks


@transaction.atomic
def start_referral(
    *,
    to_hub: Hub,
    purpose: str,
    title: str,
    by: Actor,
    on: date,
    source: Source = Source.PAGE,
    subject_kind: str = "",
) -> Referral:
    """Begin a draft for a hub. Its reference begins with that hub's prefix; the hub does not see it yet.

    Raises NotAllowed for who does not work on matters, and Refusal where no agreement carries the purpose from
    her agency to that hub (`hub_without_agreement`, `other_purpose`), or `unknown_subject_kind`.
    """
    check_can_refer(by)
    _check_subject_kind(subject_kind)
    check_carried(by, purpose=purpose, hub=to_hub)
    matter = begin_matter(
        kind="referral", title=title, purpose=purpose, by=by, on=on, named_for=to_hub, lead=by.user
    )
    referral = Referral.objects.create(
        partnership_id=matter.partnership_id,
        folder=matter.folder,
        matter=matter,
        unit=matter.unit,
        to_hub=to_hub,
        source=source,
        subject_kind=subject_kind,
        written_by=by.user,
    )
    move(referral, "", ReferralStatus.DRAFT, by=by, on=on)
    revise(referral, folder=matter.folder, values=values_of(referral), by=by)
    audit.record("referral.started", matter, by=by, purpose=purpose, hub=to_hub.code, source=str(source))
    return referral


def values_of(referral: Referral) -> dict[str, Any]:
    """What may be written of it, by field of its forms, as history keeps it."""
    return {
        "title": referral.matter.title,
        "purpose": referral.matter.purpose,
        "to_hub": referral.to_hub.code,
        **{name: getattr(referral, name) for name in rules.WORDS},
        "reply": referral.reply,
    }


@transaction.atomic
def save_part(*, referral_id: str, values: Mapping[str, Any], seen: int, by: Actor, on: date) -> Referral:
    """Keep what was written on one step: any of `rules.WORDS`, and `title`, `purpose`, `to_hub` (a code).

    What is incomplete is kept too. Raises Conflict `changed_meanwhile` where one of them was changed since version
    `seen`, and Refusal `sent_already` once it is sent; one from a sheet or another system follows its source while
    it waits.
    """
    referral = get_referral_for_update(by, referral_id)
    check_can_write(by, referral)
    check_open_to(referral, values)
    before = values_of(referral)
    _check_seen(referral, seen, set(values), before)
    _apply(referral, values, by=by)
    changed = sorted(name for name, value in values_of(referral).items() if before[name] != value)
    if not changed:
        return referral
    _keep(referral, by=by)
    audit.record(
        "referral.saved",
        referral.matter,
        by=by,
        purpose=referral.matter.purpose,
        fields=changed,
        version=referral.version,
    )
    return referral


def check_open_to(referral: Referral, names: Collection[str]) -> None:
    """Raise Refusal where one of these fields cannot be written any more."""
    outside = referral.source in _FROM_OUTSIDE
    refuse_if(rules.writing_refusals(referral.status, names, from_outside=outside))


def _check_seen(referral: Referral, seen: int, names: set[str], now: Mapping[str, Any]) -> None:
    """Raise Conflict where one of these fields was changed since version `seen`. Two windows on two different steps
    are no conflict: each saves its own."""
    if referral.version == seen:
        return
    kept = Revision.objects.filter(
        kind=referral._meta.label_lower, subject=referral.public_id, number=seen
    ).first()
    if kept is None or any(kept.values.get(name) != now[name] for name in names):
        check_seen(referral, seen)


def _apply(referral: Referral, values: Mapping[str, Any], *, by: Actor) -> None:
    matter = referral.matter
    write_words(referral, values)
    purpose = str(values.get("purpose", matter.purpose))
    hub = _hub(referral, str(values["to_hub"])) if "to_hub" in values else referral.to_hub
    if purpose != matter.purpose or hub.pk != referral.to_hub_id:
        check_carried(by, purpose=purpose, hub=hub)
    if hub.pk != referral.to_hub_id:
        referral.to_hub = hub
        _name_for(referral, hub)
    title = str(values.get("title", matter.title))
    rename_matter(matter, title=title, about=matter.about, purpose=purpose, lead=matter.lead, by=by)


def write_words(referral: Referral, values: Mapping[str, Any]) -> None:
    """Let it say these of `rules.WORDS`, and the reply; not saved. Raises Refusal as `check_choices` does."""
    check_choices(values)
    for name in (*rules.WORDS, "reply"):
        if name in values:
            value = values[name]
            setattr(referral, name, bool(value) if name == "urgent" else str(value or ""))


def check_choices(values: Mapping[str, Any]) -> None:
    """Raise Refusal for an answer that is none of those offered."""
    _check_subject_kind(str(values.get("subject_kind") or ""))
    _check_choice(values, "children", rules.CHILDREN)
    _check_choice(values, "told", rules.TOLD)


def _check_subject_kind(code: str) -> None:
    if code and code not in SubjectKind.values:
        raise Refusal("unknown_subject_kind", "Choose what it is about.")


def _check_choice(values: Mapping[str, Any], name: str, choices: tuple[tuple[str, str], ...]) -> None:
    if values.get(name) and values[name] not in dict(choices):
        raise Refusal(f"unknown_{name}", "Choose one of the answers.")


def _hub(referral: Referral, code: str) -> Hub:
    found = Hub.objects.filter(partnership_id=referral.partnership_id, code=code).first()
    if found is None:
        raise Refusal("unknown_hub", "Choose the hub.")
    return found


def _name_for(referral: Referral, hub: Hub) -> None:
    """A draft's reference, which nobody has been told, begins anew with the prefix of the hub now chosen."""
    matter = referral.matter
    for draw in range(_DRAWS):
        try:
            with transaction.atomic():
                matter.reference = new_reference(prefix_of(hub.prefix, matter.unit.agency.name))
                matter.save(update_fields=["reference"])
                return
        except IntegrityError:
            if draw == _DRAWS - 1:
                raise


def _keep(referral: Referral, *, by: Actor) -> None:
    """Save it as its next version, which history keeps."""
    referral.version += 1
    referral.save()
    revise(referral, folder=referral.folder, values=values_of(referral), by=by)


def move(
    referral: Referral, before: str, after: ReferralStatus, *, by: Actor, on: date, reason: str = ""
) -> None:
    """Keep one move of its status, which its referrer and the hub both see. The caller has changed the status and
    checked that it may."""
    move_of(referral, before, after, by=by, on=on, reason=reason).save(force_insert=True)


def move_of(
    referral: Referral, before: str, after: ReferralStatus, *, by: Actor, on: date, reason: str = ""
) -> ReferralMove:
    """The same, not saved yet: for many at once."""
    return ReferralMove(
        partnership_id=referral.partnership_id,
        folder_id=referral.folder_id,
        referral=referral,
        from_status=before,
        to_status=after,
        on=on,
        by=by.public_id,
        reason=reason,
    )


@transaction.atomic
def send_referral(
    *,
    referral_id: str,
    gateway: str,
    agreement: Agreement | None,
    by: Actor,
    on: date,
    tells: bool = True,
) -> Referral:
    """Send a draft to its hub: the hub sees it from now on, and its clock runs.

    `agreement`: None only for the agency that leads the partnership, which needs none. `tells`: whether the hub's
    co-ordinators get a mail. Sent again, it is the same referral and nothing happens. Raises Incomplete, Refusal
    where agreement and gateway do not carry it, and `illegal_move` for one that was withdrawn.
    """
    referral = get_referral_for_update(by, referral_id)
    check_can_write(by, referral)
    if referral.sent_on is not None and referral.status != ReferralStatus.WITHDRAWN:
        return referral
    REFERRAL_LIFECYCLE.check(ReferralStatus(referral.status), ReferralStatus.SENT)
    matter, hub = referral.matter, referral.to_hub
    # Before anything is written, so what packs and agreements say is asked once.
    with one_page():
        if lacks := rules.missing(written_of(by, referral)):
            raise Incomplete(lacks)
        check_carried(by, purpose=matter.purpose, hub=hub)
        lying = Matter(partnership=matter.partnership, unit=matter.unit, hub=hub, purpose=matter.purpose)
        check_rests(lying, hub, gateway=gateway, agreement=agreement, by=by, on=on)
    matter = put_into_hub(matter, hub, by=by)
    referral.refresh_from_db(fields=["hub"])
    referral.gateway, referral.agreement = gateway, agreement
    referral.status = ReferralStatus.SENT
    referral.sent_on, referral.sent_at = on, clock.now()
    referral.due_on = referral_clock.due_on(referral, [])
    _keep(referral, by=by)
    move(referral, ReferralStatus.DRAFT, ReferralStatus.SENT, by=by, on=on)
    audit.record(
        "referral.sent",
        matter,
        by=by,
        purpose=matter.purpose,
        hub=hub.code,
        gateway=gateway,
        agreement=agreement.code if agreement else "",
        urgent=referral.urgent or None,
        source=referral.source,
    )
    if tells:
        tell_hub(referral, "waits for a decision", on=on)
    return referral


def check_rests(
    matter: Matter, hub: Hub, *, gateway: str, agreement: Agreement | None, by: Actor, on: date
) -> None:
    """Raise Refusal unless this agreement and this gateway carry a referral to the hub. `matter`: as it will lie
    there; it need not be saved."""
    if agreement is not None:
        refuse_if(
            fit_refusals(
                fit_of(
                    agreement=agreement,
                    matter=matter,
                    recipient=receiver(by),
                    purpose=matter.purpose,
                    gateway=gateway,
                    on=on,
                )
            )
        )
    offered = rests_on(by, purpose=matter.purpose, hub=hub)
    number = agreement.pk if agreement else None
    if (gateway, number) not in {
        (one.gateway, one.agreement.pk if one.agreement else None) for one in offered
    }:
        raise Refusal(
            "does_not_rest",
            "Choose a sharing agreement and a legal gateway that carry this referral to the hub.",
        )


def tell_hub(referral: Referral, what: str, *, on: date) -> int:
    """Mail the hub's co-ordinators, or where it has none the managers, its reference and nothing more. Returns how
    many were told. The mail leaves once the transaction has committed."""
    roles = ("hub_coordinator",), ("partnership_manager",)
    people = holders_of(roles[0], referral.partnership, on, referral.to_hub) or holders_of(
        roles[1], referral.partnership, on
    )
    matter = referral.matter
    return tell(
        people, f"Referral {matter.reference} {what}", "referral", matter.public_id, referral.partnership
    )


@transaction.atomic
def answer_question(*, referral_id: str, reply: str, seen: int, by: Actor, on: date) -> Referral:
    """Answer what the hub asked; it waits for the decision again and its clock runs on.

    Raises Refusal `reply_missing`, `illegal_move` where nothing is asked, Conflict as `save_part`.
    """
    referral = get_referral_for_update(by, referral_id)
    check_can_write(by, referral)
    if referral.status != ReferralStatus.ASKED:
        raise Refusal("nothing_asked", "The hub asks nothing of you now.")
    check_seen(referral, seen)
    if not reply.strip():
        raise Refusal("reply_missing", "Enter your answer.")
    referral.reply, referral.status = reply, ReferralStatus.SENT
    move(referral, ReferralStatus.ASKED, ReferralStatus.SENT, by=by, on=on)
    referral.due_on = referral_clock.due_on(referral, referral_clock.moves_of(referral))
    _keep(referral, by=by)
    audit.record("referral.answered", referral.matter, by=by, purpose=referral.matter.purpose)
    tell_hub(referral, "has been answered and waits for a decision", on=on)
    return referral


@transaction.atomic
def withdraw_referral(*, referral_id: str, reason: str, by: Actor, on: date) -> Referral:
    """Take a referral back: a draft, or one that waits. Once sent it needs a reason, which the hub reads.

    Raises Refusal `reason_missing`, and `illegal_move` once it is decided.
    """
    referral = get_referral_for_update(by, referral_id)
    check_can_write(by, referral)
    before = ReferralStatus(referral.status)
    REFERRAL_LIFECYCLE.check(before, ReferralStatus.WITHDRAWN)
    was_sent = before != ReferralStatus.DRAFT
    if was_sent and not reason.strip():
        raise Refusal("reason_missing", "Say why you withdraw it.")
    referral.status = ReferralStatus.WITHDRAWN
    _keep(referral, by=by)
    move(referral, before, ReferralStatus.WITHDRAWN, by=by, on=on, reason=reason)
    set_status(referral.matter, MatterStatus.CLOSED, reason=reason, by=by, on=on)
    audit.record("referral.withdrawn", referral.matter, by=by, purpose=referral.matter.purpose)
    if was_sent:
        tell_hub(referral, "has been withdrawn", on=on)
    return referral
