"""Request objects by value (JAR): the parameters of /authorize and /oauth/par in a signed JWT."""

from dataclasses import replace

import jwt
import pytest

from helpers.acme import ACME, API, CALLBACK, URL, web_client, with_client, with_tenant
from helpers.assertions import KEY, OTHER_KEY, public_pem
from helpers.tenant_client import TenantClient, hint, sent_to_callback
from mockidp.protocol.clients.keys import load_client_key
from mockidp.resources.client_credential import Credential, SignedRequestObject
from mockidp.tenant.content.zero_config import ZERO_CONFIG

AUDIENCE = f"Its `aud` is {{}}. Set it to the issuer '{URL}/', with the slash at the end."
KID = load_client_key(public_pem(), alg="RS256", kid=None).kid
CREDENTIAL = Credential(name="jar", pem=public_pem())


def document(*credentials, required=False):
    settings = SignedRequestObject(required=required, credentials=credentials)
    client = web_client("signer", signed_request_object=settings)
    pushing = with_tenant(ACME, pushed_authorization_requests_supported=True)
    return replace(pushing, clients=(*ACME.clients, client))


@pytest.fixture
def idp():
    return TenantClient(document(CREDENTIAL))


def request_object(*, key=KEY, alg="RS256", header=None, **claims):
    defaults = {
        "iss": "signer",
        "aud": f"{URL}/",
        "client_id": "signer",
        "response_type": "code",
        "redirect_uri": CALLBACK,
        "scope": "openid read:items",
        "audience": API,
        "state": "signed-state",
    }
    kept = {name: one for name, one in (defaults | claims).items() if one is not None}
    return jwt.encode(kept, key, algorithm=alg, headers=header)


def authorize(idp, text, **more):
    return idp.get("/authorize", client_id="signer", request=text, **more)


def refusal(answer):
    """Return the hint of a refused request object, without its first sentence."""
    assert answer.status_code == 400
    assert "invalid_request_object" in answer.text
    assert "Invalid request object" in answer.text
    first, _, rest = hint(answer).partition(" was refused. ")
    assert first == "The request object"
    return rest


@pytest.mark.parametrize("alg", ["RS256", "RS384", "PS256"])
@pytest.mark.parametrize("header", [None, {"kid": "k1"}, {"typ": "oauth-authz-req+jwt"}])
def test_rfc9101_6__the_parameters_of_the_object_are_used(alg, header):
    idp = TenantClient(document(Credential(pem=public_pem(), alg=alg, kid="k1")))
    answer = authorize(idp, request_object(alg=alg, header=header))
    assert hint(answer) == ""
    callback = sent_to_callback(idp.log_in(idp.follow(answer).location))
    assert callback["state"] == "signed-state"
    tokens = idp.redeem(callback["code"], client_id="signer").json
    assert tokens["scope"] == "openid read:items"


def test_rfc9101_4__numbers_become_strings(idp):
    now = int(idp.tenant.now())
    text = request_object(max_age=0, exp=now + 1, iat=now, nbf=now, jti="j" * 64)
    assert authorize(idp, text).location.startswith("/u/login")


def test_rfc9101_6_3__other_parameters_are_not_read_and_the_hint_names_them(idp):
    text = request_object()
    answer = authorize(idp, text, state="other", scope="openid read:items", nonce="n")
    assert hint(answer) == (
        "Parameters outside of the request object were not read: state, nonce. Put them into the "
        "request object."
    )
    assert sent_to_callback(idp.log_in(answer.location))["state"] == "signed-state"


def test_wrong_parameters_in_the_object_are_refused_as_if_they_were_sent(idp):
    answer = authorize(idp, request_object(response_type="nope"))
    assert sent_to_callback(answer)["error"] == "unsupported_response_type"
    answer = authorize(idp, request_object(redirect_uri="https://evil.example/"))
    assert answer.status_code == 403
    assert "Callback URL mismatch" in answer.text
    answer = authorize(idp, request_object(scope=["openid"]))
    assert sent_to_callback(answer)["error_description"] == "Parameter 'scope' must be a string"


@pytest.mark.parametrize(
    ("claims", "why"),
    [
        ({"iss": "web"}, "Its `iss` is 'web', but the client is signer."),
        ({"iss": None}, "Its `iss` is None, but the client is signer."),
        ({"client_id": None}, "Its `client_id` is None, but the client is signer."),
        ({"client_id": "web"}, "Its `client_id` is 'web', but the client is signer."),
        ({"aud": URL}, AUDIENCE.format(repr(URL))),
        ({"aud": None}, AUDIENCE.format(None)),
        ({"exp": 1}, None),
        ({"exp": "soon"}, "Its `exp` is 'soon' instead of a number."),
        ({"iat": True}, "Its `iat` is True instead of a number."),
        ({"nbf": 99999999999}, None),
        ({"jti": "j" * 65}, "Its `jti` is not a string of at most 64 bytes."),
        ({"jti": 7}, "Its `jti` is not a string of at most 64 bytes."),
        ({"state": "a\0b"}, "There is a NUL byte in 'state'."),
        ({"a\0b": 1}, r"There is a NUL byte in 'a\x00b'."),
        ({"request": "x"}, "It contains `request`, which RFC 9101 forbids."),
        ({"request_uri": "x"}, "It contains `request_uri`, which RFC 9101 forbids."),
    ],
)  # fmt: skip
def test_auth0_jar__claims_that_are_refused(idp, claims, why):
    now = idp.tenant.now()
    if "exp" in claims and why is None:
        why = f"It expired {now - 1:.0f} seconds ago."
    elif "nbf" in claims and why is None:
        why = f"It is not valid for another {99999999999 - now:.0f} seconds."
    assert refusal(authorize(idp, request_object(**claims))) == why


