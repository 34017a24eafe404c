"""The plan: which faults fire, how often, in which order, and how they end."""

from dataclasses import replace

import pytest

from helpers.acme import ACME, API
from helpers.tenant_client import race
from mockidp.faults import Fault, FaultContext, When
from mockidp.faults.plan import MAX_CANCELED
from mockidp.protocol.grant_types import PASSWORD_REALM
from mockidp.tenant.tenant import Tenant

TOKEN = FaultContext(
    endpoint="token", client="web", user="auth0|alice", audience=API, grant="refresh_token"
)


@pytest.fixture
def tenant():
    return Tenant(ACME)


def fired(tenant, context=TOKEN, times=10, **options):
    """Tell of each of so many exchanges whether something fired."""
    return [bool(tenant.faults.fire(context, **options)) for _ in range(times)]


def test_a_fault_fires_at_its_place_and_nowhere_else(tenant):
    active = tenant.faults.add(Fault(endpoint="token", rate_limit=True))
    assert fired(tenant, times=1) == [True]
    assert fired(tenant, replace(TOKEN, endpoint="userinfo"), times=1) == [False]
    assert (active.matched, active.fired) == (1, 1)


def test_a_star_is_for_endpoints_and_not_for_what_they_hand_out(tenant):
    tenant.faults.add(Fault(endpoint="*", status=503))
    assert fired(tenant, times=1, at_endpoint=True) == [True]
    assert fired(tenant, replace(TOKEN, endpoint="id_token"), times=1) == [False]


def test_all_that_match_fire_in_the_order_in_which_they_were_asked_for(tenant):
    for seconds in (3, 1, 2):
        tenant.faults.add(Fault(endpoint="token", delay=seconds))
    firings = tenant.faults.fire(TOKEN)
    assert [one.fault.delay for one in firings] == [3, 1, 2]


def test_times_ends_it_and_after_lets_the_first_go_well(tenant):
    active = tenant.faults.add(Fault(endpoint="token", status=503, after=2, times=3))
    assert fired(tenant) == [False] * 2 + [True] * 3 + [False] * 5
    assert (active.matched, active.fired) == (10, 3)
    assert str(active) == "fault token: status 503 (3 of 3)"


def test_without_times_it_fires_until_it_is_cancelled(tenant):
    active = tenant.faults.add(Fault(endpoint="token", status=503))
    assert all(fired(tenant))
    assert str(active) == "fault token: status 503 (10)"
    active.cancel()
    assert not any(fired(tenant))
    assert active.ended.is_set()
    assert not tenant.faults.cancel(active.name)


def test_it_ends_with_its_block(tenant):
    with tenant.faults.add(Fault(endpoint="token", status=503)) as active:
        assert list(tenant.faults) == [active]
        assert len(tenant.faults) == 1
    assert list(tenant.faults) == []
    assert active.ended.is_set()


def test_a_firing_knows_which_time_it_was(tenant):
    tenant.faults.add(Fault(endpoint="token", status=503, times=2))
    first, second = (tenant.faults.fire(TOKEN)[0] for _ in range(2))
    assert (str(first), str(second)) == (
        "fault token: status 503 (1 of 2)",
        "fault token: status 503 (2 of 2)",
    )


def test_a_hint_has_the_words_unless_the_name_has_them(tenant):
    tenant.faults.add(Fault(endpoint="token", status=503))
    tenant.faults.add(Fault(endpoint="token", status=503, name="outage"))
    assert [one.hint("nothing was done") for one in tenant.faults.fire(TOKEN)] == [
        "Fault `token: status 503` (1) fired: nothing was done.",
        "Fault `outage` (1, status 503) fired: nothing was done.",
    ]


def test_fifty_at_once_get_exactly_as_many_as_were_asked_for(tenant):
    active = tenant.faults.add(Fault(endpoint="token", status=503, times=7))
    outcomes = race(lambda: tenant.faults.fire(TOKEN), 50)
    numbers = sorted(firing.number for firings in outcomes for firing in firings)
    assert numbers == [1, 2, 3, 4, 5, 6, 7]
    assert (active.matched, active.fired) == (50, 7)


def test_what_is_cancelled_while_others_match_does_not_fire_any_more(tenant):
    tenant.faults.add(Fault(endpoint="token", status=503), lambda _context: tenant.faults.clear())
    second = tenant.faults.add(Fault(endpoint="token", status=500))
    assert tenant.faults.fire(TOKEN) == ()
    assert second.fired == 0


def test_what_waits_for_an_exchange_can_be_asked_and_is_not_counted(tenant):
    active = tenant.faults.add(Fault(endpoint="token", status=503))
    tenant.faults.add(Fault(endpoint="token", status=500, when=When(user="bob")))
    tenant.faults.add(Fault(endpoint="jwks", status=500))
    assert tenant.faults.waiting_for(TOKEN) == (active.name,)
    assert active.matched == 0


