"""Real time that can be put forward, for sessions that end."""

from tests.accounts.conftest import later

__all__ = ["later"]
