"""What a field looks like: markup is in `templates/forms/widgets/`, sizes and options are here."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.forms import widgets


class TextInput(widgets.TextInput):
    template_name = "forms/widgets/input.html"

    def __init__(self, *, width: int = 0, prefix: str = "", suffix: str = "", attrs: Any = None) -> None:
        super().__init__(attrs)
        self.width, self.prefix, self.suffix = width, prefix, suffix

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        context["widget"].update(width=self.width, prefix=self.prefix, suffix=self.suffix)
        return context


class EmailInput(TextInput):
    input_type = "email"


class SearchInput(TextInput):
    input_type = "search"


class PasswordInput(widgets.PasswordInput):
    template_name = "forms/widgets/password.html"


class LongText(widgets.Textarea):
    template_name = "forms/widgets/textarea.html"

    def __init__(self, *, rows: int = 5, max_characters: int = 0, attrs: Any = None) -> None:
        super().__init__({"rows": rows, **(attrs or {})})
        self.max_characters = max_characters

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        # The counter is told of by an id of its own, before hint and error as GOV.UK orders them.
        if self.max_characters and attrs and attrs.get("id"):
            described = f"{attrs['id']}-info {attrs.get('aria-describedby', '')}".strip()
            attrs = {**attrs, "aria-describedby": described}
        context = super().get_context(name, value, attrs)
        context["widget"]["max_characters"] = self.max_characters
        return context


class _Options:
    """Hints beside options, and fields that an option reveals, for radios and checkboxes."""

    hints: Mapping[str, str]
    revealed: dict[str, Any]

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option = super().create_option(name, value, *args, **kwargs)  # type: ignore[misc]
        option["hint"] = self.hints.get(str(value), "")
        option["revealed"] = self.revealed.get(str(value))
        return option


class Radios(_Options, widgets.RadioSelect):
    template_name = "forms/widgets/options.html"

    def __init__(
        self,
        *,
        hints: Mapping[str, str] | None = None,
        inline: bool = False,
        small: bool = False,
        attrs: Any = None,
    ) -> None:
        super().__init__(attrs)
        self.hints, self.inline, self.small = hints or {}, inline, small
        self.revealed = {}

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        context["widget"].update(inline=self.inline, small=self.small)
        return context


class Checkboxes(_Options, widgets.CheckboxSelectMultiple):
    template_name = "forms/widgets/options.html"

    def __init__(
        self, *, hints: Mapping[str, str] | None = None, small: bool = False, attrs: Any = None
    ) -> None:
        super().__init__(attrs)
        self.hints, self.small = hints or {}, small
        self.revealed = {}

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        context["widget"].update(small=self.small)
        return context


class Confirm(widgets.CheckboxInput):
    template_name = "forms/widgets/checkbox.html"


class Select(widgets.Select):
    template_name = "forms/widgets/select.html"


class FileInput(widgets.FileInput):
    template_name = "forms/widgets/file.html"


class DateInput(widgets.Widget):
    """Day, month and year in three boxes. Its raw value is the three texts, so that all are kept."""

    template_name = "forms/widgets/date.html"
    use_fieldset = True
    parts = ("day", "month", "year")

    def __init__(self, attrs: Any = None, *, birth: bool = False) -> None:
        super().__init__(attrs)
        self.birth = birth
        self.wrong: tuple[str, ...] = ()

    def value_from_datadict(self, data: Any, files: Any, name: str) -> tuple[str, str, str] | None:
        found = tuple(str(data.get(f"{name}_{part}", "") or "").strip() for part in self.parts)
        return found if any(found) else None  # type: ignore[return-value]

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return all(f"{name}_{part}" not in data for part in self.parts)

    def id_for_label(self, id_: str) -> str:
        return f"{id_}_day" if id_ else id_

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        if isinstance(value, date):
            value = (str(value.day), str(value.month), str(value.year))
        texts = value if isinstance(value, (tuple, list)) and len(value) == 3 else ("", "", "")
        identity = context["widget"]["attrs"].get("id", f"id_{name}")
        invalid = context["widget"]["attrs"].get("aria-invalid")
        context["widget"]["parts"] = [
            {
                "name": f"{name}_{part}",
                "id": f"{identity}_{part}",
                "label": part.capitalize(),
                "value": text,
                "width": 4 if part == "year" else 2,
                "wrong": bool(invalid) and (not self.wrong or part in self.wrong),
                "autocomplete": f"bday-{part}" if self.birth else "",
            }
            for part, text in zip(self.parts, texts, strict=True)
        ]
        return context
