"""Pages of one item: as its reader sees it, its words, taking it off, who is named, from whom it is kept, guests."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from saferhub.audit.operations import record_sight
from saferhub.foundation.forms.once import Once
from saferhub.foundation.pages import page
from saferhub.foundation.refusals import Refusal, allows
from saferhub.meetings import access
from saferhub.meetings.forms.agenda import GuestForm, ItemForm, KeepForm, NamedForm, StandingItemForm, WhyForm
from saferhub.meetings.models import Item, ItemStatus, Meeting, MeetingStatus
from saferhub.meetings.operations import guests, keeping
from saferhub.meetings.operations import items as operations
from saferhub.meetings.queries import agenda as agenda_queries
from saferhub.meetings.queries import agenda_item as queries
from saferhub.partnership.access import Actor
from saferhub.sharing.access.emergencies import check_not_only_emergency
from saferhub.sharing.edits import edit as edit_page

from .agenda import BOTH, actor_of, place
from .meeting_frame import MARKING, SECTION, frame


def _loaded(request: HttpRequest, public_id: str, item_id: str) -> tuple[Actor, Meeting, Item]:
    actor = actor_of(request)
    meeting = access.get_meeting(actor, public_id)
    item = access.get_item(actor, meeting, item_id)
    item.meeting = meeting
    return actor, meeting, item


def _recorded(request: HttpRequest, public_id: str, item_id: str) -> tuple[Actor, Meeting, Item]:
    """The same, for whoever prepares the meeting while its agenda is open. Raises Http404, NotAllowed, Refusal."""
    actor, meeting, item = _loaded(request, public_id, item_id)
    access.check_can_record(actor, item)
    if meeting.status not in operations.CHANGEABLE:
        raise Refusal("agenda_closed", "The agenda of this meeting is not open for changes.")
    return actor, meeting, item


def _cited(item: Item) -> str:
    return f"{item.reference} {item.title}" if item.reference else item.title


@require_safe
def item(request: HttpRequest, public_id: str, item_id: str) -> HttpResponse:
    """One item: what it is about, who is in it, what agencies returned, what was agreed and decided before."""
    actor, meeting, found = _loaded(request, public_id, item_id)
    record_sight("meetings.item_seen", found, by=actor, purpose=found.matter.purpose if found.matter else "")
    records = allows(access.check_can_record, actor, found)
    context = frame(actor, meeting, tab="item")
    is_apart = found.folder_id != meeting.folder_id
    is_open = meeting.status in operations.CHANGEABLE
    return page(
        request,
        "meetings/agenda/item.html",
        item=found,
        number=agenda_queries.numbers_for(actor, meeting).get(found.pk, ""),
        people=queries.people_on(actor, found),
        returned=queries.returned_on(actor, found),
        actions=queries.actions_of(actor, found),
        earlier=queries.before(actor, found),
        decision=queries.decision_names(actor, meeting.on).get(found.decision, "") if found.decision else "",
        matter_url=queries.matter_url(actor, found),
        band=queries.band_of(actor, found),
        history=agenda_queries.history(actor, meeting, found) if records else [],
        kept=queries.kept_on(actor, found) if records else [],
        guests=queries.guests_of(actor, found) if records else [],
        records=records and is_open,
        is_apart=is_apart,
        is_on=found.status in (ItemStatus.ON, ItemStatus.PROPOSED),
        is_off=found.status in (ItemStatus.REMOVED, ItemStatus.DEFERRED),
        can_declare=is_apart and is_open and not context["is_guest"],
        **context,
    )


@require_http_methods(BOTH)
def change(request: HttpRequest, public_id: str, item_id: str) -> HttpResponse:
    """Change an item's words and time; a second editor sees both versions."""
    actor, meeting, found = _recorded(request, public_id, item_id)

    def save(values: dict[str, Any], seen: int) -> Item:
        given = {"title": found.title, "why": found.why, **values}
        return operations.change_item(meeting_id=public_id, item_id=item_id, **given, by=actor, seen=seen)

    def done(changed: Item) -> HttpResponse:
        messages.success(request, "The change is saved.")
        return redirect("item", public_id, item_id)

    return edit_page(
        request,
        load=lambda: access.get_item(actor, meeting, item_id),
        values_of=operations.values_of,
        form_class=StandingItemForm if found.code else ItemForm,
        save=save,
        done=done,
        template="meetings/agenda/change.html",
        back_url=reverse("item", args=[public_id, item_id]),
        section=SECTION,
        marking=MARKING,
        heading="Change the item",
        caption=_cited(found),
    )


