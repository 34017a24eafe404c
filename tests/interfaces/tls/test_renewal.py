"""When the CA in a data directory is replaced, and how that is reported."""

import logging
import ssl
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import freezegun
import pytest
import time_machine
import trustme
from cryptography import x509

from helpers.handshake import shake_hands, strict_client
from mockidp.errors import MockIdPError
from mockidp.tls import Authority, authority
from mockidp.tls.files import machine_time

DAY = 86400


@pytest.fixture
def pass_time(monkeypatch):
    """Return a function that moves the machine's clock."""
    started = machine_time()

    def pass_time(days):
        monkeypatch.setattr(authority, "machine_time", lambda: started + days * DAY)

    return pass_time


def certificate_of(made):
    return x509.load_pem_x509_certificate(made.ca_pem)


def server_certificate(made, name="localhost"):
    """Return the server's certificate for a client that requests a name."""
    client = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    client.check_hostname, client.verify_mode = False, ssl.CERT_NONE
    to_server, to_client = ssl.MemoryBIO(), ssl.MemoryBIO()
    theirs = client.wrap_bio(to_client, to_server, server_hostname=name)
    ours = made.ssl_context().wrap_bio(to_server, to_client, server_side=True)
    for _ in range(3):
        for side in (theirs, ours):
            try:
                side.do_handshake()
            except ssl.SSLWantReadError:
                continue
    return x509.load_der_x509_certificate(theirs.getpeercert(binary_form=True))


def test_a_ca_is_valid_for_two_years_and_replaced_a_month_before_it_expires(tmp_path, pass_time):
    first = Authority.load_or_create(tmp_path)
    made = certificate_of(first)
    assert (made.not_valid_after_utc - made.not_valid_before_utc).days == 730
    pass_time(698)
    assert Authority.load_or_create(tmp_path).ca_pem == first.ca_pem
    pass_time(700)
    second = Authority.load_or_create(tmp_path)
    assert second.ca_pem != first.ca_pem
    assert second.replaces == f"the old one ends on {made.not_valid_after_utc:%Y-%m-%d}"
    assert certificate_of(second).not_valid_after_utc > made.not_valid_after_utc
    assert second.ca_file.read_bytes() == second.ca_pem
    assert second.bundle_file.read_bytes().endswith(second.ca_pem)
    assert Authority.load_or_create(tmp_path).replaces == ""


def test_a_ca_that_begins_in_the_future_is_replaced(tmp_path, pass_time):
    pass_time(400)
    begins = certificate_of(Authority.load_or_create(tmp_path)).not_valid_before_utc
    pass_time(0)
    replaced = Authority.load_or_create(tmp_path)
    assert replaced.replaces == f"the old one begins on {begins:%Y-%m-%d}"
    assert shake_hands(replaced.ssl_context(), strict_client(cafile=replaced.ca_file), "localhost")


def test_a_ca_of_an_earlier_version_is_replaced(tmp_path):
    old = trustme.CA(organization_name="mockidp")
    old_pem = old.private_key_pem.bytes() + old.cert_pem.bytes()
    (tmp_path / "ca.key").write_bytes(old_pem)
    made = Authority.load_or_create(tmp_path)
    assert made.replaces == (
        "the old one, of an earlier version, may sign for any name on the internet"
    )
    assert old.cert_pem.bytes() not in (tmp_path / "ca.key").read_bytes()
    assert shake_hands(made.ssl_context(), strict_client(cafile=made.ca_file), "localhost")


def test_a_name_that_the_ca_may_not_sign_for_needs_a_new_ca_for_all_names(tmp_path):
    first = Authority.load_or_create(tmp_path, ["idp", "10.0.2.2"])
    second = Authority.load_or_create(tmp_path, ["login.acme.example", "other.test", "10.0.2.3"])
    assert second.replaces == "the old one may not sign for login.acme.example, 10.0.2.3"
    client = strict_client(cadata=first.ca_pem.decode())
    with pytest.raises(ssl.SSLCertVerificationError):
        shake_hands(second.ssl_context(), client, "login.acme.example")
    # A mock with the old settings that shares the directory does not replace it again.
    third = Authority.load_or_create(tmp_path, ["idp", "10.0.2.2"])
    assert (third.ca_pem, third.replaces) == (second.ca_pem, "")
    assert shake_hands(third.ssl_context(), strict_client(cafile=third.ca_file), "10.0.2.2")


