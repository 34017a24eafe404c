"""Faults of tokens: the changed token, its journal entry, and the parts that stay valid."""

import hmac
from base64 import urlsafe_b64decode

import jwt
import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from helpers.acme import API
from helpers.tenant_client import claims_of, header_of, hint

OTHERS = {
    "iss": "https://another-issuer.example/",
    "aud": "https://another-audience.example/",
    "azp": "another-client",
    "nonce": "another-nonce",
    "sub": "auth0|another-user",
}
TOKENS = ("id_token", "access_token")


def issue(idp, kind):
    """Log in with a nonce. Return one of the tokens."""
    return idp.tokens(scope="openid email", audience=API, nonce="n1", max_age=9999)[kind]


@pytest.fixture(params=TOKENS)
def kind(request):
    return request.param


def verify(idp, token, kind, **options):
    """Verify a token like a correct client."""
    keys = jwt.PyJWKSet.from_dict(idp.get("/.well-known/jwks.json").json)
    key = keys[jwt.get_unverified_header(token)["kid"]]
    audience = "web" if kind == "id_token" else API
    now = {"verify_exp": False, "verify_iat": False, "verify_nbf": False} | options
    claims = jwt.decode(
        token, key, ["RS256"], audience=audience, issuer="http://localhost:9400/", options=now
    )
    assert claims["exp"] > idp.tenant.now() >= claims["iat"]
    return claims


def test_without_a_fault_a_token_is_valid(idp, kind):
    assert verify(idp, issue(idp, kind), kind)["sub"] == "auth0|alice"


def test_a_claim_has_a_wrong_value(idp, kind):
    good = claims_of(issue(idp, kind))
    for name in ("iss", "aud", "azp", "nonce", "sub"):
        if (kind, name) == ("access_token", "nonce"):
            continue
        with idp.fault(kind, wrong=name):
            assert claims_of(issue(idp, kind)) == good | {name: OTHERS[name]}
    with idp.fault(kind, wrong=["iss", "sub"]):
        assert claims_of(issue(idp, kind)) == good | {n: OTHERS[n] for n in ("iss", "sub")}
    assert claims_of(issue(idp, kind)) == good


def test_an_expired_token_was_valid_an_hour_before(idp, kind):
    good = claims_of(issue(idp, kind))
    idp.fault(kind, expired=True)
    bad = claims_of(issue(idp, kind))
    assert bad["exp"] == int(idp.tenant.now()) - 3600
    assert bad["exp"] - bad["iat"] == good["exp"] - good["iat"]
    assert {**bad, "iat": 0, "exp": 0, "auth_time": 0} == {
        **good, "iat": 0, "exp": 0, "auth_time": 0,
    }  # fmt: skip
    if kind == "id_token":
        assert bad["auth_time"] < bad["exp"]


def test_a_token_is_not_yet_valid(idp, kind):
    good = claims_of(issue(idp, kind))
    idp.fault(kind, not_yet_valid=True)
    bad = claims_of(issue(idp, kind))
    assert bad["nbf"] == bad["iat"] == int(idp.tenant.now()) + 3600
    assert bad["exp"] - bad["iat"] == good["exp"] - good["iat"]


def test_claims_are_changed_added_and_removed(idp, kind):
    good = claims_of(issue(idp, kind))
    idp.fault(kind, set={"exp": "tomorrow", "roles": ["a", None]}, remove=["sub", "never there"])
    bad = claims_of(issue(idp, kind))
    assert bad == {k: v for k, v in good.items() if k != "sub"} | {
        "exp": "tomorrow",
        "roles": ["a", None],
    }
    assert list(bad)[-1] == "roles"


def test_a_value_that_is_set_takes_precedence(idp, kind):
    idp.fault(kind, expired=True, wrong="sub", set={"exp": 7, "sub": "x"}, remove=["iat"])
    claims = claims_of(issue(idp, kind))
    assert (claims["exp"], claims["sub"], "iat" in claims) == (7, "x", False)


