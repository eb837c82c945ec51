"""Reads a whole pack, checks it against the schema and itself, and hands it over as typed items.

Three passes, each only when the one before found nothing: what is in the folder and is it YAML;
does every item fit its section; are ids, dates and references sound. Knows no database: the
caller says which ids the pack may refer to beyond its own.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, NoReturn

from pydantic import ValidationError

from . import local, national
from .places import references
from .problems import PackError, Problem, suggestion
from .reading import Document, Place, read_file
from .schema import Item, PackFile
from .sections import Section, section, sections_for
from .sentences import problems_of, shown

national.register()
local.register()

PACK_FILE = "pack.yaml"
Ids = Mapping[str, frozenset[str]]


@dataclass(frozen=True)
class Placed:
    """An item and where it stands."""

    item: Item
    section: str
    document: Document
    index: int

    def problem(self, sentence: str, place: Place = ()) -> Problem:
        return Problem(self.document.file, self.document.line_of((self.index, *place)), sentence)


@dataclass(frozen=True)
class Pack:
    """A pack that fits the schema. `sha256` is that of its content; comments and layout do not count."""

    folder: Path
    file: PackFile
    document: Document
    sha256: str
    items: dict[str, list[Placed]] = field(default_factory=dict)

    def problem(self, sentence: str, key: str = "id") -> Problem:
        """A problem of the pack as a whole, at that key of its `pack.yaml`."""
        return Problem(self.document.file, self.document.key_line_of((key,)), sentence)

    @property
    def ids(self) -> dict[str, frozenset[str]]:
        return {name: frozenset(placed.item.id for placed in found) for name, found in self.items.items()}

    def each(self) -> Iterator[Placed]:
        for found in self.items.values():
            yield from found

    @property
    def partnership(self) -> Item | None:
        """The partnership that the pack describes: its latest version."""
        found = self.items.get("partnership", [])
        return max(
            (placed.item for placed in found), key=lambda item: item.valid_from or date.min, default=None
        )


def read_pack(folder: Path) -> Pack:
    """Read the pack in `folder` and check all that can be checked without other packs.

    Raises `PackError`: with one problem where the folder or the YAML is at fault, else with
    every problem of the first pass that found any.
    """
    documents = _documents(folder)
    about = documents.pop(PACK_FILE)
    pack_file = _pack_file(about)
    if pack_file.id != folder.resolve().name:
        sentence = f"The pack calls itself “{pack_file.id}” and its folder is “{folder.resolve().name}”."
        _refuse(about.file, f"{sentence} Give both the same name.", about.line_of(("id",)))
    allowed = sections_for(pack_file.kind)
    _check_files(folder, documents, allowed, pack_file.kind)
    items = {
        key: _items(documents[key + ".yaml"], found)
        for key, found in allowed.items()
        if key + ".yaml" in documents
    }
    raw = {"pack": pack_file.model_dump(mode="json", by_alias=True, exclude_unset=True)}
    raw |= {key: document.value for key, document in documents.items()}
    pack = Pack(folder, pack_file, about, _sha256(raw), items)
    problems = [problem for key, found in items.items() for problem in _id_problems(section(key), found)]
    problems += _paragraph_problems(pack)
    if problems:
        raise PackError(sorted(problems))
    return pack


def check_references(pack: Pack, beyond: Ids) -> None:
    """Check that every id the pack names exists in it or in `beyond`. Raises `PackError`."""
    own = pack.ids
    problems = []
    for placed in pack.each():
        for place, target, wanted in references(placed.item):
            known = own.get(target, frozenset()) | beyond.get(target, frozenset())
            if wanted not in known:
                key = next(step for step in reversed(place) if isinstance(step, str))
                sentence = (
                    f"“{key}” names “{wanted}”, which is not in {target}.yaml. {suggestion(wanted, known)}"
                )
                problems.append(placed.problem(sentence, place))
    if problems:
        raise PackError(sorted(problems))


def _refuse(file: str, sentence: str, line: int = 0) -> NoReturn:
    raise PackError([Problem(file, line, sentence)])


def _documents(folder: Path) -> dict[str, Document]:
    """Every YAML file of the folder by its name, `pack.yaml` first."""
    if not folder.is_dir():
        _refuse(str(folder), f"There is no such folder. Give the folder of a pack, which holds {PACK_FILE}.")
    names = sorted(entry.name for entry in folder.iterdir() if not entry.name.startswith("."))
    if PACK_FILE not in names:
        _refuse(str(folder), f"The folder holds no {PACK_FILE}. Give the folder of a pack.")
    documents: dict[str, Document] = {}
    for name in [PACK_FILE, *(name for name in names if name != PACK_FILE)]:
        path = folder / name
        shown_name = f"{folder.name}/{name}"
        if path.is_symlink() or not path.is_file():
            _refuse(shown_name, "A pack holds plain files only. Move this out of the folder.")
        if name.endswith(".md"):
            continue
        if not name.endswith(".yaml"):
            _refuse(
                shown_name, "A pack holds .yaml files, and notes as .md. Rename this file or move it out."
            )
        documents[name] = read_file(path, shown_name)
    return documents


def _pack_file(document: Document) -> PackFile:
    if not isinstance(document.value, dict):
        _refuse(
            document.file, f"The file wants fields (key: value), and {shown(document.value)} stands here.", 1
        )
    try:
        return PackFile.model_validate(document.value, strict=True)
    except ValidationError as error:
        raise PackError(problems_of(error, document, (), PackFile)) from None


def _check_files(
    folder: Path, documents: dict[str, Document], allowed: dict[str, Section], kind: str
) -> None:
    for name, document in documents.items():
        key = name.removesuffix(".yaml")
        if key not in allowed:
            _refuse(document.file, f"A {kind} pack has no section “{key}”. {suggestion(key, allowed)}")
    for key, found in allowed.items():
        if kind in found.required and key + ".yaml" not in documents:
            _refuse(f"{folder.name}/{key}.yaml", f"A {kind} pack needs this file. Add it: {found.summary}")


def _items(document: Document, found: Section) -> list[Placed]:
    values = [] if document.value is None else document.value
    if not isinstance(values, list):
        _refuse(
            document.file, "The file wants a list: every item begins with a dash. Put “- ” before “id”.", 1
        )
    if not values and found.required:
        _refuse(document.file, f"The file holds no item. Add at least one: {found.summary}")
    placed, problems = [], []
    for index, value in enumerate(values):
        try:
            item = found.model.model_validate(value, strict=True)
        except ValidationError as error:
            problems += problems_of(error, document, (index,), found.model)
        else:
            placed.append(Placed(item, found.name, document, index))
    if problems:
        raise PackError(sorted(problems))
    return placed


def _id_problems(found: Section, items: list[Placed]) -> Iterator[Problem]:
    """Ids that stand twice for the same days, and sections that may hold only one id."""
    by_id: dict[str, list[Placed]] = defaultdict(list)
    for placed in items:
        for other in by_id[placed.item.id]:
            if overlap(placed.item, other.item):
                yield _twice(placed, other)
                break
        by_id[placed.item.id].append(placed)
    for key in found.unique:
        yield from _shared_values(items, key)
    if found.single and len(by_id) > 1:
        first, *others = by_id
        for key in others:
            yield by_id[key][0].problem(
                f"This section describes one thing, “{first}”. Use its id, or take “{key}” out."
            )


def _shared_values(items: list[Placed], key: str) -> Iterator[Problem]:
    """Items of different ids that share what only one may have, and ids that do not keep theirs."""
    first: dict[Any, Placed] = {}
    own: dict[str, Placed] = {}
    for placed in items:
        value = getattr(placed.item, key)
        earlier = own.setdefault(placed.item.id, placed)
        kept = getattr(earlier.item, key)
        if kept != value and not overlap(placed.item, earlier.item):
            yield placed.problem(
                f"The {key} of “{placed.item.id}” is “{kept}” and stays so. Put it back.", (key,)
            )
        other = first.setdefault(value, placed)
        if other.item.id != placed.item.id:
            yield placed.problem(
                f"“{value}” is the {key} of “{other.item.id}” already. Choose another.", (key,)
            )


def overlap(one: Item, other: Item) -> bool:
    """Is there a day on which both are in force?"""
    begins = max(one.valid_from or date.min, other.valid_from or date.min)
    ends = min(one.valid_until or date.max, other.valid_until or date.max)
    return begins <= ends


def _twice(placed: Placed, other: Placed) -> Problem:
    line = other.document.line_of((other.index,))
    one, two = placed.item, other.item
    if (one.valid_from, one.valid_until) == (two.valid_from, two.valid_until):
        sentence = f"The id “{one.id}” stands here twice (first on line {line})."
        advice = "Give this item another id, or give both dates that do not overlap."
    else:
        sentence = f"The dates of “{one.id}” overlap those on line {line} ({_span(two)})."
        advice = "End the earlier one the day before the later one begins."
    return placed.problem(f"{sentence} {advice}", ("id",))


def _span(item: Item) -> str:
    return f"from {item.valid_from or 'the beginning'} until {item.valid_until or 'further notice'}"


def _paragraph_problems(pack: Pack) -> Iterator[Problem]:
    report = pack.file.report
    known = report.paragraphs if report else []
    for placed in pack.each():
        for index, citation in enumerate(placed.item.source):
            if citation.report and citation.report not in known:
                place: Place = ("source", index, "report")
                if not report:
                    yield placed.problem(
                        f"No report is named in {PACK_FILE}. Add “report” there to cite it.", place
                    )
                else:
                    sentence = f"The report has no paragraph {citation.report}."
                    yield placed.problem(f"{sentence} {suggestion(citation.report, known)}", place)


def _sha256(raw: dict[str, Any]) -> str:
    text = json.dumps(raw, sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(text.encode()).hexdigest()
