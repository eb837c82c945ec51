"""Documents as JSON and back: exact and strict.

One text stands for one document: keys sorted, no spaces, every character beyond ASCII escaped. That text is kept
and hashed as it is, since the database's own JSON can hold neither a NUL character nor half of a surrogate pair.
"""

from __future__ import annotations

import hashlib
import json
import types
from dataclasses import fields, is_dataclass
from datetime import date
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from . import model
from .model import Document, NotADocument

SCHEMA = 1
_HINTS: dict[type, dict[str, Any]] = {}


def to_json(document: Document) -> str:
    """The one text of a document."""
    return json.dumps(
        {"schema": SCHEMA, "document": _plain(document)},
        sort_keys=True,
        separators=(",", ":"),
        ensure_ascii=True,
    )


def from_json(text: str) -> Document:
    """The document of a text. Raises NotADocument for anything that `to_json` does not write."""
    try:
        whole = json.loads(text)
    except (ValueError, RecursionError) as problem:
        raise NotADocument(f"this is no JSON: {problem}") from None
    if not isinstance(whole, dict) or set(whole) != {"schema", "document"}:
        raise NotADocument("a stored document names its schema and holds a document")
    if type(whole["schema"]) is not int or whole["schema"] != SCHEMA:
        raise NotADocument(f"schema {whole['schema']!r} is not known here")
    found = _read(whole["document"], Document, "document")
    assert isinstance(found, Document)
    return found


def content_hash(text: str) -> str:
    """SHA-256 of the one text, in hexadecimal digits."""
    return hashlib.sha256(text.encode("ascii")).hexdigest()


def _plain(value: Any) -> Any:
    if is_dataclass(value):
        made = {one.name: _plain(getattr(value, one.name)) for one in fields(value)}
        return {"is": type(value).__name__, **made}
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    if isinstance(value, date):
        return value.isoformat()
    return value


def _read(value: Any, wanted: Any, place: str) -> Any:
    origin = get_origin(wanted)
    if origin in (Union, types.UnionType):
        return _of_several(value, get_args(wanted), place)
    if origin is tuple:
        if not isinstance(value, list):
            raise NotADocument(f"{place} is no list")
        inner = get_args(wanted)[0]
        return tuple(_read(one, inner, f"{place}[{n}]") for n, one in enumerate(value))
    if origin is Literal:
        if value not in get_args(wanted):
            raise NotADocument(f"{place} is none of {', '.join(get_args(wanted))}")
        return value
    if is_dataclass(wanted):
        return _row(value, wanted, place)
    if wanted is date:
        return _day(value, place)
    if type(value) is not wanted:
        raise NotADocument(f"{place} is no {wanted.__name__}")
    return value


def _of_several(value: Any, choices: tuple[Any, ...], place: str) -> Any:
    if value is None and type(None) in choices:
        return None
    named = value.get("is") if isinstance(value, dict) else None
    for choice in choices:
        if is_dataclass(choice) and choice.__name__ == named:  # type: ignore[union-attr]
            return _read(value, choice, place)
    raise NotADocument(f"{place} may not hold {named or type(value).__name__!r}")


def _row(value: Any, wanted: Any, place: str) -> Any:
    if not isinstance(value, dict) or value.get("is") != wanted.__name__:
        raise NotADocument(f"{place} is no {wanted.__name__}")
    if wanted not in _HINTS:
        _HINTS[wanted] = get_type_hints(wanted, vars(model))
    hints = _HINTS[wanted]
    names = {one.name for one in fields(wanted)}
    if set(value) != names | {"is"}:
        odd = sorted(set(value) ^ (names | {"is"}))
        raise NotADocument(f"{place} has too much or too little: {', '.join(odd)}")
    return wanted(**{name: _read(value[name], hints[name], f"{place}.{name}") for name in names})


def _day(value: Any, place: str) -> date:
    try:
        found = date.fromisoformat(value)
    except (TypeError, ValueError):
        raise NotADocument(f"{place} is no day") from None
    if found.isoformat() != value:
        raise NotADocument(f"{place} is no day")
    return found
