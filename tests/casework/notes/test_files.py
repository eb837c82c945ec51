"""Files in cases: what is kept, where, to whom it is given and how; what the virus scanner says."""

from __future__ import annotations

import hashlib
import io
import os
import socket
import stat
import struct
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import connection
from django.http import Http404
from django.urls import reverse

from saferhub.audit.models import Entry
from saferhub.casework.models import Attachment, Case
from saferhub.casework.operations import notes_files as operations
from saferhub.casework.operations import notes_stored as stored
from saferhub.casework.operations.notes import withdraw_note
from saferhub.casework.operations.notes_scanning import scan
from saferhub.foundation.refusals import NotAllowed, Refusal
from saferhub.sharing.entering import entered
from tests.builders.casework import a_case, actor, unit_of
from tests.builders.casework_notes import PDF, a_file, a_note

COLIN, RACHEL, PRIYA, VICTOR = "colin.coordinator", "rachel.referrer", "priya.partner", "victor.voluntary"


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> Path:
    settings.FILES_DIR = tmp_path / "files"
    return settings.FILES_DIR


@pytest.fixture
def case(cast: dict[str, Any]) -> Case:
    return a_case(cast)


def lying(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


@pytest.mark.django_db
def test_a_file_lies_under_a_name_that_says_nothing_readable_by_the_service_alone(
    cast: dict[str, Any], case: Case, folder: Path
) -> None:
    file = a_file(cast, case, PRIYA, name="Frith letter.pdf")
    (path,) = lying(folder)
    assert path.read_bytes() == PDF
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert "Frith" not in str(path)
    assert (file.name, file.size, file.media_type) == ("Frith letter.pdf", len(PDF), "application/pdf")
    assert file.sha256 == hashlib.sha256(PDF).hexdigest()
    entry = Entry.objects.get(event="casework.file_added", subject=file.public_id)
    assert entry.codes["hash"] == file.sha256
    assert "Frith" not in str(entry.codes)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "content", "code"),
    [("setup.exe", b"MZ", "file_kind"), ("letter.pdf", b"MZ\x00", "file_not_what_it_says")],
)
def test_what_is_not_kept_leaves_no_file_and_no_row(
    cast: dict[str, Any], case: Case, folder: Path, name: str, content: bytes, code: str
) -> None:
    with pytest.raises(Refusal) as refused:
        a_file(cast, case, RACHEL, name=name, content=content)
    assert refused.value.code == code
    assert lying(folder) == []
    with entered(cast[RACHEL]):
        assert not Attachment.objects.exists()