def test_members_of_the_header_are_changed_added_and_removed(idp, kind):
    idp.fault(kind, header={"typ": None, "jku": "https://evil.example/jwks.json", "alg": "RS512"})
    token = issue(idp, kind)
    assert header_of(token) == {
        "alg": "RS512",
        "kid": idp.tenant.keys.current.kid,
        "jku": "https://evil.example/jwks.json",
    }


def test_the_kid_is_unknown(idp, kind):
    idp.fault(kind, kid="nobody-knows")
    token = issue(idp, kind)
    assert header_of(token)["kid"] == "nobody-knows"
    # Everything else is valid: a client that tries every key would accept it.
    key = idp.tenant.keys.current.public_key
    options = {"verify_aud": False, "verify_iat": False, "verify_exp": False}
    assert jwt.decode(token, key, ["RS256"], options=options)["sub"] == "auth0|alice"


def test_a_token_has_no_signature(idp, kind):
    idp.fault(kind, alg="none")
    token = issue(idp, kind)
    assert header_of(token)["alg"] == "none"
    assert token.endswith(".")
    assert len(token.split(".")) == 3


def test_a_token_is_signed_with_the_public_key_as_a_secret(idp, kind):
    idp.fault(kind, alg="HS256")
    token = issue(idp, kind)
    signed, _, signature = token.rpartition(".")
    pem = idp.tenant.keys.current.public_key.public_bytes(
        Encoding.PEM, PublicFormat.SubjectPublicKeyInfo
    )
    assert header_of(token)["alg"] == "HS256"
    assert hmac.digest(pem, signed.encode(), "sha256") == urlsafe_b64decode(signature + "==")


@pytest.mark.parametrize("signature", ["broken", "another_key"])
def test_a_signature_does_not_match(idp, kind, signature):
    good = issue(idp, kind)
    idp.fault(kind, signature=signature)
    bad = issue(idp, kind)
    assert header_of(bad) == header_of(good)
    with pytest.raises(jwt.InvalidSignatureError):
        verify(idp, bad, kind)
    assert len(bad.rpartition(".")[2]) == len(good.rpartition(".")[2])


def test_a_token_is_signed_with_another_tenants_key(idp, kind):
    from mockidp.protocol.tokens.foreign_key import foreign_private_key

    idp.fault(kind, signature="another_key")
    options = {"verify_aud": False, "verify_iat": False, "verify_exp": False}
    other = foreign_private_key().public_key()
    assert jwt.decode(issue(idp, kind), other, ["RS256"], options=options)["iss"]
    assert all(
        key.public_key.public_numbers() != other.public_numbers()
        for key in idp.tenant.keys.published
    )


@pytest.mark.parametrize(
    "words", [{"signature": "broken"}, {"signature": "another_key"}, {"alg": "HS256"}]
)
def test_a_token_signed_with_a_secret_is_changed_too(idp, words):
    def fits(token):
        signed, _, signature = token.rpartition(".")
        made = hmac.digest(b"hs256-secret", signed.encode(), "sha256")
        return made == urlsafe_b64decode(signature + "==")

    def token():
        return idp.tokens(client_id="hs256", nonce="n")["id_token"]

    assert fits(token())
    idp.fault("id_token", **words)
    assert not fits(token())


def test_several_faults_change_one_token(idp):
    idp.fault("id_token", set={"exp": "odd"}, remove=["iat"])
    idp.fault("id_token", expired=True)
    idp.fault("id_token", not_yet_valid=True)
    idp.fault("id_token", signature="broken")
    claims = claims_of(issue(idp, "id_token"))
    now = int(idp.tenant.now())
    assert (claims["iat"], claims["nbf"], claims["exp"]) == (now + 3600, now + 3600, now - 3600)


# --- journal and hint ---


