"""The test vectors of the specification, and answers that fail at each of its steps."""

import hashlib
import json
import re
from dataclasses import replace
from pathlib import Path

import cbor2
import pytest
from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDSA,
    SECP256R1,
    generate_private_key,
)
from cryptography.hazmat.primitives.hashes import SHA256

from mockidp.protocol.tokens.base64url import base64url, unbase64url
from mockidp.protocol.webauthn.authenticator_data import parse_authenticator_data
from mockidp.protocol.webauthn.cbor import encode_cbor
from mockidp.protocol.webauthn.ceremony import CREATE, GET, Ceremony
from mockidp.protocol.webauthn.cose import load_public_key
from mockidp.protocol.webauthn.response import AuthenticatorResponse, parse_response
from mockidp.protocol.webauthn.verification import verify_login, verify_registration

# https://www.w3.org/TR/webauthn-3/#sctn-test-vectors, with binary values in base64url.
VECTORS = json.loads(Path(__file__).with_name("webauthn_vectors.json").read_text())
FRAMED = VECTORS.pop("ES256 in a frame")
NONE = VECTORS["ES256, attestation none"]
RP = {"rp_id": "example.org", "origins": ("https://example.org",)}
KEY = generate_private_key(SECP256R1())
POINT = KEY.public_key().public_numbers()
COSE = {1: 2, 3: -7, -1: 1, -2: POINT.x.to_bytes(32), -3: POINT.y.to_bytes(32)}
CREDENTIAL = b"credential"


def ceremony(vector, kind):
    return Ceremony(kind=kind, challenge=vector["challenge"], **RP)


def registration(vector):
    return AuthenticatorResponse(
        credential_id=vector["id"],
        client_data=unbase64url(vector["clientDataJSON"]),
        attestation_object=unbase64url(vector["attestationObject"]),
    )


def login(credential_id, vector):
    return AuthenticatorResponse(
        credential_id=credential_id,
        client_data=unbase64url(vector["clientDataJSON"]),
        authenticator_data=unbase64url(vector["authenticatorData"]),
        signature=unbase64url(vector["signature"]),
    )


def run(steps):
    """Return the result of a verification, or the step that failed."""
    while True:
        try:
            step = next(steps)
        except StopIteration as end:
            return end.value
        if step.why:
            return step


@pytest.mark.parametrize("vector", VECTORS.values(), ids=VECTORS)
def test_the_vectors_of_the_specification_are_verified(vector):
    first, second = vector["registration"], vector["login"]
    made = run(verify_registration(ceremony(first, CREATE), registration(first)))
    assert made.id == first["id"]
    assert made.aaguid.replace("-", "") == vector["aaguid"]
    answer = login(made.id, second)
    done = run(
        verify_login(ceremony(second, GET), answer, public_key=made.public_key, sign_count=0)
    )
    assert done.sign_count == 0
    forged = replace(answer, client_data=answer.client_data + b" ")
    failed = run(
        verify_login(ceremony(second, GET), forged, public_key=made.public_key, sign_count=0)
    )
    assert (failed.name, failed.clause) == (
        "webauthn_signature",
        "Web Authentication Level 2, 7.2 step 20",
    )


def test_an_answer_in_a_frame_is_refused():
    vector = FRAMED["registration"]
    failed = run(verify_registration(ceremony(vector, CREATE), registration(vector)))
    assert failed.name == "webauthn_cross_origin"


# --- answers that fail ---


def client_data(kind, **changed):
    values = {"type": kind, "challenge": "Y2hhbGxlbmdl", "origin": "https://example.org"}
    return json.dumps(values | changed).encode()


def authenticator_data(flags=0x45, rp_id="example.org", count=0, tail=None):
    if tail is None:
        tail = bytes(16) + len(CREDENTIAL).to_bytes(2) + CREDENTIAL + cbor2.dumps(COSE)
    return hashlib.sha256(rp_id.encode()).digest() + bytes([flags]) + count.to_bytes(4) + tail


