"""Input about spreadsheets: the file, and how it is read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from saferhub.casework.models import SubjectKind
from saferhub.casework.rules.intake_reading import Sheet
from saferhub.casework.rules.intake_rows import CONSTANTS, FIELDS, Reading
from saferhub.casework.rules.referrals import CHILDREN, TOLD
from saferhub.foundation.forms import (
    FileField,
    Form,
    LongTextField,
    RadiosField,
    SelectField,
    TextField,
    WholeNumberField,
)

Choices = Iterable[tuple[str, str]]


class FileForm(Form):
    """A file, and the kind of sheet that it is."""

    file = FileField(
        label="Spreadsheet",
        accept=".xlsx,.csv,.txt,text/csv",
        help_text="XLSX or CSV, up to 10,000 rows. The file itself is not kept.",
    )
    mapping = SelectField(
        label="What kind of sheet is it?",
        required=False,
        empty="A new kind: I will say which column is what",
    )

    def __init__(self, *args: Any, mappings: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["mapping"].offer(mappings)  # type: ignore[attr-defined]


class ReadingForm(Form):
    """How the sheet is read: which sheet, which row, which column is what, and what holds for every row."""

    mark_optional = False

    sheet = SelectField(label="Sheet", empty=None, noun="the sheet")
    header = WholeNumberField(
        label="Row of the headings", min_value=1, max_value=1000, noun="the row of the headings"
    )
    date_order = RadiosField(
        label="Dates written as text, like 3/4/2018",
        choices=[
            ("", "There are none, or they can only be read in one way"),
            ("dmy", "The day comes first"),
            ("mdy", "The month comes first"),
        ],
        required=False,
        small=True,
    )
    hub = SelectField(label="Hub that is asked", noun="the hub")
    purpose = SelectField(label="Purpose", noun="the purpose")
    name = TextField(
        label="Name of this kind of sheet",
        help_text="So that next month’s file is read alike, like “Housing case list”.",
        max_length=200,
        noun="a name",
    )

    def __init__(
        self,
        *args: Any,
        sheets: Sequence[Sheet],
        headings: Sequence[str],
        hubs: Choices,
        purposes: Choices,
        roles: Choices,
        **kwargs: Any,
    ) -> None:
        fields = self._columns(headings) | self._constants(roles)
        self.base_fields = {**type(self).base_fields, **fields}  # type: ignore[misc]
        super().__init__(*args, **kwargs)
        # As they stand on the page: mistakes are listed in this order.
        columns = [name for name in fields if name.startswith("column_")]
        constants = [name for name in fields if name.startswith("constant_")]
        self.order_fields(["sheet", "header", *columns, "date_order", *constants, "hub", "purpose", "name"])
        self.fields["sheet"].offer([(one.name, one.name) for one in sheets])  # type: ignore[attr-defined]
        self.fields["hub"].offer(hubs)  # type: ignore[attr-defined]
        self.fields["purpose"].offer(purposes)  # type: ignore[attr-defined]

    @staticmethod
    def _columns(headings: Sequence[str]) -> dict[str, Any]:
        offered = [(str(number), words) for number, words in enumerate(headings) if words]
        return {
            f"column_{code}": SelectField(
                label=words,
                required=code == "number",
                empty="Not in this sheet",
                choices=offered,
                noun="the column with your own number for the row" if code == "number" else "the column",
            )
            for code, (words, _) in FIELDS.items()
        }

    @staticmethod
    def _constants(roles: Choices) -> dict[str, Any]:
        lists: dict[str, Choices] = {
            "subject_kind": SubjectKind.choices,
            "children": CHILDREN,
            "told": TOLD,
            "role": list(roles),
        }
        found: dict[str, Any] = {}
        for code in CONSTANTS:
            label = FIELDS[code][0]
            found[f"constant_{code}"] = (
                SelectField(label=label, required=False, empty="Nothing", choices=lists[code])
                if code in lists
                else LongTextField(label=label, required=False, rows=2, max_characters=2000)
            )
        return found

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        used: dict[str, str] = {}
        for code in FIELDS:
            column = cleaned.get(f"column_{code}") or ""
            if column and column in used:
                self.refuse(
                    f"column_{code}", f"This column is chosen for “{FIELDS[used[column]][0]}” already"
                )
            elif column:
                used[column] = code
        return cleaned

    def reading(self) -> Reading:
        """How the sheet is read, as the rules have it."""
        said = self.cleaned_data
        return Reading(
            sheet=said["sheet"],
            header=said["header"] - 1,
            columns={code: int(said[f"column_{code}"]) for code in FIELDS if said.get(f"column_{code}")},
            date_order=said.get("date_order") or "",
            constants={code: said[f"constant_{code}"] for code in CONSTANTS if said.get(f"constant_{code}")},
        )

    def to_keep(self, headings: Sequence[str]) -> dict[str, Any]:
        """What is saved: columns by their headings, so that a column that moves is found again."""
        said = self.cleaned_data
        return {
            "sheet": said["sheet"],
            "header": said["header"],
            "date_order": said.get("date_order") or "",
            "hub": said["hub"],
            "purpose": said["purpose"],
            "columns": {
                code: headings[int(said[f"column_{code}"])] for code in FIELDS if said.get(f"column_{code}")
            },
            "constants": {
                code: said[f"constant_{code}"] for code in CONSTANTS if said.get(f"constant_{code}")
            },
        }


def values_from(kept: Mapping[str, Any], name: str, headings: Sequence[str]) -> dict[str, str]:
    """What was saved, as the form has it, for a sheet with these headings. A column that is gone is not chosen."""
    columns = {
        f"column_{code}": str(list(headings).index(heading))
        for code, heading in kept.get("columns", {}).items()
        if code in FIELDS and heading in headings
    }
    constants = {
        f"constant_{code}": value for code, value in kept.get("constants", {}).items() if code in CONSTANTS
    }
    plain = {key: str(kept.get(key, "")) for key in ("sheet", "header", "date_order", "hub", "purpose")}
    return {**plain, **columns, **constants, "name": name}
