"""Answers to passkey challenges that are refused, and organizations."""

from dataclasses import replace

import pytest

from helpers.acme import DATABASE, ORIGIN, URL
from helpers.organizations import organization
from helpers.passkeys import NEW, TENANT, PasskeyClient, authenticator
from helpers.tenant_client import claims_of, hint, race
from mockidp.idp import MockIdP
from mockidp.protocol.login.passkeys import MAX_PASSKEYS
from mockidp.resources.organization import OrganizationConnection
from mockidp.testing.software_authenticator import SoftwareAuthenticator

FAILED = ("invalid_grant", "Passkey authentication failed")
NO_SESSION = ("invalid_grant", "Invalid auth_session")


@pytest.fixture
def idp():
    return PasskeyClient()


def refused(answer, error, description, *, status=400):
    assert answer.status_code == status, answer.text
    assert answer.json == {"error": error, "error_description": description}
    return hint(answer)


def test_an_auth_session_works_once_for_a_minute_and_for_its_client(idp):
    held, started = authenticator(idp), idp.start()
    refused(idp.redeem("unknown", {}), *NO_SESSION, status=403)
    why = refused(
        idp.log_in_with(held, started=started, client_id="other"), *NO_SESSION, status=403
    )
    assert "issued to client web, but client other sent it" in why
    idp.later(59)
    assert idp.log_in_with(held, started=started).status_code == 200
    why = refused(idp.log_in_with(held, started=started), *NO_SESSION, status=403)
    assert "It works once, for 60 seconds" in why
    started = idp.start()
    idp.later(60)
    refused(idp.log_in_with(held, started=started), *NO_SESSION, status=403)


def test_of_many_requests_with_one_auth_session_one_succeeds(idp, monkeypatch):
    held, started = authenticator(idp), idp.start()
    with monkeypatch.context() as patch:  # another request is quicker
        patch.setattr("mockidp.flows.grants.webauthn.take_challenge", lambda *_: False)
        refused(idp.log_in_with(held, started=started), *NO_SESSION, status=403)
    challenge = started.json
    answer = held.get(challenge["authn_params_public_key"])
    statuses = race(lambda: idp.redeem(challenge["auth_session"], answer).status_code, count=5)
    assert sorted(statuses) == [200, 403, 403, 403, 403]


def test_a_malformed_answer_does_not_use_the_challenge_up(idp):
    held, started = authenticator(idp), idp.start()
    answer = idp.redeem(started.json["auth_session"], {"id": "x"})
    why = refused(answer, "invalid_request", "Invalid authn_response")
    assert why == "`authn_response` has no object `response`."
    assert idp.log_in_with(held, started=started).status_code == 200


def test_the_realm_has_to_be_that_of_the_challenge(idp):
    held = authenticator(idp)
    answer = idp.log_in_with(held, started=idp.start(realm="staff"))
    assert "is for staff" in refused(answer, "invalid_request", "Invalid realm")


def test_a_user_of_another_connection_is_refused(idp):
    answer = idp.log_in_with(authenticator(idp, "carol"))
    assert "belongs to connection staff" in refused(answer, *FAILED, status=403)


def test_the_hint_and_the_trace_name_the_step_that_failed(idp):
    held, other = authenticator(idp), idp.start().json["authn_params_public_key"]
    started = idp.start().json
    answer = idp.redeem(started["auth_session"], held.get(other))
    why = refused(answer, *FAILED, status=403)
    assert f"auth_session` is for '{started['authn_params_public_key']['challenge']}'" in why
    assert why.endswith("The step that failed: Web Authentication Level 2, 7.2 step 12.")
    *passed, failed = list(idp.tenant.journal)[-1].trace
    assert (failed.name, failed.passed) == ("webauthn_challenge", False)
    assert passed[-1].name == "webauthn_type"


def test_another_origin_is_refused(idp):
    held = authenticator(idp)
    held.origin = "https://evil.example"
    why = refused(idp.log_in_with(held), *FAILED, status=403)
    assert "answered at 'https://evil.example'" in why
    assert ORIGIN in why


def test_another_relying_party_is_refused(idp):
    held, challenge = authenticator(idp, rp_id="evil.example"), idp.start().json
    answer = held.get({**challenge["authn_params_public_key"], "rpId": "evil.example"})
    answer = idp.redeem(challenge["auth_session"], answer)
    assert "7.2 step 15" in refused(answer, *FAILED, status=403)


def test_an_unknown_passkey_and_that_of_another_user_are_refused(idp):
    alice, bob = authenticator(idp), authenticator(idp, "bob")
    challenge = idp.start().json
    answer = alice.get(challenge["authn_params_public_key"])
    unknown = {**answer, "id": "YWJj", "rawId": "YWJj"}
    why = refused(idp.redeem(challenge["auth_session"], unknown), *FAILED, status=403)
    assert "No user has a passkey with the id 'YWJj'" in why
    challenge = idp.start().json
    answer = alice.get(challenge["authn_params_public_key"])
    answer["response"]["userHandle"] = bob.passkeys[0].user_handle
    why = refused(idp.redeem(challenge["auth_session"], answer), *FAILED, status=403)
    assert "7.2 step 6" in why
    challenge = idp.start().json
    answer = bob.get(challenge["authn_params_public_key"])
    answer["response"]["signature"] = "AAAA"
    why = refused(idp.redeem(challenge["auth_session"], answer), *FAILED, status=403)
    assert "7.2 step 20" in why


