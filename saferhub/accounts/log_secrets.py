"""Keeps the secrets of mailed links out of the logs: whoever reads a log must not be able to open an account."""

from __future__ import annotations

import logging
import re

_SECRETS = re.compile(
    r"(?P<path>/join/|/feeds/actions/|/r/|/sign-in/new-password/[0-9A-Za-z]+-)(?P<secret>[^/\s\"'<>?&#]+)",
    re.IGNORECASE,
)
_BLANK = r"\g<path>[left out]"


def blank(text: str) -> str:
    """The text without the secrets of invitations and of links to a new password."""
    return _SECRETS.sub(_BLANK, text)


class BlankSecrets(logging.Filter):
    """Lets every record pass, its message and its traceback without secrets."""

    def filter(self, record: logging.LogRecord) -> bool:
        try:
            message = record.getMessage()
        except (TypeError, ValueError):  # words and arguments that do not fit must not stop a page
            message = f"{record.msg} {record.args}"
        record.msg, record.args = blank(message), ()
        if record.exc_info and not record.exc_text:
            record.exc_text = logging.Formatter().formatException(record.exc_info)
        if record.exc_text:
            record.exc_text = blank(record.exc_text)
        if record.stack_info:
            record.stack_info = blank(record.stack_info)
        return True
