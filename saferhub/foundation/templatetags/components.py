"""Every part that pages are built of, by one `{% load components %}`.

Their markup is in `templates/components/`; pages hold no component markup of their own. The gallery
at /components/ shows each with its code. Buttons and forms, marks,
tables and words come from their own modules.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import template
from django.utils.safestring import SafeString, mark_safe

from . import charts, controls, marks, tables, words
from .drawing import draw

register = template.Library()
for _library in (charts.register, controls.register, marks.register, tables.register, words.register):
    register.tags.update(_library.tags)
    register.filters.update(_library.filters)


def _trimmed(content: str) -> SafeString:
    """A block's content without the line breaks around it; it was escaped where it was written."""
    return mark_safe(content.strip())  # noqa: S308


# --- Headings and sections ----------------------------------------------------------------------------


@register.simple_block_tag
def page_heading(
    content: str,
    title: str,
    caption: str = "",
    note: str = "",
    level: int = 1,
    tags: Iterable[tuple[str, str]] = (),
) -> SafeString:
    """The page's one h1, with what it is about above or below, and its actions as content.

    `caption`: small line above. `note`: grey line below (a reference, a day), followed by `tags`, pairs of
    words and tone. Content: buttons.
    """
    return draw(
        "saferhub/page_heading",
        title=title,
        caption=caption,
        note=note,
        tags=[marks.tag(words_, tone) for words_, tone in tags or ()],
        level=level,
        actions=_trimmed(content),
    )


@register.simple_block_tag
def section(
    content: str, title: str, note: str = "", id: str = "", level: int = 2, late: bool = False
) -> SafeString:
    """A section under a ruled heading. `note`: words or a link at its right. `late`: a red rule."""
    return draw("saferhub/section", title=title, note=note, id=id, level=level, late=late, content=content)


@register.simple_block_tag
def panel(content: str, title: str = "", tone: str = "plain", level: int = 2) -> SafeString:
    """A box for something of another standing.

    `tone`: plain (grey), key (petrol edge), safe (violet: how to reach somebody safely), correction
    (amber), danger (red edge), unseen (dashed violet: held, and not shown to this reader).
    """
    return draw("saferhub/panel", title=title, tone=tone, level=level, content=content)


@register.simple_block_tag
def columns(content: str, wide: bool = False) -> SafeString:
    """A main column with an aside; holds `{% main %}` and `{% aside %}`. `wide`: the broader aside."""
    return draw("saferhub/columns", content=content, wide=wide)


@register.simple_block_tag
def main(content: str) -> SafeString:
    """The main column of `{% columns %}`."""
    return draw("saferhub/main", content=content)


@register.simple_block_tag
def aside(content: str, label: str = "") -> SafeString:
    """The aside of `{% columns %}`, after the main column in reading order. `label` names it."""
    return draw("saferhub/aside", content=content, label=label)


# --- Facts ---------------------------------------------------------------------------------------------


@register.simple_block_tag
def facts(content: str, tone: str = "petrol", four: bool = False) -> SafeString:
    """The bar of a record's two to five leading facts. `tone` of its upper edge: petrol or red.

    `four`: risk, lead, next and review of a case; on a telephone the risk and what is next stand first.
    """
    return draw("saferhub/facts", content=content, tone=tone, four=four)


@register.simple_block_tag
def fact(content: str, label: str, value: str = "") -> SafeString:
    """One fact of the bar: small label, large `value`, then content."""
    return draw("saferhub/fact", label=label, value=value, content=content)


@register.simple_block_tag
def summary_list(content: str, compact: bool = False, no_border: bool = False) -> SafeString:
    """Names and values one below the other; holds `{% summary_row %}`."""
    return draw("govuk/summary_list", content=content, compact=compact, no_border=no_border)


@register.simple_block_tag
def summary_row(content: str, key: str, url: str = "", action: str = "Change", about: str = "") -> SafeString:
    """A name with its value. `url` and `action` offer a change; `about` completes it for a screen reader."""
    return draw(
        "govuk/summary_row", key=key, content=content, url=url, action=action, about=about or key.lower()
    )


@register.simple_tag
def count_bar(counts: Iterable[Mapping[str, Any]]) -> SafeString:
    """Counts that jump to their groups. Each: `number`, `label`, `url`, `late` (red)."""
    return draw("saferhub/count_bar", counts=list(counts))


