"""The pages of packs of a referral: made, read, released, taken away; nothing of them for strangers."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from saferhub.audit.models import Entry
from saferhub.casework.operations.cases_deciding import decline
from saferhub.releases.models import Disclosure
from saferhub.releases.operations.release import Recipient
from saferhub.sharing.entering import entered
from tests.builders.casework import actor
from tests.builders.casework_scores import a_referral_score
from tests.builders.referral_packs import COLIN, WHY, a_pack, give_protected_number, reasons
from tests.builders.referrals import a_referral
from tests.publication.reading import faults_of_word, text_of_page, text_of_pdf, text_of_word
from tests.publication.saying_the_same import assert_in_pdf, assert_reads

from .test_referral_packs import text_of

pytestmark = pytest.mark.django_db
Cast = dict[str, Any]
Signed = Callable[..., Client]
RACHEL = "rachel.referrer"


def said_by(answer: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def form(**changes: Any) -> dict[str, Any]:
    given = {
        "to": "agency",
        "agency": "north_yorkshire_police",
        "parts": ["people", "happening"],
        "purpose": "reduce_asb",
        "gateway": "crime_and_disorder",
        "agreement": "hubs_2018",
        "necessity": WHY,
    }
    return given | changes


def test_colin_makes_a_pack_reads_it_lets_it_leave_and_takes_it_away(cast: Cast, client_for: Signed) -> None:
    referral = a_referral(cast)
    colin, code = client_for(COLIN), referral.matter.public_id
    page, new = reverse("referral", args=[code]), reverse("referral-pack-new", args=[code])
    assert f'href="{new}"' in colin.get(page).content.decode()
    assert colin.get(new).status_code == 200
    lacking = colin.post(new, form(parts=[], necessity=""))
    assert "Choose what goes in it" in said_by(lacking) and "Enter why it is necessary" in said_by(lacking)
    refused = colin.post(new, form(agreement=""))
    assert "Name the sharing agreement" in said_by(refused) and WHY in said_by(refused)
    url = colin.post(new, form())["Location"]
    draft = colin.get(url)
    assert "It has not left" in said_by(draft) and "To be read: it has not left" in said_by(draft)
    assert "Two visits" not in said_by(draft)  # a part that was not chosen
    assert colin.get(f"{url}file/pdf/").status_code == 409
    seen = re.search(r'name="seen" value="(\w+)"', draft.content.decode())
    assert seen is not None
    assert "not the pack that you read" in said_by(colin.post(url, {"seen": "0" * 64}))
    done = colin.post(url, {"seen": seen[1]}, follow=True)
    assert "The pack is released" in said_by(done) and "has not left" not in said_by(done)
    file = colin.get(f"{url}file/docx/")
    assert file["Content-Disposition"].startswith('attachment; filename="referral-pack-')
    assert Entry.objects.filter(event="referral.pack_seen").latest("id").codes["format"] == "docx"
    assert colin.get(f"{url}file/exe/").status_code == 404
    assert colin.get(f"{url}drop/").status_code == 409
    assert "Released" in said_by(colin.get(page))
    with entered(cast[COLIN]):
        disclosure = Disclosure.objects.get(subject=url.rstrip("/").rpartition("/")[2])
    left = colin.get(reverse("disclosure", args=[disclosure.public_id])).content.decode()
    assert left.count(f'href="{url}"') == 2, "its page leads to the pack, and back to it"


def test_a_stopped_pack_says_where_and_can_be_dropped(cast: Cast, client_for: Signed) -> None:
    referral = a_referral(cast, words={"happened": "He rings from 07700 900118 at night."})
    give_protected_number(cast, referral)
    pack = a_pack(cast, referral, to=Recipient("Block management company"), reasons=reasons(agreement=None))
    colin = client_for(COLIN)
    url = reverse("referral-pack", args=[referral.matter.public_id, pack.public_id])
    shown = said_by(colin.get(url))
    assert "What stops this pack" in shown and "Why may this stay?" in shown
    stopped = colin.post(url, {"seen": pack.content_hash})
    assert stopped.status_code == 409 and "Say why this may stay, or take it out" in said_by(stopped)
    drop = reverse("referral-pack-drop", args=[referral.matter.public_id, pack.public_id])
    asked = colin.get(drop)
    assert "It never leaves" in said_by(asked)
    assert colin.post(drop, {"seen": pack.content_hash}).status_code == 302
    assert "Dropped: it never left" in said_by(colin.get(url))


def test_page_word_and_pdf_of_a_pack_say_the_same_with_the_same_numbers(
    cast: Cast, client_for: Signed, tmp_path: Path
) -> None:
    typed = "=1+1 #import {{ x }} <b>so</b> 𠮷 *now*\n\nA second paragraph " + "long " * 1_000
    referral = a_referral(cast, words={"happened": typed})
    a_referral_score(cast, referral)
    with entered(cast[COLIN]):
        by = actor(cast, COLIN)
        decline(
            referral_id=referral.matter.public_id, reason="Housing deals with it.", told="Turn to housing.",
            by=by, on=by.on,
        )  # fmt: skip
    pack = a_pack(cast, referral, released=True)
    colin, names = client_for(COLIN), [referral.matter.public_id, pack.public_id]
    found = pack.document()
    assert "Housing deals with it." in text_of(found)
    page = colin.get(reverse("referral-pack", args=names)).content.decode()
    assert_reads(found, text_of_page(page))
    word = colin.get(reverse("referral-pack-file", args=[*names, "docx"])).content
    assert_reads(found, text_of_word(word), numbers=False)
    pdf = colin.get(reverse("referral-pack-file", args=[*names, "pdf"])).content
    assert_in_pdf(found, text_of_pdf(pdf, tmp_path), {"𠮷": "[U+20BB7]"})
    assert faults_of_word(word, tmp_path) == ""


@pytest.mark.parametrize(
    "username", ["olivia.outsider", "nadia.neighbour", "fergus.former", "ian.governance"]
)
def test_to_strangers_there_is_no_pack_and_the_referrer_sees_none(
    cast: Cast, client_for: Signed, username: str
) -> None:
    referral = a_referral(cast)
    pack = a_pack(cast, referral, released=True)
    names = [referral.matter.public_id, pack.public_id]
    urls = [
        reverse("referral-pack-new", args=names[:1]),
        reverse("referral-pack", args=names),
        reverse("referral-pack-drop", args=names),
        reverse("referral-pack-file", args=[*names, "pdf"]),
    ]
    stranger, rachel = client_for(username), client_for(RACHEL)
    assert {stranger.get(url).status_code for url in urls} == {404}
    assert {rachel.get(url).status_code for url in urls[1:]} == {404}
    assert "Packs for others" not in said_by(rachel.get(reverse("referral", args=names[:1])))
