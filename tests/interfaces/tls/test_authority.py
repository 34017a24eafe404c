"""The CA in a data directory."""

import os
import re
import shutil
import ssl
import stat
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import pytest

from helpers.handshake import shake_hands, strict_client
from mockidp.errors import MockIdPError
from mockidp.tls import Authority


def mode(path):
    return stat.S_IMODE(path.stat().st_mode)


def names(path):
    return sorted(each.name for each in path.iterdir())


@pytest.mark.parametrize("name", ["localhost", "127.0.0.1", "::1"])
def test_a_strict_client_that_trusts_the_ca_accepts_every_loopback_name(name):
    authority = Authority.in_memory()
    client = strict_client(cadata=authority.ca_pem.decode())
    assert shake_hands(authority.ssl_context(), client, name)


def test_a_client_that_does_not_trust_the_ca_refuses():
    authority = Authority.in_memory()
    with pytest.raises(ssl.SSLCertVerificationError):
        shake_hands(authority.ssl_context(), ssl.create_default_context(), "localhost")


def test_extra_hosts_are_certified(tmp_path):
    authority = Authority.load_or_create(tmp_path, ["idp", "Auth.Example", "10.0.0.7", "localhost"])
    for name in ("idp", "auth.example", "10.0.0.7", "localhost"):
        assert shake_hands(authority.ssl_context(), strict_client(cafile=authority.ca_file), name)
    with pytest.raises(ssl.SSLCertVerificationError):
        shake_hands(authority.ssl_context(), strict_client(cafile=authority.ca_file), "a.example")


@pytest.mark.parametrize(
    "name", ["worker-1.localhost", "mockidp", "idp.test", "login.acme.example"]
)
def test_every_name_that_the_mock_answers_to_is_certified(name):
    authority = Authority.in_memory(["login.acme.example"])
    server, client = authority.ssl_context(), strict_client(cadata=authority.ca_pem.decode())
    for _ in range(2):
        certificate = shake_hands(server, client, name)
        assert ("DNS", name) in certificate["subjectAltName"]
    assert shake_hands(server, client, "localhost")


@pytest.mark.parametrize("name", ["login.acme.example", "a_b.localhost", "-.localhost"])
def test_foreign_and_invalid_names_are_not_certified(name):
    authority = Authority.in_memory()
    client = strict_client(cadata=authority.ca_pem.decode())
    with pytest.raises(ssl.SSLCertVerificationError):
        shake_hands(authority.ssl_context(), client, name)


def test_a_client_without_sni_gets_the_certificate_of_localhost():
    authority = Authority.in_memory()
    client = strict_client(cadata=authority.ca_pem.decode())
    assert ("DNS", "localhost") in shake_hands(authority.ssl_context(), client, "127.0.0.1")[
        "subjectAltName"
    ]


def test_alpn_offers_http_1_1():
    authority = Authority.in_memory()
    client = strict_client(cadata=authority.ca_pem.decode())
    client.set_alpn_protocols(["h2", "http/1.1"])
    assert shake_hands(authority.ssl_context(), client, "localhost")


def test_secret_files_of_a_new_ca_are_readable_for_their_owner_only(tmp_path):
    data_dir = tmp_path / "deep" / ".mockidp"
    authority = Authority.load_or_create(data_dir)
    assert authority.ca_file == data_dir / "ca.pem"
    assert authority.bundle_file == data_dir / "ca-bundle.pem"
    assert mode(data_dir) == 0o700
    assert mode(data_dir / "ca.key") == 0o600
    assert mode(authority.ca_file) == mode(authority.bundle_file) == 0o644
    assert authority.ca_file.read_bytes() == authority.ca_pem
    assert b"PRIVATE" not in authority.ca_pem
    assert names(data_dir) == [".gitignore", "ca-bundle.pem", "ca.key", "ca.pem"]


def test_the_key_is_not_readable_by_others_while_it_is_written(tmp_path, monkeypatch):
    modes = []
    original = os.fdopen

    def note(descriptor, *rest):
        modes.append(stat.S_IMODE(os.fstat(descriptor).st_mode))
        return original(descriptor, *rest)

    monkeypatch.setattr(os, "fdopen", note)
    before = os.umask(0)
    try:
        Authority.load_or_create(tmp_path)
    finally:
        os.umask(before)
    assert set(modes) == {0o600}


def test_trust_survives_a_restart(tmp_path):
    first = Authority.load_or_create(tmp_path, ["idp"])
    second = Authority.load_or_create(tmp_path)
    assert second.ca_pem == first.ca_pem
    assert second.replaces == ""
    for name in ("localhost", "idp"):
        assert shake_hands(second.ssl_context(), strict_client(cadata=first.ca_pem.decode()), name)


def test_a_second_start_writes_nothing(tmp_path):
    Authority.load_or_create(tmp_path)
    before = {path: path.stat().st_ino for path in tmp_path.iterdir()}
    Authority.load_or_create(tmp_path)
    assert {path: path.stat().st_ino for path in tmp_path.iterdir()} == before


def test_files_that_were_deleted_or_changed_are_written_again(tmp_path):
    first = Authority.load_or_create(tmp_path)
    first.ca_file.unlink()
    first.bundle_file.write_bytes(b"changed")
    second = Authority.load_or_create(tmp_path)
    assert second.ca_file.read_bytes() == first.ca_pem
    assert second.bundle_file.read_bytes().endswith(first.ca_pem)


