"""How often somebody without a session may ask: counted in the shared cache, by the clock's minute or hour."""

from __future__ import annotations

import hashlib

from allauth.account.adapter import get_adapter
from django.core.cache import cache
from django.http import HttpRequest

from saferhub.foundation import clock

MINUTE, HOUR = 60, 3600


def address_of(request: HttpRequest) -> str:
    """Where a request comes from, as far as the proxies that are trusted say it."""
    return str(get_adapter().get_client_ip(request))


def within(name: str, whose: str, most: int, seconds: int = MINUTE) -> bool:
    """Whether this one stays within `most` in the span of `seconds` that runs now. Two at the same instant may
    count as one: the limit is against loops and guessing, not a promise to the unit."""
    span = int(clock.real_now().timestamp()) // seconds
    source = hashlib.sha256(whose.encode()).hexdigest()[:32]
    key = f"casework.intake:{name}:{source}:{span}"
    cache.add(key, 0, timeout=seconds + 10)
    try:
        return int(cache.incr(key)) <= most
    except ValueError:  # it was cleared between the two
        return True
