"""Request objects, and `request_uri`."""

import json

from helpers.oidf.relying_party import CALLBACK
from mockidp.protocol.tokens.base64url import base64url


def unsigned(claims):
    """Return a request object with the algorithm none."""
    header = {"alg": "none"}
    parts = (base64url(json.dumps(part).encode()) for part in (header, claims))
    return ".".join((*parts, ""))


def by_value(request, **outside):
    """Return a request in which most parameters are in an unsigned request object."""
    required = {"client_id", "response_type", "scope", "redirect_uri"}
    sent = {name: value for name, value in request.items() if name in required}
    return sent | outside | {"request": unsigned(request)}


def test_oidcc_unsigned_request_object_supported_correctly_or_rejected_as_unsupported(rp, provider):
    assert provider.metadata["request_parameter_supported"] is True
    assert "none" in provider.metadata["request_object_signing_alg_values_supported"]
    request = rp.request()
    rp.finish(request, rp.authorize(by_value(request)))


def test_oidcc_ensure_request_object_with_redirect_uri(rp):
    request = rp.request()
    sent = by_value(request, redirect_uri=f"{CALLBACK}/not-registered")
    rp.finish(request, rp.authorize(sent))


def test_oidcc_request_uri_unsigned_supported_correctly_or_rejected_as_unsupported(rp, provider):
    assert provider.metadata["request_uri_parameter_supported"] is False
    request = rp.request(request_uri="https://rp.example.test/request.jwt#abc")
    rp.expect_error(request, "request_uri_not_supported")