def attested(credential_id=CREDENTIAL, key=COSE, rest=b""):
    head = bytes(16) + len(credential_id).to_bytes(2) + credential_id
    return head + cbor2.dumps(key) + rest


def attestation(data, **changed):
    return cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data} | changed)


MADE = AuthenticatorResponse(
    credential_id=base64url(CREDENTIAL),
    client_data=client_data(CREATE),
    attestation_object=attestation(authenticator_data()),
)
EXPECTED = Ceremony(kind=CREATE, challenge="Y2hhbGxlbmdl", **RP)


def of_key(key):
    return {"attestation_object": attestation(authenticator_data(tail=attested(key=key)))}


def of_data(*args, **options):
    return {"attestation_object": attestation(authenticator_data(*args, **options))}


@pytest.mark.parametrize(
    ("changed", "step", "why"),
    [
        ({"client_data": b"\xff"}, "client_data", "is not a JSON object"),
        ({"client_data": b"[]"}, "client_data", "is not a JSON object"),
        ({"client_data": client_data(GET)}, "type", "navigator.credentials.create()"),
        ({"client_data": client_data(CREATE, challenge="b3RoZXI")}, "challenge", "'b3RoZXI'"),
        (
            {"client_data": client_data(CREATE, challenge=base64url(b"Y2hhbGxlbmdl"))},
            "challenge", "Decode it from base64url",
        ),
        ({"client_data": client_data(CREATE, origin="https://evil.example")}, "origin", "evil"),
        ({"client_data": client_data(CREATE, origin=7)}, "origin", "7"),
        ({"attestation_object": b"\xff"}, "attestation_object", "is not CBOR"),
        ({"attestation_object": cbor2.dumps({})}, "attestation_object", "is not a map with `fmt`"),
        ({"attestation_object": attestation(b"") + b"x"}, "attestation_object", "is not a map"),
        ({"attestation_object": attestation(7)}, "authenticator_data", "The authenticator data"),
        ({"attestation_object": attestation(b"short")}, "authenticator_data", "has 5 bytes"),
        (of_data(tail=b"x" * 18), "authenticator_data", "no complete credential"),
        (of_data(tail=attested(key=7)), "authenticator_data", "no COSE key"),
        (of_data(tail=attested(rest=b"xy")), "authenticator_data", "2 bytes too many"),
        (of_data(rp_id="other.org"), "rp_id", "a relying party other than example.org"),
        (of_data(flags=0x40), "user_present", "flag UP"),
        (of_data(flags=0x51), "backup", "BE is not"),
        (of_data(flags=0x01, tail=b""), "credential_id", "no credential"),
        ({"credential_id": "b3RoZXI"}, "credential_id", "no credential"),
        (of_key(COSE | {3: -8000}), "algorithm", "-8000. Accepted: -8 (EdDSA)"),
        (of_key({1: 2}), "algorithm", "None"),
        (of_key(COSE | {-1: 8}), "public_key", "parameter -1 is 8"),
        (of_key(COSE | {-2: bytes(32)}), "public_key", "is not a COSE key of EdDSA"),
    ],
)  # fmt: skip
def test_a_registration_that_fails_names_the_step(changed, step, why):
    failed = run(verify_registration(EXPECTED, replace(MADE, **changed)))
    assert failed.name == f"webauthn_{step}"
    assert "7.1 step" in failed.clause or "Level 3" in failed.clause
    assert why in failed.why


def test_extensions_of_the_authenticator_are_skipped():
    tail = attested(rest=cbor2.dumps({"credProtect": 2}))
    changed = of_data(flags=0xC5, tail=tail)
    assert run(verify_registration(EXPECTED, replace(MADE, **changed))).id == MADE.credential_id
    assert parse_authenticator_data(authenticator_data(0x01, tail=b"")).credential is None


