"""Words with marks: paragraphs that an author writes, in which [adopted] stands for a figure and [hub_by_hub] for the
number of a table.

An empty line begins a new paragraph; a line that begins with a stroke ("- ") is a part of the paragraph above it. A
mark is small letters, digits and underscores in square brackets. Everything else is text, and none of it is markup.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping

from saferhub.publication.model import Cited, Paragraph, Reference, Run, Runs, SubParagraph, Words

MARK = re.compile(r"\[([a-z][a-z0-9_]*)\]")
_PART = re.compile(r"\s*[-•]\s+")


def marks_in(text: str) -> list[str]:
    """The marks of a text, each once, in order.

    >>> marks_in("Hubs adopted [adopted] of [decided] referrals; see [1].")
    ['adopted', 'decided']
    """
    return list(dict.fromkeys(MARK.findall(text)))


def unknown_in(text: str, known: Collection[str]) -> list[str]:
    """The marks of a text for which there is no figure."""
    return [one for one in marks_in(text) if one not in known]


def mark_of_anchor(anchor: str) -> str:
    """The mark by which words point to a table or a figure of their section.

    >>> mark_of_anchor("hub-by-hub")
    'hub_by_hub'
    """
    return anchor.replace("-", "_")


def places_of(blocks: Iterable[object]) -> dict[str, str]:
    """The anchors of a section's tables and charts, by the marks with which its words point to them."""
    anchors = [anchor for one in blocks if (anchor := getattr(one, "anchor", ""))]
    return {mark_of_anchor(anchor): anchor for anchor in anchors}


def runs_of(
    text: str, written: Mapping[str, str], keys: Mapping[str, str], places: Mapping[str, str] | None = None
) -> Runs:
    """A text as runs: each mark as the figure that `written` gives for it, with the key of its provenance, or as a
    reference to the anchor that `places` gives. Any other mark stays as it was typed, so that whoever reads a draft
    sees it."""
    known = places or {}
    found: list[Run] = []
    at = 0
    for match in MARK.finditer(text):
        name = match[1]
        if name not in written and name not in known:
            continue
        if match.start() > at:
            found.append(Words(text[at : match.start()]))
        found.append(Cited(written[name], keys[name]) if name in written else Reference(known[name]))
        at = match.end()
    if at < len(text) or not found:
        found.append(Words(text[at:]))
    return tuple(found)


def paragraphs_of(
    text: str,
    written: Mapping[str, str],
    keys: Mapping[str, str],
    places: Mapping[str, str] | None = None,
    *,
    anchor: str = "",
) -> tuple[Paragraph, ...]:
    """Numbered paragraphs of a text, with their parts. `anchor`: what theirs begin with; "" for none."""
    made = []
    for number, (head, parts) in enumerate(_pieces(text), 1):
        made.append(
            Paragraph(
                runs_of(head, written, keys, places),
                tuple(SubParagraph(runs_of(part, written, keys, places)) for part in parts),
                anchor=f"{anchor}-p{number}" if anchor else "",
            )
        )
    return tuple(made)


def _pieces(text: str) -> Iterator[tuple[str, list[str]]]:
    for block in re.split(r"\n\s*\n", text.replace("\r\n", "\n").strip()):
        head: list[str] = []
        parts: list[str] = []
        for line in block.split("\n"):
            if _PART.match(line) and head:
                parts.append(_PART.sub("", line, count=1).strip())
            elif parts:
                parts[-1] = f"{parts[-1]} {line.strip()}"
            elif line.strip():
                head.append(line.strip())
        if head:
            yield " ".join(head), parts


def as_text(words: Collection[str]) -> str:
    """Proposed paragraphs as the one text that an author changes."""
    return "\n\n".join(one.strip() for one in words if one.strip())


def listed(opening: str, parts: Collection[str]) -> str:
    """A paragraph with parts, as it is typed.

    >>> listed("They are:", ["one", "two"])
    'They are:\\n- one\\n- two'
    """
    return "\n".join([opening, *(f"- {part}" for part in parts)])
