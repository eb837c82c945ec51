"""Pages of letters and disclosures, over the demonstration's own letters: by people, without a browser."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse

from saferhub.audit.models import Entry
from saferhub.partnership.access import actor_for
from saferhub.releases.models import Disclosure, Letter, ReleaseCheck
from saferhub.releases.operations.letters import parts_of
from saferhub.releases.queries.letters import document_of
from saferhub.releases.rules.documents import parts_of_document
from saferhub.sharing.entering import entered


@pytest.fixture
def letters(cast):
    """The demonstration's letters: the one that left, and the one that was stopped."""
    with entered(cast["colin.coordinator"]):
        return {letter.status: letter for letter in Letter.objects.all()}


@pytest.fixture
def colin(client_for):
    return client_for("colin.coordinator")


def text_of(answer):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def test_a_draft_shows_what_stops_it_with_links_and_marks(colin, letters):
    draft = letters["draft"]
    answer = colin.get(reverse("letter", args=[draft.public_id]))
    assert answer.status_code == 200
    text = text_of(answer)
    assert "The text of the letter, line 15, holds the name of Joanne Frith. Take it out." in text
    assert "No reason sets this aside." in text
    page = answer.content.decode()
    assert "<mark>Ms Frith</mark>" in page and "<mark>07700 900 118</mark>" in page
    assert f"{reverse('letter-edit', args=[draft.public_id])}#id_body" in page
    assert 'data-marking="OFFICIAL-SENSITIVE"' in page


def test_the_journey_from_a_stopped_letter_to_one_that_left(colin, letters, cast):
    draft = letters["draft"]
    sent = {
        "seen": str(draft.version),
        "purpose": "persons_request",
        "gateway": "rights_of_the_person",
        "necessity": "She waits for an answer.",
    }
    release_url = reverse("letter-release", args=[draft.public_id])
    with entered(cast["colin.coordinator"]):
        before = ReleaseCheck.objects.filter(passed=False).count()
    stopped = colin.post(release_url, sent)
    assert stopped.status_code == 409
    assert "This letter cannot leave as it stands." in text_of(stopped)
    with entered(cast["colin.coordinator"]):
        assert ReleaseCheck.objects.filter(passed=False).count() == before + 1  # the trace stayed
        assert not Disclosure.objects.filter(subject=draft.public_id).exists()

    edit_url = reverse("letter-edit", args=[draft.public_id])
    assert "Change the letter" in text_of(colin.get(edit_url))
    saved = colin.post(
        edit_url,
        {
            "seen": str(draft.version),
            "title": draft.title,
            "addressee": draft.addressee,
            "address": draft.address,
            "body": draft.body.partition("We have spoken")[0],
        },
    )
    assert saved.status_code == 302
    # The second of two editors is shown both versions.
    late = colin.post(edit_url, {"seen": str(draft.version), "title": "Mine", "addressee": "X", "body": "Y"})
    assert late.status_code == 409

    checked = colin.post(reverse("letter-check", args=[draft.public_id]))
    assert "The check found nothing that stops this letter" in text_of(checked)
    stale = colin.post(release_url, sent)
    assert "Read the letter again before you let it leave" in text_of(stale)
    done = colin.post(release_url, sent | {"seen": str(draft.version + 1)}, follow=True)
    assert done.status_code == 200 and "Released" in text_of(done)
    sheet = colin.get(reverse("letter-sheet", args=[draft.public_id]))
    assert sheet.status_code == 200 and "sh-print-marking" in sheet.content.decode()
    assert colin.get(edit_url).status_code == 409
    with entered(cast["colin.coordinator"]):
        made = Disclosure.objects.get(subject=draft.public_id)
    assert "She waits for an answer." in text_of(colin.get(reverse("disclosure", args=[made.public_id])))


