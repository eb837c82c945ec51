"""Letting something leave: the one way out for letters, copies, documents and exports to others, and the check of
every list that somebody takes out for herself (sharing asks it by its registry of checks of lists).

Whatever leaves has passed the release check over everything in it, rests on a purpose, a gateway and, for
an agency, on a sharing agreement in force that it has signed, and leaves a disclosure behind.

What is stopped leaves a trace too. The check's row is written before the refusal is raised, outside the
block that the refusal undoes: it stands wherever the caller answers the refusal with a page, as every view
here does. The audit's entry goes by the connection of refusals and stands whatever the caller does.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.db import connection, transaction

from saferhub.audit import operations as audit
from saferhub.foundation import clock
from saferhub.foundation.refusals import Refusal, refuse_if
from saferhub.partnership.access import Actor
from saferhub.partnership.models import Agency, Hub
from saferhub.partnership.queries import in_force
from saferhub.people.models import Person
from saferhub.releases import access
from saferhub.releases.models import Disclosure, ReleaseCheck
from saferhub.releases.queries.facts import elsewhere, facts_around
from saferhub.releases.rules import check as rules
from saferhub.releases.rules.release import Ground, ground_refusals
from saferhub.sharing.models import Agreement, AgreementParty, Matter
from saferhub.sharing.queries.fitting import fit_of

MARKINGS = ("OFFICIAL-SENSITIVE", "OFFICIAL")
KINDS = ("letter", "copy", "export", "document")
# Each run asks once whether something held elsewhere stops it. More in an hour is not work but asking around.
MOST_IN_AN_HOUR = 60


@dataclass(frozen=True, slots=True)
class Origin:
    """Out of what something leaves: a matter, or one person's record. The check and the disclosure lie in its folder.

    `kind`: its word in the audit. `around`: the folders of the matters whose people the check has to know.
    `asked`: the folder for which is asked what is held elsewhere. `may_release` raises NotAllowed.
    """

    kind: str
    record: Matter | Person
    purpose: str
    hub: Hub | None
    around: tuple[int, ...]
    asked: int
    may_release: Callable[[Actor], None]

    @property
    def about(self) -> Person | None:
        return self.record if isinstance(self.record, Person) else None

    @property
    def subject(self) -> tuple[str, str]:
        """As an entry of the audit names it."""
        return (self.record._meta.label_lower, self.record.public_id)


def _codes(origin: Origin) -> dict[str, Any]:
    """What the audit is to hold of where it came from."""
    return {origin.kind: origin.record.public_id}


def of_matter(matter: Matter) -> Origin:
    """A matter, as something leaves it."""
    folder, may = matter.folder_id, lambda by: access.check_can_release(by, matter)
    return Origin("matter", matter, matter.purpose, matter.hub, (folder,), folder, may)


@dataclass(frozen=True, slots=True)
class Recipient:
    """To whom it goes. `record`: public_id of the person's record in the matter."""

    name: str
    agency: Agency | None = None
    record: str = ""
    address: str = ""


@dataclass(frozen=True)
class Leaving:
    """What is to leave. `subject`: public_id or reference of the letter, document or list."""

    kind: str
    subject: str
    title: str
    parts: Sequence[rules.Part]
    by_letter: bool = False
    data_items: Sequence[str] = field(default_factory=tuple)

    @property
    def content_hash(self) -> str:
        """SHA-256 of every part, in order."""
        content = json.dumps([[p.key, p.kind.value, p.text] for p in self.parts], ensure_ascii=False)
        return hashlib.sha256(content.encode("utf-8")).hexdigest()


@dataclass(frozen=True, slots=True)
class Reasons:
    """On what it rests, and why it is necessary."""

    purpose: str
    gateway: str
    necessity: str
    agreement: Agreement | None = None


class ReleaseRefused(Refusal):
    """The check stopped it. `findings` say where; `check` is the run that was kept."""

    def __init__(self, findings: Sequence[rules.Finding], check: ReleaseCheck) -> None:
        first = findings[0].sentence
        more = len(findings) - 1
        also = (
            ""
            if not more
            else f" There {'is one more finding' if more == 1 else f'are {more} more findings'}."
        )
        super().__init__("stopped_by_check", f"{first}{also}")
        self.findings = tuple(findings)
        self.check = check