def _act(
    request: HttpRequest,
    found: Item,
    form: Any,
    *,
    act: Callable[[dict[str, Any]], Any],
    heading: str,
    verb: str,
    said: str,
    to: Callable[[], HttpResponseRedirect],
    hint: str = "",
    consequence: str = "",
    danger: bool = False,
) -> HttpResponse:
    """A page that asks for something and then does one thing to an item."""
    once = Once(request)
    if once.answer:
        return once.answer
    if form.is_bound and form.is_valid():
        try:
            act({name: value for name, value in form.cleaned_data.items() if name != "once"})
        except Refusal as refusal:
            place(form, refusal)
        else:
            messages.success(request, said)
            return once.done(to())
    return page(
        request,
        "meetings/agenda/act.html",
        form=once.within(form),
        heading=heading,
        verb=verb,
        hint=hint,
        consequence=consequence,
        danger=danger,
        caption=_cited(found),
        back_url=_page_of(actor_of(request), found),
        section=SECTION,
        marking=MARKING,
    )


def _page_of(actor: Actor, found: Item) -> str:
    """The item's page; while the meeting runs the live one, for whoever records it."""
    runs = found.meeting.status == MeetingStatus.RUNNING and allows(access.check_can_record, actor, found)
    return reverse("item-run" if runs else "item", args=[found.meeting.public_id, found.public_id])


def _why(request: HttpRequest, label: str) -> WhyForm:
    form = WhyForm(request.POST if request.method == "POST" else None)
    form.fields["why"].label = label
    return form


@require_http_methods(BOTH)
def take_off(request: HttpRequest, public_id: str, item_id: str) -> HttpResponse:
    """Take an item off the agenda, with the reason."""
    return _leaves(request, public_id, item_id, put_off=False)


@require_http_methods(BOTH)
def put_off(request: HttpRequest, public_id: str, item_id: str) -> HttpResponse:
    """Put an item off to the next meeting, with the reason."""
    return _leaves(request, public_id, item_id, put_off=True)


def _leaves(request: HttpRequest, public_id: str, item_id: str, *, put_off: bool) -> HttpResponse:
    actor, _meeting, found = _recorded(request, public_id, item_id)
    return _act(
        request,
        found,
        _why(request, "Why is it put off?" if put_off else "Why is it taken off?"),
        act=lambda given: operations.take_off(
            meeting_id=public_id, item_id=item_id, reason=given["why"], put_off=put_off, by=actor, on=actor.on
        ),
        heading="Put the item off to the next meeting" if put_off else "Take the item off the agenda",
        verb="Put off" if put_off else "Take off",
        said="The item is put off. The next agenda proposes it." if put_off else "The item is taken off.",
        consequence="Those at the table see it no longer from now on. The reason is kept, and it can be put back.",
        to=lambda: redirect("meeting-agenda", public_id),
    )


@require_http_methods(BOTH)
def put_back(request: HttpRequest, public_id: str, item_id: str) -> HttpResponse:
    """Put an item back, with the reason."""
    actor, _meeting, found = _recorded(request, public_id, item_id)
    return _act(
        request,
        found,
        _why(request, "Why is it put back?"),
        act=lambda given: operations.put_back(
            meeting_id=public_id, item_id=item_id, reason=given["why"], by=actor, on=actor.on
        ),
        heading="Put the item back on the agenda",
        verb="Put back",
        said="The item is back on the agenda.",
        hint="Those at the table see it once the agenda is sent again.",
        to=lambda: redirect("meeting-agenda", public_id),
    )


@require_http_methods(BOTH)
def named(request: HttpRequest, public_id: str, item_id: str) -> HttpResponse:
    """Choose which of the people in the matter are named on the item."""
    actor, _meeting, found = _recorded(request, public_id, item_id)
    if found.matter is None:
        raise Refusal("no_matter", "Nobody is named on this item.")
    offered, _ = queries.people_to_name(actor, found.matter)
    now = [one.person.public_id for one in queries.people_on(actor, found)]
    form = NamedForm(
        request.POST if request.method == "POST" else None, people=offered, initial={"people": now}
    )
    return _act(
        request,
        found,
        form,
        act=lambda given: operations.name_people(
            meeting_id=public_id, item_id=item_id, people=given["people"], by=actor
        ),
        heading="Who is named on the item",
        verb="Save",
        said="Saved. Those at the table see the records of whoever is named.",
        hint="Those at the table see the records of whoever is named. A record that is restricted cannot be named."
        if offered
        else "Nobody in this matter can be named: nobody is recorded there, or the records are restricted.",
        to=lambda: redirect("item", public_id, item_id),
    )


