"""The styles and lists of a Word file: real headings bound to a list of levels, so that Word counts and not we."""

from __future__ import annotations

from typing import Any

from docx.document import Document as Word
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn

_W = nsdecls("w")
_FONT = '<w:rFonts w:ascii="Arial" w:hAnsi="Arial" w:eastAsia="Arial" w:cs="Arial"/>'

# The numbers of the lists, beyond any that the template uses.
SECTIONS, APPENDICES, RECOMMENDATIONS, BULLETS = 101, 102, 103, 104

# Style identifiers, by what they are for.
HEADING, SUBHEADING = "Heading1", "Heading2"
APPENDIX = "AppendixHeading"
PARAGRAPH, PART = "NumberedParagraph", "NumberedPart"
APPENDIX_PARAGRAPH, APPENDIX_PART = "AppendixParagraph", "AppendixPart"
RECOMMENDATION, ASKED = "Recommendation", "RecommendationAsked"
NOTE, SMALL, BULLET = "UnnumberedParagraph", "SmallNote", "PlainBullet"
TITLE, SUBTITLE, FACT, NOTICE, CORRECTION = (
    "Title",
    "Subtitle",
    "TitleBlock",
    "StatusNotice",
    "CorrectionNotice",
)
CAPTION, CELL, CONTENTS_TITLE, CONTENTS = "Caption", "TableCell", "TOCHeading", "TOC1"

_MARGIN = 720  # twentieths of a point: where the text of numbered paragraphs begins
_PART = 1180


def _style(
    code: str,
    name: str,
    *,
    based: str = "Normal",
    then: str = "",
    paragraph: str = "",
    run: str = "",
    custom: bool = True,
) -> str:
    return (
        f'<w:style {_W} w:type="paragraph" {"w:customStyle=" + chr(34) + "1" + chr(34) if custom else ""}'
        f' w:styleId="{code}"><w:name w:val="{name}"/><w:basedOn w:val="{based}"/>'
        f"{f'<w:next w:val={chr(34)}{then}{chr(34)}/>' if then else ''}<w:qFormat/>"
        f"<w:pPr>{paragraph}</w:pPr><w:rPr>{run}</w:rPr></w:style>"
    )


def _counted(number: int, level: int) -> str:
    return f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>'


def _size(half_points: int) -> str:
    return f'<w:sz w:val="{half_points}"/><w:szCs w:val="{half_points}"/>'


_BOLD = "<w:b/><w:bCs/>"
_GREY = '<w:color w:val="484F54"/>'
_BOX = "".join(
    f'<w:{side} w:val="single" w:sz="8" w:space="6" w:color="{{colour}}"/>'
    for side in ("top", "left", "bottom", "right")
)


def _spacing(before: int, after: int) -> str:
    return f'<w:spacing w:before="{before}" w:after="{after}" w:line="264" w:lineRule="auto"/>'


def _indent(left: int, hanging: int = 0) -> str:
    return f'<w:ind w:left="{left}"{f" w:hanging={chr(34)}{hanging}{chr(34)}" if hanging else ""}/>'


def _heading(code: str, name: str, number: str, *, based: str = "Normal", custom: bool = False) -> str:
    return _style(
        code, name, based=based, then=PARAGRAPH, custom=custom,
        paragraph=(
            f"<w:keepNext/><w:keepLines/>{number}{_spacing(360, 120)}{_indent(_MARGIN, _MARGIN)}"
            '<w:outlineLvl w:val="0"/>'
        ),
        run=_FONT + _BOLD + _size(32),
    )  # fmt: skip


