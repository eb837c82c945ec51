"""What higher apps tell of documents that left: each kind lies with the app that makes it."""

from __future__ import annotations

from dataclasses import dataclass

from saferhub.foundation.registry import Registry
from saferhub.partnership.access import Actor
from saferhub.releases.models import Disclosure


@dataclass(frozen=True, slots=True)
class Left:
    """A document that left: what it is in a link's words, where it is read ("" where she may not take it), and where
    its disclosure's page leads back to."""

    words: str
    url: str
    back_url: str


# Whose a disclosure of kind "document" is, as its reader may see it; None for a document of another app, or hidden.
DOCUMENTS: Registry[[Actor, Disclosure], Left | None] = Registry("documents that left")
