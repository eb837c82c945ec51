"""Tables, pages of a list, filters. Sort, filter and page links keep one another's query string.

{% table "Agencies" empty="No agency has joined yet." %}
  {% column "Agency" sort="name" %}{% column "Members" numeric=True sort="members" %}
  {% for agency in agencies %}{% row %}
    {% cell %}<a class="govuk-link" href="…">{{ agency.name }}</a>{% endcell %}
    {% cell %}{{ agency.members }}{% endcell %}
  {% endrow %}{% endfor %}
{% endtable %}
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django import template
from django.core.paginator import Page
from django.forms import BaseForm
from django.template.base import FilterExpression, NodeList, Parser, Token, token_kwargs
from django.utils.safestring import SafeString

from .drawing import address_with, draw, request_of
from .words import things_words

register = template.Library()

_STATE = "_table_being_drawn"


@dataclass
class _Table:
    sorted_by: str
    columns: list[dict[str, Any]] = field(default_factory=list)
    cells: list[dict[str, Any]] = field(default_factory=list)
    rows: int = 0


class TableNode(template.Node):
    child_nodelists = ("nodelist",)

    def __init__(
        self, nodelist: NodeList, caption: FilterExpression, options: dict[str, FilterExpression]
    ) -> None:
        self.nodelist, self.caption, self.options = nodelist, caption, options

    def render(self, context: template.Context) -> SafeString:
        options = {name: value.resolve(context) for name, value in self.options.items()}
        caption = self.caption.resolve(context)
        request = request_of(context)
        chosen = request.GET.get("sort", "") if request is not None else ""
        table = _Table(sorted_by=chosen or options.get("sorted_by", ""))
        with context.push(**{_STATE: table}):
            body = self.nodelist.render(context)
        if not table.rows:
            return draw(
                "saferhub/empty", words=options.get("empty") or "Nothing to show.", title="", content=""
            )
        return draw(
            "govuk/table", caption=caption, columns=table.columns, body=body,
            caption_size=options.get("caption_size", "s"), hide_caption=options.get("hide_caption", False),
            scroll=options.get("scroll", False), compact=options.get("compact", False),
            note=options.get("note", ""),
        )  # fmt: skip


@register.tag("table")
def table_tag(parser: Parser, token: Token) -> TableNode:
    """A table with caption, row headers and stacked rows on a telephone.

    Options: `empty` (words when there are no rows), `caption_size` (s, m, l), `hide_caption`, `scroll`
    (wide figures scroll sideways in a focusable region instead of stacking), `compact`, `note` (below),
    `sorted_by` (the view's own order, such as "-due", while the reader has chosen none).
    """
    bits = token.split_contents()[1:]
    if not bits:
        raise template.TemplateSyntaxError("A table needs a caption.")
    caption = parser.compile_filter(bits.pop(0))
    options = token_kwargs(bits, parser)
    if bits:
        raise template.TemplateSyntaxError(f"The table cannot read {bits[0]!r}.")
    nodelist = parser.parse(("endtable",))
    parser.delete_first_token()
    return TableNode(nodelist, caption, options)


def _open_table(context: template.Context) -> _Table:
    table = context.get(_STATE)
    if not isinstance(table, _Table):
        raise template.TemplateSyntaxError("Columns, rows and cells belong inside a table.")
    return table


@register.simple_tag(takes_context=True)
def column(
    context: template.Context,
    label: str,
    sort: str = "",
    numeric: bool = False,
    hidden: bool = False,
    width: str = "",
) -> str:
    """A column's heading. `sort`: the value of `?sort=` (a second press gives "-value").

    `numeric`: figures, to the right. `hidden`: the heading is read out but not shown.
    `width`: quarter, third, half.
    """
    table = _open_table(context)
    rising, falling = sort and table.sorted_by == sort, sort and table.sorted_by == f"-{sort}"
    table.columns.append(
        {
            "label": label,
            "numeric": numeric,
            "hidden": hidden,
            "width": width,
            "order": "ascending" if rising else "descending" if falling else "none" if sort else "",
            "url": address_with(context, sort=f"-{sort}" if rising else sort, page=None) if sort else "",
        }
    )
    return ""


@register.simple_block_tag(takes_context=True)
def cell(
    context: template.Context,
    content: str,
    label: str = "",
    header: bool | None = None,
    numeric: bool | None = None,
) -> str:
    """A cell. The first of a row is its header unless `header=False`; label and side come from the column."""
    table = _open_table(context)
    position = len(table.cells)
    heading = table.columns[position] if position < len(table.columns) else {}
    table.cells.append(
        {
            "content": content,
            "label": label or heading.get("label", ""),
            "hide_label": heading.get("hidden", False),
            "header": position == 0 if header is None else header,
            "numeric": heading.get("numeric", False) if numeric is None else numeric,
        }
    )
    return ""


@register.simple_block_tag(takes_context=True)
def row(context: template.Context, content: str, current: bool = False, total: bool = False) -> SafeString:
    """A row. `current` lights the chosen one; `total` sets a sum apart."""
    table = _open_table(context)
    cells, table.cells = table.cells, []
    table.rows += 1
    return draw("govuk/table_row", cells=cells, current=current, total=total)


@register.simple_tag(takes_context=True)
def pagination(context: template.Context, page: Page[Any], things: str = "") -> SafeString | str:
    """Links to a list's pages, keeping filters and sort. `things`: "cases", for "21 to 40 of 212 cases"."""
    paginator = page.paginator
    if not paginator.count:
        return ""
    numbers: list[dict[str, Any]] = []
    previous_number = 0
    for number in sorted({1, paginator.num_pages, *range(page.number - 1, page.number + 2)}):
        if not 1 <= number <= paginator.num_pages:
            continue
        if number == previous_number + 2:
            numbers.append({"number": number - 1, "url": address_with(context, page=number - 1)})
        elif number > previous_number + 2:
            numbers.append({"gap": True})
        numbers.append(
            {"number": number, "url": address_with(context, page=number), "current": number == page.number}
        )
        previous_number = number
    return draw(
        "govuk/pagination",
        first=page.start_index(), last=page.end_index(), count=paginator.count, things=things,
        counted=things_words(paginator.count, things),
        pages=paginator.num_pages, number=page.number,
        numbers=numbers if paginator.num_pages > 1 else [],
        before=address_with(context, page=page.number - 1) if page.has_previous() else "",
        after=address_with(context, page=page.number + 1) if page.has_next() else "",
    )  # fmt: skip


@register.simple_tag(takes_context=True)
def filter_bar(
    context: template.Context,
    form: BaseForm,
    label: str = "Filter",
    button: str = "Apply",
    results: str = "",
    day: str = "",
) -> SafeString:
    """A GET form above a list. Sort order and other values stay; the page number starts again.

    `form`: bound to `request.GET`, fields not required. `results`: words about what was found.
    `day`: the field of the day that the page is about, which is no filter: to clear keeps it.
    On a telephone the fields fold away while nothing is set.
    """
    request = request_of(context)
    own = {form.add_prefix(name) for name in form.fields}
    kept: list[tuple[str, str]] = []
    active, is_set = False, bool(form.errors)
    if request is not None:
        for name, values in request.GET.lists():
            if name in own:
                is_set = is_set or any(values)
                active = active or (name != day and any(values))
            elif name != "page":
                kept.extend((name, value) for value in values)
    clear = address_with(context, page=None, **dict.fromkeys(own - {day}))
    return draw(
        "saferhub/filter_bar", form=form, label=label, button=button, kept=kept, active=active, clear=clear,
        results=results, is_set=is_set,
    )  # fmt: skip
