from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "saferhub.accounts"
    label = "accounts"
    verbose_name = "Accounts"

    def ready(self) -> None:
        from saferhub.accounts import (
            checks,  # noqa: F401 - registers what a server must be told
            events,  # noqa: F401 - registers what the audit can say
            page_words,
        )
        from saferhub.foundation.registries import PAGE_WORDS

        PAGE_WORDS.register(page_words.page_words)
