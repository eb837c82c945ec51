"""A document as a Word file whose numbers are Word's own: who adds a paragraph there has the rest counted on."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from io import BytesIO
from urllib.parse import quote, urlsplit
from xml.sax.saxutils import escape, quoteattr

import docx
from docx.document import Document as Word
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Cm

from saferhub.publication.model import (
    Block,
    Bullets,
    Cited,
    Column,
    Figure,
    Link,
    Note,
    Paragraph,
    Recommendation,
    Reference,
    Row,
    Run,
    Runs,
    Section,
    Table,
)
from saferhub.publication.pictures import size_of
from saferhub.publication.rules.characters import plain
from saferhub.publication.rules.numbering import Numbered, Place
from saferhub.publication.rules.widths import LONGEST_LABEL, label_points, shares

from . import word_styles as styles
from .pdf import asked_of, picture

# What Word and the properties of its files hold at most.
_LONGEST_PROPERTY = 255
_LONGEST_LINK = 2000
_WIDTH_CM = 16.0
# A table of so many rows or fewer stands on one page. (Some programs lose a last row that stands alone on the next.)
_SMALL_TABLE = 6
_EMU_OF_CM = 360_000
_FIXED = (1980, 1, 1, 0, 0, 0)
_NAMES = nsdecls("w", "r", "wp", "a", "pic")


def draw(numbered: Numbered) -> bytes:
    """The file: the same bytes for the same document."""
    word = docx.Document()
    styles.prepare(word)
    _page(word, numbered)
    _properties(word, numbered)
    body = word.element.body
    section = body.find(qn("w:sectPr"))
    for child in list(body):
        if child is not section:
            body.remove(child)
    made = parse_xml(f"<w:body {_NAMES}>{''.join(_Writer(word, numbered).everything())}</w:body>")
    for child in list(made):
        section.addprevious(child)
    return _packed(word)


def _packed(word: Word) -> bytes:
    """The file's parts in one order and with one date, so that equal documents are equal bytes."""
    loose = BytesIO()
    word.save(loose)
    packed = BytesIO()
    with zipfile.ZipFile(loose) as source, zipfile.ZipFile(packed, "w") as target:
        for name in sorted(source.namelist(), key=lambda one: (one != "[Content_Types].xml", one)):
            entry = zipfile.ZipInfo(name, date_time=_FIXED)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o600 << 16
            target.writestr(entry, source.read(name))
    return packed.getvalue()


def _properties(word: Word, numbered: Numbered) -> None:
    document = numbered.document
    at = datetime(document.dated.year, document.dated.month, document.dated.day, tzinfo=UTC)
    core = word.core_properties
    core.title = plain(document.title)[:_LONGEST_PROPERTY]
    core.subject = plain(document.subtitle)[:_LONGEST_PROPERTY]
    core.category = document.marking[:_LONGEST_PROPERTY] and plain(document.marking)[:_LONGEST_PROPERTY]
    core.author = core.last_modified_by = "saferhub"
    core.comments = core.keywords = ""
    core.language = document.language
    core.created = core.modified = at.replace(tzinfo=None)
    core.revision = 1


def _page(word: Word, numbered: Numbered) -> None:
    section = word.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.5)
    section.top_margin, section.bottom_margin = Cm(2.5), Cm(2.2)
    head = section.header.paragraphs[0]._p
    foot = section.footer.paragraphs[0]._p
    middle = '<w:pPr><w:jc w:val="center"/></w:pPr>'
    marking = _text(numbered.document.marking, "<w:b/><w:bCs/>") if numbered.document.marking else ""
    _fill(head, f"{middle}{marking}")
    small = '<w:sz w:val="18"/><w:szCs w:val="18"/>'
    _fill(
        foot,
        f"{middle}{_text('Page ', small)}{_field('PAGE', '1', small)}{_text(' of ', small)}"
        f"{_field('NUMPAGES', '1', small)}",
    )


def _fill(paragraph: object, inner: str) -> None:
    for child in list(paragraph):  # type: ignore[call-overload]
        paragraph.remove(child)  # type: ignore[attr-defined]
    for child in list(parse_xml(f"<w:p {_NAMES}>{inner}</w:p>")):
        paragraph.append(child)  # type: ignore[attr-defined]


# --- Pieces of WordprocessingML. Text comes in by `_text` alone, which escapes it -----------------------------------


