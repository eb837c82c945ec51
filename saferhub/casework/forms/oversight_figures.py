"""Which months figures are of."""

from __future__ import annotations

from datetime import date
from typing import Any

from saferhub.casework.rules.oversight_figures import LENGTHS, Period, month_before, month_end, period
from saferhub.foundation.forms import Form, SelectField

_BACK = 36  # months back that a period may end
_USUAL = 12


class PeriodForm(Form):
    mark_optional = False

    length = SelectField(
        label="How long",
        required=False,
        empty=None,
        choices=[(str(n), "1 month" if n == 1 else f"{n} months") for n in LENGTHS],
    )
    until = SelectField(label="Up to the end of", required=False, empty=None)

    def __init__(self, data: Any, *, on: date, **kwargs: Any) -> None:
        super().__init__(data if data else {"length": str(_USUAL), "until": f"{on:%Y-%m}"}, **kwargs)
        months = [month_before(on, back) for back in range(_BACK)]
        self.fields["until"].offer(  # type: ignore[attr-defined]
            [(f"{day:%Y-%m}", f"{day:%B %Y}{' (so far)' if n == 0 else ''}") for n, day in enumerate(months)]
        )

    def period(self, on: date) -> Period:
        """The months chosen; a year up to the reader's day where nothing was, or nothing that can be read."""
        self.is_valid()
        length = int(self.cleaned_data.get("length") or _USUAL)
        until = self.cleaned_data.get("until") or f"{on:%Y-%m}"
        return period(month_end(date.fromisoformat(f"{until}-01")), length, on)
