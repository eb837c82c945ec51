"""Packs of a referral as Selby's co-ordinator makes them: for the police under the hubs' agreement unless told
otherwise."""

from __future__ import annotations

from typing import Any

from saferhub.casework.access import get_referral
from saferhub.casework.access.inside import persons_inside
from saferhub.casework.access.referral_packs import get_pack
from saferhub.casework.models import Referral, ReferralPack
from saferhub.casework.operations.referral_packs import make_pack, release_pack
from saferhub.casework.rules.referral_packs import CHOICES
from saferhub.partnership.models import Agency
from saferhub.people.operations.parts import add_part
from saferhub.releases.operations.release import Reasons, Recipient
from saferhub.sharing.entering import entered
from saferhub.sharing.models import Agreement
from tests.builders.casework import actor

COLIN = "colin.coordinator"
POLICE = "north_yorkshire_police"
WHY = "They patrol the stairwell from tonight, and less would not tell them whom to look for."


def agency(cast: dict[str, Any], code: str = POLICE) -> Agency:
    return Agency.objects.get(partnership=actor(cast, COLIN).partnership, code=code)


def reasons(**changes: Any) -> Reasons:
    given: dict[str, Any] = {
        "purpose": "reduce_asb",
        "gateway": "crime_and_disorder",
        "necessity": WHY,
        "agreement": Agreement.objects.filter(code="hubs_2018").first(),
    }
    return Reasons(**(given | changes))


def a_pack(
    cast: dict[str, Any],
    referral: Referral,
    *,
    released: bool = False,
    username: str = COLIN,
    to: Recipient | None = None,
    parts: tuple[str, ...] = tuple(CHOICES),
    **more: Any,
) -> ReferralPack:
    """A pack of everything that a pack may hold, drafted or released."""
    with entered(cast[username]):
        by = actor(cast, username)
        police = agency(cast)
        pack = make_pack(
            referral_id=referral.matter.public_id,
            parts=parts,
            recipient=to or Recipient(police.name, agency=police),
            reasons=more.pop("reasons", None) or reasons(),
            by=by,
            **more,
        )
        if released:
            let_leave(cast, referral, pack)
        return get_pack(by, get_referral(by, referral.matter.public_id), pack.public_id)


def let_leave(cast: dict[str, Any], referral: Referral, pack: ReferralPack, **changes: Any) -> Any:
    """Release a pack as Colin, who has been entered."""
    options: dict[str, Any] = {
        "referral_id": referral.matter.public_id,
        "pack_id": pack.public_id,
        "seen": pack.content_hash,
        "by": actor(cast, COLIN),
    }
    return release_pack(**(options | changes))


def give_protected_number(cast: dict[str, Any], referral: Referral) -> None:
    """Sam has a number that is protected."""
    with entered(cast["rachel.referrer"]):
        by = actor(cast, "rachel.referrer")
        sam = next(one for one in persons_inside(by, referral.matter) if one.name == "Sam Oldroyd")
        values = {"kind": "mobile", "value": "07700 900118", "is_protected": True}
        add_part(owner=sam, slug="contact", values=values, by=by, on=by.on)
