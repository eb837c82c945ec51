"""Where entries come from, in words: a report's paragraphs under its date, laws, other publications."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from saferhub.partnership.models import PackRelease, Partnership
from saferhub.partnership.packs.schema import Citation
from saferhub.partnership.queries.in_force import InForce
from saferhub.partnership.rules.dates_in_words import date_in_words


@dataclass(frozen=True)
class Report:
    """The report that a pack is drawn from."""

    title: str
    dated: date
    presented_to: str
    author_post: str

    @property
    def short(self) -> str:
        return f"Report of {date_in_words(self.dated)}"


@dataclass(frozen=True)
class Source:
    """The sources of one entry in a line. `url` only where a single text with an address is cited."""

    text: str
    url: str
    verify: bool


class Citations:
    """The reports behind the packs that a partnership sees; one query, at its making."""

    def __init__(self, partnership: Partnership | None) -> None:
        rows = PackRelease.objects.filter(Q(partnership__isnull=True) | Q(partnership=partnership))
        self._reports = {
            (pack, version): Report(
                title=about["report"]["title"],
                dated=date.fromisoformat(about["report"]["dated"]),
                presented_to=about["report"].get("presented_to") or "",
                author_post=about["report"].get("author_post") or "",
            )
            for pack, version, about in rows.values_list("pack", "version", "about")
            if about.get("report")
        }

    def report_of(self, entry: InForce) -> Report | None:
        """The report whose paragraphs the entry cites, if its pack names one."""
        return self._reports.get((entry.release.pack, entry.release.version))

    def source_of(self, entry: InForce) -> Source:
        """All the entry's sources in one line, a report's paragraphs gathered."""
        paragraphs = [citation.report for citation in entry.source if citation.report]
        texts = [self._paragraphs(entry, paragraphs)] if paragraphs else []
        texts += [self.words(entry, citation) for citation in entry.source if not citation.report]
        urls = [citation.url for citation in entry.source if citation.url]
        return Source("; ".join(texts), urls[0] if len(entry.source) == len(urls) == 1 else "", entry.verify)

    def dated(self, entry: InForce) -> date | None:
        """The day of the report that the entry is drawn from, where it cites one."""
        report = self.report_of(entry)
        return report.dated if report and any(one.report for one in entry.source) else None

    def gathered(self, entries: Iterable[InForce]) -> list[Source]:
        """The sources of several entries, each text once: the report's paragraphs together, then others."""
        entries = list(entries)
        paragraphs: dict[str, set[str]] = {}
        others: dict[str, Source] = {}
        for entry in entries:
            report = self.report_of(entry)
            for citation in entry.source:
                if citation.report:
                    paragraphs.setdefault(report.short if report else "Report", set()).add(citation.report)
                else:
                    text = self.words(entry, citation)
                    others[text] = Source(text, citation.url or "", verify=bool(citation.knowledge))
        lines = [
            Source(_paragraph_words(name, sorted(numbers, key=_paragraph_order)), "", verify=False)
            for name, numbers in paragraphs.items()
        ]
        lines += others.values()
        if any(entry.verify for entry in entries) and not any(line.verify for line in lines):
            # What is to be checked is marked even where no single source is to blame.
            lines = [Source(line.text, line.url, verify=True) for line in lines]
        return lines

    def lines_of(self, entry: InForce) -> list[Source]:
        """One line for each source, with its address where it has one."""
        return [
            Source(self.words(entry, citation), citation.url or "", verify=bool(citation.knowledge))
            for citation in entry.source
        ]

    def words(self, entry: InForce, citation: Citation) -> str:
        """One citation as a reader sees it."""
        if citation.report:
            return self._paragraphs(entry, [citation.report])
        words = str(citation)
        return words[:1].upper() + words[1:]

    def _paragraphs(self, entry: InForce, numbers: list[str]) -> str:
        report = self.report_of(entry)
        name = report.short if report else "Report"
        return _paragraph_words(name, numbers)


def _paragraph_words(report: str, numbers: list[str]) -> str:
    if len(numbers) == 1:
        return f"{report}, paragraph {numbers[0]}"
    return f"{report}, paragraphs {', '.join(numbers[:-1])} and {numbers[-1]}"


def _paragraph_order(number: str) -> list[int]:
    return [int(part) for part in number.split(".")]