def test_the_journal_and_the_hint_describe_the_changed_token(idp, kind):
    idp.fault(kind, wrong="sub", times=2)
    idp.tokens(scope="openid", audience=API)
    entry = idp.tenant.journal.last("token")
    assert entry.faults == (f"{kind}: wrong sub",)
    assert entry.hint == f"Fault `{kind}: wrong sub` (1 of 2) fired: the {kind} was changed."
    subjects = {token.kind: token.claims["sub"] for token in entry.tokens}
    assert subjects == dict.fromkeys(TOKENS, "auth0|alice") | {kind: OTHERS["sub"]}


def test_the_answer_with_the_token_has_the_hint(idp):
    idp.fault("access_token", alg="none")
    answer = idp.machine_token(audience=API)
    assert answer.status_code == 200
    assert hint(answer) == "Fault `access_token: alg none` (1) fired: the access_token was changed."


def test_a_fault_does_not_fire_for_an_opaque_token_and_the_hint_says_so(idp):
    active = idp.fault("access_token", expired=True)
    idp.fault("access_token", kid="x", when={"client": "other"})
    idp.tokens(audience=None)
    assert active.matched == 0
    assert idp.tenant.journal.last("token").hint == (
        "Fault `access_token: expired` did not fire: the access token is opaque and has no claims. "
        "Request an API's audience."
    )
    assert idp.tenant.journal.last("token").faults == ()


def test_tokens_of_an_impersonation_link_are_changed_too(idp):
    idp.fault("id_token", remove=["email"])
    link = idp.link(response_type="token", scope="openid email")
    answer = idp.get(link)
    id_token = answer.location.partition("id_token=")[2].partition("&")[0]
    assert "email" not in claims_of(id_token)
    assert "the id_token was changed" in hint(answer)


def test_refreshed_tokens_are_changed_too(idp):
    tokens = idp.tokens(scope="openid offline_access", audience=API)
    idp.fault("access_token", wrong="aud", when={"grant": "refresh_token"})
    refreshed = idp.refresh(tokens["refresh_token"]).json["access_token"]
    assert claims_of(refreshed)["aud"] == OTHERS["aud"]


@pytest.mark.parametrize(
    "when",
    [
        {"client": "m2m"},
        {"audience": API},
        {"grant": "client_credentials"},
        {"client": "m2m", "audience": API, "grant": "client_credentials"},
    ],
)
def test_a_fault_of_a_token_can_be_limited(idp, when):
    idp.fault("access_token", wrong="sub", when=when)
    assert claims_of(idp.machine_token(audience=API).json["access_token"])["sub"] == OTHERS["sub"]
    other = idp.password_token(audience="https://rfc9068.example/", scope="openid read:x")
    assert claims_of(other.json["access_token"])["sub"] == "auth0|alice"


def test_a_fault_of_a_token_can_be_limited_to_a_user(idp):
    idp.fault("id_token", wrong="sub", when={"user": "bob"})
    for name, subject in (("bob", OTHERS["sub"]), ("alice", "auth0|alice")):
        answer = idp.password_token(username=f"{name}@acme.example", scope="openid")
        assert claims_of(answer.json["id_token"])["sub"] == subject


def test_a_client_credentials_token_has_no_user(idp):
    seen = []
    idp.fault("access_token", wrong="sub", predicate=seen.append)
    idp.machine_token(audience=API)
    (context,) = seen
    assert (context.endpoint, context.client, context.user) == ("access_token", "m2m", None)
    assert context.url == "http://localhost:9400/oauth/token"


# --- outside of an exchange ---


def test_a_minted_token_is_not_changed_by_the_tenants_faults(idp):
    from mockidp.testing.mint import mint_access_token

    idp.fault("access_token", wrong="sub")
    idp.machine_token(audience=API)  # an exchange in the same thread
    token = mint_access_token(idp.tenant, idp.url, audience=API, user="alice").access_token
    assert claims_of(token)["sub"] == "auth0|alice"
