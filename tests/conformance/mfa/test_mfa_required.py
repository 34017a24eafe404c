"""`mfa_required`: when a second factor is demanded, and what the refusal contains."""

from dataclasses import replace

import pytest

from helpers.acme import ACME, API
from helpers.interleaved import lose_next_swap
from helpers.mfa import (
    APP,
    CREDENTIALS,
    FACTORS,
    MFA_API,
    OTHER_EMAIL,
    PHONE_OF_ALICE,
    MfaClient,
    refused,
    with_mfa,
)
from helpers.tenant_client import TenantClient, claims_of, hint
from mockidp.protocol.oauth.grant_types import PASSWORD_REALM
from mockidp.resources.client_tokens import RefreshTokenPolicy, ResourcePolicy

REQUIRED = (403, "mfa_required", "Multifactor authentication required")


def test_auth0_mfa__a_password_of_an_enrolled_user_gives_an_mfa_token_and_no_tokens():
    idp = MfaClient(APP)
    answer = idp.password_token(scope="openid")
    assert refused(answer) == REQUIRED
    assert list(answer.json) == ["error", "error_description", "mfa_token"]
    assert answer.json["mfa_token"].startswith("Fe26.2*")
    assert hint(answer) == (
        "The policy `all-applications` requires a second factor at every login. Send the "
        "`mfa_token` to /mfa/challenge and with an MFA grant (otp, email)."
    )


def test_auth0_mfa__the_grant_password_realm_needs_a_second_factor_too():
    answer = MfaClient(APP).password_token(
        grant_type=PASSWORD_REALM, realm="Username-Password-Authentication"
    )
    assert refused(answer) == REQUIRED


def test_auth0_mfa__a_wrong_password_is_refused_before_a_second_factor():
    answer = MfaClient(APP).password_token(password="wrong")
    assert refused(answer) == (403, "invalid_grant", "Wrong email or password.")


def test_auth0_mfa__the_answer_lists_the_factors_that_a_user_can_enroll():
    answer = MfaClient().password_token()
    assert refused(answer) == REQUIRED
    assert answer.json["mfa_requirements"] == {
        "enroll": [
            {"type": "otp"},
            {"type": "phone"},
            {"type": "email"},
            {"type": "push-notification"},
        ]
    }
    assert hint(answer).endswith(
        "The user has not enrolled one: send the `mfa_token` to /mfa/associate."
    )


def test_auth0_mfa__a_factor_that_is_disabled_does_not_count_as_enrolled():
    answer = MfaClient(APP, factors=("sms",)).password_token()
    assert answer.json["mfa_requirements"] == {"enroll": [{"type": "phone"}]}


@pytest.mark.parametrize("policies", [(), ("confidence-score",)])
def test_auth0_mfa__without_the_policy_no_second_factor_is_needed(policies):
    assert MfaClient(APP, policies=policies).password_token().status_code == 200


@pytest.mark.parametrize("factors", [(), ("recovery-code",), ("webauthn-roaming",)])
def test_mockidp_mfa__a_policy_without_an_enabled_factor_is_skipped_with_a_hint(factors):
    answer = MfaClient(APP, factors=factors).password_token()
    assert answer.status_code == 200
    assert "It was skipped, because no factor is enabled. Enable one in `guardianFactors`." in hint(
        answer
    )


def test_auth0_mfa__the_verified_email_of_the_profile_is_used_only_without_another_factor():
    alone = MfaClient(factors=("email",)).password_token()
    assert "mfa_requirements" not in alone.json
    with_others = MfaClient(factors=("otp", "email")).password_token()
    assert "enroll" in with_others.json["mfa_requirements"]
    enrolled = MfaClient(OTHER_EMAIL, factors=("otp", "email")).password_token()
    assert "mfa_requirements" not in enrolled.json


def test_auth0_mfa__an_unverified_email_is_not_a_factor():
    document = with_mfa(factors=("email",))
    users = tuple(replace(one, email_verified=False) for one in document.users)
    answer = TenantClient(replace(document, users=users)).password_token()
    assert answer.json["mfa_requirements"] == {"enroll": [{"type": "email"}]}


def test_mockidp_mfa__an_api_of_the_setting_needs_a_second_factor_and_others_do_not():
    idp = MfaClient(APP, PHONE_OF_ALICE, policies=(), mfa_audiences=(API,))
    answer = idp.password_token(audience=API, scope="openid read:items")
    assert refused(answer) == REQUIRED
    assert answer.json["mfa_requirements"] == {
        "challenge": [{"type": "otp"}, {"type": "phone"}, {"type": "email"}]
    }
    assert hint(answer).startswith(
        f"Setting `mfa_audiences` requires a second factor for API {API}."
    )
    assert idp.password_token(audience="https://open.example/").status_code == 200
    done = idp.otp(answer.json["mfa_token"], idp.code()).json
    assert claims_of(done["access_token"])["aud"] == [API, "http://localhost:9400/userinfo"]
    assert done["scope"] == "openid read:items"


