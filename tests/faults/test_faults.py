"""The plan: which faults fire, how often and in which order, and when they end."""

from dataclasses import replace

import pytest

from helpers.acme import ACME, API
from helpers.tenant_client import race
from mockidp.faults import Fault, FaultContext, When
from mockidp.faults.plan import MAX_CANCELED
from mockidp.protocol.oauth.grant_types import PASSWORD_REALM
from mockidp.tenant.tenant import Tenant

TOKEN = FaultContext(
    endpoint="token", client="web", user="auth0|alice", audience=API, grant="refresh_token"
)


@pytest.fixture
def tenant():
    return Tenant(ACME)


def fired(tenant, context=TOKEN, times=10, **options):
    """Return whether a fault fired, for each of several exchanges."""
    return [bool(tenant.faults.fire(context, **options)) for _ in range(times)]


def test_a_fault_fires_only_at_its_endpoint(tenant):
    active = tenant.faults.add(Fault(endpoint="token", rate_limit=True))
    assert fired(tenant, times=1) == [True]
    assert fired(tenant, replace(TOKEN, endpoint="userinfo"), times=1) == [False]
    assert (active.matched, active.fired) == (1, 1)


def test_a_star_matches_endpoints_but_not_tokens(tenant):
    tenant.faults.add(Fault(endpoint="*", status=503))
    assert fired(tenant, times=1, at_endpoint=True) == [True]
    assert fired(tenant, replace(TOKEN, endpoint="id_token"), times=1) == [False]


def test_all_matching_faults_fire_in_the_order_in_which_they_were_added(tenant):
    for seconds in (3, 1, 2):
        tenant.faults.add(Fault(endpoint="token", delay=seconds))
    hits = tenant.faults.fire(TOKEN)
    assert [one.fault.delay for one in hits] == [3, 1, 2]


def test_times_limits_a_fault_and_after_delays_it(tenant):
    active = tenant.faults.add(Fault(endpoint="token", status=503, after=2, times=3))
    assert fired(tenant) == [False] * 2 + [True] * 3 + [False] * 5
    assert (active.matched, active.fired) == (10, 3)
    assert str(active) == "fault token: status 503 (3 of 3)"


def test_without_times_a_fault_fires_until_it_is_canceled(tenant):
    active = tenant.faults.add(Fault(endpoint="token", status=503))
    assert all(fired(tenant))
    assert str(active) == "fault token: status 503 (10)"
    active.cancel()
    assert not any(fired(tenant))
    assert active.ended.is_set()
    assert not tenant.faults.cancel(active.name)


def test_a_fault_ends_with_its_block(tenant):
    with tenant.faults.add(Fault(endpoint="token", status=503)) as active:
        assert list(tenant.faults) == [active]
        assert len(tenant.faults) == 1
    assert list(tenant.faults) == []
    assert active.ended.is_set()


def test_a_hit_is_numbered(tenant):
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


def test_concurrent_requests_do_not_exceed_the_limit(tenant):
    active = tenant.faults.add(Fault(endpoint="token", status=503, times=7))
    outcomes = race(lambda: tenant.faults.fire(TOKEN), 50)
    numbers = sorted(hit.number for hits in outcomes for hit in hits)
    assert numbers == [1, 2, 3, 4, 5, 6, 7]
    assert (active.matched, active.fired) == (50, 7)


def test_a_fault_that_is_canceled_while_others_match_does_not_fire(tenant):
    tenant.faults.add(Fault(endpoint="token", status=503), lambda _context: tenant.faults.clear())
    second = tenant.faults.add(Fault(endpoint="token", status=500))
    assert tenant.faults.fire(TOKEN) == ()
    assert second.fired == 0


