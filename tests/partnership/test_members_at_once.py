"""Two people changing the same thing at the same moment."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connections

from saferhub.accounts.models import User
from saferhub.foundation import clock
from saferhub.foundation.refusals import Refusal
from saferhub.partnership.access import Role, actor_for
from saferhub.partnership.access import members as access
from saferhub.partnership.models import Hub, Membership
from saferhub.partnership.operations import memberships as operations

pytestmark = pytest.mark.django_db(transaction=True)


def at_the_same_moment(*acts):
    """Run each on a connection of its own; the answers, a refusal's code in place of a result."""
    together = Barrier(len(acts))

    def run(act):
        try:
            together.wait(timeout=10)
            act()
        except Refusal as refusal:
            return refusal.code
        finally:
            connections.close_all()
        return "done"

    with ThreadPoolExecutor(len(acts)) as pool:
        return sorted(pool.map(run, acts))


def test_two_managers_who_record_each_other_as_having_left_do_not_leave_nobody(world):
    on = clock.today()
    maya = actor_for(User.objects.get(username="maya.manager"))
    ada = actor_for(User.objects.get(username="ada.admin"))
    answers = at_the_same_moment(
        lambda: operations.record_leaver(ada.user, by=maya, on=on, reason="One"),
        lambda: operations.record_leaver(maya.user, by=ada, on=on, reason="Other"),
    )
    assert answers.count("done") == 1
    assert len(access.managing(maya.partnership)) == 1


def test_a_role_given_twice_at_once_is_held_once(world):
    on = clock.today()
    rachel = User.objects.get(username="rachel.referrer")
    hub = Hub.objects.get(code="selby")
    givers = [actor_for(User.objects.get(username=name)) for name in ("maya.manager", "ada.admin")]
    answers = at_the_same_moment(
        *(
            lambda by=by: operations.give_role(rachel, role=Role.MINUTE_TAKER, hub=hub, by=by, on=on)
            for by in givers
        )
    )
    assert answers == ["done", "held_already"]
    assert Membership.objects.filter(user=rachel, role="minute_taker").count() == 1
