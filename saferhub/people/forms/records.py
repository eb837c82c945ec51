"""Forms of a person's and a place's record, of link decisions, and of the lists' filters."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from saferhub.foundation.forms import (
    ConfirmField,
    DateField,
    Form,
    LongTextField,
    RadiosField,
    SelectField,
    TextField,
)
from saferhub.people.queries.words import PackWords
from saferhub.people.rules.births import born_words
from saferhub.sharing.edits import SeenForm


class BornField(DateField):
    """A birth date of which day, or day and month, may be missing; cleaned to (first day, precision)."""

    def to_python(self, value: Any) -> Any:
        if value in self.empty_values:
            return None
        if isinstance(value, date):
            return value, "exact"
        day, month, year = value
        if year and not day and not month:
            found = super().to_python(("1", "1", year))
            return (found, "year") if found else None
        if year and month and not day:
            found = super().to_python(("1", month, year))
            return (found, "month") if found else None
        found = super().to_python(value)
        return (found, "exact") if found else None

    def validate(self, value: Any) -> None:
        super().validate(value[0] if value else None)

    def in_words(self, value: Any) -> str:
        """A birth as its reader knows it; what could not be read, as it was typed."""
        first, *rest = value if isinstance(value, (list, tuple)) else (value,)
        if not isinstance(first, date):
            return " ".join(str(part) for part in (first, *rest) if part)
        words = born_words(first, str(rest[0]) if rest else "exact")
        return words[:1].upper() + words[1:]


def born_initial(born: date | None, precision: str) -> Any:
    """What the three boxes hold for a birth of this precision."""
    if born is None:
        return None
    day = str(born.day) if precision == "exact" else ""
    month = str(born.month) if precision in ("exact", "month") else ""
    return (day, month, str(born.year))


def _born(given: dict[str, Any]) -> dict[str, Any]:
    """Birth as the operation takes it."""
    if not given.get("born"):
        return {"born_on": None, "born_precision": "unknown"}
    first, precision = given["born"]
    if precision == "year" and given.get("is_about"):
        precision = "about"
    return {"born_on": first, "born_precision": precision}


_BORN: dict[str, Any] = {
    "label": "Date of birth",
    "required": False,
    "help_text": "Like 14 5 1983. Leave day, or day and month, empty where you do not know them.",
}


class NewPersonForm(Form):
    """A person as one's own agency knows her. More can be added on her page."""

    given = TextField(label="Given names", max_length=100, required=False)
    family = TextField(label="Family name", max_length=100, required=False)
    name_kind = SelectField(label="Kind of name")
    born = BornField(**_BORN)
    is_about = ConfirmField(label="The year of birth is a guess", required=False)
    sex = TextField(label="Sex", max_length=40, width=20, required=False, help_text="As your agency has it.")
    language = TextField(
        label="Language", max_length=80, width=20, required=False, help_text="If not English."
    )
    lines = LongTextField(
        label="Address", rows=3, max_length=500, required=False, help_text="Without the postcode."
    )
    postcode = TextField(label="Postcode", max_length=10, width=10, required=False)
    is_protected = ConfirmField(label="Protected: this address must not be passed on", required=False)
    telephone = TextField(label="Telephone", max_length=40, width=20, required=False)

    FIELD_OF = {
        "name_missing": "given",
        "born_in_future": "born",
        "value_wrong": "telephone",
        "lines_missing": "lines",
        "postcode_wrong": "postcode",
        "unknown_kind": "name_kind",
    }

    def __init__(self, *args: Any, words: PackWords, **kwargs: Any) -> None:
        kwargs["initial"] = {"name_kind": "known_as", **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)
        self.fields["name_kind"].offer(words.choices("name_kinds"))  # type: ignore[attr-defined]

    def values(self) -> dict[str, Any]:
        given = self.cleaned_data
        return {
            **{name: given.get(name) for name in ("given", "family", "name_kind", "sex", "language")},
            **_born(given),
        }

    def parts(self) -> list[tuple[str, dict[str, Any]]]:
        """Address and telephone as parts, where they were entered."""
        given, found = self.cleaned_data, []
        if given.get("lines") or given.get("postcode"):
            found.append(
                (
                    "address",
                    {"kind": "home", **{n: given.get(n) for n in ("lines", "postcode", "is_protected")}},
                )
            )
        if number := given.get("telephone"):
            digits = "".join(one for one in number if one.isdigit())
            kind = "mobile" if digits.startswith(("07", "447")) else "telephone"
            found.append(("contact", {"kind": kind, "value": number}))
        return found


