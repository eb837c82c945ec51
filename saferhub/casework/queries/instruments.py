"""What the pages of scoring forms read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from saferhub.casework.access import scoring as access
from saferhub.casework.models import Instrument, InstrumentVersion, VersionStatus
from saferhub.casework.operations.scoring_forms import read
from saferhub.casework.pack_sections.scoring import Definition
from saferhub.casework.rules.scoring import rule_words
from saferhub.partnership.access import Actor
from saferhub.partnership.queries import in_force
from saferhub.partnership.queries.members import names_of


@dataclass(frozen=True, slots=True)
class Listed:
    """One form in the list."""

    instrument: Instrument
    definition: Definition
    in_use: InstrumentVersion | None
    draft: InstrumentVersion | None

    @property
    def is_rebuilt(self) -> bool:
        return self.definition.reconstruction or self.definition.topics_only


def listed(actor: Actor, on: date) -> list[Listed]:
    """Every form with its version in use and its draft. Three queries."""
    in_use = {one.instrument_id: one for one in access.versions_in_use(actor, on)}
    versions: dict[int, list[InstrumentVersion]] = {}
    for one in access.versions_visible_to(actor).exclude(status=VersionStatus.DISCARDED):
        versions.setdefault(one.instrument_id, []).append(one)
    found = []
    for instrument in access.instruments_visible_to(actor):
        own = versions.get(instrument.pk, [])
        if not own:
            continue
        used = in_use.get(instrument.pk)
        draft = next((one for one in own if one.status == VersionStatus.DRAFT), None)
        shown = used or draft or own[0]
        found.append(Listed(instrument, read(shown), used, draft))
    return found


def not_taken(actor: Actor, on: date) -> list[str]:
    """The names of the packs' forms that the partnership has not taken over."""
    have = set(access.instruments_visible_to(actor).values_list("code", flat=True))
    return [
        one.item.name
        for one in in_force.entries(actor.partnership, "instruments", on)
        if one.code not in have
    ]


@dataclass(frozen=True, slots=True)
class VersionRow:
    """One version in the table of a form."""

    version: InstrumentVersion
    standing: str
    made_by: str
    published_by: str


def versions(actor: Actor, instrument: Instrument, on: date) -> list[VersionRow]:
    """The versions of a form, the newest first. Two queries."""
    rows = list(access.versions_visible_to(actor).filter(instrument=instrument).order_by("-number"))
    names = names_of([name for one in rows for name in (one.made_by, one.published_by)], actor)
    used = access.version_in_use(actor, instrument, on)
    return [
        VersionRow(
            one,
            standing(one, used, on),
            names.get(one.made_by, ""),
            names.get(one.published_by, ""),
        )
        for one in rows
    ]


def standing(version: InstrumentVersion, used: InstrumentVersion | None, on: date) -> str:
    """How a version stands on a day: draft, discarded, in use, waits, used before."""
    if version.status != VersionStatus.PUBLISHED:
        return str(version.get_status_display())
    if used is not None and version.pk == used.pk:
        return "In use"
    if version.effective_from is not None and version.effective_from > on:
        return "Not in use yet"
    return "Used before"


@dataclass(frozen=True, slots=True)
class BandRow:
    code: str
    words: str
    order: int
    when: str
    review: str


def bands(definition: Definition) -> list[BandRow]:
    """The bands in words, the highest first."""
    return [
        BandRow(
            band.code,
            band.words,
            band.order,
            ", or ".join(rule_words(definition, rule) for rule in band.rules) or "none of the others",
            f"after {band.review}" if band.review else "no set day",
        )
        for band in reversed(definition.rising)
    ]


@dataclass(frozen=True, slots=True)
class PromptRow:
    code: str
    words: str
    about: str
    when: str


def prompts(definition: Definition) -> list[PromptRow]:
    """The prompts in words."""
    return [
        PromptRow(
            one.code, one.words, one.about, ", or ".join(rule_words(definition, rule) for rule in one.when)
        )
        for one in definition.prompts
    ]


def judgement_words(definition: Definition) -> str:
    """What judgement may do, in a sentence."""
    if definition.judgement.apart:
        return "Judgement may raise the band. Score and judgement always stand side by side."
    if definition.judgement.raise_only:
        return "Judgement may raise the band, never lower it. It needs a reason."
    return "Judgement may raise or lower the band. It needs a reason."


def completed_words(definition: Definition) -> str:
    """Who completes it, in a sentence; nothing where anybody may."""
    own = definition.completed_by
    parts = []
    if own.trained:
        parts.append("by somebody trained in it")
    if own.victim_alone:
        parts.append("with the victim alone")
    return f"Completed {' and '.join(parts)}." if parts else ""
