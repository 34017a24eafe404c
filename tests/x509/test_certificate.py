"""Certificates of signing keys, compared with those that cryptography builds."""

from datetime import UTC, datetime

import freezegun
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID
from hypothesis import given
from hypothesis import strategies as st

from mockidp.protocol.tokens.keys import TenantKey, generate_private_key
from mockidp.x509.certificate import make_certificate

KEY = generate_private_key()
MOMENTS = st.integers(min_value=0, max_value=253402300799)


def built(*, name, serial, begins, ends):
    whose = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    builder = (
        x509.CertificateBuilder()
        .subject_name(whose)
        .issuer_name(whose)
        .public_key(KEY.public_key())
        .serial_number(serial)
        .not_valid_before(datetime.fromtimestamp(begins, UTC))
        .not_valid_after(datetime.fromtimestamp(ends, UTC))
    )
    return x509.load_der_x509_certificate(
        builder.sign(KEY, hashes.SHA256()).public_bytes(Encoding.DER)
    )


@given(
    name=st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=16),
    serial=st.integers(min_value=1, max_value=2**64 - 1),
    times=st.tuples(MOMENTS, MOMENTS).map(sorted),
)
def test_the_certificate_equals_the_one_that_cryptography_builds(name, serial, times):
    fields = {"name": name, "serial": serial, "begins": times[0], "ends": times[1]}
    made = make_certificate(KEY, **fields)
    assert made == built(**fields).public_bytes(Encoding.DER)


def test_it_is_signed_by_its_key_and_ends_with_the_calendar():
    made = make_certificate(KEY, name="mockidp", serial=1, begins=0.9, ends=1e15)
    read = x509.load_der_x509_certificate(made)
    read.verify_directly_issued_by(read)
    assert read.not_valid_before_utc == datetime(1970, 1, 1, tzinfo=UTC)
    assert read.not_valid_after_utc == datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)


@pytest.mark.parametrize("moment", ["1970-01-01", "2030-01-31", "2060-01-01", "9999-12-30"])
def test_a_key_made_while_freezegun_stops_the_time_has_a_valid_certificate(moment):
    with freezegun.freeze_time(moment) as stopped:
        made_at = stopped().replace(tzinfo=UTC).timestamp()
        inside = TenantKey(KEY, kid="k", made_at=made_at).jwk
    assert inside == TenantKey(KEY, kid="k", made_at=made_at).jwk
