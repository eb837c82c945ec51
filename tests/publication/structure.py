"""What has to hold inside of a Word file whatever reads it, asked without any other program: parts that are there,
names that are known, nothing twice."""

from __future__ import annotations

import zipfile
from io import BytesIO
from xml.etree import ElementTree

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_RELATIONS = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
_BESIDE = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"


def faults_inside(content: bytes) -> list[str]:
    """Everything that is wrong inside of a Word file, in words."""
    with zipfile.ZipFile(BytesIO(content)) as file:
        names = file.namelist()
        if len(names) != len(set(names)):
            return ["a part stands twice"]
        parts = {one: file.read(one) for one in names}
    trees = {
        name: ElementTree.fromstring(text) for name, text in parts.items() if name.endswith((".xml", ".rels"))
    }
    body = trees["word/document.xml"]
    return [
        *_relations(trees, set(parts)),
        *_unknown(body, "pStyle", _values(trees["word/styles.xml"], "style", "styleId")),
        *_unknown(body, "numId", _values(trees["word/numbering.xml"], "num", "numId") | {"0"}),
        *_anchors(body),
        *_tables(body),
        *_fields(body),
    ]


def _values(tree: ElementTree.Element, tag: str, name: str) -> set[str]:
    return {one.get(f"{W}{name}", "") for one in tree.iter(f"{W}{tag}")}


def _unknown(body: ElementTree.Element, tag: str, known: set[str]) -> list[str]:
    return [f"{tag} {one} is not known" for one in sorted(_values(body, tag, "val") - known)]


def _relations(trees: dict[str, ElementTree.Element], parts: set[str]) -> list[str]:
    """Targets that are not there, and relations that are named in the body and not kept."""
    found = []
    for name, tree in trees.items():
        if not name.endswith(".rels"):
            continue
        folder = name.partition("_rels/")[0]
        for one in tree.iter(_RELATIONS):
            target = one.get("Target", "")
            path = target.removeprefix("/") if target.startswith("/") else f"{folder}{target}"
            if one.get("TargetMode") != "External" and path.replace("word/../", "") not in parts:
                found.append(f"{name} leads to {target}, which is not there")
    kept = {one.get("Id") for one in trees["word/_rels/document.xml.rels"].iter(_RELATIONS)}
    for one in trees["word/document.xml"].iter():
        for attribute in ("id", "embed"):
            named = one.get(f"{_BESIDE}{attribute}")
            if named and named not in kept:
                found.append(f"relation {named} is not kept")
    return found


def _anchors(body: ElementTree.Element) -> list[str]:
    """Bookmarks that stand twice or do not end, and links that lead to none."""
    begun = [one.get(f"{W}id") for one in body.iter(f"{W}bookmarkStart")]
    ended = [one.get(f"{W}id") for one in body.iter(f"{W}bookmarkEnd")]
    names = [one.get(f"{W}name") for one in body.iter(f"{W}bookmarkStart")]
    found = [] if begun == ended and len(set(begun)) == len(begun) else ["a bookmark has no end, or two"]
    if len(set(names)) != len(names):
        found.append("two bookmarks have one name")
    wanted = {one.get(f"{W}anchor") for one in body.iter(f"{W}hyperlink")} - {None}
    return [*found, *(f"a link leads to {one}, which is not there" for one in sorted(wanted - set(names)))]  # type: ignore[type-var]


def _tables(body: ElementTree.Element) -> list[str]:
    found = []
    for table in body.iter(f"{W}tbl"):
        columns = len(table.findall(f"{W}tblGrid/{W}gridCol"))
        rows = table.findall(f"{W}tr")
        if not rows or {len(row.findall(f"{W}tc")) for row in rows} != {columns}:
            found.append("a table's rows have more or fewer cells than it has columns")
        if rows and rows[0].find(f"{W}trPr/{W}tblHeader") is None:
            found.append("a table's first row is no heading")
    return found


def _fields(body: ElementTree.Element) -> list[str]:
    open_ones = 0
    for one in body.iter(f"{W}fldChar"):
        kind = one.get(f"{W}fldCharType")
        open_ones += {"begin": 1, "end": -1}.get(kind or "", 0)
        if open_ones < 0:
            return ["a field ends that was not begun"]
    return ["a field has no end"] if open_ones else []
