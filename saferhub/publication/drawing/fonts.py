"""What the pinned fonts can draw. They are the ones inside of typst's own wheel, and no font of the machine.

The compiler itself is asked, since only it knows which fonts it holds and how it joins characters: under PDF/UA it
refuses a text that it cannot draw. What it refuses is drawn as its code point in brackets.
"""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterable
from functools import cache
from typing import Literal

import typst

from saferhub.publication.rules.characters import code_point

FAMILY = "Libertinus Serif"
STANDARD: Literal["ua-1"] = "ua-1"
# A character with what stands on it or is joined to it: accents, joiners, variation selectors, skin tones.
_UNIT = re.compile(
    "[^\x00-\x7f](?:[\u0300-\u036f\u0483-\u0489\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u1ab0-\u1aff\u1dc0-\u1dff"
    "\u20d0-\u20ff\u200c\u200d\ufe00-\ufe0f\ufe20-\ufe2f\U0001f3fb-\U0001f3ff\U000e0100-\U000e01ef])*"
    "|[\x00-\x7f](?:[\u0300-\u036f\u0483-\u0489\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u1ab0-\u1aff\u1dc0-\u1dff"
    "\u20d0-\u20ff\u200c\u200d\ufe00-\ufe0f\ufe20-\ufe2f\U000e0100-\U000e01ef])+"
)
# The compiler names what it cannot draw between two pairs of marks, written as Rust writes a string.
_NAMED = re.compile(r'the text (?:contains the disallowed codepoint )?`"((?:[^"\\]|\\.)*)"`')
_ESCAPED = re.compile(r"\\u\{([0-9a-f]+)\}|\\(.)")
_PROBE = f"""#set document(title: "Probe")
#set page(width: 400pt, height: auto)
#set text(font: "{FAMILY}", lang: "en", region: "GB")
#for one in json(bytes(sys.inputs.data)) {{ par(one); par(strong(one)); par(emph(one)) }}
""".encode()
_MOST_KNOWN = 20_000

_known: dict[str, bool] = {}
_lock = threading.Lock()


@cache
def fonts() -> typst.Fonts:
    """The fonts of the wheel alone."""
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=True)


def lacking(texts: Iterable[str]) -> dict[str, str]:
    """What of these texts the fonts cannot draw, and what is drawn instead."""
    units = {unit for text in texts for unit in _UNIT.findall(text)}
    if not units:
        return {}
    drawn = _drawn(units)
    made = {unit: _instead(unit) for unit in units if not drawn[unit]}
    # A character may be fit alone and not with what stands on it, or the other way about.
    parts = _drawn({one for unit in made for one in unit if len(unit) > 1})
    for unit in made:
        if len(unit) > 1:
            made[unit] = "".join(
                one if at == 0 and parts[one] else code_point(one) for at, one in enumerate(unit)
            )
    return made


def _instead(unit: str) -> str:
    return "".join(map(code_point, unit))


def with_code_points(text: str, instead: dict[str, str]) -> str:
    """The text as the fonts can draw it."""
    return _UNIT.sub(lambda found: instead.get(found[0], found[0]), text) if instead else text


def _drawn(units: set[str]) -> dict[str, bool]:
    """For each whether the compiler draws it."""
    with _lock:
        if len(_known) > _MOST_KNOWN:
            _known.clear()
        unknown = sorted(unit for unit in units if unit not in _known)
        _ask(unknown)
        return {unit: _known[unit] for unit in units}


def _ask(units: list[str]) -> None:
    if not units:
        return
    named = _refused(units)
    if named is None:
        _known.update(dict.fromkeys(units, True))
    elif len(units) == 1:
        _known[units[0]] = False
    else:
        bad = [unit for unit in units if any(one in named for one in unit) or unit in named]
        rest = [unit for unit in units if unit not in set(bad)]
        if not bad or not rest:
            # It named all or none of them: ask for each half, so that what is known rests on its answer alone.
            if not rest and all(unit in named for unit in units):
                _known.update(dict.fromkeys(units, False))
                return
            half = len(units) // 2
            _ask(units[:half])
            _ask(units[half:])
            return
        _ask(bad)
        _ask(rest)


def _refused(units: list[str]) -> set[str] | None:
    """None when all can be drawn; else what the compiler names, which may be nothing that we can read."""
    try:
        typst.compile(
            _PROBE,
            font_paths=fonts(),
            ignore_system_fonts=True,
            sys_inputs={"data": json.dumps(units)},
            pdf_standards=STANDARD,
            format="pdf",
            timestamp=0,
        )
    except typst.TypstError as problem:
        return {
            _ESCAPED.sub(_character, found)
            for found in _NAMED.findall(f"{problem.message}\n{problem.diagnostic}")
        }
    return None


def _character(found: re.Match[str]) -> str:
    return chr(int(found[1], 16)) if found[1] else found[2]