@register.simple_tag
def filter_chips(chips: Iterable[Mapping[str, str]]) -> SafeString | str:
    """The filters that are set, each a link that takes it away. Each: `label`, `words`, `url` of the list without it.
    Nothing where none is set."""
    chips = list(chips)
    return draw("saferhub/filter_chips", chips=chips) if chips else ""


@register.simple_tag
def toggle(items: Iterable[Mapping[str, Any]], label: str) -> SafeString:
    """Which part of a list is shown, one of a few: each a link. `label` names them. Each: `label`, `url`, `current`."""
    return draw("saferhub/toggle", items=list(items), label=label)


@register.simple_block_tag
def choose_form(content: str, action: str, label: str) -> SafeString:
    """A form around a table whose rows are chosen by `{% choose_row %}`; its buttons stand in the content. It is sent
    by GET, for it only leads to the page on which the act is confirmed. `label` names it."""
    return draw("saferhub/choose_form", action=action, label=label, content=content)


@register.simple_tag
def choose_row(name: str, value: str, words: str, checked: bool = False) -> SafeString:
    """A box by which a row is chosen. `words` say which row, for whoever does not see it."""
    return draw("saferhub/choose_row", name=name, value=value, words=words, checked=checked)


@register.simple_block_tag
def record_head(
    content: str,
    title: str,
    note: str = "",
    people: str = "",
    tags: Iterable[tuple[str, str]] = (),
    buttons: Iterable[tuple[str, str]] = (),
    more: Iterable[tuple[str, str]] = (),
) -> SafeString:
    """The head of a record with pages of its own: h1, grey `note` with `tags`, its `{% facts %}` as content, and
    what can be done. The content comes before the buttons on a telephone: a warning that must be read before
    anything is done stands in it, above the facts.

    `people`: who is in it and as what, in one line. `buttons`: words and address, the first one green. `more`: what
    is done less often, as links.
    """
    return draw(
        "saferhub/record_head", title=title, note=note, people=people, content=_trimmed(content),
        tags=[marks.tag(said, tone) for said, tone in tags or ()], buttons=list(buttons or ()), more=list(more or ()),
    )  # fmt: skip


# --- Notices --------------------------------------------------------------------------------------------


@register.simple_block_tag
def alert(content: str, tone: str = "information", title: str = "") -> SafeString:
    """A message about what just happened. `tone`: information, success, warning, error."""
    tone = {"debug": "information", "info": "information"}.get(tone.split(" ")[-1], tone.split(" ")[-1])
    return draw("moj/alert", tone=tone, title=title, content=content)


@register.simple_block_tag
def inset(content: str) -> SafeString:
    """A paragraph set apart."""
    return draw("govuk/inset", content=content)


@register.simple_block_tag
def warning(content: str) -> SafeString:
    """A consequence that must be read before acting."""
    return draw("govuk/warning", content=content)


@register.simple_block_tag
def more(content: str, title: str, open: bool = False) -> SafeString:
    """Something that most readers can leave closed."""
    return draw("govuk/details", title=title, content=content, open=open)


@register.simple_block_tag
def empty_state(content: str, words: str, title: str = "") -> SafeString:
    """What stands where a list would be: words that say so, and as content the way forward."""
    return draw("saferhub/empty", title=title, words=words, content=_trimmed(content))


@register.simple_block_tag
def condition(content: str, asked: str, met: bool = False, url: str = "", url_text: str = "") -> SafeString:
    """One condition of an act, in `{% conditions %}`: what is asked, and as content how it stands."""
    return draw(
        "saferhub/condition", asked=asked, met=met, url=url, url_text=url_text, content=_trimmed(content)
    )


@register.simple_block_tag
def conditions(content: str) -> SafeString:
    """A list of `{% condition %}`."""
    return draw("saferhub/conditions", content=content)


@register.simple_block_tag
def verdicts(content: str) -> SafeString:
    """A list of `{% verdict %}`: what was decided, for or against."""
    return draw("saferhub/verdicts", content=content)


