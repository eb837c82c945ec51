"""The one page for somebody without an account: write a referral, get a receipt. Nothing else is shown."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.models import AnonymousUser
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.crypto import get_random_string
from django.views.decorators.http import require_http_methods

from saferhub.casework.access.intake import actor_by_link
from saferhub.casework.forms.intake import PublicReferralForm
from saferhub.casework.models import ReferralLink
from saferhub.casework.operations.intake_links import Receipt, file_by_link, link_of, receipt_of_form
from saferhub.casework.operations.referrals_filed import Incomplete
from saferhub.casework.queries.intake_giving import roles_offered
from saferhub.foundation import clock
from saferhub.foundation.forms import HiddenField
from saferhub.foundation.pages import page
from saferhub.foundation.refusals import Refusal
from saferhub.foundation.transactions import own_transactions
from saferhub.foundation.views import errors
from saferhub.partnership.access import Actor

from .intake_rates import HOUR, MINUTE, address_of, within

MARK = "mark"
# From one address: how many in how many seconds. A school or a surgery has one for all its staff.
_RATES = {"opened": (60, MINUTE), "sent": (60, HOUR), "guessed": (30, MINUTE)}


@login_not_required
@own_transactions
@require_http_methods(["GET", "HEAD", "POST"])
def refer(request: HttpRequest, secret: str) -> HttpResponse:
    """The form and its receipt. A secret that is wrong, has expired, ended or is used up reads alike.

    It keeps its own transaction: the page is drawn as nobody, and only the filing is entered, by the secret.
    """
    # Somebody who is signed in is nobody here: the page is the same for all, and nothing of hers goes along.
    request.user, request.actor = AnonymousUser(), Actor()  # type: ignore[attr-defined]
    if not _within(request, "sent" if request.method == "POST" else "opened"):
        return errors.too_many_requests(request)
    mark = request.POST.get(MARK, "")[:40]
    if mark:
        sent_before = receipt_of_form(secret, mark)
        if sent_before is not None:
            return _quiet(_receipt(request, sent_before))
    link = link_of(secret)
    if link is None:
        if not _within(request, "guessed"):
            return errors.too_many_requests(request)
        raise Http404
    actor = actor_by_link(link, clock.today())
    form = PublicReferralForm(request.POST or None, roles=roles_offered(actor), latest=actor.on)
    form.fields[MARK] = HiddenField(required=False, initial=mark or get_random_string(32))
    if request.method == "POST" and form.is_valid() and mark:
        receipt = _filed(secret, mark, form, link)
        if receipt is not None:
            return _quiet(_receipt(request, receipt))
        if not form.errors:
            raise Http404  # its last use was taken while this was being written
    return _quiet(
        page(request, "casework/intake/refer.html", form=form, link=link, marking="OFFICIAL-SENSITIVE")
    )


def _filed(secret: str, mark: str, form: PublicReferralForm, link: ReferralLink) -> Receipt | None:
    """The receipt; None where the link opens nothing any more, or where the form says what is wrong."""
    try:
        return file_by_link(
            secret=secret, mark=mark, values=form.values(link), people=form.people(), on=clock.today()
        )
    except Incomplete as incomplete:
        for one in incomplete.missing:
            form.refuse(one.field if one.field in form.fields else None, one.sentence)
    except Refusal as refusal:
        form.refuse(form.FIELD_OF.get(refusal.code), refusal.sentence)
    return None


def _receipt(request: HttpRequest, receipt: Receipt) -> HttpResponse:
    return page(request, "casework/intake/refer_sent.html", receipt=receipt, marking="OFFICIAL")


def _quiet(response: HttpResponse) -> HttpResponse:
    """Keep the address, which is a secret, out of search. Other sites never see it: no page of ours tells them
    where a reader comes from (the service's Referrer-Policy)."""
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response


def _within(request: HttpRequest, action: str) -> bool:
    most, seconds = _RATES[action]
    return within(f"link.{action}", address_of(request), most, seconds)
