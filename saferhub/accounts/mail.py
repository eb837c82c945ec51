"""The one way by which accounts send mail.

Mail carries a link and the partnership's name, never anything about a person or a case: it leaves the
service unprotected. It is put on the queue in the caller's transaction, so that a rolled-back act mails
nobody and a committed one is mailed even if the mail server is away for an hour. On the queue a message
is encrypted: it holds the link that opens an account.
"""

from __future__ import annotations

import json

from django.core.mail import EmailMultiAlternatives, send_mail

from .holding import cipher_for

_PURPOSE = "mail on the queue"


def send(subject: str, body: str, *, to: str, calendar: tuple[str, str] | None = None) -> None:
    """Queue one message; the worker sends it once the transaction around the caller has committed.

    `calendar`: an iCalendar method (REQUEST or CANCEL) and its text, which calendar programs offer to take over.
    """
    from .jobs import deliver_mail

    sealed = cipher_for(_PURPOSE).encrypt(json.dumps([subject, body, to, *(calendar or ())]).encode())
    deliver_mail.defer(sealed=sealed.decode())


def deliver(sealed: str) -> None:
    """Send a queued message now. Raises OSError or smtplib's exceptions; the queue then tries again."""
    subject, body, to, *calendar = json.loads(cipher_for(_PURPOSE).decrypt(sealed.encode()))
    if not calendar:
        send_mail(subject, body, None, [to])
        return
    method, text = calendar
    message = EmailMultiAlternatives(subject, body, None, [to])
    message.attach_alternative(text, f"text/calendar; method={method}")
    message.send()
