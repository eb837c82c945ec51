"""Frozen versions: what an operation refuses, and what the database refuses whoever asks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, transaction
from django.test.utils import isolate_apps

from saferhub.foundation.refusals import Conflict, Refusal
from saferhub.publication.frozen import freeze, frozen_sql
from saferhub.publication.model import Document, Fact, NotADocument, Paragraph, words
from saferhub.publication.models import NOTICES, FrozenDocument, VersionStatus
from saferhub.publication.operations import versions
from saferhub.publication.rules.numbering import number
from tests.publication.documents import report

pytestmark = pytest.mark.django_db
TABLE = "a_version"
FIGURES = {"referrals": {"from": "hub records"}, "adopted": {"from": "hub records"}}
AT = datetime(2018, 9, 7, 9, 0, tzinfo=UTC)
FIRST = report(status="", correction=None)


@pytest.fixture
def model() -> Iterator[Any]:
    """A table of versions that lives as long as the test, with the trigger that a migration lays."""
    with isolate_apps("saferhub.publication"):

        class AVersion(FrozenDocument):
            class Meta(FrozenDocument.Meta):
                app_label = "publication"
                db_table = TABLE

        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL search_path = pg_temp, public")
            with connection.schema_editor() as editor:
                editor.create_model(AVersion)
            cursor.execute(frozen_sql(TABLE).replace(f"{TABLE}_frozen()", f"pg_temp.{TABLE}_frozen()"))
        yield AVersion


def begun(model: Any, document: Document = FIRST) -> Any:
    return versions.draft_version(
        model=model, number="1.0", document=document, figures=FIGURES, by="writer", at=AT
    )


def approved(model: Any) -> Any:
    row = begun(model)
    return versions.approve_version(version=row, seen=row.content_hash, by="chair", at=AT)


def published(model: Any) -> Any:
    row = approved(model)
    return versions.publish_version(version=row, seen=row.content_hash, by="manager", at=AT)


def other() -> Document:
    changed = replace(FIRST.sections[0], blocks=(Paragraph(words("This report says something else.")),))
    return replace(FIRST, sections=(changed, *FIRST.sections[1:]))


def test_a_version_keeps_its_content_hash_and_figures(model: Any) -> None:
    row = model.objects.get(pk=begun(model).pk)
    assert row.document() == FIRST
    assert row.is_whole()
    assert row.figures == FIGURES
    assert (row.made_by, row.approved_by, row.status) == ("writer", "", "draft")


def test_a_cited_figure_without_provenance_is_refused(model: Any) -> None:
    with pytest.raises(NotADocument, match="adopted"):
        versions.draft_version(
            model=model, number="1", document=FIRST, figures={"referrals": 1}, by="writer", at=AT
        )


def test_a_draft_is_rewritten_and_nothing_else_is(model: Any) -> None:
    row = begun(model)
    row = versions.rewrite_draft(version=row, seen=row.content_hash, document=other(), figures=FIGURES)
    assert row.document() == other()
    row = versions.approve_version(version=row, seen=row.content_hash, by="chair", at=AT)
    with pytest.raises(Refusal) as refused:
        versions.rewrite_draft(version=row, seen=row.content_hash, document=FIRST, figures=FIGURES)
    assert refused.value.code == "not_a_draft"
    assert model.objects.get(pk=row.pk).document() == other()


def test_what_was_not_read_is_not_approved(model: Any) -> None:
    row = begun(model)
    seen = row.content_hash
    versions.rewrite_draft(version=row, seen=seen, document=other(), figures=FIGURES)
    for act in (
        lambda: versions.approve_version(version=row, seen=seen, by="chair", at=AT),
        lambda: versions.rewrite_draft(version=row, seen=seen, document=FIRST, figures=FIGURES),
    ):
        with pytest.raises(Conflict):
            act()
    assert model.objects.get(pk=row.pk).status == "draft"


def test_an_approval_falls_when_it_is_sent_back(model: Any) -> None:
    row = approved(model)
    row = versions.send_back_version(version=row, seen=row.content_hash)
    assert (row.status, row.approved_by, row.approved_at) == ("draft", "", None)


def test_only_what_was_approved_is_published(model: Any) -> None:
    row = begun(model)
    with pytest.raises(Refusal, match="cannot become"):
        versions.publish_version(version=row, seen=row.content_hash, by="manager", at=AT)


def test_a_correction_is_a_new_version_with_its_notice_and_replaces_the_old_one(model: Any) -> None:
    row = published(model)
    new = versions.correct_version(
        version=row, seen=row.content_hash, number="1.1", document=other(), figures=FIGURES,
        title="Corrected on 8 September 2018", notice="Paragraph 1.1 was wrong.", by="writer", at=AT,
    )  # fmt: skip
    assert (new.status, new.corrects_id, new.correction) == ("draft", row.pk, "Paragraph 1.1 was wrong.")
    document = new.document()
    assert document.correction is not None and document.correction.touched == ("1.1",)
    assert [one.cited for one in number(document).places if number(document).is_touched(one)] == ["1.1"]
    new = versions.approve_version(version=new, seen=new.content_hash, by="chair", at=AT)
    assert model.objects.get(pk=row.pk).status == "published"
    versions.publish_version(version=new, seen=new.content_hash, by="manager", at=AT)
    before = model.objects.get(pk=row.pk)
    assert before.status == "superseded"
    assert before.document() == FIRST
    assert before.as_it_stands().status == "Replaced by a newer version"


@pytest.mark.parametrize(("document", "notice"), [(FIRST, "It was wrong."), (other(), "  ")])
def test_a_correction_that_corrects_nothing_is_refused(model: Any, document: Document, notice: str) -> None:
    row = published(model)
    with pytest.raises(Refusal) as refused:
        versions.correct_version(
            version=row, seen=row.content_hash, number="1.1", document=document, figures=FIGURES,
            title="Corrected", notice=notice, by="writer", at=AT,
        )  # fmt: skip
    assert refused.value.code == "nothing_corrected"
    assert model.objects.count() == 1


def test_only_a_published_version_is_corrected(model: Any) -> None:
    row = approved(model)
    with pytest.raises(Refusal) as refused:
        versions.correct_version(
            version=row, seen=row.content_hash, number="1.1", document=other(), figures=FIGURES,
            title="Corrected", notice="So.", by="writer", at=AT,
        )  # fmt: skip
    assert refused.value.code == "not_published"


@pytest.mark.parametrize("status", list(VersionStatus))
def test_every_version_that_is_not_in_force_says_so_when_it_is_drawn(status: VersionStatus) -> None:
    assert bool(NOTICES[status]) is (status != VersionStatus.PUBLISHED)


def test_a_withdrawn_version_stays_and_says_so(model: Any) -> None:
    row = published(model)
    row = versions.withdraw_version(version=row, seen=row.content_hash)
    assert model.objects.get(pk=row.pk).as_it_stands().status == "Withdrawn"


# --- What the database holds, whoever asks ----------------------------------------------------------------------


def _refused(act: Callable[[], object], words_: str) -> None:
    with pytest.raises(DatabaseError, match=words_), transaction.atomic():
        act()


@pytest.mark.parametrize("make", [approved, published], ids=["approved", "published"])
@pytest.mark.parametrize(
    "change",
    [
        {"number": "2.0"},
        {"figures": {}},
        {"made_by": "another"},
        {"correction": "x", "corrects_id": 1},
        {"content": "{}", "content_hash": "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"},
    ],
    ids=lambda change: next(iter(change)),
)
def test_the_database_refuses_to_change_what_is_no_draft(
    model: Any, make: Callable[[Any], Any], change: dict[str, Any]
) -> None:
    row = make(model)
    _refused(lambda: model.objects.filter(pk=row.pk).update(**change), "only a draft")


def test_the_database_refuses_content_that_its_hash_does_not_name(model: Any) -> None:
    row = begun(model)
    _refused(lambda: model.objects.filter(pk=row.pk).update(content="{}"), "hash")
    _refused(lambda: model.objects.filter(pk=row.pk).update(content_hash="0" * 64), "hash")


def test_the_database_refuses_a_change_in_the_same_breath_as_the_approval(model: Any) -> None:
    row = begun(model)
    _refused(
        lambda: model.objects.filter(pk=row.pk).update(
            status="approved", approved_by="chair", approved_at=AT, number="9"
        ),
        "only a draft",
    )


@pytest.mark.parametrize("status", ["draft", "approved"])
def test_the_database_refuses_to_take_back_what_was_published(model: Any, status: str) -> None:
    row = published(model)
    _refused(lambda: model.objects.filter(pk=row.pk).update(status=status), "does not move")


@pytest.mark.parametrize("who", ["approved_by", "published_by"])
def test_the_database_keeps_who_did_it(model: Any, who: str) -> None:
    row = published(model)
    _refused(lambda: model.objects.filter(pk=row.pk).update(**{who: "another"}), "written once")


def test_the_database_refuses_a_version_that_was_never_a_draft(model: Any) -> None:
    row = begun(model)
    row.pk, row.public_id, row.status = None, "another", "published"
    row.approved_by = row.published_by = "x"
    row.approved_at = row.published_at = AT
    _refused(lambda: row.save(force_insert=True), "begins as a draft")


def test_the_database_never_removes_what_was_approved(model: Any) -> None:
    row = approved(model)
    _refused(lambda: model.objects.filter(pk=row.pk)._raw_delete("default"), "never deleted")
    assert model.objects.count() == 1


def test_a_draft_may_be_removed(model: Any) -> None:
    row = begun(model)
    model.objects.filter(pk=row.pk)._raw_delete("default")
    assert model.objects.count() == 0


def test_a_migration_lays_the_trigger_and_takes_it_away() -> None:
    laid = freeze("plan_report_version")
    assert laid.sql == frozen_sql("plan_report_version")
    assert "plan_report_version_frozen" in str(laid.reverse_sql)


def test_no_table_of_versions_is_without_its_trigger() -> None:
    """A model that builds on FrozenDocument needs `frozen.freeze` in a migration of its app."""
    tables = [one._meta.db_table for one in apps.get_models() if issubclass(one, FrozenDocument)]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid WHERE tgname = 'frozen_version'"
        )
        laid = {name for (name,) in cursor.fetchall()}
    assert set(tables) <= laid


def test_a_fact_of_the_title_block_alone_is_no_correction(model: Any) -> None:
    row = published(model)
    moved = replace(FIRST, title_block=(Fact("To", "somebody else"),))
    with pytest.raises(Refusal):
        versions.correct_version(
            version=row, seen=row.content_hash, number="1.1", document=moved, figures=FIGURES,
            title="Corrected", notice="So.", by="writer", at=AT,
        )  # fmt: skip
