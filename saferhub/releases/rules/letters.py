"""A letter's template with its places filled in."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from saferhub.partnership.rules.dates_in_words import date_in_words


def filled(paragraphs: Iterable[str], *, today: date, **places: str) -> str:
    """The paragraphs with every place filled in, an empty line between them.

    What is put in is never itself read as a place: a name with brackets in it stays as it is.
    """
    values = {**places, "today": date_in_words(today)}
    return "\n\n".join(_one(paragraph, values) for paragraph in paragraphs)


def _one(paragraph: str, values: dict[str, str]) -> str:
    made, rest = "", paragraph
    while "{" in rest:
        before, _, after = rest.partition("{")
        name, _, rest = after.partition("}")
        made += before + values[name]
    return made + rest
