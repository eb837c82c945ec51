"""Jobs of accounts: sending mail, and clearing away what has run out."""

from __future__ import annotations

from django.core.management import call_command

from saferhub.audit.jobs import job

from . import mail, operations


@job("accounts.deliver_mail", attempts=7, own_transactions=True)  # no transaction waits for a mail server
def deliver_mail(sealed: str) -> None:
    """Send one message; seven attempts over about an hour and a half."""
    mail.deliver(sealed)


@job("accounts.throw_away_expired_forms", every="*/5 * * * *", attempts=1)
def throw_away_expired_forms() -> int:
    """Every five minutes, remove half-written forms whose half hour is over."""
    return operations.throw_away_expired()


@job("accounts.clear_sessions", every="40 2 * * *", attempts=1)
def clear_sessions() -> None:
    """Once a night, remove sessions that ended days ago."""
    call_command("clearsessions")
