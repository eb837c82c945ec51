"""A form that makes something is done once, however often it is sent.

A page draws its form with a hidden random mark. What came of a sending is kept in the session beside that
mark, so the same form sent again (a second click, a page loaded anew) is answered with what the first made.
The same mark with other words in the form is another sending: somebody went back and wrote a second one.
"""

from __future__ import annotations

import hashlib
from typing import Any

from django.db import connection
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.crypto import get_random_string

from .fields import HiddenField

FIELD = "once"
MOST = 20  # sendings remembered in one session; the oldest gives way
_KEPT = "sent_once"
_LENGTH = 22


class Once:
    """One request for a form page that makes something.

    `answer`: where the first sending led, if this one repeats it. Ask for it once the reader's right to the
    page is checked and before anything is made. Two sendings at the same moment take turns: the second waits
    here until the first one's transaction has ended.
    """

    def __init__(self, request: HttpRequest) -> None:
        self._request = request
        self.mark = request.POST.get(FIELD, "")[:_LENGTH] if request.method == "POST" else ""
        self._sent = _digest(request) if self.mark else ""
        self.answer: HttpResponse | None = None
        if self._sent:
            _wait_for(self._sent)
            kept = self._kept()
            self.answer = HttpResponseRedirect(kept[self._sent]) if self._sent in kept else None

    def within(self, form: Any) -> Any:
        """The form with its mark, for the page. It adds nothing to what the form has cleaned."""
        form.fields[FIELD] = HiddenField(required=False, initial=self.mark or get_random_string(_LENGTH))
        return form

    def done(self, response: HttpResponseRedirect) -> HttpResponseRedirect:
        """Keep where it led, and return the answer.

        The session is saved here, so that it stands or falls with what was made.
        """
        if self._sent:
            kept = [*self._kept().items(), (self._sent, response.url)]
            self._request.session[_KEPT] = dict(kept[-MOST:])
            self._request.session.save()
        return response

    def _kept(self) -> dict[str, str]:
        """What the session holds now, which may be more than when this request began."""
        session = self._request.session
        newest = type(session)(session.session_key).get(_KEPT, {})
        if newest:
            session[_KEPT] = newest
        return dict(newest)


def _digest(request: HttpRequest) -> str:
    """One form at one address as it was sent, the mark included."""
    sent = sorted((name, values) for name, values in request.POST.lists() if name != "csrfmiddlewaretoken")
    return hashlib.sha256(repr((request.get_full_path(), sent)).encode()).hexdigest()


def _wait_for(sent: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_catalog.pg_advisory_xact_lock(%s)", [int(sent[:15], 16)])
