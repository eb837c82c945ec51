"""What a server that holds real people's data must be told before it starts.

Neither has a guess that would do: mail that goes to an unknown file invites nobody, and a link to
localhost opens nothing.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register


@register()
def mail_goes_somewhere(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Outside demonstration somebody has to say where mail goes."""
    if settings.DEMONSTRATION or settings.MAIL_IS_CONFIGURED:
        return []
    return [
        Error(
            "Nobody has said where mail goes.",
            hint="Set SAFERHUB_SMTP_HOST, or SAFERHUB_MAIL_DIR to have it written to files.",
            id="saferhub.E001",
        )
    ]


@register()
def links_lead_here(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Outside demonstration and debugging somebody has to say at which address people reach the service."""
    if settings.DEMONSTRATION or settings.DEBUG or settings.SERVICE_URL_IS_CONFIGURED:
        return []
    return [
        Error(
            "Nobody has said at which address people reach this service; links in mail would lead nowhere.",
            hint="Set SAFERHUB_URL, for example to https://saferhub.example.org.",
            id="saferhub.E002",
        )
    ]