def test_waiting_faults_are_listed_without_being_counted(tenant):
    active = tenant.faults.add(Fault(endpoint="token", status=503))
    tenant.faults.add(Fault(endpoint="token", status=500, when=When(user="bob")))
    tenant.faults.add(Fault(endpoint="jwks", status=500))
    assert tenant.faults.waiting_for(TOKEN) == (active.name,)
    assert active.matched == 0


def test_a_forgotten_fault_keeps_its_counts_and_the_store_deletes_them(tenant):
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


# --- probability ---


def test_a_probability_is_drawn_from_the_seed():
    def outcomes(seed):
        tenant = Tenant(ACME, seed=seed)
        tenant.faults.add(Fault(endpoint="token", status=503, probability=0.5))
        return fired(tenant, times=200)

    assert outcomes(1) == outcomes(1)
    assert outcomes(1) != outcomes(2)
    assert 60 < sum(outcomes(1)) < 140


def test_a_reset_restarts_the_seeded_sequence():
    tenant = Tenant(ACME, seed=5)

    def outcomes():
        tenant.faults.add(Fault(endpoint="token", status=503, probability=0.5))
        return fired(tenant, times=50)

    before = outcomes()
    tenant.reset()
    assert outcomes() == before


def test_probability_0_never_fires_and_probability_1_draws_no_number():
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
def test_when_limits_a_fault_to_matching_exchanges(tenant, when):
    active = tenant.faults.add(Fault(endpoint="token", status=503, when=when))
    others = replace(TOKEN, client="m2m", user="auth0|bob", audience=None, grant="password")
    assert fired(tenant, others, times=1) == [False]
    assert active.matched == 0
    assert fired(tenant, times=1) == [True]


def test_all_fields_of_when_have_to_match(tenant):
    tenant.faults.add(Fault(endpoint="token", status=503, when=When(client="web", user="bob")))
    assert fired(tenant, times=1) == [False]


def test_an_unknown_user_is_compared_as_an_id(tenant):
    tenant.faults.add(Fault(endpoint="token", status=503, when=When(user="ghost")))
    assert fired(tenant, replace(TOKEN, user="ghost"), times=1) == [True]
    assert fired(tenant, times=1) == [False]


def test_a_predicate_selects_exchanges(tenant):
    seen = []
    tenant.faults.add(
        Fault(endpoint="token", status=503), lambda context: seen.append(context) or len(seen) > 1
    )
    assert fired(tenant, times=2) == [False, True]
    assert seen == [TOKEN, TOKEN]


def test_a_predicate_is_called_only_if_everything_else_matches(tenant):
    calls = []
    tenant.faults.add(Fault(endpoint="token", status=503, when=When(client="m2m")), calls.append)
    assert fired(tenant, times=1) == [False]
    assert calls == []


@pytest.mark.parametrize(
    ("refuse", "grants"),
    [
        ("code_used", {"authorization_code"}),
        ("refresh_token_revoked", {"refresh_token"}),
        ("user_blocked", {"password", PASSWORD_REALM, "refresh_token"}),
    ],
)
def test_a_refusal_fires_only_for_grants_in_which_it_is_possible(tenant, refuse, grants):
    tenant.faults.add(Fault(endpoint="token", refuse=refuse))
    everything = {"authorization_code", "client_credentials", "password", "refresh_token", None}
    refused = {
        grant
        for grant in (everything | {PASSWORD_REALM})
        if tenant.faults.fire(replace(TOKEN, grant=grant))
    }
    assert refused == grants


@pytest.mark.parametrize("refuse", ["login_required", "consent_required"])
def test_a_refusal_of_a_silent_login_fires_only_with_prompt_none(tenant, refuse):
    tenant.faults.add(Fault(endpoint="authorize", refuse=refuse))
    context = replace(TOKEN, endpoint="authorize")
    assert fired(tenant, context, times=1) == [False]
    assert fired(tenant, replace(context, parameters={"prompt": "login"}), times=1) == [False]
    assert fired(tenant, replace(context, parameters={"prompt": "none"}), times=1) == [True]
