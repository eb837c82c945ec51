"""One transaction for each request, entered as whoever asks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from allauth.account.middleware import AccountMiddleware
from django.core.exceptions import PermissionDenied
from django.core.handlers.exception import response_for_exception
from django.db import transaction
from django.http import FileResponse, Http404, HttpRequest, HttpResponse

from saferhub.foundation.refusals import Refusal
from saferhub.foundation.transactions import asked_before, has_own_transactions
from saferhub.partnership.middleware import answer_to

from .entering import entered, streamed_as

Handler = Callable[[HttpRequest], HttpResponse]
# Answers that are drawn as whoever asked: the page around them is hers.
_HERS = (Refusal, PermissionDenied, Http404)


class Enter:
    """Call the view inside a transaction entered as whoever asks, and draw its page there too.

    It must be the last middleware: its `process_view` takes the view's place, so that everything before it
    (the CSRF check, the end of sessions, kept forms) commits by itself and only the view's own work stands or
    falls together.

    What stands: every answer that a view returns below 500, a form with its errors too. What falls:
    everything raised, refusals included, and an answer of 500 or more. Django asks no other middleware about
    an exception that is raised here, so those that know an answer are asked by name, after the rollback.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response
        self._answer_of_sign_in = AccountMiddleware(get_response).process_exception

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        if has_own_transactions(view):
            return None
        if ask := asked_before(view):
            ask(request, *args, **kwargs)
        user, session = request.user, request.session.session_key
        try:
            response = self._called(user, request, view, args, kwargs)
        except Exception as exception:
            _take_back_session(request, user, session)
            answer = self._answer(user, request, exception)
            if answer is None:
                raise
            return answer
        # A file needs no database while it is sent, and should not hold a connection.
        if response.streaming and not isinstance(response, FileResponse):
            response.streaming_content = streamed_as(user, response.streaming_content)
        return response

    @staticmethod
    def _called(user: Any, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> Any:
        with entered(user):
            response = view(request, *args, **kwargs)
            if response is None:
                # Returned from here, it would make Django call the view once more, unentered.
                raise ValueError(f"The view {view.__module__}.{view.__name__} gave no answer")
            if hasattr(response, "render") and not response.is_rendered:
                response = response.render()
            if response.status_code >= 500:
                transaction.set_rollback(True)
        return response

    def _answer(self, user: Any, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, _HERS):
            with entered(user):
                return answer_to(request, exception) or response_for_exception(request, exception)
        answer: HttpResponse | None = self._answer_of_sign_in(request, exception)
        return answer


def _take_back_session(request: HttpRequest, user: Any, session: str | None) -> None:
    """Go back to the session before, where the view had begun another: that one went with the rollback."""
    if request.session.session_key != session:
        request.session = type(request.session)(session)
        request.user = user
