"""The certificates for https, parsed and verified with cryptography's X.509."""

import ipaddress
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from mockidp.tls.certificate import (
    CaCertificate,
    encode_public_key,
    make_ca_certificate,
    make_server_certificate,
)
from mockidp.tls.names import (
    LOCAL_NAMES,
    add_names,
    covers,
    normalize_name,
    read_constraints,
)

DAY = 86400
NOW = 1_800_000_000
KEY = ec.generate_private_key(ec.SECP256R1())
PERMITTED = (*LOCAL_NAMES, "idp", "10.0.2.2/32")
CA = make_ca_certificate(KEY, permitted=PERMITTED, begins=NOW, ends=NOW + 730 * DAY)


def make_server(ca, ca_key, names):
    key = ec.generate_private_key(ec.SECP256R1())
    made = make_server_certificate(
        CaCertificate.parse(ca), ca_key, encode_public_key(key),
        names=names, begins=NOW, ends=NOW + 90 * DAY,
    )  # fmt: skip
    return x509.load_der_x509_certificate(made)


def extension(certificate, of):
    found = certificate.extensions.get_extension_for_class(of)
    return found.value, found.critical


def test_the_ca_may_sign_for_local_names_without_intermediates():
    ca = x509.load_der_x509_certificate(CA)
    ca.verify_directly_issued_by(ca)
    assert extension(ca, x509.BasicConstraints) == (x509.BasicConstraints(True, 0), True)
    usage, is_critical = extension(ca, x509.KeyUsage)
    assert is_critical
    assert (usage.key_cert_sign, usage.crl_sign, usage.digital_signature) == (True, True, False)
    assert [*extension(ca, x509.ExtendedKeyUsage)[0]] == [ExtendedKeyUsageOID.SERVER_AUTH]
    constraints, is_critical = extension(ca, x509.NameConstraints)
    assert is_critical
    assert constraints.excluded_subtrees is None
    assert [str(one.value) for one in constraints.permitted_subtrees] == [*PERMITTED]
    assert ca.not_valid_before_utc == datetime.fromtimestamp(NOW, UTC)
    assert ca.not_valid_after_utc - ca.not_valid_before_utc == timedelta(days=730)


def test_a_server_s_certificate_is_for_servers_with_these_names():
    ca, server = x509.load_der_x509_certificate(CA), make_server(CA, KEY, ["localhost", "::1"])
    server.verify_directly_issued_by(ca)
    names, _ = extension(server, x509.SubjectAlternativeName)
    assert [*names] == [x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("::1"))]
    assert extension(server, x509.BasicConstraints) == (x509.BasicConstraints(False, None), True)
    usage, is_critical = extension(server, x509.KeyUsage)
    assert (usage.digital_signature, usage.key_cert_sign, is_critical) == (True, False, True)
    assert [*extension(server, x509.ExtendedKeyUsage)[0]] == [ExtendedKeyUsageOID.SERVER_AUTH]
    key_id = extension(ca, x509.SubjectKeyIdentifier)[0]
    assert key_id == x509.SubjectKeyIdentifier.from_public_key(KEY.public_key())
    assert extension(server, x509.AuthorityKeyIdentifier)[0].key_identifier == key_id.digest
    assert extension(server, x509.SubjectKeyIdentifier)[0] == (
        x509.SubjectKeyIdentifier.from_public_key(server.public_key())
    )


def test_no_two_certificates_have_the_same_serial_number():
    made = {make_server(CA, KEY, ["localhost"]).serial_number for _ in range(20)}
    assert len(made) == 20
    assert all(0 < number < 2**128 for number in made)


def verify(server, name):
    """Return the result of cryptography's path validation."""
    ca = x509.load_der_x509_certificate(CA)
    builder = x509.verification.PolicyBuilder().store(x509.verification.Store([ca]))
    moment = datetime.fromtimestamp(NOW + DAY, UTC)
    try:
        subject = x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        subject = x509.DNSName(name)
    return builder.time(moment).build_server_verifier(subject).verify(server, [])


