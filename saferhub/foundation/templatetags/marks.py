"""Small marks that carry a judgement: risk, status, time, sources. Shape and word always, colour beside."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django import template
from django.utils.safestring import SafeString

from saferhub.foundation import clock

from .drawing import draw
from .words import as_day, count_words, distance_words, short_date

register = template.Library()

RISK_BANDS = {
    "very_high": ("Very high", 3),
    "high": ("High", 3),
    "medium": ("Medium", 2),
    "standard": ("Standard", 1),
    "low": ("Low", 1),
    "incomplete": ("Incomplete", 0),
}
STATUS_WORDS = {
    "done": "Done",
    "on_track": "On track",
    "at_risk": "At risk",
    "off_track": "Off track",
    "late": "Late",
    "not_started": "Not started",
    "no_target": "No target",
    "refused": "Refused",
}
# Beyond this many pips nobody counts them; the words remain and each pip stands for several.
_MOST_PIPS = 20


@register.simple_tag
def risk_chip(band: str, label: str = "", large: bool = False) -> SafeString:
    """A risk band, never by colour alone: the word and 3, 2, 1 or no bars.

    `band`: very_high, high, medium, standard, low or incomplete. `label`: another word. `large`: for a record’s head.
    """
    band = str(band).lower()
    word, bars = RISK_BANDS.get(band, (band.capitalize(), 0))
    return draw("saferhub/risk_chip", band=band, label=label or word, bars=bars, large=large)


_SPARK = (84, 26, 5)  # width, height and margin of the line of scores, in its own units


@register.simple_tag
def spark(values: Sequence[float], words: str) -> SafeString | str:
    """A small line of earlier scores up to the newest, the last as a full dot; nothing for fewer than two.

    `words` say the same and are what a screen reader hears: the line never stands alone.
    """
    values = list(values)[-_MOST_PIPS:]
    if len(values) < 2:
        return ""
    width, height, margin = _SPARK
    low, high = min(values), max(values)
    step = (width - 2 * margin) / (len(values) - 1)
    rise = (height - 2 * margin) / ((high - low) or 1)
    points = [
        (
            round(margin + step * n, 1),
            round(height - margin - rise * (value - low), 1) if high > low else height / 2,
        )
        for n, value in enumerate(values)
    ]
    return draw("saferhub/spark", points=points, last=points[-1], width=width, height=height, words=words)


@register.simple_tag
def status_mark(status: str, label: str = "") -> SafeString:
    """How something stands, as a shape with its word.

    `status`: done, on_track, at_risk, off_track, late, not_started, no_target, refused.
    `label`: other words, such as "2 days late".
    """
    status = str(status).lower()
    return draw(
        "saferhub/status_mark", status=status, label=label or STATUS_WORDS.get(status, status.capitalize())
    )


@register.simple_tag
def status_strip(codes: Sequence[str], words: str) -> SafeString:
    """How several things stand together: a mark for each, in the order given, above the words that count them.

    `codes`: those of `status_mark`. The words say everything; the marks are for the eye alone.
    """
    return draw("saferhub/status_strip", codes=list(codes), words=words)


@register.simple_tag
def tag(label: str, tone: str = "plain") -> SafeString:
    """A word in a box. `tone`: plain, quiet, good, amber, red, violet, petrol, dormant (dashed)."""
    return draw("govuk/tag", label=label, tone=tone)


@register.simple_tag
def clock_pips(used: int, total: int, unit: str = "working day") -> SafeString:
    """A clock in pips with its words: "4 of 5 working days used"; red from the last pip but one.

    `used` and `total` in `unit`s (given in the singular). Past the end it says how much late.
    """
    used, total = int(used), max(1, int(total))
    shown = min(total, _MOST_PIPS)
    filled = min(shown, max(0, -(-used * shown // total)))
    words = (
        f"{count_words(used - total, unit)} late"
        if used > total
        else f"{used} of {count_words(total, unit)} used"
    )
    pips = [position < filled for position in range(shown)]
    return draw("saferhub/clock_pips", pips=pips, words=words, urgent=used >= total - 1, late=used > total)


@register.simple_tag(takes_context=True)
def when(context: template.Context, value: Any, kind: str = "event", time: bool = False) -> SafeString | str:
    """A day with its distance: "Fri 7 Sep, 2 days late".

    `kind`: "due" (late is red), "event" ("3 days ago"), "plain" (no distance). `time=True` adds the hour
    of a moment. The page's `today` is taken where the view gives one, else the business day.
    """
    if not value:
        return ""
    given = context.get("today")
    today = given if isinstance(given, date) else clock.today()
    day = as_day(value)
    far = "" if kind == "plain" else distance_words(day, as_day(today), due=kind == "due")
    moment = ""
    if time and isinstance(value, datetime):
        from django.utils import timezone

        moment = f"{timezone.localtime(value) if timezone.is_aware(value) else value:%H:%M}"
    return draw(
        "saferhub/when",
        machine=value.isoformat(),
        short=short_date(day, as_day(today)),
        moment=moment,
        far=far,
        late=kind == "due" and day < as_day(today),
    )


@register.simple_tag
def badge(count: int, words: str = "waiting") -> SafeString | str:
    """A count on a coloured ground, read out as "(11 waiting)". Nothing at nought."""
    number = int(count or 0)
    return (
        draw("moj/badge", count=number, shown="99+" if number > 99 else f"{number}", words=words)
        if number
        else ""
    )


@register.simple_tag
def source(
    text: str, url: str = "", verify: bool = False, note: str = "", label: str = "Source"
) -> SafeString:
    """Where a statement comes from: a paragraph of a report, or a provision with its link.

    `verify=True` adds the mark for a fact that the partnership has yet to check at its origin.
    """
    return draw("saferhub/source", text=text, url=url, verify=verify, note=note, label=label)


@register.simple_tag
def verify_mark() -> SafeString:
    """The mark "Verify": taken from a secondary source; check it before relying on it."""
    return draw("saferhub/verify_mark")


@register.simple_tag
def service_mark(size: int = 32, title: str = "") -> SafeString:
    """saferhub's own mark. Decorative beside the name; give `title` where it stands alone."""
    return draw("saferhub/mark", size=size, title=title)
