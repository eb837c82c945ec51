"""Another order of the agenda: one item up or down, or by places that were typed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from saferhub.foundation.refusals import Conflict
from saferhub.foundation.templatetags.words import list_words
from saferhub.meetings.models import Item
from saferhub.meetings.operations import items as operations
from saferhub.meetings.queries import agenda as queries
from saferhub.meetings.rules.agenda import moved

from .agenda import draw_agenda, prepared


@require_POST
def order(request: HttpRequest, public_id: str) -> HttpResponse:
    """Put the agenda in another order. Where it was changed meanwhile the page is drawn anew, with what was typed."""
    actor, meeting = prepared(request, public_id)
    found = queries.agenda_of(actor, meeting, prepares=True)
    items = [line.item for line in found.lines]
    ids = [one.public_id for one in items]
    drawn = _drawn(request)
    typed = _typed(request, ids, drawn)
    item_id, _, way = request.POST.get("move", "").partition(":")
    if item_id:
        if item_id not in ids or way not in ("up", "down"):
            raise Http404
        at = moved(list(range(len(ids))), ids.index(item_id), -1 if way == "up" else 1)
        new = [ids[one] for one in at]
    else:
        wanted = {key: int(text[:5]) for key, text in typed.items() if _is_place(text)}
        wrong = [one for one in items if one.public_id in typed and one.public_id not in wanted]
        if wrong:
            # Nothing is put in before all of it is right: what was typed stands in its boxes.
            said = list_words([one.reference or one.title for one in wrong])
            messages.error(
                request,
                f"A place is a whole number from 1. Nothing is changed yet: look at the place of {said}.",
            )
            return draw_agenda(request, actor, meeting, typed=typed, wrong=[one.public_id for one in wrong])
        new = operations.order_by_places(items, wanted)
    if new != ids:
        try:
            operations.reorder(meeting_id=public_id, order=new, seen=list(drawn), by=actor)
        except Conflict as conflict:
            again = (
                "The places that you typed stand in their boxes: look, and put them in if they are still right."
                if typed
                else "It stands below as it is now."
            )
            messages.error(request, f"{conflict.sentence} {again}")
            return draw_agenda(request, actor, meeting, typed=typed)
        messages.success(request, _said(items, new, item_id))
    return redirect(f"{reverse('meeting-agenda', args=[public_id])}#order")


def _said(items: Sequence[Item], order: Sequence[str], moved_item: str) -> str:
    """What came of it, in words: an item that went over a heading stands below another one, which may be a slip."""
    said = "The agenda has its new order."
    if not moved_item:
        return said
    known = {one.public_id: one for one in items}
    before = _heading_over(items, moved_item)
    after = _heading_over([known[one] for one in order], moved_item)
    if before is after:
        return said
    item = known[moved_item]
    where = f"under “{after.title}”" if after is not None else "before the first heading"
    return f"{said} {item.reference or item.title} stands {where} now."


def _heading_over(items: Sequence[Item], item_id: str) -> Item | None:
    """The heading below which an item stands; None before the first one."""
    found = None
    for one in items:
        if one.public_id == item_id:
            break
        found = one if one.code else found
    return found


def _drawn(request: HttpRequest) -> dict[str, str]:
    """The items in the order in which the page drew them, by public_id, each with its place in its box."""
    pairs = (one.partition(":") for one in request.POST.get("drawn", "").split())
    return {public_id: place for public_id, _, place in pairs}


def _typed(request: HttpRequest, ids: list[str], drawn: Mapping[str, str]) -> dict[str, str]:
    """What was typed into the boxes: what differs from what the page drew there, whatever stands there now."""
    sent = {one: request.POST.get(f"place-{one}", "").strip() for one in ids}
    return {one: text for one, text in sent.items() if text and text != drawn.get(one)}


def _is_place(text: str) -> bool:
    return text.isascii() and text.isdigit() and int(text[:5]) > 0