def run_check(
    *,
    matter: Matter,
    leaving: Leaving,
    recipients: Sequence[Recipient],
    by: Actor,
    overrides: Mapping[str, str] | None = None,
) -> tuple[ReleaseCheck, list[rules.Finding]]:
    """Check without letting go, and keep the run. Returns it with everything that was found.

    `overrides`: the place of a finding → why it may stay. It passed when nothing stops it any more.
    Raises NotAllowed for whoever may not let it leave, Refusal `too_many_checks`.
    """
    origin = of_matter(matter)
    origin.may_release(by)
    with transaction.atomic():
        return _checked(origin, leaving, recipients, by, dict(overrides or {}))


def _checked(
    origin: Origin,
    leaving: Leaving,
    recipients: Sequence[Recipient],
    by: Actor,
    overrides: dict[str, str],
) -> tuple[ReleaseCheck, list[rules.Finding]]:
    if leaving.kind not in KINDS:
        raise ValueError(f"{leaving.kind!r} is no kind of what leaves")
    _count(by)
    facts = facts_around(by, origin.around, on=by.on, about=origin.about)
    addressees = [
        rules.Addressee(
            name=one.name,
            key=facts.key_of(one.record),
            is_agency=one.agency is not None,
            address=one.address,
        )
        for one in recipients
    ]
    found = rules.check(leaving.parts, addressees, facts.persons, by_letter=leaving.by_letter)
    # What is stopped for good already needs no question to what is held elsewhere.
    if all(one.overridable for one in found) and any(
        elsewhere(
            facts, origin.asked, addressee, one.record, rules.told_of(leaving.parts, addressee, facts.persons)
        )
        for addressee, one in zip(addressees, recipients, strict=True)
    ):
        found.append(rules.held_elsewhere(origin.hub.name if origin.hub else ""))
    still = rules.stopping(found, overrides)
    kept = [one for one in found if one not in still]
    check = ReleaseCheck.objects.create(
        partnership_id=origin.record.partnership_id,
        folder_id=origin.record.folder_id,
        kind=leaving.kind,
        subject=leaving.subject,
        passed=not still,
        found=[one.stored() for one in found],
        set_aside=[{**one.stored(), "reason": overrides[one.place].strip()} for one in kept],
        content_hash=leaving.content_hash,
        by=by.public_id,
        at=clock.now(),
    )
    audit.record(
        "releases.checked",
        check,
        by=by,
        purpose=origin.purpose,
        kind=leaving.kind,
        passed=not still,
        rules=sorted({one.rule.code for one in found}),
        **_codes(origin),
    )
    return check, found


