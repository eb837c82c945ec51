"""What is typed when a scoring form is written: about it, a question, a band, its own wording, publishing."""

from __future__ import annotations

import re
from typing import Any

from saferhub.casework.pack_sections.scoring import Band, Definition, Prompt, Question, Rule
from saferhub.foundation.forms import (
    CheckboxesField,
    ConfirmField,
    DateField,
    HiddenField,
    LongTextField,
    RadiosField,
    SelectField,
    TextField,
    WholeNumberField,
)
from saferhub.sharing.edits import SeenForm

ROWS, MOST_ROWS = 3, 12
BANDS = (
    ("low", "Low, one bar"),
    ("standard", "Standard, one bar"),
    ("medium", "Medium, two bars"),
    ("high", "High, three bars"),
    ("very_high", "Very high, three bars"),
)
UNITS = (("days", "days"), ("weeks", "weeks"), ("months", "months"))


def code_from(words: str, taken: set[str]) -> str:
    """A code made of words, that none other has: "Most days" → most_days."""
    base = re.sub(r"[^a-z0-9]+", "_", words.lower()).strip("_")[:60].strip("_")
    if not base or not base[0].isalpha():
        base = f"a_{base}".rstrip("_")
    if base == "dont_know":
        base = "not_known"
    code, n = base, 1
    while code in taken:
        n += 1
        code = f"{base}_{n}"
    return code