@require_http_methods(BOTH)
def keep_from(request: HttpRequest, public_id: str, item_id: str) -> HttpResponse:
    """Keep an item from an agency or a person who must not learn of it, or who has an interest in it."""
    actor, meeting, found = _recorded(request, public_id, item_id)
    keeping.check_apart(found, meeting)

    def act(given: dict[str, Any]) -> None:
        kind, _, whom = given["whom"].partition(":")
        keeping.keep_from(
            meeting_id=public_id,
            item_id=item_id,
            why=given["why"],
            is_conflict=given["is_conflict"] == "yes",
            by=actor,
            on=actor.on,
            **({"unit_id": whom} if kind == "unit" else {"user_id": whom}),
        )

    form = KeepForm(
        request.POST if request.method == "POST" else None, whom=queries.could_be_kept(actor, meeting, found)
    )
    return _act(
        request,
        found,
        form,
        act=act,
        heading="Keep the item from somebody",
        verb="Keep it from them",
        said="They find nothing of this item from now on, in no page, count, number or document.",
        consequence="From now on they find nothing of this item. Everybody else who sees it now is named one by one; "
        "somebody who joins the hub later does not see it. A case that they see already stays open to them.",
        to=lambda: redirect(_page_of(actor, found)),
    )


@require_POST
def lift(request: HttpRequest, public_id: str, item_id: str, kept_id: str) -> HttpResponse:
    """No longer keep an item from somebody, by one press; it can be kept again."""
    actor, _meeting, _found = _recorded(request, public_id, item_id)
    keeping.lift(meeting_id=public_id, item_id=item_id, kept_id=kept_id, by=actor, on=actor.on)
    messages.success(request, "The item is no longer kept from them.")
    return redirect("item", public_id, item_id)


@require_http_methods(BOTH)
def declare(request: HttpRequest, public_id: str, item_id: str) -> HttpResponse:
    """Declare an interest of one's own in an item, and leave it."""
    actor, meeting, found = _loaded(request, public_id, item_id)
    check_not_only_emergency(actor, found.folder)
    keeping.check_apart(found, meeting)
    if meeting.status not in operations.CHANGEABLE:
        raise Refusal("meeting_over", "This meeting is over.")
    runs = meeting.status == MeetingStatus.RUNNING and access.can_prepare(actor, meeting.group)
    form = _why(request, "What is your interest, in general words?")
    form.fields["why"].help_text = "Those at the table read it. “A relative” is enough; name nobody"
    return _act(
        request,
        found,
        form,
        act=lambda given: keeping.declare_interest(
            meeting_id=public_id, item_id=item_id, why=given["why"], by=actor, on=actor.on
        ),
        heading="Declare an interest in this item",
        verb="Declare and leave the item",
        said="Your interest is kept. You do not see that item any more.",
        consequence="You leave this item: from now on you do not see it, before, in and after the meeting. Whoever "
        "prepares the meeting can undo it.",
        danger=True,
        to=lambda: redirect("meeting-run" if runs else "meeting-agenda", public_id),
    )


@require_http_methods(BOTH)
def guest(request: HttpRequest, public_id: str, item_id: str) -> HttpResponse:
    """Bid a guest to this item alone. Refused at once for an item of everybody's."""
    actor, meeting, found = _recorded(request, public_id, item_id)
    guests.check_takes_guests(found, meeting)
    form = GuestForm(
        request.POST if request.method == "POST" else None, whom=queries.could_be_guests(actor, meeting)
    )
    return _act(
        request,
        found,
        form,
        act=lambda given: guests.bid_guest(
            meeting_id=public_id, item_id=item_id, user_id=given["whom"], by=actor, on=actor.on
        ),
        heading="Bid a guest to this item",
        verb="Bid to the item",
        said="The guest sees this item and nothing else of the meeting. Tell her when to come.",
        hint="A guest sees this item from now on and nothing else of the meeting: no other item, no number, no count.",
        to=lambda: redirect("item", public_id, item_id),
    )


@require_http_methods(BOTH)
def guest_end(request: HttpRequest, public_id: str, item_id: str, guest_id: str) -> HttpResponse:
    """No longer bid a guest, with the reason."""
    actor, _meeting, found = _recorded(request, public_id, item_id)
    one = access.get_guest(actor, found, guest_id)
    return _act(
        request,
        found,
        _why(request, "Why does the guest no longer come?"),
        act=lambda given: guests.unbid_guest(
            meeting_id=public_id,
            item_id=item_id,
            guest_id=guest_id,
            reason=given["why"],
            by=actor,
            on=actor.on,
        ),
        heading=f"{one.user.name if one.user else one.name} no longer comes for this item",
        verb="End",
        said="The guest does not see this item any more.",
        to=lambda: redirect("item", public_id, item_id),
    )
