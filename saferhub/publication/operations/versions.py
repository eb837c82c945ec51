"""Versions of documents: drafted, approved, published, corrected, withdrawn.

The rows belong to other apps. Their operations decide who may, call these inside of their own transaction, and leave
the audit's entry there; `by` is the public_id of the account, `at` business time. Every step names the hash of what its
actor has read: what was read is what is approved, and what is published.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, TypeVar

from django.db import transaction

from saferhub.foundation.refusals import Conflict, Refusal
from saferhub.publication.model import Document, NotADocument
from saferhub.publication.models import VERSION_LIFECYCLE, FrozenDocument, VersionStatus
from saferhub.publication.rules.numbering import number as numbered
from saferhub.publication.rules.versions import corrected, uncited
from saferhub.publication.stored import content_hash, to_json

V = TypeVar("V", bound=FrozenDocument)


def _content(document: Document, figures: Mapping[str, Any]) -> dict[str, Any]:
    numbered(document)
    missing = uncited(document, figures)
    if missing:
        raise NotADocument(f"no provenance is given for {', '.join(missing)}")
    content = to_json(document)
    return {"content": content, "content_hash": content_hash(content), "figures": dict(figures)}


@transaction.atomic
def draft_version(
    *,
    model: type[V],
    number: str,
    document: Document,
    figures: Mapping[str, Any],
    by: str,
    at: datetime,
    **of_its_kind: Any,
) -> V:
    """Begin a version. `of_its_kind`: the fields that the concrete model adds. Raises NotADocument where a reference
    leads nowhere or a cited figure has no provenance."""
    return model._default_manager.create(
        number=number, made_by=by, made_at=at, **_content(document, figures), **of_its_kind
    )


@transaction.atomic
def rewrite_draft(*, version: V, seen: str, document: Document, figures: Mapping[str, Any]) -> V:
    """Put another content into a draft. Raises Conflict `changed_meanwhile`, Refusal `not_a_draft`, NotADocument."""
    row = _held(version, seen)
    if row.status != VersionStatus.DRAFT:
        raise Refusal("not_a_draft", "This version is no draft any more. Make a new one.")
    return _set(row, **_content(document, figures))


@transaction.atomic
def discard_draft(*, version: V, seen: str) -> None:
    """Throw a draft away that nobody has approved: what is written anew takes its place, or nothing does. Raises
    Conflict `changed_meanwhile`, Refusal `not_a_draft`."""
    row = _held(version, seen)
    if row.status != VersionStatus.DRAFT:
        raise Refusal("not_a_draft", "Only a draft is thrown away. Withdraw what was published instead.")
    row.delete()


@transaction.atomic
def approve_version(*, version: V, seen: str, by: str, at: datetime, **of_its_kind: Any) -> V:
    """Approve a draft as it was read. `of_its_kind`: fields that the concrete model keeps with an approval. Raises
    Conflict `changed_meanwhile`, Refusal `illegal_move`."""
    row = _moved(version, seen, VersionStatus.APPROVED)
    return _set(row, status=VersionStatus.APPROVED, approved_by=by, approved_at=at, **of_its_kind)


@transaction.atomic
def send_back_version(*, version: V, seen: str) -> V:
    """Make an approved version a draft again; the approval falls. Raises as `approve_version`."""
    row = _moved(version, seen, VersionStatus.DRAFT)
    return _set(row, status=VersionStatus.DRAFT, approved_by="", approved_at=None)


@transaction.atomic
def publish_version(*, version: V, seen: str, by: str, at: datetime) -> V:
    """Publish an approved version; the one it corrects is replaced. Raises as `approve_version`."""
    row = _moved(version, seen, VersionStatus.PUBLISHED)
    corrects: int | None = getattr(row, "corrects_id")  # noqa: B009 - its model is abstract, so its key has no type
    if corrects is not None:
        before = type(row)._default_manager.select_for_update().get(pk=corrects)
        VERSION_LIFECYCLE.check(VersionStatus(before.status), VersionStatus.SUPERSEDED)
        _set(before, status=VersionStatus.SUPERSEDED)
    return _set(row, status=VersionStatus.PUBLISHED, published_by=by, published_at=at)


@transaction.atomic
def replace_version(*, version: V, seen: str) -> V:
    """Count a published version as replaced where another one than its own correction stands for it now. Raises as
    `approve_version`."""
    return _set(_moved(version, seen, VersionStatus.SUPERSEDED), status=VersionStatus.SUPERSEDED)


@transaction.atomic
def withdraw_version(*, version: V, seen: str) -> V:
    """Withdraw a version: it stays, and says so on every page. Raises as `approve_version`."""
    return _set(_moved(version, seen, VersionStatus.WITHDRAWN), status=VersionStatus.WITHDRAWN)


@transaction.atomic
def correct_version(
    *,
    version: V,
    seen: str,
    number: str,
    document: Document,
    figures: Mapping[str, Any],
    title: str,
    notice: str,
    by: str,
    at: datetime,
    **of_its_kind: Any,
) -> V:
    """Draft the version that corrects a published one, with its notice and what it changes marked.

    Raises Conflict `changed_meanwhile`, Refusal `not_published` or `nothing_corrected`, NotADocument.
    """
    row = _held(version, seen)
    if row.status != VersionStatus.PUBLISHED:
        raise Refusal("not_published", "Only a published version is corrected. Change the draft instead.")
    try:
        new = corrected(row.document(), document, title=title, text=notice)
    except NotADocument as problem:
        raise Refusal(
            "nothing_corrected", "Say what was wrong, and put it right in the text: nothing differs yet."
        ) from problem
    return draft_version(
        model=type(row),
        number=number,
        document=new,
        figures=figures,
        by=by,
        at=at,
        correction=notice.strip(),
        corrects=row,
        **of_its_kind,
    )


def _held(version: V, seen: str) -> V:
    row = type(version)._default_manager.select_for_update().get(pk=version.pk)
    if row.content_hash != seen:
        raise Conflict(
            "changed_meanwhile", "Somebody changed this version since you read it. Read it again first."
        )
    return row


def _moved(version: V, seen: str, target: VersionStatus) -> V:
    row = _held(version, seen)
    VERSION_LIFECYCLE.check(VersionStatus(row.status), target)
    return row


def _set(row: V, **values: Any) -> V:
    for name, value in values.items():
        setattr(row, name, value)
    row.save(update_fields=list(values))
    return row
