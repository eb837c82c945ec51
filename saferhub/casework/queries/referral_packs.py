"""What a pack of a referral holds, as far as whoever makes it sees it, and what the pages of packs read.

Records that are restricted to named people stand in no pack: whoever it is for is none of them.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils import timezone

from saferhub.casework.access import parts_readable_by
from saferhub.casework.access.inside import folders_inside, persons_inside, places_inside, readable_rows
from saferhub.casework.access.referral_packs import is_offered
from saferhub.casework.access.referrals import works_on
from saferhub.casework.models import WAITING, Assessment, Decision, DecisionKind, Referral, ReferralPack
from saferhub.casework.operations.scoring_forms import read
from saferhub.casework.registries import Block
from saferhub.casework.rules import referral_packs as rules
from saferhub.partnership.access import Actor
from saferhub.partnership.models import Agency
from saferhub.partnership.queries.members import agency_names
from saferhub.partnership.rules.dates_in_words import date_in_words
from saferhub.publication.model import Document
from saferhub.publication.models import VersionStatus
from saferhub.releases.models import Disclosure
from saferhub.releases.queries.facts import facts_of
from saferhub.releases.queries.letters import release_choices
from saferhub.releases.registries import Left
from saferhub.releases.rules.check import Addressee, Finding, check
from saferhub.releases.rules.documents import parts_of_document
from saferhub.sharing.models import Agreement, Matter, Sensitivity
from saferhub.sharing.queries.packs_in_words import PackWords, pack_words

from .referral_page import answers
from .referral_people import standing_in
from .scoring import band_words, of_referral


@dataclass(frozen=True)
class Wanted:
    """What a pack is to be: which parts, for whom, on which ground."""

    parts: Collection[str]
    recipient: str
    purpose: str
    gateway: str
    agreement: Agreement | None


@dataclass(frozen=True)
class Made:
    """The document of a pack, and where its figures came from."""

    document: Document
    figures: dict[str, Any]


def made_of(actor: Actor, referral: Referral, wanted: Wanted, *, pack: str, on: date) -> Made:
    """The pack as it is drawn now. `pack`: its identifier, by which its files are named; `on`: the day it bears."""
    words = pack_words(referral.partnership, on)
    scored = of_referral(actor, referral) if "scores" in wanted.parts else []
    told = rules.Told(
        standing=_standing(actor, referral) if "people" in wanted.parts else (),
        said=_said(referral, words),
        scores=_scores(actor, referral, scored),
        decisions=_decisions(actor, referral) if "decision" in wanted.parts else (),
    )
    head = rules.Head(
        pack=pack,
        reference=referral.matter.reference,
        title=referral.matter.title,
        hub=referral.to_hub.name,
        recipient=wanted.recipient,
        purpose=words.purpose(wanted.purpose),
        gateway=words.gateway(wanted.gateway),
        agreement=wanted.agreement.title if wanted.agreement else "",
        made_on=on,
        facts=_facts(referral),
    )
    figures = {
        _figure(one): {
            "assessment": one.public_id,
            "form": one.instrument_version.instrument.code,
            "version": one.instrument_version.number,
            "on": one.on.isoformat(),
        }
        for one in scored
    }
    return Made(rules.pack_document(head, told, wanted.parts), figures)


def _facts(referral: Referral) -> tuple[tuple[str, str], ...]:
    who = referral.written_by.name if referral.written_by else referral.referrer_name
    ended = f", {date_in_words(referral.decided_on)}" if referral.decided_on else ""
    waits = referral.status in WAITING and referral.due_on
    return (
        ("It is about", str(referral.get_subject_kind_display())),
        ("Referred by", ", ".join(one for one in (referral.unit.agency.name, who) if one)),
        ("Sent on", date_in_words(referral.sent_on) if referral.sent_on else ""),
        ("Urgent", "Yes" if referral.urgent else "No"),
        ("Where it stands", f"{referral.get_status_display()}{ended}"),
        ("The hub decides by", date_in_words(referral.due_on) if waits and referral.due_on else ""),
    )


def _said(referral: Referral, words: PackWords) -> dict[str, Sequence[tuple[str, str]]]:
    said = {
        part.step: [
            (line.label, line.words)
            for line in part.lines
            if line.field != "urgent" or referral.urgent_why.strip()
        ]
        for part in answers(referral, words)
    }
    said["happening"].append(("What the referrer answered when asked", referral.reply))
    return dict(said)


def _standing(actor: Actor, referral: Referral) -> list[rules.Standing]:
    matter = referral.matter
    restricted = {one.pk for one in folders_inside(actor, matter) if one.sensitivity != Sensitivity.NORMAL}
    hidden = {one.public_id for one in persons_inside(actor, matter) if one.folder_id in restricted}
    hidden |= {one.public_id for one in places_inside(actor, matter) if one.folder_id in restricted}
    return [
        rules.Standing(one.name, one.part, one.note, _about(one.what) if one.is_subject else "")
        for one in standing_in(actor, referral)
        if one.record not in hidden
    ]


def _about(what: str) -> str:
    return "It is about this place" if what == "place" else "It is about them"


def _figure(made: Assessment) -> str:
    return f"score-{made.public_id}"


def _scores(actor: Actor, referral: Referral, scored: Sequence[Assessment]) -> list[rules.Score]:
    agencies = agency_names((one.agency for one in scored), actor) if scored else {}
    about = any(one.person_id for one in scored)
    people = {one.pk: one.name for one in persons_inside(actor, referral.matter)} if about else {}
    found = []
    for one in scored:
        form = read(one.instrument_version)
        band = band_words(form, one.standing_band)
        found.append(
            rules.Score(
                form=form.name,
                on=one.on,
                score=f"{one.score} of {form.most}" if one.is_complete and one.score is not None else "none",
                band=band,
                agency=agencies.get(one.agency, one.agency),
                figure=_figure(one),
                about=people.get(one.person_id, "one person") if one.person_id else "",
                judged=one.judged_why if one.judged_band else "",
            )
        )
    return found


def _decisions(actor: Actor, referral: Referral) -> list[rules.Decided]:
    rows = readable_rows(actor, Decision.objects.filter(referral=referral.pk).select_related("hub_to"))
    return [
        rules.Decided(
            one.on,
            str(one.get_kind_display()),
            one.reason,
            one.told,
            one.hub_to.name if one.hub_to else "",
            one.kind == DecisionKind.ASK,
        )
        for one in rows
    ]


def wanted_of(pack: ReferralPack) -> Wanted:
    """What a pack that was made was to be."""
    return Wanted(pack.parts, pack.recipient, pack.purpose, pack.gateway, pack.agreement)


def made_again(actor: Actor, referral: Referral, pack: ReferralPack) -> Made:
    """What the same pack would hold now, made on the same day."""
    day = timezone.localtime(pack.made_at).date()
    return made_of(actor, referral, wanted_of(pack), pack=pack.public_id, on=day)


# --- Pages ------------------------------------------------------------------------------------------------


def findings_of(actor: Actor, referral: Referral, pack: ReferralPack) -> list[Finding]:
    """What the release check finds in a draft, as far as the actor may know it. Nothing is kept, and nothing asked of
    what is held elsewhere: the release does both."""
    to = Addressee(pack.recipient, is_agency=pack.recipient_agency_id is not None)
    facts = facts_of(actor, referral.matter, on=actor.on)
    return check(parts_of_document(pack.document()), [to], facts.persons)


def choices(actor: Actor, matter: Matter) -> dict[str, list[tuple[str, str]]]:
    """What the form of a pack offers: agencies, and what a release offers but for the kinds of data
    that a pack's parts have by nature."""
    agencies = Agency.objects.filter(partnership=matter.partnership).order_by("name")
    offered = release_choices(actor, matter)
    others = [(code, name) for code, name in offered["data_items"] if code not in rules.BY_NATURE]
    return {**offered, "agency": list(agencies.values_list("code", "name")), "data_items": others}