def test_auth0_mfa__a_token_for_the_mfa_api_needs_the_factor_of_an_enrolled_user():
    idp = MfaClient(APP, policies=())
    assert refused(idp.password_token(audience=MFA_API, scope="enroll")) == REQUIRED
    other = idp.password_token(username="bob@acme.example", audience=MFA_API, scope="enroll x")
    assert other.json["expires_in"] == 600
    claims = claims_of(other.json["access_token"])
    assert (claims["aud"], claims["scope"]) == (MFA_API, "enroll")


def test_auth0_mfa__a_client_cannot_get_a_token_of_its_own_for_the_mfa_api():
    answer = MfaClient().machine_token(audience=MFA_API)
    assert (answer.status_code, answer.json["error"]) == (403, "access_denied")


OFFLINE = {"audience": API, "scope": "openid offline_access"}


class TestRefresh:
    """A refresh token of a login without a second factor."""

    def logged_in(self, client_id="spa", **options):
        """Return a client, and a refresh token from before the policy."""
        policy = RefreshTokenPolicy(
            rotation_type="rotating",
            policies=(ResourcePolicy(audience="https://open.example/", scope=("a",)),),
        )
        clients = tuple(
            replace(one, refresh_token=policy) if one.client_id == "spa" else one
            for one in ACME.clients
        )
        document = replace(ACME, clients=clients)
        idp = MfaClient(APP, document=document, policies=(), **options)
        token = idp.password_token(client_id=client_id, **OFFLINE).json["refresh_token"]
        return idp, token

    def demand(self, idp):
        """Switch the policy on."""
        idp.edit(replace(idp.tenant.document, guardian_policies=with_mfa().guardian_policies))

    def test_auth0_mfa__it_needs_a_second_factor_and_is_not_used_up(self):
        idp, refresh_token = self.logged_in()
        self.demand(idp)
        for _ in range(2):
            assert refused(idp.refresh(refresh_token, client_id="spa")) == REQUIRED

    def test_auth0_mfa__the_second_factor_rotates_it(self):
        idp, refresh_token = self.logged_in()
        self.demand(idp)
        token = idp.refresh(refresh_token, client_id="spa").json["mfa_token"]
        done = idp.otp(token, idp.code(), client_id="spa")
        assert list(done.json) == [
            "access_token", "refresh_token", "id_token", "scope", "expires_in", "token_type",
        ]  # fmt: skip
        assert claims_of(done.json["id_token"])["amr"] == ["mfa"]
        again = idp.refresh(done.json["refresh_token"], client_id="spa")
        assert claims_of(again.json["id_token"])["amr"] == ["mfa"]
        assert idp.refresh(refresh_token, client_id="spa").json["error"] == "invalid_grant"

    def test_auth0_mfa__one_that_does_not_rotate_stays(self):
        idp, refresh_token = self.logged_in("web")
        self.demand(idp)
        token = idp.refresh(refresh_token).json["mfa_token"]
        assert "refresh_token" not in idp.otp(token, idp.code()).json
        assert idp.refresh(refresh_token).status_code == 200

    def test_auth0_mfa__one_that_is_revoked_meanwhile_gives_no_tokens(self):
        idp, refresh_token = self.logged_in("web")
        self.demand(idp)
        token = idp.refresh(refresh_token).json["mfa_token"]
        idp.post("/oauth/revoke", token=refresh_token, **CREDENTIALS)
        answer = idp.otp(token, idp.code())
        assert refused(answer) == (403, "invalid_grant", "Unknown or invalid refresh token.")
        assert hint(answer) == (
            "The refresh token was revoked or expired before the second factor."
        )

    def test_mockidp_mfa__a_family_that_changes_meanwhile_is_read_again(self, monkeypatch):
        idp, refresh_token = self.logged_in("web")
        self.demand(idp)
        token = idp.refresh(refresh_token).json["mfa_token"]
        lost = lose_next_swap(monkeypatch, idp.tenant.refresh_families)
        assert idp.otp(token, idp.code()).status_code == 200
        assert lost

    def test_mockidp_mfa__another_api_can_need_a_second_factor(self):
        idp, refresh_token = self.logged_in(mfa_audiences=("https://open.example/",))
        other = {"client_id": "spa", "audience": "https://open.example/"}
        rotated = idp.refresh(refresh_token, client_id="spa").json["refresh_token"]
        answer = idp.refresh(rotated, **other)
        assert answer.json["mfa_requirements"]["challenge"][0] == {"type": "otp"}
        done = idp.otp(answer.json["mfa_token"], idp.code(), client_id="spa").json
        assert claims_of(done["access_token"])["aud"][0] == "https://open.example/"


def test_zero_config__no_second_factor_is_needed():
    assert FACTORS
    assert TenantClient().password_token().status_code == 200
