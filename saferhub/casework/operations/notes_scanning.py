"""Asking ClamAV about a file, where the installation has it.

The file goes over a socket to clamd by its command INSTREAM: pieces, each after its length as four bytes, ended by a
length of nothing. The answer is one line. See docs/setup.md for the settings.
"""

from __future__ import annotations

import socket
import struct
from contextlib import suppress

from django.conf import settings

from saferhub.foundation.refusals import Refusal

CLEAN, NOT_SCANNED = "clean", "not_scanned"
_PIECE = 64 * 1024
_SECONDS = 30
_LONGEST_ANSWER = 4096


def scan(content: bytes) -> str:
    """`clean`, or `not_scanned` where no scanner is set up, or it does not answer and need not.

    Raises Refusal `file_infected` for what the scanner knows, `file_not_scannable` where it answers that it cannot
    look at the file (one beyond its limits, for example), and `file_not_scanned` where it must be asked and does not
    answer.
    """
    where = settings.CLAMD
    if not where:
        if settings.CLAMD_REQUIRED:
            raise _unanswered()
        return NOT_SCANNED
    try:
        answer = _ask(where, content)
    except OSError:
        answer = ""
    if answer.endswith("FOUND"):
        raise Refusal(
            "file_infected",
            "The virus scanner stopped this file, so nothing was kept. Do not open it; tell your own IT.",
        )
    if answer.endswith("ERROR"):
        raise Refusal(
            "file_not_scannable",
            "The virus scanner cannot look at this file, so nothing was kept. Send it in smaller parts, or as another "
            "kind of file.",
        )
    if answer.endswith(": OK"):
        return CLEAN
    if settings.CLAMD_REQUIRED:
        raise _unanswered()
    return NOT_SCANNED


def _unanswered() -> Refusal:
    return Refusal(
        "file_not_scanned",
        "The virus scanner does not answer, so the file was not kept. Try again in a few minutes.",
    )


def _ask(where: str, content: bytes) -> str:
    with _connect(where) as connection:
        # It closes the way in when a file is beyond its limits, and says so on the way out.
        with suppress(BrokenPipeError, ConnectionResetError):
            _send(connection, content)
        answer = b""
        while len(answer) < _LONGEST_ANSWER and not answer.endswith(b"\0"):
            more = connection.recv(1024)
            if not more:
                break
            answer += more
    return answer.rstrip(b"\0").decode("ascii", "replace").strip()


def _send(connection: socket.socket, content: bytes) -> None:
    connection.sendall(b"zINSTREAM\0")
    for start in range(0, len(content), _PIECE):
        piece = content[start : start + _PIECE]
        connection.sendall(struct.pack("!L", len(piece)) + piece)
    connection.sendall(struct.pack("!L", 0))


def _connect(where: str) -> socket.socket:
    """`where`: the path of a socket, or host:port."""
    if where.startswith("/"):
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        connection.settimeout(_SECONDS)
        try:
            connection.connect(where)
        except OSError:
            connection.close()
            raise
        return connection
    host, _, port = where.rpartition(":")
    if not port.isdigit():
        raise OSError(f"CLAMD says neither a socket nor host:port: {where}")
    return socket.create_connection((host, int(port)), timeout=_SECONDS)