@pytest.mark.parametrize(
    "name",
    ["localhost", "a.localhost", "idp.test", "host.docker.internal", "mockidp", "idp", "127.9.9.9",
     "::1", "10.0.2.2"],
)  # fmt: skip
def test_a_client_accepts_a_name_that_the_ca_may_sign_for(name):
    assert verify(make_server(CA, KEY, [name]), name)


@pytest.mark.parametrize(
    "name", ["example.com", "localhost.example.com", "other", "10.0.2.3", "::2"]
)
def test_a_client_rejects_a_name_that_the_ca_may_not_sign_for(name):
    with pytest.raises(x509.verification.VerificationError, match=r"no permitted name constraints"):
        verify(make_server(CA, KEY, [name]), name)


def test_a_ca_certificate_is_parsed():
    ca = CaCertificate.parse(CA)
    assert ca.is_of_mockidp
    assert ca.permitted == PERMITTED
    assert (ca.begins, ca.ends) == (NOW, NOW + 730 * DAY)
    assert ca.public_key == encode_public_key(KEY)


@pytest.mark.parametrize("has_key_id", [True, False])
def test_a_ca_of_another_program_signs_with_its_rsa_key(has_key_id):
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.ORGANIZATION_NAME, "mine")])
    builder = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name)
        .public_key(key.public_key()).serial_number(1)
        .not_valid_before(datetime.fromtimestamp(NOW, UTC))
        .not_valid_after(datetime.fromtimestamp(NOW + DAY, UTC))
        .add_extension(x509.BasicConstraints(True, None), critical=True)
        .add_extension(
            x509.NameConstraints([x509.DirectoryName(name)], None), critical=True
        )
    )  # fmt: skip
    key_id = x509.SubjectKeyIdentifier(b"mine")
    if has_key_id:
        builder = builder.add_extension(key_id, critical=False)
    else:
        key_id = x509.SubjectKeyIdentifier.from_public_key(key.public_key())
    ca = builder.sign(key, hashes.SHA256())
    encoded = ca.public_bytes(Encoding.DER)
    assert not CaCertificate.parse(encoded).is_of_mockidp
    assert CaCertificate.parse(encoded).permitted == ()
    server = make_server(encoded, key, ["localhost"])
    server.verify_directly_issued_by(ca)
    assert extension(server, x509.AuthorityKeyIdentifier)[0].key_identifier == key_id.digest


@pytest.mark.parametrize("cut", [*range(0, 400, 7)])
def test_a_damaged_certificate_is_rejected(cut):
    with pytest.raises(ValueError):  # noqa: PT011 - which depends on where it is cut
        CaCertificate.parse(CA[:cut])


def test_constraints_of_another_kind_are_rejected():
    with pytest.raises(ValueError, match="constraints"):
        read_constraints(bytes.fromhex("3006a1043002a000"))


@pytest.mark.parametrize(
    ("name", "normalized"),
    [
        ("LOCALHOST", "localhost"),
        ("[::0001]", "::1"),
        ("127.0.0.1", "127.0.0.1"),
        ("a-1.b", "a-1.b"),
    ],
)
def test_a_name_is_normalized(name, normalized):
    assert normalize_name(name) == normalized


@pytest.mark.parametrize(
    "name",
    ["", ".", "a.", ".a", "a..b", "a_b", "-a", "a-", "*.a", "a b", "bücher.test", "x" * 64,
     ".".join(["x" * 63] * 4), "https://a", "a:1", "a\n"],
)  # fmt: skip
def test_an_invalid_host_name_is_rejected(name):
    with pytest.raises(ValueError, match="neither a host name nor an IP address"):
        normalize_name(name)


def test_a_name_that_is_covered_is_not_added_again():
    names = ["a.test", "idp", "127.0.0.2", "10.0.2.2", "b.idp", "fd00::1"]
    assert add_names(LOCAL_NAMES, names) == (*LOCAL_NAMES, "idp", "10.0.2.2/32", "fd00::1/128")
    assert not covers(LOCAL_NAMES, "127.0.0.1.example")
