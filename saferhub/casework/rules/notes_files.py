"""Decide whether a file may be kept: by its name's ending, by what its first bytes say it is, and by its size.

Both must agree. What is on the list can be shown by ordinary programs and carries no program of its own: documents,
pictures, sound, film, tables, plain text. Office files with macros, pages, archives and programs are not on it.
"""

from __future__ import annotations

import io
import unicodedata
import zipfile
from collections.abc import Callable
from dataclasses import dataclass

from saferhub.foundation.refusals import Refusal

MEGABYTE = 1024 * 1024
LONGEST_NAME = 200
_CONTROL = bytes(range(0x20)).translate(None, b"\t\n\r\f") + b"\x7f"


@dataclass(frozen=True, slots=True)
class FileKind:
    """A kind of file that may be kept: what people call it, its media type, and how its content shows it."""

    words: str
    media_type: str
    is_it: Callable[[bytes], bool]


def _begins(*starts: bytes) -> Callable[[bytes], bool]:
    return lambda content: content.startswith(starts)


def _riff(form: bytes) -> Callable[[bytes], bool]:
    return lambda content: content[:4] == b"RIFF" and content[8:12] == form


def _boxes(*brands: bytes) -> Callable[[bytes], bool]:
    """ISO base media: pictures of telephones, films, sound. The brand stands in the first box."""
    return lambda content: content[4:8] == b"ftyp" and content[8:12].strip().startswith(brands)


def _mp3(content: bytes) -> bool:
    return content.startswith(b"ID3") or (
        len(content) > 1 and content[0] == 0xFF and content[1] & 0xE0 == 0xE0
    )


def _office(part: str) -> Callable[[bytes], bool]:
    """An Office Open XML file of this kind, without a macro in it."""

    def is_it(content: bytes) -> bool:
        names = _members(content)
        return (
            "[Content_Types].xml" in names
            and any(name.startswith(part) for name in names)
            and not any(name.lower().endswith(("vbaproject.bin", ".exe", ".dll", ".js")) for name in names)
        )

    return is_it


def _open_document(media_type: bytes) -> Callable[[bytes], bool]:
    """An OpenDocument file: its type stands first in it, uncompressed. Without Basic or scripts."""

    def is_it(content: bytes) -> bool:
        names = _members(content)
        return media_type in content[:200] and not any(
            name.startswith(("Basic/", "Scripts/")) for name in names
        )

    return is_it


def _members(content: bytes) -> list[str]:
    """Names of the parts of a zip file; nothing is unpacked."""
    if not content.startswith(b"PK\x03\x04"):
        return []
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            return packed.namelist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        return []


def _text(content: bytes) -> bool:
    """Plain text in UTF-8 or Windows' Latin: no control characters, and no page or script in disguise."""
    if content.translate(None, _CONTROL) != content:
        return False
    start = content[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    return not start.startswith((b"<!doctype html", b"<html", b"<script", b"<svg", b"<?xml", b"#!", b"%pdf"))


KINDS: dict[str, FileKind] = {
    "pdf": FileKind("PDF", "application/pdf", _begins(b"%PDF-")),
    "docx": FileKind(
        "Word",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        _office("word/"),
    ),
    "xlsx": FileKind(
        "Excel", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", _office("xl/")
    ),
    "odt": FileKind(
        "OpenDocument text",
        "application/vnd.oasis.opendocument.text",
        _open_document(b"application/vnd.oasis.opendocument.text"),
    ),
    "ods": FileKind(
        "OpenDocument table",
        "application/vnd.oasis.opendocument.spreadsheet",
        _open_document(b"application/vnd.oasis.opendocument.spreadsheet"),
    ),
    "txt": FileKind("plain text", "text/plain", _text),
    "csv": FileKind("CSV", "text/csv", _text),
    "jpg": FileKind("JPEG picture", "image/jpeg", _begins(b"\xff\xd8\xff")),
    "jpeg": FileKind("JPEG picture", "image/jpeg", _begins(b"\xff\xd8\xff")),
    "png": FileKind("PNG picture", "image/png", _begins(b"\x89PNG\r\n\x1a\n")),
    "webp": FileKind("WebP picture", "image/webp", _riff(b"WEBP")),
    "heic": FileKind("HEIC picture", "image/heic", _boxes(b"hei", b"hev", b"mif1", b"msf1")),
    "mp3": FileKind("MP3 sound", "audio/mpeg", _mp3),
    "m4a": FileKind("M4A sound", "audio/mp4", _boxes(b"M4A", b"mp4", b"isom", b"dash")),
    "wav": FileKind("WAV sound", "audio/wav", _riff(b"WAVE")),
    "mp4": FileKind("MP4 film", "video/mp4", _boxes(b"mp4", b"iso", b"avc1", b"M4V", b"dash", b"MSNV")),
    "mov": FileKind("QuickTime film", "video/quicktime", _boxes(b"qt")),
}
ACCEPT = ",".join(f".{ending}" for ending in KINDS)
IN_WORDS = "PDF, Word, Excel and OpenDocument files, plain text and CSV, pictures, sound and film"


def safe_name(name: str) -> str:
    """The name as its owner gave it, without folders and without characters that no name shows, cut to what is
    kept; its ending stays."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    # Cc, Cf: controls, and marks that turn the direction of writing round (invoice‮fdp.exe).
    shown = "".join(one for one in last if unicodedata.category(one) not in {"Cc", "Cf", "Cs", "Co", "Cn"})
    shown = " ".join(shown.split()).strip(". ")
    stem, dot, ending = shown.rpartition(".")
    if not dot:
        return shown[:LONGEST_NAME]
    return f"{stem[: LONGEST_NAME - len(ending) - 1]}.{ending}"


def ending_of(name: str) -> str:
    """The name's ending in small letters, without its dot."""
    return name.rpartition(".")[2].lower() if "." in name else ""


def file_refusals(*, name: str, content: bytes, most_megabytes: int) -> list[Refusal]:
    """Why a file cannot be kept: `file_empty`, `file_too_large`, `file_kind`, `file_not_what_it_says`."""
    if not content:
        return [Refusal("file_empty", "The file is empty. Choose another.")]
    if len(content) > most_megabytes * MEGABYTE:
        return [
            Refusal(
                "file_too_large",
                f"The file is larger than {most_megabytes} megabytes. Send a shorter or smaller one.",
            )
        ]
    kind = KINDS.get(ending_of(name))
    if kind is None:
        return [Refusal("file_kind", f"Files of this kind are not kept. These are: {IN_WORDS}.")]
    if not kind.is_it(content):
        return [
            Refusal(
                "file_not_what_it_says",
                f"The name says that this is a {kind.words} file, and its content does not. Open it, save it anew "
                "and send that; a file with macros is not kept.",
            )
        ]
    return []


def kind_of(name: str) -> FileKind:
    """The kind that a name's ending says. Raises KeyError for one that is not on the list."""
    return KINDS[ending_of(name)]


def size_words(size: int) -> str:
    """A size as people say it."""
    if size < 1024:
        return f"{size} bytes"
    if size < MEGABYTE:
        return f"{max(size // 1024, 1)} KB"
    return f"{size / MEGABYTE:.1f} MB"
