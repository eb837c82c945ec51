"""Pages on which a draft of a scoring form is written, arranged, published or given up."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from saferhub.casework.access import scoring as access
from saferhub.casework.forms.instruments import (
    MOST_ROWS,
    ROWS,
    AboutForm,
    BandForm,
    CountForm,
    OwnWordingForm,
    PromptForm,
    PublishForm,
    QuestionForm,
    code_from,
    editable,
)
from saferhub.casework.models import InstrumentVersion, VersionStatus
from saferhub.casework.operations import scoring_forms as operations
from saferhub.casework.operations.scoring_forms import read
from saferhub.casework.pack_sections.scoring import Definition, Rule
from saferhub.casework.rules import instruments as rules
from saferhub.casework.rules.scoring import rule_words
from saferhub.foundation import clock
from saferhub.foundation.pages import page
from saferhub.foundation.refusals import Refusal

from .instruments import SECTION, actor_of

_PARTS = ("words", "points", "critical", "code")
# Beside which field a refusal to publish belongs.
_BESIDE = {"in_the_past": "effective_from", "before_another": "effective_from", "note_missing": "note"}


def _draft(request: HttpRequest, public_id: str) -> InstrumentVersion:
    """The draft. Raises Http404, NotAllowed, and Refusal for one that is a draft no more."""
    actor = actor_of(request)
    found = access.get_version(actor, public_id)
    access.check_can_keep_instruments(actor)
    if found.status != VersionStatus.DRAFT:
        raise Refusal(
            "not_a_draft",
            "This version is not a draft any more, so it cannot be changed. Make a new draft from it.",
            link=reverse("instrument-version", args=[public_id]),
            link_text="Go to the version",
        )
    return found


def _page(
    request: HttpRequest, draft: InstrumentVersion, form: Any, template: str = "edit", **more: Any
) -> HttpResponse:
    return page(
        request,
        f"casework/scoring/{template}.html",
        section=SECTION,
        edition=draft,
        instrument=draft.instrument,
        form=form,
        back_url=reverse("instrument-version", args=[draft.public_id]),
        **more,
    )


def _save(
    request: HttpRequest, draft: InstrumentVersion, form: Any, changes: dict[str, Any], said: str
) -> HttpResponse | None:
    """Put changes into the draft. None where it was refused: the form says why, with all that was typed."""
    try:
        operations.change_draft(
            version_id=draft.public_id,
            changes=changes,
            seen=form.seen_version(),
            by=actor_of(request),
        )
    except Refusal as refusal:
        if refusal.status != 409 or refusal.code == "not_a_draft":
            raise
        if refusal.code == "changed_meanwhile":
            # Another window changed the draft. What is typed here stays; saving again puts it into the newest.
            form.refuse(
                None,
                "Somebody else changed this draft while you were writing. Your entries are kept: look at the draft "
                "in another window, then save again to put them in its place",
            )
            _see(form, draft)
            return None
        form.refuse(None, refusal.sentence)
        return None
    messages.success(request, said)
    return redirect("instrument-version", draft.public_id)


def _see(form: Any, draft: InstrumentVersion) -> None:
    """Let the form go on from the newest version of the draft."""
    data = form.data.copy()
    data["seen"] = str(draft.version)
    form.data = data


@require_http_methods(["GET", "HEAD", "POST"])
def about(request: HttpRequest, public_id: str) -> HttpResponse:
    """What the form is, as a whole."""
    draft = _draft(request, public_id)
    sent = request.POST if request.method == "POST" else None
    form = AboutForm(sent, initial={**AboutForm.initial_of(read(draft)), "seen": str(draft.version)})
    if sent is not None and form.is_valid():
        done = _save(request, draft, form, form.changes(), "The draft is changed.")
        if done:
            return done
    return _page(request, draft, form, heading="About the form", verb="Save")


def _rows_sent(sent: QueryDict) -> int:
    text = sent.get("rows", "")
    return min(max(int(text), 2), MOST_ROWS) if text.isascii() and text.isdigit() and len(text) < 3 else ROWS


def _rearranged(sent: QueryDict, count: int) -> tuple[QueryDict, int] | None:
    """What was sent with a row added, moved or taken away, as the button said; None for any other button."""
    act, _, which = sent.get("do", "").partition("-")
    data = sent.copy()
    if act == "add":
        count = min(count + 1, MOST_ROWS)
    elif act in ("up", "down", "remove") and which.isascii() and which.isdigit():
        n = int(which)
        if not 1 <= n <= count:
            return None
        rows = [{part: sent.get(f"{part}_{i}", "") for part in _PARTS} for i in range(1, count + 1)]
        if act == "remove":
            del rows[n - 1]
            count = max(count - 1, 2)
            rows += [dict.fromkeys(_PARTS, "")] * (count - len(rows))
        else:
            other = n - 2 if act == "up" else n
            if 0 <= other < count:
                rows[n - 1], rows[other] = rows[other], rows[n - 1]
        for i in range(1, MOST_ROWS + 1):
            for part in _PARTS:
                data.pop(f"{part}_{i}", None)
        for i, row in enumerate(rows, 1):
            for part, value in row.items():
                if value:
                    data[f"{part}_{i}"] = value
    else:
        return None
    data["rows"] = str(count)
    return data, count


@require_http_methods(["GET", "HEAD", "POST"])
def question(request: HttpRequest, public_id: str, code: str = "") -> HttpResponse:
    """A question and its answers. Rows are added, moved and taken away by buttons; nothing typed is lost."""
    draft = _draft(request, public_id)
    definition = read(draft)
    found = definition.question(code) if code else None
    if code and found is None:
        raise Http404
    heading = "Change a question" if found else "Add a question"
    if request.method == "POST":
        count = _rows_sent(request.POST)
        moved = _rearranged(request.POST, count)
        if moved is not None:
            data, count = moved
            # Drawn with what was typed; nothing is checked until it is saved.
            form = QuestionForm(initial=_as_initial(data), count=count)
            return _page(request, draft, form, "draft_question", heading=heading, most_rows=MOST_ROWS)
        form = QuestionForm(request.POST, count=count)
        if form.is_valid():
            own = code or code_from(form.cleaned_data["text"], {one.code for one in definition.questions})
            changes = {"questions": _with(_dumped(definition, "questions"), form.question(own))}
            done = _save(request, draft, form, changes, "The question is saved in the draft.")
            if done:
                return done
        return _page(request, draft, form, "draft_question", heading=heading, most_rows=MOST_ROWS)
    count = max(len(found.options) if found else 0, 2 if found else ROWS)
    initial = {**QuestionForm.initial_of(found), "seen": str(draft.version), "rows": str(count)}
    form = QuestionForm(initial=initial, count=count)
    return _page(request, draft, form, "draft_question", heading=heading, most_rows=MOST_ROWS)


def _as_initial(data: QueryDict) -> dict[str, Any]:
    """What was typed, as a form takes it to be drawn anew."""
    return {name: data.get(name) for name in data}


def _dumped(definition: Definition, part: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = definition.model_dump(mode="json", exclude_none=True)[part]
    return found


def _with(rows: list[dict[str, Any]], changed: dict[str, Any]) -> list[dict[str, Any]]:
    """The rows with one put in the place of its namesake, or at the end."""
    if any(row["code"] == changed["code"] for row in rows):
        return [changed if row["code"] == changed["code"] else row for row in rows]
    return [*rows, changed]


@require_http_methods(["GET", "HEAD", "POST"])
def band(request: HttpRequest, public_id: str, code: str = "") -> HttpResponse:
    """A band: its name, from which figures it reaches, when it is looked at again."""
    draft = _draft(request, public_id)
    definition = read(draft)
    found = definition.band(code) if code else None
    if code and found is None:
        raise Http404
    sent = request.POST if request.method == "POST" else None
    form = BandForm(
        sent,
        definition=definition,
        initial={**BandForm.initial_of(found), "seen": str(draft.version)},
    )
    if sent is not None and form.is_valid():
        changed = form.band(found)
        rows = _dumped(definition, "bands")
        if code and changed["code"] != code:
            rows = [{**row, "code": changed["code"]} if row["code"] == code else row for row in rows]
        if changed["code"] != code and definition.band(changed["code"]) is not None:
            form.refuse("code", "Another band has this mark already. Choose another")
        else:
            done = _save(
                request, draft, form, {"bands": _with(rows, changed)}, "The band is saved in the draft."
            )
            if done:
                return done
    kept = [rule for rule in found.rules if rule.of == "answer"] if found else []
    heading = "Change a band" if found else "Add a band"
    return _page(request, draft, form, heading=heading, verb="Save band", also=_also(definition, kept))


def _also(definition: Definition, kept: list[Rule]) -> str:
    """The rules that stay although the page has no field for them, in words."""
    return ", or ".join(rule_words(definition, rule) for rule in kept)


@require_http_methods(["GET", "HEAD", "POST"])
def prompt(request: HttpRequest, public_id: str, code: str = "") -> HttpResponse:
    """What a score prompts, and from which figures."""
    draft = _draft(request, public_id)
    definition = read(draft)
    found = next((one for one in definition.prompts if one.code == code), None)
    if code and found is None:
        raise Http404
    sent = request.POST if request.method == "POST" else None
    initial = {**PromptForm.initial_of(found), "seen": str(draft.version)}
    form = PromptForm(sent, definition=definition, initial=initial)
    if sent is not None and form.is_valid():
        own = code or code_from(form.cleaned_data["words"], {one.code for one in definition.prompts})
        changed = form.prompt(own, found)
        if not changed["when"]:
            form.refuse(None, "Say from which score, band or number it is prompted")
        else:
            rows = _with(_dumped(definition, "prompts"), changed)
            done = _save(request, draft, form, {"prompts": rows}, "The prompt is saved in the draft.")
            if done:
                return done
    heading = "Change a prompt" if found else "Add a prompt"
    kept = [rule for rule in found.when if rule not in editable(found)] if found else []
    return _page(request, draft, form, heading=heading, verb="Save prompt", also=_also(definition, kept))


@require_http_methods(["GET", "HEAD", "POST"])
def count(request: HttpRequest, public_id: str, code: str = "") -> HttpResponse:
    """A number from outside the form that bands and prompts may look at."""
    draft = _draft(request, public_id)
    definition = read(draft)
    found = next((one for one in definition.outside if one.code == code), None)
    if code and found is None:
        raise Http404
    sent = request.POST if request.method == "POST" else None
    initial = {"words": found.words, "help": found.help or ""} if found else {}
    form = CountForm(sent, initial={**initial, "seen": str(draft.version)})
    if sent is not None and form.is_valid():
        own = code or code_from(form.cleaned_data["words"], {one.code for one in definition.outside})
        rows = _with(_dumped(definition, "outside"), form.count(own))
        done = _save(request, draft, form, {"outside": rows}, "The count is saved in the draft.")
        if done:
            return done
    heading = "Change a count" if found else "Add a count"
    return _page(request, draft, form, heading=heading, verb="Save count")


@require_POST
def arrange(request: HttpRequest, public_id: str) -> HttpResponse:
    """Move a question, or take a question, band or prompt out of the draft."""
    draft = _draft(request, public_id)
    act, _, rest = request.POST.get("do", "").partition("-")
    part, _, code = rest.partition("-")
    if part not in ("questions", "bands", "prompts", "outside") or act not in ("up", "down", "remove"):
        raise Http404
    rows = _dumped(read(draft), part)
    place = next((n for n, row in enumerate(rows) if row["code"] == code), None)
    if place is None:
        raise Http404
    if act == "remove":
        del rows[place]
    else:
        other = place - 1 if act == "up" else place + 1
        if 0 <= other < len(rows):
            rows[place], rows[other] = rows[other], rows[place]
    seen = request.POST.get("seen", "")
    operations.change_draft(
        version_id=public_id,
        changes={part: rows},
        seen=int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 10 else 0,
        by=actor_of(request),
    )
    if act == "remove":
        messages.success(request, "It is taken out of the draft. The version that is in use keeps it.")
    return redirect(f"{reverse('instrument-version', args=[public_id])}#{part}")


@require_http_methods(["GET", "HEAD", "POST"])
def own(request: HttpRequest, public_id: str) -> HttpResponse:
    """Say that the draft carries the partnership's own wording now."""
    draft = _draft(request, public_id)
    sent = request.POST if request.method == "POST" else None
    form = OwnWordingForm(sent, initial={"seen": str(draft.version)})
    if sent is not None and form.is_valid():
        try:
            operations.call_own(
                version_id=public_id,
                wording=form.cleaned_data["wording"],
                seen=form.seen_version(),
                by=actor_of(request),
            )
        except Refusal as refusal:
            if refusal.status != 409:
                raise
            form.refuse("wording", refusal.sentence)
        else:
            messages.success(request, "The draft carries your own wording. It can be published.")
            return redirect("instrument-version", public_id)
    return _page(
        request,
        draft,
        form,
        heading="Say that the wording is yours",
        verb="Say so",
        consequence="From then on the form can be published and used for real people. Its questions must no longer "
        "stand as they were rebuilt.",
    )


