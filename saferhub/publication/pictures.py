"""Pictures in documents: the SVG of our own charts, held to what a chart needs, and made to stand alone.

A picture is put into a page as it is, so everything that could act or fetch is refused: no scripts, no links, no
styles, nothing from elsewhere.
"""

from __future__ import annotations

import re
from xml.etree import ElementTree

from .model import NotADocument
from .rules.characters import plain

_SVG = "http://www.w3.org/2000/svg"
_LONGEST = 2_000_000


def _names(words: str) -> frozenset[str]:
    return frozenset(words.split())


_ELEMENTS = _names("svg g rect line polyline polygon path circle ellipse text tspan title desc")
_ATTRIBUTES = _names(
    "viewBox width height x y x1 x2 y1 y2 cx cy r rx ry dx dy d points transform class fill stroke stroke-width"
    " stroke-linejoin stroke-linecap stroke-dasharray fill-opacity stroke-opacity opacity text-anchor"
    " dominant-baseline font-size font-weight preserveAspectRatio"
)
_OF_THE_PAGE = ("role", "focusable", "aria-hidden", "aria-labelledby", "aria-label", "id")
_VALUE = re.compile(r"(?!.*url\s*\()[^<>&\"]*\Z", re.IGNORECASE | re.DOTALL)

# What the style sheet says of our charts' classes, for where there is no style sheet.
_LOOKS: dict[str, dict[str, str]] = {
    "sh-chart__rule": {"stroke": "#d4dbde", "stroke-width": "1"},
    "sh-chart__rule--floor": {"stroke": "#6f7a80"},
    "sh-chart__number": {"fill": "#2f373b", "font-size": "13"},
    "sh-chart__tick": {"fill": "#2f373b", "font-size": "13"},
    "sh-chart__label": {"fill": "#124a66", "font-size": "15", "font-weight": "bold"},
    "sh-chart__line": {"fill": "none", "stroke": "#124a66", "stroke-width": "2.5"},
    "sh-chart__dot": {"fill": "#124a66"},
    "sh-chart__bar": {"fill": "#124a66"},
    "sh-chart__bar--beside": {"fill": "#a7b2b7"},
}


def svg_of(chart: str) -> str:
    """The picture out of what a chart's tag drew. Raises NotADocument where there is none."""
    found = re.search(r"<svg\b.*?</svg>", chart, re.DOTALL)
    if found is None:
        raise NotADocument("there is no picture in this chart")
    return found[0]


def for_page(svg: str, *, anchor: str, title: str, words: str) -> str:
    """The picture for a page, with its title and description, whose identifiers begin with `anchor`."""
    root = _checked(svg)
    _name(root, title, words)
    root.set("role", "img")
    root.set("focusable", "false")
    root.set("class", "sh-chart__svg")
    root.set("aria-labelledby", f"{anchor}-picture-title {anchor}-picture-words")
    root[0].set("id", f"{anchor}-picture-title")
    root[1].set("id", f"{anchor}-picture-words")
    return _text(root)


def standing_alone(svg: str, *, family: str) -> str:
    """The picture for a file: with its looks in it, its words in one family of fonts."""
    root = _checked(svg)
    for element in root.iter():
        for name in element.attrib.pop("class", "").split():
            for attribute, value in _LOOKS.get(name, {}).items():
                element.set(attribute, value)
        if element.tag in (f"{{{_SVG}}}text", "text"):
            element.set("font-family", family)
    for child in [one for one in root if _local(one) in ("title", "desc")]:
        root.remove(child)
    return _text(root)


def size_of(svg: str) -> tuple[float, float]:
    """Width and height in the picture's own units. Raises NotADocument where it has no viewBox."""
    try:
        _, _, width, height = (float(one) for one in _checked(svg).get("viewBox", "").split())
    except ValueError:
        raise NotADocument("a picture says its size by its viewBox") from None
    if not (0 < width < 100_000 and 0 < height < 100_000):
        raise NotADocument("a picture has a size")
    return width, height


def words_in(svg: str) -> str:
    """Every word in the picture, in order."""
    return "\n".join(text for element in _checked(svg).iter() if (text := (element.text or "").strip()))


def _checked(svg: str) -> ElementTree.Element:
    """The picture's elements. Raises NotADocument for anything that no chart of ours draws."""
    svg = plain(svg)
    if len(svg) > _LONGEST or "<!" in svg or "<?" in svg:
        raise NotADocument("a picture is one svg element and nothing else")
    try:
        root = ElementTree.fromstring(svg)
    except (ElementTree.ParseError, ValueError):
        raise NotADocument("a picture is one svg element and nothing else") from None
    if _local(root) != "svg":
        raise NotADocument("a picture is one svg element and nothing else")
    for element in root.iter():
        if _local(element) not in _ELEMENTS:
            raise NotADocument(f"a picture holds no {_local(element)}")
        for name in _OF_THE_PAGE:
            element.attrib.pop(name, None)
        for name, value in element.attrib.items():
            if name not in _ATTRIBUTES or not _VALUE.match(value):
                raise NotADocument(f"a picture's elements have no {name} such as this")
    if "viewBox" not in root.attrib:
        raise NotADocument("a picture says its size by its viewBox")
    return root


def _local(element: ElementTree.Element) -> str:
    return str(element.tag).removeprefix(f"{{{_SVG}}}")


def _name(root: ElementTree.Element, title: str, words: str) -> None:
    for child in [one for one in root if _local(one) in ("title", "desc")]:
        root.remove(child)
    for at, (tag, text) in enumerate((("title", title), ("desc", words))):
        element = ElementTree.Element(f"{{{_SVG}}}{tag}")
        element.text = text
        root.insert(at, element)


def _text(root: ElementTree.Element) -> str:
    for element in root.iter():
        element.tag = _local(element)
    root.set("xmlns", _SVG)
    return ElementTree.tostring(root, encoding="unicode")