def _count(by: Actor) -> None:
    """Raise Refusal when this person has run the check too often. One at a time for each person."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"releases {by.public_id}"])
    since = clock.now() - timedelta(hours=1)
    if ReleaseCheck.objects.filter(by=by.public_id, at__gt=since).count() >= MOST_IN_AN_HOUR:
        raise Refusal(
            "too_many_checks",
            f"You have run the release check {MOST_IN_AN_HOUR} times in an hour. Try again later.",
        )


def release(
    *,
    matter: Matter,
    leaving: Leaving,
    recipient: Recipient,
    reasons: Reasons,
    by: Actor,
    overrides: Mapping[str, str] | None = None,
    marking: str = MARKINGS[0],
    finish: Callable[[Disclosure], None] | None = None,
) -> Disclosure:
    """Let something leave a matter, or refuse and say where it may not. As `release_from`."""
    return release_from(
        of_matter(matter),
        leaving=leaving,
        recipient=recipient,
        reasons=reasons,
        by=by,
        overrides=overrides,
        marking=marking,
        finish=finish,
    )


def release_from(
    origin: Origin,
    *,
    leaving: Leaving,
    recipient: Recipient,
    reasons: Reasons,
    by: Actor,
    overrides: Mapping[str, str] | None = None,
    marking: str = MARKINGS[0],
    finish: Callable[[Disclosure], None] | None = None,
) -> Disclosure:
    """Let something leave a matter or a record, or refuse and say where it may not.

    `finish` is called in the same transaction once the disclosure stands: a letter freezes there. Raises
    NotAllowed for whoever may not let it leave (or sees the matter by an emergency alone), Refusal where
    agreement, purpose, gateway, data or necessity do not carry it, ReleaseRefused where the check stops it.
    """
    origin.may_release(by)
    refuse_if(ground_refusals(ground_of(origin, leaving, recipient, reasons, marking, by)))
    with transaction.atomic():
        check, found = _checked(origin, leaving, [recipient], by, dict(overrides or {}))
    still = rules.stopping(found, dict(overrides or {}))
    if still:
        audit.record_refusal(
            "releases.stopped",
            origin.subject,
            by=by,
            purpose=reasons.purpose,
            kind=leaving.kind,
            rules=sorted({one.rule.code for one in still}),
        )
        raise ReleaseRefused(still, check)
    with transaction.atomic():
        disclosure = Disclosure.objects.create(
            partnership_id=origin.record.partnership_id,
            folder_id=origin.record.folder_id,
            kind=leaving.kind,
            subject=leaving.subject,
            title=leaving.title,
            recipient=recipient.name,
            recipient_agency=recipient.agency,
            purpose=reasons.purpose,
            gateway=reasons.gateway,
            agreement=reasons.agreement,
            data_items=list(leaving.data_items),
            necessity=reasons.necessity.strip(),
            marking=marking,
            checked=check,
            content_hash=leaving.content_hash,
            by=by.public_id,
            agency=by.agency_code,
            at=clock.now(),
        )
        audit.record(
            "releases.released",
            disclosure,
            by=by,
            purpose=reasons.purpose,
            kind=leaving.kind,
            gateway=reasons.gateway,
            agreement=reasons.agreement.code if reasons.agreement else "",
            to=recipient.agency.code if recipient.agency else "",
            set_aside=len(check.set_aside),
            **_codes(origin),
        )
        if finish is not None:
            finish(disclosure)
    return disclosure


def ground_of(
    origin: Origin, leaving: Leaving, recipient: Recipient, reasons: Reasons, marking: str, by: Actor
) -> Ground:
    """What a release would rest on."""
    agreement, agency = reasons.agreement, recipient.agency
    partnership = origin.record.partnership
    purpose = in_force.entry(partnership, "purposes", reasons.purpose, by.on)
    return Ground(
        to_agency=agency is not None,
        agency_here=agency is None or agency.partnership_id == partnership.pk,
        recipient=recipient.name,
        purpose=reasons.purpose,
        gateway=reasons.gateway,
        gateways_of_purpose=frozenset(purpose.item.gateways) if purpose else None,
        necessity=reasons.necessity,
        marking_known=marking in MARKINGS,
        data_items=frozenset(leaving.data_items),
        agreed_items=frozenset(agreement.data_items) if agreement else frozenset(),
        fit=fit_of(
            agreement=agreement,
            matter=origin.record,
            recipient=agency,
            purpose=reasons.purpose,
            gateway=reasons.gateway,
            on=by.on,
        )
        if agreement and isinstance(origin.record, Matter)
        else None,
        binds_us=agreement is None
        or AgreementParty.objects.filter(agreement=agreement, agency=by.agency).signed_on_day(by.on).exists(),
    )


# --- Lists for oneself -------------------------------------------------------------------------------------

# What no list for oneself may hold: a file that is lost must not say where somebody is to be found.
NEVER_LISTED = frozenset(
    {"address", "postcode", "uprn", "telephone", "e-mail", "email", "safe contact", "unsafe address", "note"}
)


@dataclass(frozen=True)
class Export:
    """A list that passed: its rows as lines of a file, and the hash that the audit holds."""

    lines: list[list[Any]]
    content_hash: str


def export_checked(
    *, name: str, headings: Sequence[str], rows: Iterable[Sequence[Any]], by: Actor, purpose: str = ""
) -> Export:
    """A list that somebody takes out of the service for her own work: no disclosure, and yet it leaves.

    It is logged with its number of rows and its hash, and holds no column that says where or how a person
    can be found. `name`: a code, such as `matters`. Raises Refusal `column_never_listed`.
    """
    lines = [list(headings), *(list(row) for row in rows)]
    content_hash = check_list(lines)["hash"]
    audit.record_sight(
        "releases.exported",
        ("list", name),
        by=by,
        purpose=purpose,
        rows=len(lines) - 1,
        hash=content_hash,
    )
    return Export(lines, content_hash)


def check_list(lines: Sequence[Sequence[Any]]) -> dict[str, str]:
    """Check the lines of a list, its headings first, whichever app it is of; what the audit is to hold of it.

    Raises Refusal `column_never_listed`.
    """
    for heading in map(str, lines[0] if lines else ()):
        if heading.strip().lower() in NEVER_LISTED:
            raise Refusal(
                "column_never_listed",
                f"A list for your own use leaves out “{heading}”: look it up in the service where it is current.",
            )
    content = json.dumps([[str(cell) for cell in line] for line in lines], ensure_ascii=False)
    return {"hash": hashlib.sha256(content.encode("utf-8")).hexdigest()}