@require_http_methods(["GET", "HEAD", "POST"])
def publish(request: HttpRequest, public_id: str) -> HttpResponse:
    """Put the draft into use from a day on."""
    draft = _draft(request, public_id)
    actor = actor_of(request)
    sent = request.POST if request.method == "POST" else None
    form = PublishForm(sent, initial={"seen": str(draft.version), "effective_from": actor.on})
    if sent is not None and form.is_valid():
        try:
            operations.publish(
                version_id=public_id,
                effective_from=form.cleaned_data["effective_from"],
                note=form.cleaned_data["note"],
                seen=form.seen_version(),
                by=actor,
                on=actor.on,
            )
        except Refusal as refusal:
            if refusal.status != 409 or refusal.code == "not_a_draft":
                raise
            form.refuse(_BESIDE.get(refusal.code), refusal.sentence)
            if refusal.code == "changed_meanwhile":
                _see(form, draft)
        else:
            messages.success(
                request, "The version is published. Scores made before keep the version they have."
            )
            return redirect("instrument", draft.instrument.public_id)
    definition = read(draft)
    return _page(
        request,
        draft,
        form,
        "publish",
        problems=rules.problems(definition),
        is_rebuilt=definition.reconstruction or definition.topics_only,
        is_demonstration=clock.is_demonstration(),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def discard(request: HttpRequest, public_id: str) -> HttpResponse:
    """Give up the draft."""
    draft = _draft(request, public_id)
    if request.method == "POST":
        operations.discard(version_id=public_id, by=actor_of(request))
        messages.success(request, "The draft is discarded. It stays on record.")
        return redirect("instrument", draft.instrument.public_id)
    return _page(request, draft, None, "discard")