@pytest.mark.parametrize(
    ("stored", "sent", "passes"), [(0, 0, True), (3, 4, True), (3, 3, False), (3, 0, False)]
)
def test_the_counter_must_not_go_back(stored, sent, passes):
    data = authenticator_data(0x05, count=sent, tail=b"")
    data_of_client = client_data(GET)
    signed = data + hashlib.sha256(data_of_client).digest()
    answer = AuthenticatorResponse(
        credential_id="x",
        client_data=data_of_client,
        authenticator_data=data,
        signature=KEY.sign(signed, ECDSA(SHA256())),
    )
    result = run(
        verify_login(
            replace(EXPECTED, kind=GET),
            answer,
            public_key=base64url(cbor2.dumps(COSE)),
            sign_count=stored,
        )
    )
    if passes:
        assert result.sign_count == sent
    else:
        assert result.name == "webauthn_sign_count"
        assert f"is {sent}, but it was {stored}" in result.why


def test_origins_may_have_wildcards_and_any_loopback_origin_may_be_accepted():
    listed = Ceremony(kind=GET, challenge="", rp_id="x", origins=("https://*.example.org",))
    assert listed.accepts("https://app.example.org")
    assert not listed.accepts("http://localhost:3000")
    assert replace(listed, any_loopback=True).accepts("http://localhost:3000")


def test_a_key_that_is_not_a_single_map_is_refused():
    for encoded in (b"\x01", cbor2.dumps(COSE) + b"x"):
        with pytest.raises(ValueError, match="is not a single map"):
            load_public_key(encoded)


GOOD = {
    "id": "YWJj", "rawId": "YWJj", "type": "public-key",
    "response": {
        "clientDataJSON": "e30", "attestationObject": "e30", "authenticatorData": "e30",
        "signature": "e30", "userHandle": "YWJj", "transports": ["usb", 7],
    },
}  # fmt: skip


def test_an_answer_is_read_as_an_object_or_as_json():
    made = parse_response(json.dumps(GOOD), is_new=True)
    assert (made.credential_id, made.client_data, made.transports) == ("YWJj", b"{}", ("usb",))
    bare = parse_response(GOOD | {"response": {**GOOD["response"], "transports": 7}}, is_new=True)
    assert bare.transports == ()
    used = parse_response(GOOD, is_new=False)
    assert (used.signature, used.user_handle) == (b"{}", "YWJj")
    without = {name: one for name, one in GOOD["response"].items() if name != "userHandle"}
    assert parse_response(GOOD | {"response": without}, is_new=False).user_handle == ""


@pytest.mark.parametrize(
    ("sent", "why"),
    [
        (None, "is not a JSON object"),
        ("[]", "is not a JSON object"),
        ("{", "is not JSON"),
        (GOOD | {"response": None}, "has no object `response`"),
        (GOOD | {"type": "password"}, "has `type` 'password'"),
        (GOOD | {"rawId": "x"}, "has no `id`, or another one in `rawId`"),
        (GOOD | {"id": "a=", "rawId": "a="}, "has a `id` that is not base64url"),
        (GOOD | {"id": 7, "rawId": 7}, "has no `id`"),
        (GOOD | {"authenticatorAttachment": "usb"}, "has an `authenticatorAttachment`"),
        (
            GOOD | {"response": {"clientDataJSON": "e30", "authenticatorData": "e30"}},
            "has no `response.signature`",
        ),
        (
            GOOD | {"response": GOOD["response"] | {"userHandle": "="}},
            "has a `response.userHandle` that is not base64url",
        ),
    ],
)
def test_a_malformed_answer_is_refused(sent, why):
    with pytest.raises(ValueError, match=re.escape(why)):
        parse_response(sent, is_new=False)


@pytest.mark.parametrize("value", [23, 24, 255, 256, 65536, -1, -257, "ü" * 30, {1: b"x" * 300}])
def test_the_encoder_agrees_with_cbor2(value):
    assert encode_cbor(value) == cbor2.dumps(value)