def _text(text: str, look: str = "") -> str:
    pieces = []
    for at, line in enumerate(plain(text).split("\n")):
        if at:
            pieces.append("<w:br/>")
        for n, part in enumerate(line.split("\t")):
            if n:
                pieces.append("<w:tab/>")
            if part:
                pieces.append(f'<w:t xml:space="preserve">{escape(part)}</w:t>')
    return f"<w:r>{f'<w:rPr>{look}</w:rPr>' if look else ''}{''.join(pieces)}</w:r>"


def _field(instruction: str, result: str, look: str = "") -> str:
    mark = f"<w:r>{f'<w:rPr>{look}</w:rPr>' if look else ''}<w:fldChar w:fldCharType={{}}/></w:r>"
    return (
        mark.format('"begin"')
        + f'<w:r><w:instrText xml:space="preserve"> {escape(instruction)} </w:instrText></w:r>'
        + mark.format('"separate"')
        + _text(result, look)
        + mark.format('"end"')
    )


def _paragraph(style: str, inner: str, more: str = "") -> str:
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{more}</w:pPr>{inner}</w:p>'


_CLEAR = '<w:spacing w:before="240" w:after="140"/>'
_STRONG = "<w:b/><w:bCs/>"
_LOOK = {"plain": "", "strong": _STRONG, "emphasis": "<w:i/><w:iCs/>"}
_CORRECTED = _STRONG + '<w:color w:val="5C3100"/><w:shd w:val="clear" w:color="auto" w:fill="FFE6C2"/>'
_LINKED = '<w:color w:val="1A65A6"/><w:u w:val="single"/>'