@pytest.mark.parametrize(
    ("ending", "begins", "media_type"),
    [("pdf", b"%PDF-", "application/pdf"), ("docx", b"PK", "application/vnd.openxmlformats-officedocument")],
)
def test_a_released_letter_is_taken_away_as_a_file_under_the_one_disclosure(
    colin, letters, cast, ending, begins, media_type
):
    released = letters["released"]
    with entered(cast["colin.coordinator"]):
        before = (Disclosure.objects.count(), ReleaseCheck.objects.count())
    sheet = colin.get(reverse("letter-sheet", args=[released.public_id])).content.decode()
    url = reverse("letter-file", args=[released.public_id, ending])
    assert f'href="{url}"' in sheet
    answer = colin.get(url)
    assert answer.status_code == 200 and answer.content.startswith(begins)
    assert answer["Content-Type"].startswith(media_type)
    assert answer["Content-Disposition"] == f'attachment; filename="letter-{released.public_id}.{ending}"'
    assert colin.get(url).content == answer.content
    with entered(cast["colin.coordinator"]):
        assert (Disclosure.objects.count(), ReleaseCheck.objects.count()) == before
    seen = Entry.objects.filter(event="releases.letter_seen", subject=released.public_id).order_by("-id")
    assert seen[0].codes == {"format": ending}


def test_a_draft_has_no_file_and_no_file_is_of_another_kind(colin, letters):
    assert colin.get(reverse("letter-file", args=[letters["draft"].public_id, "pdf"])).status_code == 409
    assert colin.get(reverse("letter-file", args=[letters["released"].public_id, "exe"])).status_code == 404


def test_the_document_of_a_letter_says_what_the_check_has_read_and_nothing_else(letters):
    letter = letters["released"]
    read = " ".join("\n".join(part.text for part in parts_of(letter)).split())
    for one in parts_of_document(document_of(letter, None, "OFFICIAL-SENSITIVE")):
        if one.key in ("marking", "file-name"):
            continue
        assert " ".join(one.text.removeprefix("To ").split()) in read


def test_a_release_without_its_ground_says_so_beside_the_field(colin, letters):
    url = reverse("letter-release", args=[letters["draft"].public_id])
    answer = colin.post(
        url, {"seen": "2", "purpose": "reduce_asb", "gateway": "vital_interests", "necessity": "x"}
    )
    assert "Choose a legal gateway on which this purpose may rest." in text_of(answer)
    assert "Enter why it is necessary" in text_of(colin.post(url, {"seen": "2"}))


def test_a_letter_is_begun_from_its_matter(colin, cast):
    with entered(cast["colin.coordinator"]):
        from saferhub.sharing.models import Matter

        matter = Matter.objects.get(title="Shouting and a broken door in a block of flats")
    page = text_of(colin.get(reverse("matter", args=[matter.public_id])))
    assert "Write a letter" in page and "What has left" in page
    url = reverse("letter-start", args=[matter.public_id])
    assert "Whom is it for?" in text_of(colin.get(url))
    assert "Choose a person" in text_of(colin.post(url, {"template": "sharing_notice", "to": "person"}))
    begun = colin.post(
        url, {"template": "disclosure_record", "to": "agency", "agency": "north_yorkshire_police"}
    )
    assert begun.status_code == 302
    with entered(cast["colin.coordinator"]):
        letter = Letter.objects.get(addressee_agency__code="north_yorkshire_police")
    release_url = reverse("letter-release", args=[letter.public_id])
    assert "Kinds of data in it" in text_of(colin.get(release_url))
    sent = {
        "seen": "1", "purpose": "reduce_asb", "gateway": "crime_and_disorder", "necessity": "To keep the peace.",
        "data_items": ["identity"],
    }  # fmt: skip
    assert "Name the sharing agreement that this rests on." in text_of(colin.post(release_url, sent))
    assert colin.post(release_url, sent | {"agreement": "hubs_2018"}).status_code == 302
    court = {"template": "concern_acknowledgement", "to": "other", "addressee": "The court"}
    assert "Enter the address it goes to." in text_of(colin.post(url, court))
    other = colin.post(url, court | {"address": "Court Street\nExample Selby"})
    with entered(cast["colin.coordinator"]):
        Letter.objects.filter(public_id=other["Location"].split("/")[-2]).update(address="")
    without = text_of(colin.get(f"{other['Location']}release/"))
    assert "Enter the address that it goes to." in without and "Release the letter" not in without
    drop_url = f"{other['Location']}drop/"
    assert colin.get(drop_url).status_code == 200
    assert colin.post(drop_url).status_code == 302
    sheet = colin.get(f"{other['Location']}sheet/")
    assert sheet.status_code == 409 and "Only a letter that was released can be printed." in text_of(sheet)


