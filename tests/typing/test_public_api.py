"""The types of the public API: checked by mypy, and run."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, assert_type

import mockidp
from mockidp import (
    ActiveFault,
    Client,
    Clock,
    CustomClaim,
    Explanation,
    FaultContext,
    Journal,
    JournalEntry,
    MockIdP,
    MockIdPError,
    ResourceServer,
    Snapshot,
    User,
)

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

CALLBACK = "http://localhost:3000/callback"
EXAMPLE = Path(__file__).parents[2] / "fixtures/tenants/acme.yaml"


def test_the_arguments_of_mockidp() -> None:
    MockIdP()
    MockIdP(EXAMPLE)
    MockIdP(EXAMPLE, placeholders={"ENV": "dev"})
    MockIdP(str(EXAMPLE), settings={"profile": "oidc", "impersonation": {"ttl": 60}})
    MockIdP({"users": [{"user_id": "auth0|alice"}]}, seed=7, url="http://idp.test")
    MockIdP(
        listen="localhost:0",
        settings={
            "hosts": ["idp.acme.example"],
            "claims": [{"claim": "plan", "from": "user.email", "in": ["id_token"]}],
            "faults": [{"endpoint": "jwks", "stale": True, "when": {"client": "web"}, "times": 1}],
        },
    )


def test_the_properties_of_a_served_mockidp() -> None:
    with MockIdP() as idp:
        assert_type(idp, MockIdP)
        assert_type(idp.url, str)
        assert_type(idp.issuer, str)
        assert_type(idp.is_served, bool)
    with idp.serve() as served:
        assert_type(served, MockIdP)
    assert_type(MockIdP().start(), MockIdP).stop()
    with MockIdP(tls=True) as idp:
        assert_type(idp.tls_url, str)
        assert_type(idp.ca_file, str)
        assert_type(idp.bundle_file, str)


def served_over_wsgi(idp: MockIdP) -> WSGIApplication:
    return idp.app


def test_records_are_added_with_auth0s_field_names() -> None:
    idp = MockIdP(url="http://idp.test")
    user = idp.add_user(
        "carol",
        email="carol@acme.example",
        email_verified=True,
        roles=[],
        permissions=[
            {"permission_name": "x", "resource_server_identifier": "https://x.example/"},
        ],
        app_metadata={"plan": "pro"},
    )
    assert_type(user, User)
    assert_type(user.email, str | None)
    client = idp.add_client(
        "web",
        name="Web",
        callbacks=[CALLBACK],
        grant_types=("authorization_code", "refresh_token"),
        token_endpoint_auth_method="client_secret_post",
        refresh_token={"rotation_type": "rotating", "leeway": 3},
        jwt_configuration={"alg": "RS256"},
    )
    assert_type(client, Client)
    assert_type(client.callbacks, tuple[str, ...])
    assert_type(idp.add_client("all", is_global=False), Client)
    assert_type(idp.patch_client("all", callbacks=[CALLBACK]), Client)
    api = idp.add_api("https://api.example/", scopes=["read:x"], token_lifetime=60)
    assert_type(api, ResourceServer)
    scopes = ["read:x", "write:x"]
    idp.add_api("https://api.example/", scopes=scopes)
    idp.add_api("https://api.example/", scopes=[{"value": "read:x", "description": "Read"}, "x"])
    claim = idp.add_claim("https://acme.example/plan", from_="user.app_metadata.plan")
    assert_type(claim, CustomClaim)
    assert_type(claim.path, str | None)
    idp.add_claim("plan", value={"a": [1]}, in_=["id_token", "userinfo"], user="carol", scope="x")
    idp.add_claim("plan", value=None, in_="access_token", client="web")


def test_tokens_and_links_are_strings() -> None:
    idp = MockIdP(url="http://idp.test")
    token = idp.access_token(
        audience="https://api.example/",
        user="alice",
        scope="read:x",
        client="web",
        claims={"plan": "pro"},
        expires_in=60,
        remove=["scope"],
        header={"typ": None},
        wrong=["iss", "aud"],
        kid="x",
    )
    assert_type(token, str)
    assert_type(idp.access_token(audience="x", alg="none", expired=True), str)
    assert_type(idp.access_token(audience=["x", "y"]), str)
    assert_type(idp.id_token(user="alice", nonce="n", signature="another_key", wrong="nonce"), str)
    link = idp.impersonation_link("alice", client="web", callback_url=CALLBACK, state="s", ttl=60)
    assert_type(link, str)
    explanation = idp.explain(link)
    assert_type(explanation, Explanation)
    assert_type(explanation.accepted, bool | None)
    assert_type(explanation.reasons, tuple[str, ...])


def test_faults_can_be_limited_by_conditions_or_a_function() -> None:
    idp = MockIdP()

    def first_time(context: FaultContext) -> bool:
        return context.client == "web" and context.grant is None

    fault = idp.fault("token", status=503, body="{}", headers={"Retry-After": "1"}, times=2)
    assert_type(fault, ActiveFault)
    assert_type(fault.fired, int)
    assert_type(fault.name, str)
    with idp.fault("id_token", when={"client": "web"}, set={"email": 5}, name="e") as narrowed:
        assert_type(narrowed, ActiveFault)
    idp.fault("*", when=first_time, delay=0.1, after=1, probability=0.5)
    idp.fault("authorize", when=lambda context: context.user == "x", error="access_denied")
    idp.fault("callback", wrong="state").cancel()
    idp.fault("token", refuse="code_used", when=None)
    for one in idp.faults:
        assert_type(one, ActiveFault)


def test_the_clock_accepts_all_types_of_times() -> None:
    idp = MockIdP()
    assert_type(idp.clock, Clock)
    idp.clock.freeze()
    idp.clock.freeze("2030-01-31T12:00:00Z")
    idp.clock.set(datetime(2030, 1, 31, tzinfo=UTC))
    idp.clock.set(1896091200)
    idp.clock.advance(60.5)
    idp.clock.offset(-5)
    assert_type(idp.clock.skew, float)
    idp.clock.skew = 90
    assert_type(idp.clock.now(), float)


def test_queries_and_assertions_return_entries() -> None:
    idp = MockIdP()
    assert_type(idp.journal, Journal)
    assert_type(idp.journal.of("token", client="web", status=200), list[JournalEntry])
    assert_type(idp.journal.last("token"), JournalEntry | None)
    assert_type(idp.journal.to_json(), str)
    for entry in idp.journal:
        assert_type(entry, JournalEntry)
    idp.assert_no_refusals(ignoring="login_required")
    assert_type(idp.assert_token_requested(grant="refresh_token", times=0), list[JournalEntry])


def signed_in(idp: MockIdP, codes: Collection[str]) -> JournalEntry:
    idp.assert_no_refusals(ignoring=codes)
    return assert_type(
        idp.assert_signed_in("alice", client="web", pkce="S256", nonce=True, scope="openid"),
        JournalEntry,
    )


def test_snapshots_and_resets() -> None:
    idp = MockIdP()
    snapshot = idp.snapshot()
    assert_type(snapshot, Snapshot)
    assert_type(idp.rotate_keys(), str)
    idp.unblock("alice")
    idp.restore(snapshot)
    idp.reset()


def test_errors_are_of_one_class() -> None:
    try:
        MockIdP("missing.yaml")
    except MockIdPError as error:
        assert_type(error, MockIdPError)


def test_a_domain_is_intercepted() -> None:
    with mockidp.intercept("acme.eu.auth0.com", settings={"profile": "auth0"}) as idp:
        assert_type(idp, MockIdP)
