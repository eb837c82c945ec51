"""The plan of a world: hubs, referrals and what came of them, as values. The same seed gives the same plan.

Shapes are the published ones of one hub (Harrogate district, September 2016 to February 2018): about three
adoptions a month; of 51 adopted 33 individuals, 15 themes or locations, 3 properties; of 20 ended contracts 12
positive, 7 failed, 1 without engagement. Waits, closures and re-scores are invented in a likely way.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property

from . import demand, words
from .people import Person, as_known_by, person
from .steps import (
    Adopt,
    Agree,
    Aim,
    Answer,
    Ask,
    Close,
    Count,
    Decide,
    EndUse,
    Fear,
    Finish,
    Join,
    Known,
    Look,
    Move,
    Part,
    PutOff,
    Refer,
    Reopen,
    Score,
    Step,
    Story,
    Truth,
    Use,
    Write,
)  # fmt: skip

LINE = 15
ADOPTED_A_MONTH = 3.0
_KINDS = (("individual", 33), ("location", 9), ("theme", 6), ("property", 3))
_CONTRACTS = (("positive", 12), ("failed", 7), ("not_engaged", 1))
_CONTRACT_MONTHS = 6
_REPEAT = 0.12
_KEPT = 200  # people whom a hub may meet again


@dataclass(frozen=True, slots=True)
class Staff:
    """Who works in and with a hub. Keys of places at work; `referrers` write referrals and may contribute."""

    hub: str
    town: str
    coordinator: str
    referrers: tuple[str, ...]
    contributors: tuple[str, ...]


@dataclass(frozen=True)
class Form:
    """The matrix as far as a plan needs it: question → (answer, points), in its order."""

    questions: Mapping[str, Sequence[tuple[str, int]]]

    @cached_property
    def reachable(self) -> list[set[int]]:
        """To each question and the end: what the answers from there on may come to."""
        found: list[set[int]] = [{0}]
        for options in reversed(list(self.questions.values())):
            found.append({sum_ + points for sum_ in found[-1] for _, points in options})
        return found[::-1]

    def answers(self, chance: random.Random, score: int) -> dict[str, str]:
        """Answers that come to this score, drawn among all that do."""
        left, found = score, {}
        for place, code in enumerate(self.questions, start=1):
            fits = [one for one in self.questions[code] if left - one[1] in self.reachable[place]]
            option, points = chance.choice(fits)
            found[code], left = option, left - points
        return found


def months_before(until: date, count: int) -> list[date]:
    """The first days of so many months, the last of them the month of `until`."""
    found = []
    year, month = until.year, until.month
    for _ in range(count):
        found.append(date(year, month, 1))
        year, month = (year, month - 1) if month > 1 else (year - 1, 12)
    return found[::-1]


def plan(
    *,
    staff: Sequence[Staff],
    form: Form,
    until: date,
    seed: int,
    months: int = 36,
    adoptions: float = ADOPTED_A_MONTH,
    since: date | None = None,
    is_thin: bool = False,
) -> Iterator[Story]:
    """Every story of every hub, hub by hub and month by month. `adoptions`: a month for each hub; `since`: nothing
    happens before; `is_thin`: a referral and a case with little in it, to fill tables for measuring."""
    for number, hub in enumerate(staff):
        yield from _Hub(hub, form, until, random.Random(f"{seed}:{hub.hub}:{number}"), is_thin).stories(
            months_before(until, months), adoptions, since
        )


class _Hub:
    """One hub's years, drawn one after another from its own source of chance."""

    def __init__(self, staff: Staff, form: Form, until: date, chance: random.Random, is_thin: bool) -> None:
        self.staff, self.form, self.until, self.chance, self.is_thin = staff, form, until, chance, is_thin
        self.known: list[Person] = []
        self.people = 0

    def stories(self, months: Sequence[date], adoptions: float, since: date | None) -> Iterator[Story]:
        number = 0
        # Of all referred, about six in ten are taken on.
        for first in months:
            for _ in range(demand.poisson_large(self.chance, adoptions / 0.6)):
                day = self._working(first + timedelta(days=self.chance.randrange(28)))
                if day > self.until or (since is not None and day < since):
                    continue
                number += 1
                yield self._story(f"{self.staff.hub}-{number:06d}", day)

    def _working(self, day: date) -> date:
        return day + timedelta(days=7 - day.weekday()) if day.weekday() > 4 else day

    def _after(self, day: date, least: int, median: float, spread: float = 0.7) -> date:
        """A working day after another: a long tail, as waits have."""
        days = least + round(median * self.chance.lognormvariate(0, spread))
        return self._working(day + timedelta(days=days))

    def _weighted(self, choices: Sequence[tuple[str, int]]) -> str:
        return self.chance.choices([code for code, _ in choices], [weight for _, weight in choices])[0]

    def _person(self) -> Person:
        if self.known and self.chance.random() < _REPEAT:
            return self.chance.choice(self.known)
        self.people += 1
        found = person(self.chance, self.people, self.staff.town)
        self.known.append(found)
        del self.known[:-_KEPT]
        return found

    def _story(self, number: str, day: date) -> Story:
        chance, staff = self.chance, self.staff
        kind = self._weighted(_KINDS)
        one = demand.subject(chance)
        referrer = chance.choice(staff.referrers)
        subject = self._person() if kind == "individual" else None
        harmed = self._person() if chance.random() < 0.6 else None
        if harmed is not None and subject is not None and harmed.number == subject.number:
            harmed = None
        parts = []
        if subject is not None:
            parts.append(Part(as_known_by(chance, subject, referrer), "alleged_perpetrator", True))
        if harmed is not None:
            parts.append(Part(as_known_by(chance, harmed, referrer), "victim"))
        what = words.matter(chance, kind)
        said = words.referral(chance, kind, has_subject=subject is not None, is_harmed=harmed is not None)
        steps: list[Step] = [Refer(day, referrer, what.title, what.purpose, kind, said, tuple(parts))]
        score = demand.matrix_score(chance, one)
        looked = self._within(day, self._after(day, 0, 1.5))
        truth = Truth(number, staff.hub, score, False, one.rate, one.shock, demand.EFFECT,
                      subject.number if subject else 0)  # fmt: skip
        if looked > self.until:
            return Story(number, staff.hub, tuple(steps), truth)
        steps.append(Score(looked, staff.coordinator, self.form.answers(chance, score)))
        decided = self._decided(steps, looked, referrer)
        if decided is None or decided > self.until:
            return Story(number, staff.hub, tuple(steps), truth)
        if chance.random() < (0.96 if score >= LINE else 0.06):
            steps += self._adopted(decided, referrer, what, subject, harmed, parts, score, one)
            truth = replace(truth, adopted=True)
        else:
            kind_of = self._weighted((("decline", 5), ("signpost", 4), ("safeguarding", 1)))
            reason, told = words.decision(chance, kind_of)
            steps.append(Decide(decided, staff.coordinator, kind_of, reason, told))
        steps += self._counts(day, decided, decided if truth.adopted else None, one)
        return Story(number, staff.hub, tuple(sorted(steps, key=lambda step: step.on)), truth)

    def _within(self, day: date, later: date) -> date:
        return max(day, later)

    def _decided(self, steps: list[Step], day: date, referrer: str) -> date | None:
        """The day of the decision, with a question before it now and then; None where it is not answered yet."""
        chance = self.chance
        decided = self._after(day, 0, 3.0)
        if self.is_thin or chance.random() > 0.12:
            return decided
        asked = self._after(day, 0, 1.0)
        if asked > self.until:
            return None
        question = chance.choice(words.QUESTIONS)
        steps.append(Ask(asked, self.staff.coordinator, "Too little to decide on.", question))
        answered = self._after(asked, 1, 4.0)
        if answered > self.until:
            return None
        steps.append(Answer(answered, referrer, chance.choice(words.ANSWERS)))
        return max(decided, self._after(answered, 0, 2.0))

    def _counts(self, day: date, decided: date, adopted: date | None, one: demand.Subject) -> Iterator[Count]:
        """Calls of six months before the referral and six after, once each month is over and all is decided."""
        first = date(day.year, day.month, 1)
        start = None if adopted is None else _months(first, adopted) + 1
        for since in range(-demand.MONTHS, demand.MONTHS + 1):
            month = _month_on(first, since)
            over = _month_on(month, 1)
            if over > self.until:
                return
            count = demand.month(self.chance, one, since, start)
            if count and not (self.is_thin and adopted is None):
                yield Count(max(over, decided), self.staff.coordinator, month, count)

    def _adopted(
        self, day: date, referrer: str, what: words.Matter, subject: Person | None, harmed: Person | None,
        parts: Sequence[Part], score: int, one: demand.Subject,
    ) -> Iterator[Step]:  # fmt: skip
        chance, staff = self.chance, self.staff
        others = [key for key in staff.contributors if key != referrer]
        joined = chance.sample(others, min(len(others), 1 if self.is_thin else chance.choice((1, 2, 2, 3))))
        lead = staff.coordinator if chance.random() < 0.4 else referrer
        reason, told = words.decision(chance, "adopt")
        yield Adopt(
            day, staff.coordinator, what.title, what.why, what.wanted, words.grounds(chance), lead,
            (referrer, *joined), reason, told,
        )  # fmt: skip
        ends = self._after(day, 21, 110.0, 0.6)
        closes = ends <= self.until
        until = ends if closes else self.until
        yield from self._lived(day, until, score, subject, harmed, parts, (referrer, *joined))
        if not closes:
            return
        better = chance.random()
        outcome = "resolved" if better < 0.45 else "reduced" if better < 0.72 else chance.choice(
            ("unchanged", "passed_on", "moved_away", "not_known", "worse")
        )  # fmt: skip
        yield Close(ends, staff.coordinator, outcome, *words.closing(chance, outcome))
        again = self._after(ends, 30, 90.0)
        if not self.is_thin and again <= self.until and chance.random() < 0.07:
            yield Reopen(again, staff.coordinator, "It has begun again, with the same people.",
                         again + timedelta(days=28))  # fmt: skip
            ends = self._after(again, 28, 90.0, 0.5)
            yield from self._lived_again(again, min(ends, self.until), harmed, parts, (referrer, *joined))
            if ends <= self.until:
                yield Close(ends, staff.coordinator, "reduced", *words.closing(chance, "reduced"))

    def _lived(
        self, day: date, until: date, score: int, subject: Person | None, harmed: Person | None,
        parts: Sequence[Part], units: Sequence[str],
    ) -> Iterator[Step]:  # fmt: skip
        """What happens while a case is open."""
        chance, staff = self.chance, self.staff
        if day < until:
            yield Move(
                day + timedelta(days=1), staff.coordinator, "active", "The first meeting agreed a plan."
            )
        yield from self._actions(day, until, units)
        if self.is_thin:
            yield Write(day, staff.coordinator, chance.choice(words.NOTES))
            return
        if subject is not None and len(units) > 1 and chance.random() < 0.5:
            yield self._join(day, until, subject, units[1])
        if chance.random() < 0.5:
            yield Aim(
                self._before(day, 1, until), staff.coordinator, *words.goal(chance), day + timedelta(days=84)
            )
        if chance.random() < 0.35:
            severity = chance.choice(("high", "medium", "medium", "low"))
            yield Fear(self._before(day, 1, until), staff.coordinator, *words.risk(chance, severity))
        yield from self._notes(day, until, harmed, parts, units)
        yield from self._scores(day, until, score)
        yield from self._uses(day, until, next((one.person.key for one in parts if one.is_subject), ""))

    def _lived_again(
        self, day: date, until: date, harmed: Person | None, parts: Sequence[Part], units: Sequence[str]
    ) -> Iterator[Step]:
        """After it was opened again a case is looked at every four weeks, somebody is in touch with whoever is
        harmed, and one thing is agreed: what is late at the end is late by days, not by years."""
        chance, staff = self.chance, self.staff
        yield from self._notes(day, until, harmed, parts, units)
        key, owner = "again", chance.choice(units)
        agreed = max(day, until - timedelta(days=chance.randint(3, 14)))
        yield Agree(agreed, staff.coordinator, owner, chance.choice(words.ACTIONS),
                    self._working(agreed + timedelta(days=chance.randint(10, 28))), key)  # fmt: skip
        if until < self.until:
            yield Finish(until, owner, key, chance.choice(words.EVIDENCE))
        on = self._working(day + timedelta(days=28))
        while on <= until:
            following = self._working(on + timedelta(days=28))
            yield Look(on, staff.coordinator, chance.choice(words.REVIEWS), following)
            on = following

    def _before(self, day: date, days: int, until: date) -> date:
        return min(day + timedelta(days=days), until)

    def _join(self, day: date, until: date, subject: Person, by: str) -> Join:
        known: Known = as_known_by(self.chance, subject, by)
        return Join(self._before(day, 3, until), by, known, "alleged_perpetrator")

    def _actions(self, day: date, until: date, units: Sequence[str]) -> Iterator[Step]:
        chance, staff = self.chance, self.staff
        for place in range(1 if self.is_thin else chance.choice((1, 2, 3, 3, 4))):
            agreed = self._before(day, 1 + place * chance.randint(0, 20), until)
            owner = chance.choice((*units, staff.coordinator))
            due = self._working(agreed + timedelta(days=chance.randint(5, 21)))
            key = f"{place}"
            yield Agree(agreed, staff.coordinator, owner, chance.choice(words.ACTIONS), due, key)
            finished = due - timedelta(days=chance.randint(0, 4))
            if chance.random() < 0.35:
                finished = due + timedelta(days=chance.randint(1, 20))
                if chance.random() < 0.5 and due <= until and not self.is_thin:
                    put_off = due + timedelta(days=chance.randint(3, 10))
                    yield PutOff(due, owner, key, put_off, chance.choice(words.NOT_YET))
            finished = max(finished, agreed)
            if finished <= until and chance.random() < 0.97:
                yield Finish(finished, owner, key, chance.choice(words.EVIDENCE))
            elif until < self.until:
                yield Finish(until, owner, key, chance.choice(words.EVIDENCE))

    def _notes(
        self, day: date, until: date, harmed: Person | None, parts: Sequence[Part], units: Sequence[str]
    ) -> Iterator[Step]:
        chance = self.chance
        on = day + timedelta(days=2)
        key = next((part.person.key for part in parts if part.role == "victim"), "")
        while on <= until:
            writer = chance.choice(units)
            if harmed is not None and chance.random() < 0.7:
                reached = chance.random() < 0.8
                yield Write(on, writer, chance.choice(words.CONTACTS[reached]), key,
                            chance.choice(("visit", "telephone", "telephone", "office")), reached)  # fmt: skip
            else:
                yield Write(on, writer, chance.choice(words.NOTES))
            on = self._working(on + timedelta(days=chance.randint(6, 24)))

    def _scores(self, day: date, until: date, score: int) -> Iterator[Step]:
        chance, staff = self.chance, self.staff
        on = self._working(day + timedelta(days=28))
        while on <= until:
            score = max(0, min(41, round(score - chance.gauss(2.2, 3.5))))
            raised = 8 < score < LINE and chance.random() < 0.05
            yield Score(on, staff.coordinator, self.form.answers(chance, score), "medium" if raised else "",
                        "One of the children was at home each time." if raised else "")  # fmt: skip
            # Most are looked at when they were to be; a few are passed over until the next time.
            following = self._working(on + timedelta(days=chance.randint(28, 56)))
            if chance.random() < 0.9:
                yield Look(on, staff.coordinator, chance.choice(words.REVIEWS), following)
            on = following

    def _uses(self, day: date, until: date, subject: str) -> Iterator[Step]:
        chance, staff = self.chance, self.staff
        if chance.random() < 0.45:
            on = self._before(day, chance.randint(2, 10), until)
            power = chance.choice(("warning_letter", "support_referral", "target_hardening", "mediation"))
            yield Use(on, staff.coordinator, power, words.USES[power], None, "first")
            ended = self._after(on, 5, 20.0)
            if ended <= until or until < self.until:
                yield EndUse(min(ended, until), staff.coordinator, "first", "positive", "It was done.")
        if not subject or chance.random() > 0.35:
            return
        on = self._before(day, chance.randint(10, 30), until)
        power = "acceptable_behaviour_contract"
        expires = min(on + timedelta(days=30 * _CONTRACT_MONTHS - 1), on + timedelta(days=179))
        yield Use(on, staff.coordinator, power, words.USES[power], expires, "contract", subject)
        outcome = self._weighted(_CONTRACTS)
        ended = expires if outcome == "positive" else self._after(on, 20, 40.0)
        if min(ended, until) <= until and (ended <= until or until < self.until):
            yield EndUse(min(ended, until), staff.coordinator, "contract", outcome, words.ENDS[outcome])


def _months(first: date, later: date) -> int:
    return (later.year - first.year) * 12 + later.month - first.month


def _month_on(first: date, count: int) -> date:
    month = first.month - 1 + count
    return date(first.year + month // 12, month % 12 + 1, 1)
