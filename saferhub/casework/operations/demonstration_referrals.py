"""Referrals of the demonstration that became no case, or not yet: one of each kind of fate. All are invented."""

from __future__ import annotations

from saferhub.casework.models import SubjectKind

from .cases_deciding import ask, decline
from .demonstration_words import Telling, hub_of, refer, score
from .referrals_filed import PersonValues
from .referrals_written import save_part, start_referral

DRAFT = "Rubbish and shouting in a back lane"
WAITING = "Young people on the roof of the market hall"
ASKED = "A man who shouts at passers-by from his window"
DECLINED = "A hedge between two gardens"


def tell(telling: Telling) -> None:
    """A draft, one that waits, one that was asked about, one that was declined."""
    _draft(telling)
    waiting = refer(
        telling, "rachel.referrer", 3, title=WAITING, subject_kind=SubjectKind.LOCATION,
        happened="Ten or more are on the roof on most evenings of the holidays. Tiles fall on the path below.",
        where="Market hall, Example Selby, the flat roof at the back",
        tried="The caretaker asked them to come down; a lock was fitted and broken within a week.",
        asked_for="Youth work and police at the same table before somebody falls.",
        children="yes", children_words="Most are said to be 12 to 15.",
    )  # fmt: skip
    score(telling, 1, referral=waiting, frequency="most_days", worsening="yes", aimed="community",
          effect="little", others_affected="wider", linked="yes")  # fmt: skip
    asked = refer(
        telling, "priya.partner", 8, title=ASKED, subject_kind=SubjectKind.INDIVIDUAL,
        people=[PersonValues(role="alleged_perpetrator", is_subject=True, given="Alban", family="Sample")],
        happened="Neighbours have complained to his care worker. He is not well and does not sleep.",
        where="A flat above a shop",
        tried="His care worker has moved her visits to the evening.",
        asked_for="To know whether he can be helped before anybody talks of notices.",
    )  # fmt: skip
    declined = refer(
        telling, "rachel.referrer", 41, title=DECLINED, subject_kind=SubjectKind.PROPERTY,
        happened="Two tenants dispute who cuts a hedge. Words were had once.",
        where="Two gardens in Example Selby",
        tried="A letter to both.", asked_for="Somebody to decide it.",
    )  # fmt: skip
    with telling.acting("colin.coordinator", 6) as by:
        ask(
            referral_id=asked, reason="Nothing is said of who is affected, or how often.",
            question="How often does it happen, and has anybody been hurt or stopped going out?",
            by=by, on=by.on,
        )  # fmt: skip
    with telling.acting("colin.coordinator", 38) as by:
        decline(
            referral_id=declined, reason="One landlord, no harm, nothing that needs a second agency.",
            told="A hub cannot help with this. Mediation can, and costs nothing: ask the council’s mediators.",
            by=by, on=by.on,
        )  # fmt: skip


def _draft(telling: Telling) -> None:
    with telling.acting("rachel.referrer", 2) as by:
        draft = start_referral(
            to_hub=hub_of(by, "selby"), purpose="reduce_asb", title=DRAFT, subject_kind=SubjectKind.LOCATION,
            by=by, on=by.on,
        )  # fmt: skip
        save_part(
            referral_id=draft.matter.public_id,
            values={"happened": "Bags are left behind the shops, and people shout there at night.",
                    "where": "The lane behind the parade"},
            seen=draft.version, by=by, on=by.on,
        )  # fmt: skip