class AboutForm(SeenForm):
    """What the form is, as a whole."""

    name = TextField(label="Name", max_length=200)
    about = LongTextField(label="What it measures, and when to use it", max_length=4000, rows=3)
    subject = RadiosField(
        label="What is scored?",
        choices=[("matter", "The referral or case as a whole"), ("person", "One person in it")],
    )
    most = WholeNumberField(
        label="Highest score",
        help_text="What the most serious answers add up to. It is checked against the points.",
        min_value=0,
        max_value=100_000,
    )
    judgement = RadiosField(
        label="What may judgement do?",
        choices=[
            ("raise", "Raise the band, never lower it"),
            ("both", "Raise or lower the band"),
            ("apart", "Raise it, and always be shown beside the score"),
        ],
    )
    completed = CheckboxesField(
        label="Who completes it?",
        choices=[
            ("trained", "Only somebody trained in it"),
            ("victim_alone", "With the victim, nobody else in the room"),
        ],
        required=False,
    )
    before = LongTextField(label="What to know before starting", max_length=4000, rows=2, required=False)

    @staticmethod
    def initial_of(definition: Definition) -> dict[str, Any]:
        own, judged = definition.completed_by, definition.judgement
        return {
            "name": definition.name,
            "about": definition.about,
            "subject": definition.subject,
            "most": definition.most,
            "judgement": "apart" if judged.apart else "raise" if judged.raise_only else "both",
            "completed": [name for name in ("trained", "victim_alone") if getattr(own, name)],
            "before": own.words or "",
        }

    def changes(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        completed = {name: name in cleaned["completed"] for name in ("trained", "victim_alone")}
        return {
            "name": cleaned["name"],
            "about": cleaned["about"],
            "subject": cleaned["subject"],
            "most": cleaned["most"],
            "judgement": {
                "raise_only": cleaned["judgement"] != "both",
                "apart": cleaned["judgement"] == "apart",
            },
            "completed_by": completed | ({"words": cleaned["before"]} if cleaned["before"] else {}),
        }


class QuestionForm(SeenForm):
    """A question with its answers, one row each. `rows`: how many stand on the page; buttons add, move, remove."""

    mark_optional = False
    rows = HiddenField(required=False)
    text = TextField(label="Question", max_length=200)
    help = LongTextField(
        label="What to look for, if that needs saying", max_length=4000, rows=2, required=False
    )
    group = TextField(label="Heading under which it stands, if any", max_length=80, required=False)
    dont_know = ConfirmField(label="“Don’t know” may be chosen", required=False)

    def __init__(self, *args: Any, count: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.count = count
        for n in range(1, count + 1):
            self.fields[f"code_{n}"] = HiddenField(required=False, max_length=80)
            self.fields[f"words_{n}"] = TextField(label=f"Answer {n}", max_length=80, required=False)
            self.fields[f"points_{n}"] = WholeNumberField(
                label=f"Points {n}", min_value=0, max_value=1000, required=False, width=3,
                noun=f"the points of answer {n}",
            )  # fmt: skip
            self.fields[f"critical_{n}"] = ConfirmField(label=f"Answer {n} is critical", required=False)

    @property
    def options(self) -> list[dict[str, Any]]:
        return [
            {
                "n": n,
                "code": self[f"code_{n}"],
                "words": self[f"words_{n}"],
                "points": self[f"points_{n}"],
                "critical": self[f"critical_{n}"],
                "is_first": n == 1,
                "is_last": n == self.count,
            }
            for n in range(1, self.count + 1)
        ]

    @staticmethod
    def initial_of(question: Question | None) -> dict[str, Any]:
        if question is None:
            return {"dont_know": True}
        found: dict[str, Any] = {
            "text": question.text,
            "help": question.help or "",
            "group": question.group or "",
            "dont_know": question.dont_know,
        }
        for n, option in enumerate(question.options, 1):
            found |= {
                f"code_{n}": option.code,
                f"words_{n}": option.words,
                f"points_{n}": option.points,
                f"critical_{n}": option.critical,
            }
        return found

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        for n in range(1, self.count + 1):
            if cleaned.get(f"words_{n}") and cleaned.get(f"points_{n}") is None:
                if f"points_{n}" not in self.errors:
                    self.refuse(f"points_{n}", f"Enter the points of answer {n}; 0 where it adds none")
            elif cleaned.get(f"points_{n}") is not None and not cleaned.get(f"words_{n}"):
                self.refuse(f"words_{n}", f"Enter the words of answer {n}, or clear its points")
        return cleaned

    def question(self, code: str) -> dict[str, Any]:
        """The question as a definition holds it. Empty rows fall away; new answers get a code."""
        cleaned = self.cleaned_data
        taken = {str(cleaned.get(f"code_{n}")) for n in range(1, self.count + 1) if cleaned.get(f"code_{n}")}
        options = []
        for n in range(1, self.count + 1):
            words = cleaned.get(f"words_{n}")
            if not words:
                continue
            own = str(cleaned.get(f"code_{n}") or "") or code_from(words, taken)
            taken.add(own)
            options.append(
                {
                    "code": own,
                    "words": words,
                    "points": cleaned[f"points_{n}"],
                    "critical": bool(cleaned.get(f"critical_{n}")),
                }
            )
        return {
            "code": code,
            "text": cleaned["text"],
            **({"help": cleaned["help"]} if cleaned["help"] else {}),
            **({"group": cleaned["group"]} if cleaned["group"] else {}),
            "dont_know": bool(cleaned.get("dont_know")),
            "options": options,
        }


class BandForm(SeenForm):
    """A band: what it is called, from which figures it reaches, how soon it is looked at again."""

    code = SelectField(label="Mark", choices=BANDS, help_text="The same marks stand in every list")
    words = TextField(label="What it is called", max_length=80, width=20)
    order = WholeNumberField(
        label="Place among the bands",
        help_text="1 is the lowest risk",
        min_value=1,
        max_value=9,
        width=2,
    )
    score_from = WholeNumberField(label="From a score of", min_value=0, max_value=1000, required=False)
    score_to = WholeNumberField(label="Up to a score of", min_value=0, max_value=1000, required=False)
    critical_from = WholeNumberField(
        label="Or from so many critical answers", min_value=1, max_value=1000, required=False
    )
    critical_to = WholeNumberField(
        label="Up to so many critical answers", min_value=1, max_value=1000, required=False
    )
    count = SelectField(label="Or by the count", required=False, empty="None")
    count_from = WholeNumberField(label="From so many", min_value=1, max_value=1000, required=False)
    count_to = WholeNumberField(label="Up to so many", min_value=1, max_value=1000, required=False)
    review_n = WholeNumberField(
        label="Look again after", min_value=1, max_value=1000, required=False, width=3
    )
    review_unit = SelectField(label="Of what", choices=UNITS, empty=None, required=False)

    def __init__(self, *args: Any, definition: Definition, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if definition.outside:
            self.fields["count"].offer([(one.code, one.words) for one in definition.outside])  # type: ignore[attr-defined]
        else:
            del self.fields["count"], self.fields["count_from"], self.fields["count_to"]

    @staticmethod
    def initial_of(band: Band | None) -> dict[str, Any]:
        if band is None:
            return {"review_unit": "days"}
        found: dict[str, Any] = {"code": band.code, "words": band.words, "order": band.order}
        for rule in band.rules:
            name = {"score": "score", "critical": "critical", "outside": "count"}.get(rule.of)
            if name:
                found |= {f"{name}_from": rule.at_least, f"{name}_to": rule.at_most}
            if rule.of == "outside":
                found["count"] = rule.count
        found["review_unit"] = band.review.unit if band.review else "days"
        if band.review:
            found["review_n"] = band.review.n
        return found

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        for name in ("score", "critical", "count"):
            low, high = cleaned.get(f"{name}_from"), cleaned.get(f"{name}_to")
            if high is not None and low is None:
                self.refuse(f"{name}_from", "Enter from which number, or clear the number it goes up to")
            elif high is not None and low is not None and high < low:
                self.refuse(f"{name}_to", f"Enter {low} or more, or leave it empty for no limit")
        if cleaned.get("count") and cleaned.get("count_from") is None:
            self.refuse("count_from", "Enter from which number of that count")
        return cleaned

    def band(self, before: Band | None) -> dict[str, Any]:
        """The band as a definition holds it. Rules that look at one answer stay as they were."""
        cleaned = self.cleaned_data
        rules: list[dict[str, Any]] = []
        for name, of in (("score", "score"), ("critical", "critical"), ("count", "outside")):
            low, high = cleaned.get(f"{name}_from"), cleaned.get(f"{name}_to")
            if low is None or (of == "outside" and not cleaned.get("count")):
                continue
            rule: dict[str, Any] = {"of": of, "at_least": low}
            if high is not None:
                rule["at_most"] = high
            if of == "outside":
                rule["count"] = cleaned["count"]
            rules.append(rule)
        if before is not None:
            rules += [rule.model_dump(exclude_none=True) for rule in before.rules if rule.of == "answer"]
        found = {
            "code": cleaned["code"],
            "words": cleaned["words"],
            "order": cleaned["order"],
            "rules": rules,
        }
        if cleaned.get("review_n"):
            found["review"] = {"n": cleaned["review_n"], "unit": cleaned.get("review_unit") or "days"}
        return found


class PromptForm(SeenForm):
    """What a score prompts, and from which figures. It never decides."""

    words = TextField(label="What it prompts", max_length=200)
    about = LongTextField(label="What to do, and who decides", max_length=4000, rows=3)
    score_from = WholeNumberField(label="From a score of", min_value=0, max_value=1000, required=False)
    critical_from = WholeNumberField(
        label="Or from so many critical answers", min_value=1, max_value=1000, required=False
    )
    band = SelectField(label="Or from the computed band", required=False, empty="None")
    judged = SelectField(label="Or where it is judged, from the band", required=False, empty="None")
    count = SelectField(label="Or by the count", required=False, empty="None")
    count_from = WholeNumberField(label="From so many", min_value=1, max_value=1000, required=False)

    def __init__(self, *args: Any, definition: Definition, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        bands = [(band.code, band.words) for band in definition.rising]
        for name in ("band", "judged"):
            self.fields[name].offer(bands)  # type: ignore[attr-defined]
        if definition.outside:
            self.fields["count"].offer([(one.code, one.words) for one in definition.outside])  # type: ignore[attr-defined]
        else:
            del self.fields["count"], self.fields["count_from"]

    @staticmethod
    def initial_of(prompt: Prompt | None) -> dict[str, Any]:
        if prompt is None:
            return {}
        found: dict[str, Any] = {"words": prompt.words, "about": prompt.about}
        for rule in editable(prompt):
            if rule.of in ("band", "judged"):
                found[rule.of] = rule.level
            elif rule.of == "outside":
                found |= {"count": rule.count, "count_from": rule.at_least}
            else:
                found[f"{rule.of}_from"] = rule.at_least
        return found

    def prompt(self, code: str, before: Prompt | None) -> dict[str, Any]:
        """The prompt as a definition holds it. What these fields cannot say stays as it was."""
        cleaned = self.cleaned_data
        rules: list[dict[str, Any]] = [
            {"of": of, "at_least": cleaned[f"{of}_from"]}
            for of in ("score", "critical")
            if cleaned.get(f"{of}_from") is not None
        ]
        rules += [{"of": of, "level": cleaned[of]} for of in ("band", "judged") if cleaned.get(of)]
        if cleaned.get("count") and cleaned.get("count_from") is not None:
            rules.append({"of": "outside", "count": cleaned["count"], "at_least": cleaned["count_from"]})
        if before is not None:
            shown = editable(before)
            rules += [rule.model_dump(exclude_none=True) for rule in before.when if rule not in shown]
        return {"code": code, "words": cleaned["words"], "about": cleaned["about"], "when": rules}

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("count") and cleaned.get("count_from") is None:
            self.refuse("count_from", "Enter from which number of that count")
        return cleaned


def editable(prompt: Prompt) -> list[Rule]:
    """The rules of a prompt that its page can show: of each kind the first, and none that looks at one answer."""
    found: dict[str, Rule] = {}
    for rule in prompt.when:
        if rule.of != "answer" and rule.at_most is None:
            found.setdefault(rule.of, rule)
    return list(found.values())


class CountForm(SeenForm):
    """A number from outside the form."""

    words = TextField(label="What is counted, and over what time", max_length=200)
    help = LongTextField(label="Where to find it", max_length=4000, rows=2, required=False)

    def count(self, code: str) -> dict[str, Any]:
        cleaned = self.cleaned_data
        return {"code": code, "words": cleaned["words"]} | (
            {"help": cleaned["help"]} if cleaned["help"] else {}
        )


class OwnWordingForm(SeenForm):
    """That the form carries the partnership's own wording, or wording that it may use."""

    wording = LongTextField(
        label="Whose wording is it, and on what terms do you use it?",
        help_text="For example: agreed by the hubs on 1 May 2018; or licensed by its owner, with the date.",
        max_length=4000,
        rows=3,
    )


class PublishForm(SeenForm):
    """From when a version is used, and what changed."""

    effective_from = DateField(
        label="First day of use",
        help_text="Today or later. Until the day before, the present version is used.",
    )
    note = LongTextField(
        label="What changed, and why?", help_text="Everybody in the partnership can read it.", max_length=4000, rows=3
    )  # fmt: skip
