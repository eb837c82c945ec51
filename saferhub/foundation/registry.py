"""Provider registries: how a higher app fills a lower app's page without being imported by it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Generic, ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")


class Registry(Generic[P, R]):
    """An ordered list of provider functions under one name.

    Apps register in `AppConfig.ready`. Registering the same function twice changes nothing, so a
    second set-up in one process is harmless.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self._providers: list[tuple[int, str, Callable[P, R]]] = []

    def register(self, provider: Callable[P, R], *, order: int = 100) -> Callable[P, R]:
        if all(existing is not provider for _, _, existing in self._providers):
            self._providers.append((order, f"{provider.__module__}.{provider.__qualname__}", provider))
            self._providers.sort(key=lambda row: row[:2])
        return provider

    def __iter__(self) -> Iterator[Callable[P, R]]:
        return (provider for _, _, provider in self._providers)

    def __len__(self) -> int:
        return len(self._providers)