class _Writer:
    """Writes the body of one file."""

    def __init__(self, word: Word, numbered: Numbered) -> None:
        self.word, self.numbered = word, numbered
        self.bookmark = {place.anchor: f"_Ref{n:08d}" for n, place in enumerate(numbered.places, 1)}
        self.pictures = 0

    def everything(self) -> Iterator[str]:
        document = self.numbered.document
        if document.subtitle:
            yield _paragraph(styles.SUBTITLE, _text(document.subtitle))
        yield _paragraph(styles.TITLE, _text(document.title))
        begins = round(label_points(plain(one.label) for one in document.title_block) * 20)
        place = (
            f'<w:tabs><w:tab w:val="left" w:pos="{begins}"/></w:tabs>'
            f'<w:ind w:left="{begins}" w:hanging="{begins}"/>'
        )
        for fact in document.title_block:
            between = "\n" if len(plain(fact.label)) > LONGEST_LABEL else "\t"
            yield _paragraph(styles.FACT, _text(f"{fact.label}{between}") + _text(fact.value), place)
        if document.status:
            yield _paragraph(styles.NOTICE, _text(document.status))
        if document.correction:
            yield _paragraph(styles.CORRECTION, _text(document.correction.title, _STRONG))
            yield _paragraph(styles.CORRECTION, _text(document.correction.text))
        if self.numbered.has_contents:
            yield from self._contents()
        yield from self._blocks(document.opening, styles.PARAGRAPH, styles.PART, opening=True)
        for section in document.sections:
            yield self._heading(section, styles.HEADING)
            yield from self._blocks(section.blocks, styles.PARAGRAPH, styles.PART)
        for section in document.appendices:
            yield self._heading(section, styles.APPENDIX)
            yield from self._blocks(section.blocks, styles.APPENDIX_PARAGRAPH, styles.APPENDIX_PART)
        if document.notes:
            yield _paragraph(
                styles.HEADING,
                _text("Sources and notes"),
                '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="0"/></w:numPr><w:ind w:left="0" w:firstLine="0"/>',
            )
            for note in document.notes:
                yield _paragraph(styles.NOTE, _text(note))

    def _contents(self) -> Iterator[str]:
        """Filled, so that whoever only opens the file has them; Word makes them anew on request."""
        yield _paragraph(styles.CONTENTS_TITLE, _text("Contents"))
        places = self.numbered.contents
        begin = (
            '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText xml:space="preserve">'
            f' TOC \\o "1-1" \\n \\h \\z \\t "{escape("Appendix heading")},1" </w:instrText></w:r>'
            '<w:r><w:fldChar w:fldCharType="separate"/></w:r>'
        )
        end = '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
        for at, place in enumerate(places):
            title = place.of.title  # type: ignore[union-attr]
            entry = (
                f'<w:hyperlink w:anchor="{self.bookmark[place.anchor]}" w:history="1">'
                f"{_text(place.number + chr(9))}{_text(title)}</w:hyperlink>"
            )
            yield _paragraph(
                styles.CONTENTS,
                f"{begin if at == 0 else ''}{entry}{end if at == len(places) - 1 else ''}",
            )

    def _heading(self, section: Section, style: str) -> str:
        place = self.numbered.place(section)
        return _paragraph(
            style if section.level == 1 else styles.SUBHEADING, self._marked(place, _text(section.title))
        )

    def _marked(self, place: Place, inner: str) -> str:
        """A bookmark around what a reference points to."""
        number = int(self.bookmark[place.anchor][4:])
        return (
            f'<w:bookmarkStart w:id="{number}" w:name="{self.bookmark[place.anchor]}"/>{inner}'
            f'<w:bookmarkEnd w:id="{number}"/>'
        )

    def _touched(self, place: Place) -> str:
        return _text(" ") + _text("Corrected", _CORRECTED) if self.numbered.is_touched(place) else ""

    def _blocks(
        self, blocks: Iterable[Block], paragraph: str, part: str, *, opening: bool = False
    ) -> Iterator[str]:
        indent = "" if opening else '<w:ind w:left="720"/>'
        for n, block in enumerate(blocks):
            if isinstance(block, Note):
                # What opens a document keeps clear of the contents above it.
                clear = _CLEAR if opening and n == 0 and self.numbered.has_contents else ""
                yield _paragraph(styles.NOTE, self._runs(block.runs), clear + indent)
            elif isinstance(block, Bullets):
                for item in block.items:
                    yield _paragraph(styles.BULLET, self._runs(item))
            elif isinstance(block, Paragraph):
                yield self._counted(paragraph, block, block.runs)
                for one in block.parts:
                    yield self._counted(part, one, one.runs)
            elif isinstance(block, Recommendation):
                yield self._counted(styles.RECOMMENDATION, block, block.runs)
                if asked := asked_of(block):
                    yield _paragraph(styles.ASKED, _text(asked))
            elif isinstance(block, Table):
                yield self._caption(block, "Table", block.caption)
                yield self._table(block.columns, block.rows, block.caption)
                for note in block.notes:
                    yield _paragraph(styles.SMALL, _text(note))
                if not block.notes:
                    yield _paragraph(styles.SMALL, "")
            elif isinstance(block, Figure):
                yield self._caption(block, "Figure", block.title)
                yield _paragraph(styles.NOTE, self._picture(block), "<w:keepNext/>")
                for words in (block.alt, block.description, block.source and f"Source: {block.source}"):
                    if words:
                        yield _paragraph(styles.SMALL, _text(words))
                yield self._table(block.columns, block.rows, block.title)
                yield _paragraph(styles.SMALL, "")

    def _counted(self, style: str, part: object, runs: Runs) -> str:
        place = self.numbered.place(part)
        return _paragraph(style, self._marked(place, self._runs(runs)) + self._touched(place))

    def _caption(self, block: Table | Figure, name: str, caption: str) -> str:
        place = self.numbered.place(block)
        number = place.number.rpartition(" ")[2]
        counted = self._marked(place, _text(f"{name} ") + _field(f"SEQ {name} \\* ARABIC", number))
        return _paragraph(styles.CAPTION, counted + _text(f". {caption}") + self._touched(place))

    def _table(self, columns: tuple[Column, ...], rows: tuple[Row, ...], caption: str) -> str:
        line = '<w:{} w:val="single" w:sz="4" w:space="0" w:color="6F7A80"/>'
        widths = [int(_WIDTH_CM / 2.54 * 1440 * share) for share in shares(columns, rows)]
        grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
        head = self._row(
            [column.heading for column in columns],
            columns,
            widths,
            _STRONG,
            "<w:cantSplit/><w:tblHeader/>",
            together=len(rows) <= _SMALL_TABLE,
        )
        body = "".join(
            self._row(
                [cell.shown for cell in row.cells],
                columns,
                widths,
                _STRONG if row.is_total else "",
                "<w:cantSplit/>",
                together=len(rows) <= _SMALL_TABLE and n < len(rows),
            )
            for n, row in enumerate(rows, 1)
        )
        return (
            '<w:tbl><w:tblPr><w:tblW w:w="5000" w:type="pct"/><w:tblBorders>'
            f"{line.format('top')}{line.format('bottom')}{line.format('insideH')}</w:tblBorders>"
            '<w:tblLook w:val="04A0" w:firstRow="1" w:lastRow="0" w:firstColumn="1" w:lastColumn="0"'
            ' w:noHBand="0" w:noVBand="1"/>'
            f"<w:tblCaption w:val={quoteattr(plain(caption)[:_LONGEST_PROPERTY])}/>"
            f"</w:tblPr><w:tblGrid>{grid}</w:tblGrid>{head}{body}</w:tbl>"
        )

    def _row(
        self,
        texts: list[str],
        columns: tuple[Column, ...],
        widths: list[int],
        look: str,
        of_the_row: str,
        *,
        together: bool = False,
    ) -> str:
        keep = "<w:keepNext/>" if together else ""
        cells = "".join(
            f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/></w:tcPr>'
            + _paragraph(
                styles.CELL,
                _text(text, look),
                keep + ('<w:jc w:val="right"/>' if column.side == "right" else ""),
            )
            + "</w:tc>"
            for text, column, width in zip(texts, columns, widths, strict=True)
        )
        return f"<w:tr><w:trPr>{of_the_row}</w:trPr>{cells}</w:tr>"

    def _picture(self, block: Figure) -> str:
        self.pictures += 1
        png = picture(block.svg, width_points=_WIDTH_CM / 2.54 * 72)
        relation, _ = self.word.part.get_or_add_image(BytesIO(png))
        across, down = size_of(block.svg)
        width = int(_WIDTH_CM * _EMU_OF_CM)
        height = max(1, int(width * down / across))
        words = quoteattr(plain("\n".join(one for one in (block.alt, block.description) if one)))
        extent = f'cx="{width}" cy="{height}"'
        return (
            f'<w:r><w:drawing><wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent {extent}/>'
            f'<wp:docPr id="{self.pictures}" name="Figure {self.pictures}" descr={words}/>'
            '<wp:cNvGraphicFramePr><a:graphicFrameLocks noChangeAspect="1"/></wp:cNvGraphicFramePr>'
            '<a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:pic>'
            f'<pic:nvPicPr><pic:cNvPr id="{self.pictures}" name="figure-{self.pictures}.png" descr={words}/>'
            f'<pic:cNvPicPr/></pic:nvPicPr><pic:blipFill><a:blip r:embed="{relation}"/><a:stretch><a:fillRect/>'
            f'</a:stretch></pic:blipFill><pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext {extent}/></a:xfrm>'
            '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr></pic:pic></a:graphicData></a:graphic>'
            "</wp:inline></w:drawing></w:r>"
        )

    def _runs(self, runs: Runs) -> str:
        return "".join(map(self._run, runs))

    def _run(self, run: Run) -> str:
        if isinstance(run, Reference):
            return self._reference(self.numbered.target(run.anchor))
        if isinstance(run, Link):
            shown = _text(f" ({run.address})")
            address = _followed(run.address)
            if not address:
                return _text(run.text) + shown
            relation = self.word.part.relate_to(address, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
            return f'<w:hyperlink r:id="{relation}">{_text(run.text, _LINKED)}</w:hyperlink>{shown}'
        return _text(run.text, "" if isinstance(run, Cited) else _LOOK[run.style])

    def _reference(self, place: Place) -> str:
        """A field that Word counts on with what it points to."""
        bookmark = self.bookmark[place.anchor]
        if place.kind in ("table", "figure"):
            return _field(f"REF {bookmark} \\h", place.cited)
        if place.kind == "heading":
            return _text("“") + _field(f"REF {bookmark} \\h", place.cited[1:-1]) + _text("”")
        before, _, number = place.cited.rpartition(" ")
        return (_text(f"{before} ") if before else "") + _field(f"REF {bookmark} \\w \\h", number)


def _followed(address: str) -> str:
    """The address as a relation of the file holds it; empty where it is not one to follow outside of the service."""
    if not address.startswith("http") or len(address) > _LONGEST_LINK:
        return ""
    try:
        urlsplit(address)
    except ValueError:
        return ""
    return quote(plain(address), safe="/:?#@!$&'()*+,;=%~-._")