@register.simple_block_tag
def verdict(
    content: str,
    title: str,
    words: str = "",
    met: bool = False,
    undone: bool = False,
    url: str = "",
    act: str = "Undo",
    about: str = "",
) -> SafeString:
    """One decision: `title` and what it is about, for (`met`), against or `undone`; its reasons as content."""
    return draw(
        "saferhub/verdict", title=title, words=words, met=met, undone=undone, url=url, act=act, about=about,
        content=_trimmed(content),
    )  # fmt: skip


# --- Navigation -------------------------------------------------------------------------------------------


@register.simple_tag
def tabs(items: Iterable[Mapping[str, Any]], label: str = "Sections") -> SafeString:
    """Sub-navigation by links. Each item: `label`, `url`, `current`, `count` (may be None)."""
    return draw("moj/tabs", items=list(items), label=label)


@register.simple_tag
def breadcrumbs(*trail: str) -> SafeString:
    """Where this page belongs, as pairs: `{% breadcrumbs "Plan" plan_url "Priorities" priorities_url %}`."""
    return draw("govuk/breadcrumbs", trail=list(zip(trail[::2], trail[1::2], strict=True)))


@register.simple_tag
def back_link(url: str, text: str = "Back") -> SafeString:
    """A link to the page before, above a form's heading."""
    return draw("govuk/back_link", url=url, text=text)


@register.simple_tag
def steps(names: Iterable[str | Mapping[str, Any]], current: int, saves: str = "") -> SafeString:
    """The steps of a long form; `current` counts from 1.

    Where they may be taken in any order, each is a mapping: `name`, `url`, and whether it is `done`.
    `saves`: the id of the page's form. Then every step is a button of that form that sends its `code` as `then`,
    so that going to another step saves what is typed; it works without JavaScript.
    """
    marked = [
        {
            "name": name if isinstance(name, str) else name["name"],
            "url": "" if isinstance(name, str) else name["url"],
            "code": "" if isinstance(name, str) else name.get("code", ""),
            "number": n,
            "done": n < current if isinstance(name, str) else name["done"],
            "current": n == current,
        }
        for n, name in enumerate(names, 1)
    ]
    return draw("saferhub/steps", steps=marked, current=current, total=len(marked), saves=saves)


# --- Time ------------------------------------------------------------------------------------------------


@register.simple_block_tag
def timeline(content: str, label: str = "Timeline") -> SafeString:
    """What happened, newest first; holds `{% entry %}`."""
    return draw("moj/timeline", content=content, label=label)


@register.simple_block_tag(takes_context=True)
def entry(
    context: template.Context,
    content: str,
    title: str,
    at: Any = None,
    by: str = "",
    kind: str = "contact",
    level: int = 3,
) -> SafeString:
    """One event, in `{% timeline %}`: `at` a day or moment, `by` whom.

    `kind`: contact (circle), decision (square), risk (diamond).
    """
    day = marks.when(context, at, kind="plain", time=True) if at else ""
    return draw("moj/timeline_entry", title=title, day=day, by=by, kind=kind, level=level, content=content)


# --- Work --------------------------------------------------------------------------------------------------


@register.simple_block_tag(takes_context=True)
def work_item(
    context: template.Context,
    content: str,
    title: str,
    url: str,
    due: Any = None,
    reference: str = "",
    band: str = "",
    step: str = "",
    step_url: str = "",
    primary: bool = False,
    by_time: str = "",
    note: str = "",
    posts: bool = False,
) -> SafeString:
    """A row of Your work: due day, title, band, why it waits (content), and its one next step.

    `posts`: the step is done by the press itself and leads to no page that asks.
    Only the first row of a page takes `primary=True`, the green button. Holds in a `{% work_list %}`.
    """
    given = context.get("today")
    today = words.as_day(given) if given else words.clock.today()
    day = words.as_day(due) if due else None
    return draw(
        "saferhub/work_item",
        title=title, url=url, reference=reference, step=step, step_url=step_url, primary=primary, note=note,
        token=controls.token_of(context) if posts else "",
        chip=marks.risk_chip(band) if band else "",
        machine=due.isoformat() if due else "",
        day=words.short_date(day, today) if day else "",
        far=by_time or (words.distance_words(day, today, due=True) if day else ""),
        late=bool(day and day < today), content=content,
    )  # fmt: skip


@register.simple_block_tag
def work_list(content: str) -> SafeString:
    """A list of `{% work_item %}`."""
    return draw("saferhub/work_list", content=content)