def test_the_list_of_letters_shows_those_of_matters_seen(colin, client_for):
    assert "Edith Carrow" in text_of(colin.get(reverse("letters")))
    assert "No letter here" in text_of(colin.get(reverse("letters") + "?status=dropped"))
    for stranger in ("nadia.neighbour", "fergus.former", "olivia.outsider"):
        assert "Edith Carrow" not in text_of(client_for(stranger).get(reverse("letters")))


@pytest.mark.parametrize(
    "username",
    ["olivia.outsider", "nadia.neighbour", "fergus.former", "ian.governance", "ada.admin", "ana.analyst"],
)
def test_to_strangers_a_letter_does_not_exist(client_for, letters, username):
    client = client_for(username)
    for name in ("letter", "letter-edit", "letter-release", "letter-drop", "letter-sheet"):
        assert client.get(reverse(name, args=[letters["draft"].public_id])).status_code == 404
    for letter in letters.values():
        assert client.get(reverse("letter-file", args=[letter.public_id, "pdf"])).status_code == 404
    assert client.post(reverse("letter-check", args=[letters["draft"].public_id])).status_code == 404


def test_a_contributor_reads_a_letter_and_changes_nothing(client_for, letters):
    priya = client_for("priya.partner")
    answer = priya.get(reverse("letter", args=[letters["draft"].public_id]))
    assert answer.status_code == 200 and "letter-edit" not in answer.content.decode()
    for name in ("letter-edit", "letter-release", "letter-drop"):
        assert priya.get(reverse(name, args=[letters["draft"].public_id])).status_code == 403


def test_the_governance_lead_reads_the_log_and_not_what_was_said(client_for, letters, cast):
    ian = client_for("ian.governance")
    log = text_of(ian.get(reverse("disclosures")))
    assert "A person, or a body outside the partnership" in log and "Carrow" not in log
    with entered(cast["colin.coordinator"]):
        made = Disclosure.objects.get(subject=letters["released"].public_id)
    one = text_of(ian.get(reverse("disclosure", args=[made.public_id])))
    assert (
        "She is to know which agencies share" in one
        and "Carrow" not in one
        and "Notice of sharing" not in one
    )
    stopped = text_of(ian.get(reverse("releases-stopped")))
    assert "The name of somebody who is kept apart from the addressee" in stopped and "Frith" not in stopped
    found = ian.get(reverse("disclosures-csv"))
    assert made.public_id in found.content.decode() and "Carrow" not in found.content.decode()
    assert "No disclosure answers" in text_of(
        ian.get(reverse("disclosures") + "?agency=north_yorkshire_police")
    )
    narrowed = "?purpose=persons_request&from_day=1/1/2018&to_day=31/12/2018&agreement=hubs_2018"
    assert ian.get(reverse("disclosures") + narrowed).status_code == 200


@pytest.mark.parametrize("name", ["disclosures", "disclosures-csv", "releases-stopped"])
def test_the_log_is_for_the_governance_lead_alone(client_for, name):
    for username in ("colin.coordinator", "maya.manager", "nadia.neighbour", "olivia.outsider"):
        assert client_for(username).get(reverse(name)).status_code == 403


def test_another_partnerships_governance_finds_no_disclosure(client_for, letters, cast):
    with entered(cast["colin.coordinator"]):
        made = Disclosure.objects.get(subject=letters["released"].public_id)
    for username in ("olivia.outsider", "nadia.neighbour", "ana.analyst"):
        assert client_for(username).get(reverse("disclosure", args=[made.public_id])).status_code == 404


def test_the_list_of_letters_costs_the_same_however_many(colin, cast, django_assert_max_num_queries):
    assert actor_for(cast["colin.coordinator"]).partnership is not None
    with django_assert_max_num_queries(40):
        colin.get(reverse("letters"))