def test_a_counter_that_goes_back_is_refused(idp):
    held = authenticator(idp)
    assert idp.log_in_with(held).status_code == 200
    held.passkeys[0].sign_count = 0
    assert "7.2 step 21" in refused(idp.log_in_with(held), *FAILED, status=403)


def test_a_passkey_is_removed_while_it_is_used(idp, monkeypatch):
    held = authenticator(idp)
    monkeypatch.setattr("mockidp.flows.passkeys.verify.use_passkey", lambda *_: False)
    assert "meanwhile" in refused(idp.log_in_with(held), *FAILED, status=403)


def test_a_blocked_user_is_refused(idp):
    held = authenticator(idp)
    alice = replace(idp.tenant.directory.user("auth0|alice"), blocked=True)
    idp.tenant.directory.users.store.put("auth0|alice", alice)
    refused(idp.log_in_with(held), "unauthorized", "user is blocked", status=401)


def test_a_deleted_user_loses_all_passkeys(idp):
    held = authenticator(idp)
    mock = MockIdP(idp.tenant, url=URL)
    mock.remove_user("alice")
    mock.add_user("alice")
    assert "No user has a passkey" in refused(idp.log_in_with(held), *FAILED, status=403)


def test_a_passkey_of_a_user_who_is_no_longer_in_the_file_is_refused(idp):
    held = authenticator(idp)
    idp.edit(replace(TENANT, users=TENANT.users[1:]))
    assert "No user has a passkey" in refused(idp.log_in_with(held), *FAILED, status=403)


def test_a_known_credential_and_a_user_who_signed_up_meanwhile_are_refused(idp):
    started, again = idp.start("register").json, idp.start("register").json
    held = SoftwareAuthenticator(URL)
    made = held.create(started["authn_params_public_key"])
    assert idp.redeem(started["auth_session"], made).status_code == 200
    answer = idp.redeem(again["auth_session"], held.create(again["authn_params_public_key"]))
    refused(answer, "invalid_request", "The user already exists.")
    other = idp.start("register", user_profile={"email": "other@acme.example"}).json
    credential_id = idp.tenant.passkeys.keys()[0]
    copied = SoftwareAuthenticator(URL)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("mockidp.testing.software_authenticator.new_id", lambda: credential_id)
        made = copied.create(other["authn_params_public_key"])
    answer = idp.redeem(other["auth_session"], made)
    assert "7.1 step 22" in refused(answer, *FAILED, status=403)
    assert idp.tenant.directory.find_user("other@acme.example", [DATABASE]) is None


def test_a_user_has_at_most_twenty_passkeys(idp):
    for _ in range(MAX_PASSKEYS):
        authenticator(idp)
    with pytest.raises(Exception, match="as many passkeys as Auth0 allows"):
        authenticator(idp)


# --- organizations ---


@pytest.fixture
def b2b():
    web = replace(
        TENANT.clients[0],
        organization_usage="require",
        organization_require_behavior="pre_login_prompt",
    )
    red = organization("red", "alice")
    joining = OrganizationConnection(name=DATABASE, assign_membership_on_login=True)
    blue = organization("blue", connections=(joining,))
    return PasskeyClient(
        replace(TENANT, clients=(web, *TENANT.clients[1:]), organizations=(red, blue))
    )


def test_a_login_and_a_sign_up_to_an_organization(b2b):
    red, blue = (one.id for one in b2b.tenant.directory.organizations.values())
    text = "parameter organization is required for this client"
    refused(b2b.start(), "invalid_request", text)
    alice = authenticator(b2b)
    done = b2b.log_in_with(alice, started=b2b.start(organization=red), organization=red)
    assert claims_of(done.json["id_token"])["org_id"] == red
    done = b2b.log_in_with(alice, started=b2b.start(organization=blue))
    assert claims_of(done.json["id_token"])["org_id"] == blue
    answer = b2b.log_in_with(alice, started=b2b.start(organization=blue), organization=red)
    refused(answer, "invalid_request", "Invalid organization")
    answer = b2b.log_in_with(authenticator(b2b, "bob"), started=b2b.start(organization=red))
    assert (answer.status_code, answer.json["error"]) == (403, "access_denied")
    _, done = b2b.sign_up(started=b2b.start("register", organization=red))
    sub = claims_of(done.json["id_token"])["sub"]
    [named] = (one for one in b2b.tenant.directory.organizations.values() if one.id == red)
    assert named.member(sub) is not None


def test_a_sign_up_to_an_organization_without_the_connection_creates_no_user(b2b):
    red = next(iter(b2b.tenant.directory.organizations.values()))
    started = b2b.start("register", organization=red.id)
    changed = replace(red, connections=())
    b2b.tenant.directory.organizations.store.put(red.name, changed)
    _, answer = b2b.sign_up(started=started)
    why = refused(answer, "invalid_request", "no connections enabled for the organization")
    assert f"{DATABASE!r} is not enabled for organization red" in why
    assert b2b.tenant.directory.find_user(NEW["email"], [DATABASE]) is None