def agency_chosen(actor: Actor, code: str) -> Agency | None:
    """The agency that a form names; None for none of the partnership."""
    return Agency.objects.filter(partnership=actor.partnership, code=code).first()


MOST_SHOWN = 10
_NOTICES = {
    VersionStatus.DRAFT: "To be read: it has not left",
    VersionStatus.WITHDRAWN: "Dropped: it never left",
}


def as_it_stands(pack: ReferralPack) -> Document:
    """A pack as its page shows it: what has not left says so."""
    return replace(pack.document(), status=_NOTICES.get(VersionStatus(pack.status), ""))


STATUS = {
    VersionStatus.DRAFT: ("Not released", "amber"),
    VersionStatus.PUBLISHED: ("Released", "good"),
    VersionStatus.WITHDRAWN: ("Dropped", "quiet"),
}


def packs_block(actor: Actor, referral: Referral) -> Block | None:
    """The packs made of a referral, on the hub's page of it, and the way to make one. One query at most: beside one of
    which nothing was written there is none."""
    rows: list[ReferralPack] = []
    if works_on(actor, referral) and referral.work_folder_id is not None:
        made = ReferralPack.objects.filter(referral=referral.pk).exclude(status=VersionStatus.WITHDRAWN)
        rows = readable_rows(
            actor, made.defer("content", "figures", "necessity").order_by("-id")[:MOST_SHOWN]
        )
    offered = works_on(actor, referral) and is_offered(actor, referral)
    if not rows and not offered:
        return None
    matter_id = referral.matter.public_id
    return Block(
        "casework/referrals/packs_block.html",
        {
            "packs": [
                {
                    "recipient": one.recipient,
                    "url": reverse("referral-pack", args=[matter_id, one.public_id]),
                    "day": timezone.localtime(one.published_at or one.made_at).date(),
                    "words": STATUS[VersionStatus(one.status)][0],
                    "tone": STATUS[VersionStatus(one.status)][1],
                }
                for one in rows
            ],
            "make_url": reverse("referral-pack-new", args=[matter_id]) if offered else "",
        },
        place="aside",
    )


def left(actor: Actor, disclosure: Disclosure) -> Left | None:
    """A pack as the page of its disclosure names it; None for anything else, or hidden. One query."""
    rows = parts_readable_by(actor, ReferralPack).filter(disclosure=disclosure.pk)
    found = rows.select_related("referral__matter").defer("content", "figures", "necessity").first()
    if found is None:
        return None
    url = reverse("referral-pack", args=[found.referral.matter.public_id, found.public_id])
    return Left("The pack", url, url)