class PersonForm(SeenForm):
    """What a record says of birth, death, sex and language."""

    born = BornField(**_BORN)
    is_about = ConfirmField(label="The year of birth is a guess", required=False)
    died_on = DateField(label="Died on", noun="the day of death", required=False)
    sex = TextField(label="Sex", max_length=40, width=20, required=False, help_text="As your agency has it.")
    language = TextField(label="Language", max_length=80, width=20, required=False)

    def from_kept(self, kept: Mapping[str, Any]) -> Mapping[str, Any]:
        born, precision = kept.get("born_on"), str(kept.get("born_precision", ""))
        is_about = precision == "about"
        return {
            **kept,
            "born": (date.fromisoformat(str(born)), "year" if is_about else precision) if born else None,
            "is_about": is_about,
        }

    def values(self) -> dict[str, Any]:
        found = super().values()
        return {
            "died_on": found.get("died_on"),
            "sex": found.get("sex"),
            "language": found.get("language"),
            **_born(found),
        }


class PlaceForm(SeenForm):
    name = TextField(label="What the place is called", noun="what the place is called", max_length=200)
    kind = SelectField(label="Kind of place")
    about = LongTextField(label="About it", rows=3, max_length=2000, required=False)

    def __init__(self, *args: Any, words: PackWords, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].offer(words.choices("place_kinds"))  # type: ignore[attr-defined]


class NewPlaceForm(PlaceForm):
    lines = LongTextField(
        label="Address", rows=3, max_length=500, required=False, help_text="Without the postcode."
    )
    postcode = TextField(label="Postcode", max_length=10, width=10, required=False)
    uprn = TextField(
        label="Unique property reference number", max_length=12, width=20, required=False,
        help_text="Up to 12 digits, where you have it.",
    )  # fmt: skip

    FIELD_OF = {
        "name_missing": "name",
        "unknown_kind": "kind",
        "lines_missing": "lines",
        "postcode_wrong": "postcode",
        "uprn_wrong": "uprn",
    }

    def facts(self) -> dict[str, Any]:
        return {name: self.cleaned_data.get(name) for name in ("name", "kind", "about")}

    def address(self) -> dict[str, Any] | None:
        found = {name: self.cleaned_data.get(name) for name in ("lines", "postcode", "uprn")}
        return {"kind": "home", **found} if any(found.values()) else None


class DecideForm(Form):
    """Whether two records are the same person, and what speaks for it."""

    verdict = RadiosField(
        label="Are these the same person?",
        noun="whether they are the same person",
        choices=[("same", "Yes, the same person"), ("not_same", "No, two people")],
    )
    reason = LongTextField(
        label="Why you decide so", noun="why you decide so", rows=4, max_characters=1000,
        help_text="So that others can follow: what was compared, who was asked, what was said.",
    )  # fmt: skip

    FIELD_OF = {
        "unknown_verdict": "verdict",
        "no_reason": "reason",
        "already_decided": "verdict",
        "contradicts": "verdict",
        "same_record": "verdict",
    }


class UndoForm(Form):
    reason = LongTextField(label="Why it is undone", noun="why it is undone", rows=4, max_characters=1000)

    FIELD_OF = {"no_reason": "reason", "undone_already": "reason"}


class ChooseForm(Form):
    """Which record to compare with: those in the same matters."""

    other = SelectField(label="The other record", noun="the other record")

    def __init__(self, *args: Any, others: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["other"].offer(others)  # type: ignore[attr-defined]


class PersonsFilter(Form):
    mark_optional = False
    agency = SelectField(label="From", empty="Every agency", required=False)

    def __init__(self, *args: Any, agencies: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["agency"].offer(agencies)  # type: ignore[attr-defined]

    def chosen(self, name: str) -> str:
        """The value chosen; "" for one that is not offered."""
        self.is_valid()
        return str(getattr(self, "cleaned_data", {}).get(name) or "")


class PlacesFilter(PersonsFilter):
    kind = SelectField(label="Kind", empty="Every kind", required=False)

    def __init__(self, *args: Any, kinds: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].offer(kinds)  # type: ignore[attr-defined]