def test_a_fault_that_the_plan_has_forgotten_keeps_its_counts_and_the_store_does_not(tenant):
    counts = tenant.faults.counts._store
    first = tenant.faults.add(Fault(endpoint="token", status=503, times=1))
    assert fired(tenant, times=2) == [True, False]
    first.cancel()
    for _ in range(MAX_CANCELED + 5):
        tenant.faults.add(Fault(endpoint="token", status=503)).cancel()
    assert counts.count() == 0
    assert (first.matched, first.fired) == (2, 1)
    again = tenant.faults.add(Fault(endpoint="token", status=503, times=1))
    assert (again.name, again.fired) == (first.name, 0)
    assert fired(tenant, times=2) == [True, False]
    tenant.faults.clear()
    assert counts.count() == 0
    assert (again.matched, again.fired) == (2, 1)


# --- chance ---


def test_a_probability_is_drawn_from_the_seed():
    def outcomes(seed):
        tenant = Tenant(ACME, seed=seed)
        tenant.faults.add(Fault(endpoint="token", status=503, probability=0.5))
        return fired(tenant, times=200)

    assert outcomes(1) == outcomes(1)
    assert outcomes(1) != outcomes(2)
    assert 60 < sum(outcomes(1)) < 140


def test_the_seed_begins_anew_with_the_tenant():
    tenant = Tenant(ACME, seed=5)

    def outcomes():
        tenant.faults.add(Fault(endpoint="token", status=503, probability=0.5))
        return fired(tenant, times=50)

    before = outcomes()
    tenant.reset()
    assert outcomes() == before


def test_a_probability_of_nothing_never_fires_and_one_of_all_draws_nothing():
    tenant = Tenant(ACME, seed=5)
    state = tenant.ids.state()
    tenant.faults.add(Fault(endpoint="token", status=503))
    assert all(fired(tenant))
    assert tenant.ids.state() == state
    tenant.faults.clear()
    tenant.faults.add(Fault(endpoint="token", status=503, probability=0.0))
    assert not any(fired(tenant))


# --- when ---


@pytest.mark.parametrize(
    "when",
    [
        When(client="web"),
        When(user="auth0|alice"),
        When(user="alice"),
        When(user="alice@acme.example"),
        When(audience=API),
        When(grant="refresh_token"),
        When(client="web", user="alice", audience=API, grant="refresh_token"),
    ],
)
def test_what_it_is_for_may_be_named(tenant, when):
    active = tenant.faults.add(Fault(endpoint="token", status=503, when=when))
    others = replace(TOKEN, client="m2m", user="auth0|bob", audience=None, grant="password")
    assert fired(tenant, others, times=1) == [False]
    assert active.matched == 0
    assert fired(tenant, times=1) == [True]


def test_all_that_is_named_has_to_fit(tenant):
    tenant.faults.add(Fault(endpoint="token", status=503, when=When(client="web", user="bob")))
    assert fired(tenant, times=1) == [False]


def test_a_user_whom_nobody_knows_is_compared_as_an_id(tenant):
    tenant.faults.add(Fault(endpoint="token", status=503, when=When(user="ghost")))
    assert fired(tenant, replace(TOKEN, user="ghost"), times=1) == [True]
    assert fired(tenant, times=1) == [False]


def test_a_function_may_say_what_it_is_for(tenant):
    seen = []
    tenant.faults.add(
        Fault(endpoint="token", status=503), lambda context: seen.append(context) or len(seen) > 1
    )
    assert fired(tenant, times=2) == [False, True]
    assert seen == [TOKEN, TOKEN]


def test_a_function_is_asked_only_where_the_rest_fits(tenant):
    asked = []
    tenant.faults.add(Fault(endpoint="token", status=503, when=When(client="m2m")), asked.append)
    assert fired(tenant, times=1) == [False]
    assert asked == []


@pytest.mark.parametrize(
    ("refuse", "grants"),
    [
        ("code_used", {"authorization_code"}),
        ("refresh_token_revoked", {"refresh_token"}),
        ("user_blocked", {"password", PASSWORD_REALM, "refresh_token"}),
    ],
)
def test_a_refusal_meets_only_the_grants_that_it_can_happen_to(tenant, refuse, grants):
    tenant.faults.add(Fault(endpoint="token", refuse=refuse))
    everything = {"authorization_code", "client_credentials", "password", "refresh_token", None}
    met = {
        grant
        for grant in (everything | {PASSWORD_REALM})
        if tenant.faults.fire(replace(TOKEN, grant=grant))
    }
    assert met == grants


@pytest.mark.parametrize("refuse", ["login_required", "consent_required"])
def test_a_silent_refusal_meets_silent_requests_only(tenant, refuse):
    tenant.faults.add(Fault(endpoint="authorize", refuse=refuse))
    context = replace(TOKEN, endpoint="authorize")
    assert fired(tenant, context, times=1) == [False]
    assert fired(tenant, replace(context, parameters={"prompt": "login"}), times=1) == [False]
    assert fired(tenant, replace(context, parameters={"prompt": "none"}), times=1) == [True]