_STYLES = (
    _heading(HEADING, "heading 1", _counted(SECTIONS, 0)),
    _heading(APPENDIX, "Appendix heading", _counted(APPENDICES, 0), custom=True),
    _style(
        SUBHEADING, "heading 2", then=PARAGRAPH, custom=False,
        paragraph=f'<w:keepNext/><w:keepLines/>{_spacing(240, 80)}{_indent(_MARGIN)}<w:outlineLvl w:val="1"/>',
        run=_FONT + _BOLD + _size(24),
    ),
    _style(
        PARAGRAPH, "Numbered paragraph",
        paragraph=_counted(SECTIONS, 1) + _spacing(0, 140) + _indent(_MARGIN, _MARGIN),
    ),
    _style(
        PART, "Numbered part",
        paragraph=_counted(SECTIONS, 2) + _spacing(0, 100) + _indent(_PART, _PART - _MARGIN),
    ),
    _style(
        APPENDIX_PARAGRAPH, "Appendix paragraph",
        paragraph=_counted(APPENDICES, 1) + _spacing(0, 140) + _indent(_MARGIN, _MARGIN),
    ),
    _style(
        APPENDIX_PART, "Appendix part",
        paragraph=_counted(APPENDICES, 2) + _spacing(0, 100) + _indent(_PART, _PART - _MARGIN),
    ),
    _style(
        RECOMMENDATION, "Recommendation",
        paragraph=_counted(RECOMMENDATIONS, 0) + _spacing(0, 140) + _indent(_MARGIN, _MARGIN),
    ),
    _style(ASKED, "Recommendation asked", paragraph=_spacing(0, 140) + _indent(_MARGIN), run=_GREY),
    _style(NOTE, "Unnumbered paragraph", paragraph=_spacing(0, 140)),
    _style(SMALL, "Small note", paragraph=_spacing(40, 100), run=_GREY + _size(18)),
    _style(BULLET, "Plain bullet", paragraph=_counted(BULLETS, 0) + _spacing(0, 60) + _indent(_MARGIN + 360, 360)),
    _style(TITLE, "Title", custom=False, paragraph=_spacing(0, 160), run=_FONT + _BOLD + _size(44)),
    _style(SUBTITLE, "Subtitle", custom=False, paragraph=_spacing(0, 40), run=_FONT + _GREY + _size(22)),
    _style(
        FACT, "Title block",
        paragraph=_spacing(0, 60),
    ),
    _style(
        NOTICE, "Status notice",
        paragraph=f"<w:pBdr>{_BOX.format(colour='0B0C0C')}</w:pBdr>{_spacing(160, 160)}",
        run=_BOLD,
    ),
    _style(
        CORRECTION, "Correction notice",
        paragraph=(
            f"<w:pBdr>{_BOX.format(colour='B45C00')}</w:pBdr>"
            f'<w:shd w:val="clear" w:color="auto" w:fill="FFF7E8"/>{_spacing(0, 0)}'
        ),
    ),
    _style(
        CAPTION, "caption", custom=False,
        paragraph=f"<w:keepNext/>{_spacing(200, 80)}",
        run=_FONT + _BOLD + _size(22),
    ),
    _style(CELL, "Table cell", paragraph=_spacing(40, 40), run=_size(20)),
    _style(
        CONTENTS_TITLE, "TOC Heading", custom=False,
        paragraph=f"<w:keepNext/>{_spacing(280, 100)}",
        run=_FONT + _BOLD + _size(28),
    ),
    _style(
        CONTENTS, "toc 1", custom=False,
        paragraph=(
            f'<w:tabs><w:tab w:val="left" w:pos="{_MARGIN}"/></w:tabs>'
            f"{_spacing(0, 60)}{_indent(_MARGIN, _MARGIN)}"
        ),
    ),
)  # fmt: skip


def _level(level: int, kind: str, words: str, style: str, left: int, hanging: int) -> str:
    return (
        f'<w:lvl w:ilvl="{level}"><w:start w:val="1"/><w:numFmt w:val="{kind}"/><w:pStyle w:val="{style}"/>'
        f'<w:lvlText w:val="{words}"/><w:lvlJc w:val="left"/><w:pPr><w:ind w:left="{left}" w:hanging="{hanging}"/>'
        f"</w:pPr></w:lvl>"
    )


def _list(number: int, *levels: str) -> str:
    kind = "multilevel" if len(levels) > 1 else "singleLevel"
    return (
        f'<w:abstractNum {_W} w:abstractNumId="{number}"><w:nsid w:val="5AFE{number:04X}"/>'
        f'<w:multiLevelType w:val="{kind}"/>{"".join(levels)}</w:abstractNum>'
    )


_LISTS = {
    SECTIONS: _list(
        SECTIONS,
        _level(0, "decimal", "%1", HEADING, _MARGIN, _MARGIN),
        _level(1, "decimal", "%1.%2", PARAGRAPH, _MARGIN, _MARGIN),
        _level(2, "lowerLetter", "(%3)", PART, _PART, _PART - _MARGIN),
    ),
    APPENDICES: _list(
        APPENDICES,
        _level(0, "upperLetter", "%1", APPENDIX, _MARGIN, _MARGIN),
        _level(1, "decimal", "%1.%2", APPENDIX_PARAGRAPH, _MARGIN, _MARGIN),
        _level(2, "lowerLetter", "(%3)", APPENDIX_PART, _PART, _PART - _MARGIN),
    ),
    RECOMMENDATIONS: _list(RECOMMENDATIONS, _level(0, "decimal", "R%1", RECOMMENDATION, _MARGIN, _MARGIN)),
    BULLETS: _list(BULLETS, _level(0, "bullet", "•", BULLET, _MARGIN + 360, 360)),
}


def prepare(word: Word) -> None:
    """Put styles, lists and language into a new file."""
    styles = word.styles.element
    for source in _STYLES:
        style = parse_xml(source)
        code = style.get(qn("w:styleId"))
        for known in [one for one in styles.findall(qn("w:style")) if one.get(qn("w:styleId")) == code]:
            styles.remove(known)
        styles.append(style)
    _defaults(styles)
    numbering = word.part.numbering_part.element
    first = numbering.find(qn("w:num"))
    for number, source in _LISTS.items():
        made = parse_xml(source)
        if first is None:
            numbering.append(made)
        else:
            first.addprevious(made)
        numbering.append(
            parse_xml(f'<w:num {_W} w:numId="{number}"><w:abstractNumId w:val="{number}"/></w:num>')
        )


def _defaults(styles: Any) -> None:
    found = styles.find(qn("w:docDefaults")).find(qn("w:rPrDefault")).find(qn("w:rPr"))
    for child in list(found):
        found.remove(child)
    for source in (_FONT, _size(22), '<w:lang w:val="en-GB" w:eastAsia="en-GB" w:bidi="ar-SA"/>'):
        for child in parse_xml(f"<w:rPr {_W}>{source}</w:rPr>"):
            found.append(child)