@pytest.mark.parametrize("typ", ["at+jwt", "JWS", 1])
def test_auth0_jar__the_header_names_the_type(idp, typ):
    text = jwt.api_jws.encode(b"{}", KEY, algorithm="RS256", headers={"typ": typ})
    assert refusal(authorize(idp, text)).startswith("Its header `typ` is ")


def test_auth0_jar__an_object_without_a_type_is_accepted_with_a_hint(idp):
    answer = authorize(idp, request_object(header={"typ": None}))
    assert answer.location.startswith("/u/login")
    assert hint(answer) == (
        "The request object has no header `typ`. Set it to jwt or oauth-authz-req+jwt, which the "
        "documentation of Auth0 requires."
    )


def test_a_wrong_key_is_refused_and_the_hint_lists_the_credentials(idp):
    assert refusal(authorize(idp, request_object(key=OTHER_KEY))) == (
        "The signature does not match the content, which was changed. Credentials of the client: "
        f"jar has the `kid` {KID} and is for RS256."
    )


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("x", "A JWT has three parts, but this has 1."),
        ("a.b.c", "Header or payload is not base64url JSON."),
    ],
)
def test_a_malformed_object(idp, text, why):
    assert refusal(authorize(idp, text)).startswith(why)


@pytest.mark.parametrize("name", ["state", "nonce", "audience", "login_hint", "jti", "\\ud800"])
def test_half_a_surrogate_pair_is_refused(idp, name):
    payload = f'{{"iss": "signer", "{name}": "\\ud800"}}'.encode()
    text = jwt.api_jws.encode(payload, KEY, algorithm="RS256")
    assert refusal(authorize(idp, text)).startswith("Header or payload is not base64url JSON.")


def test_an_unsigned_object_is_refused(idp):
    text = request_object(key=None, alg="none")
    assert refusal(authorize(idp, text)).startswith(
        "The token is signed with none instead of RS256 or RS384 or PS256."
    )


def test_a_client_without_keys_is_refused():
    idp = TenantClient()
    text = request_object(iss="web", client_id="web")
    answer = idp.get("/authorize", client_id="web", request=text)
    assert refusal(answer) == (
        "The client has no key to verify the signature with. Credentials of the client: none."
    )


def test_a_client_may_have_to_sign():
    idp = TenantClient(document(CREDENTIAL, required=True))
    assert authorize(idp, request_object()).location.startswith("/u/login")
    answer = idp.authorize(client_id="signer")
    assert sent_to_callback(answer) == {
        "error": "invalid_request",
        "error_description": "A signed request object is required",
        "state": "s1",
    }
    assert hint(answer) == (
        "Field `signed_request_object.required` of client signer is true. Send the parameters in a "
        "signed JWT, as parameter `request`."
    )


def push(idp, **form):
    return idp.post("/oauth/par", client_id="signer", client_secret="signer-secret", **form)


@pytest.mark.parametrize("required", [True, False])
def test_auth0_par_and_jar__an_object_can_be_pushed(required):
    idp = TenantClient(document(CREDENTIAL, required=required))
    answer = push(idp, request=request_object())
    assert answer.status_code == 201, (answer.text, hint(answer))
    opened = idp.get("/authorize", client_id="signer", request_uri=answer.json["request_uri"])
    assert sent_to_callback(idp.log_in(idp.follow(opened).location))["state"] == "signed-state"


def test_a_pushed_object_is_verified_when_it_is_pushed(idp):
    answer = push(idp, request=request_object(key=OTHER_KEY))
    assert (answer.status_code, answer.json) == (
        400,
        {"error": "invalid_request_object", "error_description": "Invalid request object"},
    )
    idp.edit(with_client(document(CREDENTIAL, required=True), "web"))
    answer = push(idp, response_type="code", redirect_uri=CALLBACK)
    assert (answer.status_code, answer.json["error"]) == (400, "invalid_request")


def test_without_a_tenant_file_no_key_is_checked_and_the_hint_says_so():
    idp = TenantClient(ZERO_CONFIG)
    answer = authorize(idp, request_object(key=OTHER_KEY, audience=None))
    assert answer.location.startswith("/u/login")
    assert (
        "The signature of the request object was not checked, because client signer is in no "
        "tenant file."
    ) in hint(answer)


def test_discovery_announces_objects_by_value(idp):
    document = idp.get("/.well-known/openid-configuration").json
    assert document["request_parameter_supported"] is True
    assert document["request_uri_parameter_supported"] is False
    assert document["request_object_signing_alg_values_supported"] == ["RS256", "RS384", "PS256"]