def test_processes_that_start_at_once_agree_on_one_ca(tmp_path):
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda _: Authority.load_or_create(tmp_path), range(8)))
    assert len({authority.ca_pem for authority in made}) == 1
    assert (tmp_path / "ca.pem").read_bytes() == made[0].ca_pem
    assert names(tmp_path) == ["ca-bundle.pem", "ca.key", "ca.pem"]


def fail_to_lock(_descriptor, _operation):
    raise OSError(95, "Operation not supported")


@pytest.mark.parametrize("fcntl", [None, SimpleNamespace(flock=fail_to_lock, LOCK_EX=2)])
def test_it_works_without_file_locks(tmp_path, monkeypatch, fcntl):
    monkeypatch.setitem(sys.modules, "fcntl", fcntl)
    first = Authority.load_or_create(tmp_path)
    second = Authority.load_or_create(tmp_path, ["idp"])
    assert second.ca_pem != first.ca_pem
    assert Authority.load_or_create(tmp_path).ca_pem == second.ca_pem


def test_a_ca_of_another_program_may_have_its_certificate_in_ca_pem(tmp_path):
    mine = Authority.load_or_create(tmp_path)
    key = tmp_path / "ca.key"
    key.write_bytes(key.read_bytes().partition(b"-----BEGIN CERT")[0])
    assert Authority.load_or_create(tmp_path).ca_pem == mine.ca_pem


@pytest.mark.parametrize(
    "content",
    [b"", b"nonsense", b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"],
)
def test_a_file_without_a_key_is_reported_with_a_fix(tmp_path, content):
    (tmp_path / "ca.key").write_bytes(content)
    with pytest.raises(MockIdPError) as error:
        Authority.load_or_create(tmp_path)
    assert str(tmp_path / "ca.key") in str(error.value)
    assert "Delete it" in str(error.value)


def test_a_ca_file_without_a_certificate_is_reported_by_path(tmp_path):
    (tmp_path / "ca.key").write_bytes(b"nonsense")
    (tmp_path / "ca.pem").write_bytes(b"nonsense")
    with pytest.raises(MockIdPError, match="not the key and the certificate of a CA"):
        Authority.load_or_create(tmp_path)


def test_a_truncated_certificate_is_reported_by_path(tmp_path):
    Authority.load_or_create(tmp_path)
    key = tmp_path / "ca.key"
    key.write_bytes(re.sub(rb"(CERTIFICATE-----\n)....", rb"\1", key.read_bytes()))
    with pytest.raises(MockIdPError, match="not the key and the certificate of a CA"):
        Authority.load_or_create(tmp_path)


def test_a_key_of_another_ca_is_reported_by_path(tmp_path):
    Authority.load_or_create(tmp_path / "a")
    Authority.load_or_create(tmp_path / "b")
    one, other = ((tmp_path / name / "ca.key").read_bytes() for name in "ab")
    mixed = one.partition(b"-----BEGIN CERT")[0] + b"".join(other.partition(b"-----BEGIN CERT")[1:])
    (tmp_path / "a" / "ca.key").write_bytes(mixed)
    with pytest.raises(MockIdPError, match="not the key and the certificate of a CA"):
        Authority.load_or_create(tmp_path / "a")


def test_a_data_directory_that_is_a_file_is_reported_with_a_fix(tmp_path):
    path = tmp_path / "file"
    path.write_text("")
    with pytest.raises(MockIdPError) as error:
        Authority.load_or_create(path)
    assert str(error.value).startswith(f"{path}: ")
    assert "--data-dir" in str(error.value)


def test_a_directory_that_cannot_be_written_is_reported_with_a_fix(tmp_path, monkeypatch):
    def refuse(*, prefix, dir):  # noqa: A002
        raise PermissionError(13, "Permission denied", f"{dir}/{prefix}x")

    monkeypatch.setattr(tempfile, "mkstemp", refuse)
    with pytest.raises(MockIdPError) as error:
        Authority.load_or_create(tmp_path)
    assert str(tmp_path) in str(error.value)
    assert "Permission denied" in str(error.value)


def test_a_complete_directory_may_be_read_only(tmp_path, monkeypatch):
    first = Authority.load_or_create(tmp_path)
    monkeypatch.setattr(tempfile, "mkstemp", None)
    assert Authority.load_or_create(tmp_path).ca_pem == first.ca_pem


def test_an_invalid_extra_host_is_named_in_the_error():
    with pytest.raises(MockIdPError, match="No certificate can be made for a b"):
        Authority.in_memory(["a b"])


def test_a_ca_in_memory_has_no_files():
    authority = Authority.in_memory()
    assert authority.ca_file is None
    assert authority.bundle_file is None


def test_a_certificate_is_loaded_from_memory_if_the_system_supports_it(monkeypatch):
    authority = Authority.in_memory()
    monkeypatch.setattr(tempfile, "mkstemp", None)
    assert authority.ssl_context()


def test_a_certificate_is_loaded_through_a_temporary_file_otherwise(tmp_path, monkeypatch):
    authority = Authority.in_memory()
    monkeypatch.delattr(os, "memfd_create", raising=False)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    client = strict_client(cadata=authority.ca_pem.decode())
    assert shake_hands(authority.ssl_context(), client, "localhost")
    assert list(tmp_path.iterdir()) == []


def test_a_directory_may_be_deleted_and_created_again(tmp_path):
    first = Authority.load_or_create(tmp_path / "data")
    shutil.rmtree(tmp_path / "data")
    assert Authority.load_or_create(tmp_path / "data").ca_pem != first.ca_pem