@pytest.mark.django_db
def test_a_row_that_is_not_kept_takes_its_file_along(
    cast: dict[str, Any], case: Case, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from saferhub.audit import operations as audit

    def broken(*_: Any, **__: Any) -> None:
        raise RuntimeError("the log is full")

    with monkeypatch.context() as patched:
        patched.setattr(audit, "record", broken)
        with pytest.raises(RuntimeError):
            a_file(cast, case, RACHEL)
    assert lying(folder) == []


@pytest.mark.django_db
def test_a_file_is_given_out_to_be_saved_and_never_shown(
    cast: dict[str, Any], case: Case, client_for: Any
) -> None:
    file = a_file(cast, case, RACHEL, name="Brief für Jo.pdf")
    answer = client_for(PRIYA).get(reverse("case-file", args=[case.matter.public_id, file.public_id]))
    assert (answer.status_code, answer.content) == (200, PDF)
    assert answer["Content-Disposition"].startswith("attachment; filename*=utf-8''Brief%20f%C3%BCr%20Jo.pdf")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox; frame-ancestors 'none'"
    assert "no-store" in answer["Cache-Control"]
    entry = Entry.objects.get(event="casework.file_taken", subject=file.public_id)
    assert entry.actor == cast[PRIYA].public_id


@pytest.mark.django_db
@pytest.mark.parametrize("stranger", ["nadia.neighbour", "fergus.former", "olivia.outsider", "ada.admin"])
def test_a_stranger_finds_no_file(cast: dict[str, Any], case: Case, client_for: Any, stranger: str) -> None:
    file = a_file(cast, case, RACHEL)
    assert (
        client_for(stranger)
        .get(reverse("case-file", args=[case.matter.public_id, file.public_id]))
        .status_code
        == 404
    )


@pytest.mark.django_db
def test_a_file_of_one_case_is_not_found_in_another(cast: dict[str, Any], case: Case) -> None:
    file, other = a_file(cast, case, RACHEL), a_case(cast, title="Another stairwell")
    with entered(cast[COLIN]), pytest.raises(Http404):
        operations.take_file(case_id=other.matter.public_id, file_id=file.public_id, by=actor(cast, COLIN))


@pytest.mark.django_db
def test_a_file_that_was_changed_on_the_disk_is_not_given_out(
    cast: dict[str, Any], case: Case, folder: Path
) -> None:
    file = a_file(cast, case, RACHEL)
    (path,) = lying(folder)
    for act, code in (
        (lambda: path.write_bytes(b"%PDF-1.4 another"), "file_changed"),
        (path.unlink, "file_missing"),
    ):
        act()
        with entered(cast[COLIN]), pytest.raises(Refusal) as refused:
            operations.take_file(case_id=case.matter.public_id, file_id=file.public_id, by=actor(cast, COLIN))
        assert refused.value.code == code


@pytest.mark.django_db
def test_a_file_beside_a_note_is_seen_by_whoever_sees_the_note(cast: dict[str, Any], case: Case) -> None:
    note = a_note(cast, case, VICTOR, "She showed me a letter.", "own")
    file = a_file(cast, case, VICTOR, note_id=note.public_id, sharing="all")
    assert (file.folder_id, file.sharing) == (note.folder_id, "own")
    for who in (COLIN, RACHEL, PRIYA):
        with entered(cast[who]):
            assert not Attachment.objects.exists()


@pytest.mark.django_db
def test_nobody_puts_a_file_beside_another_units_note(cast: dict[str, Any], case: Case) -> None:
    note = a_note(cast, case, RACHEL, "Quiet.")
    with pytest.raises(NotAllowed):
        a_file(cast, case, PRIYA, note_id=note.public_id)


@pytest.mark.django_db
def test_a_file_for_some_reaches_those_alone(cast: dict[str, Any], case: Case) -> None:
    a_file(cast, case, RACHEL, sharing="named", named=[f"unit:{unit_of(cast, PRIYA).public_id}"])
    found = set()
    for who in (COLIN, RACHEL, PRIYA, VICTOR):
        with entered(cast[who]):
            if Attachment.objects.exists():
                found.add(who)
    assert found == {RACHEL, PRIYA}


@pytest.mark.django_db
def test_a_withdrawn_file_is_given_out_no_more(cast: dict[str, Any], case: Case) -> None:
    file = a_file(cast, case, RACHEL)
    with entered(cast[RACHEL]):
        rachel = actor(cast, RACHEL)
        given: dict[str, Any] = {"case_id": case.matter.public_id, "file_id": file.public_id, "by": rachel}
        with pytest.raises(Refusal):
            operations.withdraw_file(**given, reason=" ")
        operations.withdraw_file(**given, reason="The wrong person.")
        with pytest.raises(Refusal) as refused:
            operations.take_file(**given)
    assert refused.value.code == "file_withdrawn"
    assert Entry.objects.filter(event="casework.file_withdrawn", subject=file.public_id).count() == 1


@pytest.mark.django_db
def test_a_file_beside_a_withdrawn_note_is_withdrawn_with_it(cast: dict[str, Any], case: Case) -> None:
    note = a_note(cast, case, RACHEL, "The letter to the landlord.")
    beside, alone = a_file(cast, case, RACHEL, note_id=note.public_id), a_file(cast, case, RACHEL)
    with entered(cast[RACHEL]):
        rachel = actor(cast, RACHEL)
        withdraw_note(
            case_id=case.matter.public_id, note_id=note.public_id, reason="The wrong letter.", by=rachel
        )
        given: dict[str, Any] = {"case_id": case.matter.public_id, "by": rachel}
        with pytest.raises(Refusal) as refused:
            operations.take_file(**given, file_id=beside.public_id)
        assert refused.value.code == "file_withdrawn"
        assert Attachment.objects.get(pk=beside.pk).withdrawn_why == "The wrong letter."
        operations.take_file(**given, file_id=alone.public_id)
    assert Entry.objects.filter(event="casework.file_withdrawn", subject=beside.public_id).count() == 1


@pytest.mark.django_db
def test_a_refused_file_loses_none_of_the_words_typed_with_it(
    cast: dict[str, Any], case: Case, client_for: Any
) -> None:
    client = client_for(RACHEL)
    sent = {
        "file": SimpleUploadedFile("letter.pdf", b"MZ\x00"),
        "about": "Letter to the landlord of 3 August",
        "sharing": "own",
    }
    answer = client.post(reverse("case-file-new", args=[case.matter.public_id]), sent)
    text = answer.content.decode()
    assert answer.status_code == 200
    assert "Letter to the landlord of 3 August" in text
    assert "its content does not" in text


@pytest.mark.django_db
def test_an_update_is_saved_before_its_file_is_sent(
    cast: dict[str, Any], case: Case, client_for: Any
) -> None:
    client = client_for(RACHEL)
    matter = case.matter.public_id
    on = case.adopted_on
    sent = {
        "words": "He shouted for an hour.",
        "on_day": str(on.day), "on_month": str(on.month), "on_year": str(on.year),
        "sharing": "all", "then": "file",
    }  # fmt: skip
    answer = client.post(reverse("case-update-new", args=[matter]), sent)
    assert answer.status_code == 302
    where = answer.url
    text = client.get(where).content.decode()
    assert "What you wrote is saved" in text
    answer = client.post(where, {"file": SimpleUploadedFile("letter.pdf", PDF), "about": ""})
    assert answer.status_code == 302
    assert "letter.pdf" in client.get(answer.url).content.decode()
    assert "He shouted for an hour." in client.get(answer.url).content.decode()


@pytest.mark.parametrize("name", ["", "../secrets.env", "a" * 48 + "/..", "z" * 48, "A" * 48])
def test_only_names_of_ours_lead_to_a_file(name: str) -> None:
    with pytest.raises(ValueError, match="not the name"):
        stored.path_of(name)


@pytest.mark.django_db(transaction=True, databases=["default", "refusals", "steward"])
def test_files_of_a_day_ago_that_no_row_names_are_removed_and_no_others(
    cast: dict[str, Any], folder: Path
) -> None:
    kept = a_file(cast, a_case(cast), RACHEL)
    old, half, young = stored.store(PDF), stored.store(PDF), stored.store(PDF)
    half_written = stored.path_of(half).rename(stored.path_of(half).with_suffix(".part"))
    strange = stored.path_of(old).with_name("README")
    strange.write_text("Somebody else's.")
    long_ago = time.time() - 25 * 3600
    for path in (stored.path_of(kept.stored), stored.path_of(old), half_written, strange):
        os.utime(path, (long_ago, long_ago))
    said = io.StringIO()
    call_command("clear_files", "--dry-run", stdout=said)
    assert "Would remove 2 files" in said.getvalue() and old in said.getvalue()
    assert stored.path_of(old).exists()
    said = io.StringIO()
    call_command("clear_files", stdout=said)
    assert "Removed 2 files" in said.getvalue()
    assert {path.name for path in lying(folder)} == {kept.stored, young, "README"}
    assert Entry.objects.get(event="casework.file_rests_removed").codes["number"] == 2


@pytest.mark.django_db(transaction=True)
def test_a_file_is_scanned_before_the_transaction_that_keeps_it(
    cast: dict[str, Any], client_for: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_transaction = []

    def scanned(content: bytes) -> str:
        in_transaction.append(connection.in_atomic_block)
        return "clean"

    monkeypatch.setattr(operations, "scan", scanned)
    case = a_case(cast)
    sent = {"file": SimpleUploadedFile("letter.pdf", PDF), "about": "", "sharing": "all"}
    answer = client_for(RACHEL).post(reverse("case-file-new", args=[case.matter.public_id]), sent)
    assert answer.status_code == 302
    assert in_transaction == [False]
    with entered(cast[RACHEL]):
        assert Attachment.objects.get().scanned == "clean"


# --- The virus scanner ---------------------------------------------------------------------------------------


@pytest.fixture
def clamd(tmp_path: Path, settings: Any) -> Iterator[dict[str, Any]]:
    """A scanner that answers what it is told to, and keeps what it was sent."""
    told: dict[str, Any] = {"answer": b"stream: OK\0", "sent": b""}
    where = str(tmp_path / "clamd.ctl")
    server = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    server.bind(where)
    server.listen(1)
    server.settimeout(10)

    def answer() -> None:
        try:
            connection, _ = server.accept()
        except OSError:
            return
        with connection, connection.makefile("rb") as stream:
            told["command"] = stream.read(10)
            while size := struct.unpack("!L", stream.read(4))[0]:
                told["sent"] += stream.read(size)
            connection.sendall(told["answer"])

    thread = threading.Thread(target=answer, daemon=True)
    thread.start()
    settings.CLAMD = where
    yield told
    server.close()
    thread.join(timeout=5)


def test_the_scanner_is_sent_the_whole_file(clamd: dict[str, Any]) -> None:
    content = PDF * 5000
    assert scan(content) == "clean"
    assert clamd["command"] == b"zINSTREAM\0"
    assert clamd["sent"] == content


def test_what_the_scanner_knows_is_refused(clamd: dict[str, Any]) -> None:
    clamd["answer"] = b"stream: Eicar-Signature FOUND\0"
    with pytest.raises(Refusal) as refused:
        scan(PDF)
    assert refused.value.code == "file_infected"


@pytest.mark.parametrize("required", [True, False])
def test_a_file_that_the_scanner_cannot_look_at_is_refused_wherever_there_is_a_scanner(
    clamd: dict[str, Any], settings: Any, required: bool
) -> None:
    clamd["answer"], settings.CLAMD_REQUIRED = b"INSTREAM size limit exceeded. ERROR\0", required
    with pytest.raises(Refusal) as refused:
        scan(PDF)
    assert refused.value.code == "file_not_scannable"


@pytest.mark.parametrize("answer", [b"", b"UNKNOWN COMMAND\0"])
@pytest.mark.parametrize("required", [True, False])
def test_an_answer_that_says_neither_counts_as_none(
    clamd: dict[str, Any], settings: Any, answer: bytes, required: bool
) -> None:
    clamd["answer"], settings.CLAMD_REQUIRED = answer, required
    if required:
        with pytest.raises(Refusal) as refused:
            scan(PDF)
        assert refused.value.code == "file_not_scanned"
    else:
        assert scan(PDF) == "not_scanned"


@pytest.mark.parametrize("where", ["", "/nowhere/clamd.ctl", "nonsense"])
def test_without_a_scanner_a_file_is_marked_or_refused_as_the_setting_says(settings: Any, where: str) -> None:
    settings.CLAMD, settings.CLAMD_REQUIRED = where, False
    assert scan(PDF) == "not_scanned"
    settings.CLAMD_REQUIRED = True
    with pytest.raises(Refusal) as refused:
        scan(PDF)
    assert refused.value.code == "file_not_scanned"
