"""Codes of authenticator apps. The vectors are those of RFC 6238, appendix B, cut to 6 digits."""

import base64

import pyotp
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockidp.protocol.mfa.totp import step_of_code, totp_code, totp_uri

SECRET = base64.b32encode(b"12345678901234567890").decode()


@pytest.mark.parametrize(
    ("now", "code"),
    [
        (59, "287082"),
        (1111111109, "081804"),
        (1111111111, "050471"),
        (1234567890, "005924"),
        (2000000000, "279037"),
        (20000000000, "353130"),
    ],
)
def test_rfc6238_b__the_codes_are_those_of_the_vectors(now, code):
    assert totp_code(SECRET, now) == code
    assert step_of_code(SECRET, code, now) == now // 30


@given(st.integers(0, 4_000_000_000), st.integers(-1, 1))
def test_mockidp_totp__a_code_is_recognized_one_step_before_and_after(now, drift):
    step = max(0, now // 30 + drift)
    assert step_of_code(SECRET, pyotp.TOTP(SECRET).at(step * 30), now) is not None


@pytest.mark.parametrize("code", ["", "12345", "abcdef", "\u0662" * 6, "28708 2"])
def test_mockidp_totp__anything_else_is_not_a_code(code):
    assert step_of_code(SECRET, code, 59) is None


@given(st.text(max_size=30), st.text(max_size=30))
def test_key_uri_format__names_are_escaped(tenant, user):
    uri = totp_uri(SECRET, tenant=tenant, user=user)
    assert uri.isascii()
    assert uri.startswith("otpauth://totp/")
    assert f"secret={SECRET}&" in uri