def test_processes_that_replace_a_ca_at_the_same_time_agree(tmp_path):
    Authority.load_or_create(tmp_path)
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda _: Authority.load_or_create(tmp_path, ["idp"]), range(16)))
    assert len({one.ca_pem for one in made}) == 1
    assert (tmp_path / "ca.pem").read_bytes() == made[0].ca_pem
    assert sorted(one.name for one in tmp_path.iterdir()) == ["ca-bundle.pem", "ca.key", "ca.pem"]


def test_the_next_start_completes_an_interrupted_replacement(tmp_path, monkeypatch):
    first = Authority.load_or_create(tmp_path)

    def interrupt(_self, _target):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", interrupt)
        with pytest.raises(KeyboardInterrupt):
            Authority.load_or_create(tmp_path, ["idp"])
    assert sorted(one.name for one in tmp_path.iterdir()) == ["ca-bundle.pem", "ca.key", "ca.pem"]
    assert Authority.load_or_create(tmp_path).ca_pem == first.ca_pem
    assert Authority.load_or_create(tmp_path, ["idp"]).ca_pem != first.ca_pem


def test_a_ca_of_another_program_is_used_unchanged(tmp_path):
    mine = trustme.CA(organization_name="mine", key_type=trustme.KeyType.RSA)
    (tmp_path / "ca.key").write_bytes(mine.private_key_pem.bytes())
    (tmp_path / "ca.pem").write_bytes(mine.cert_pem.bytes())
    made = Authority.load_or_create(tmp_path, ["login.acme.example"])
    assert (made.ca_pem, made.replaces) == (mine.cert_pem.bytes(), "")
    client = strict_client(cadata=made.ca_pem.decode())
    for name in ("localhost", "login.acme.example", "any-name"):
        assert shake_hands(made.ssl_context(), client, name)


def test_a_ca_key_of_an_unsupported_type_is_reported(tmp_path):
    mine = Authority.load_or_create(tmp_path)
    ed25519 = (
        "-----BEGIN PRIVATE KEY-----\n"
        "MC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g\n"
        "-----END PRIVATE KEY-----\n"
    )
    (tmp_path / "ca.key").write_bytes(ed25519.encode() + mine.ca_pem)
    with pytest.raises(MockIdPError, match="not the key and the certificate of a CA"):
        Authority.load_or_create(tmp_path)


def test_a_long_running_server_renews_its_certificates(pass_time):
    made = Authority.in_memory()
    first = server_certificate(made)
    assert (first.not_valid_after_utc - first.not_valid_before_utc).days == 91
    for days in (60, 365, 700):
        pass_time(days)
        moment = datetime.fromtimestamp(machine_time() + days * DAY, UTC)
        for name in ("localhost", "idp.test"):
            shown = server_certificate(made, name)
            assert shown.not_valid_before_utc < moment < shown.not_valid_after_utc
            assert shown.not_valid_after_utc <= certificate_of(made).not_valid_after_utc
    assert first.serial_number != shown.serial_number


@pytest.mark.parametrize("stop", [freezegun.freeze_time, time_machine.travel])
def test_certificates_follow_the_machines_clock_even_if_a_test_moves_pythons(stop):
    before = datetime.now(UTC)
    with stop("2040-01-01"):
        made = Authority.in_memory()
        client = strict_client(cadata=made.ca_pem.decode())
        assert shake_hands(made.ssl_context(), client, "localhost")
    assert abs((certificate_of(made).not_valid_before_utc - before).total_seconds() + DAY) < 60


def test_a_name_that_cannot_be_certified_is_logged_once_with_a_fix(caplog):
    made = Authority.in_memory()
    client = strict_client(cadata=made.ca_pem.decode())
    with caplog.at_level(logging.WARNING, "mockidp.tls"):
        for name in ("keycloak", "keycloak", "login.acme.example", "a_b.test"):
            with pytest.raises(ssl.SSLCertVerificationError):
                shake_hands(made.ssl_context(), client, name)
    assert [record.getMessage() for record in caplog.records] == [
        f"https: a client asked for {name}, but {reason}. Add it to the setting `hosts` and "
        "restart. That makes a new CA, which clients then have to trust"
        for name, reason in [
            ("keycloak", "the CA may not sign for that name"),
            ("login.acme.example", "mockidp does not answer to that name"),
        ]
    ]
