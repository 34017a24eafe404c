"""The CA bundle, and the environment variables with its path."""

import ssl
import sys
from pathlib import Path

import pytest

from helpers.handshake import shake_hands, strict_client
from mockidp.tls import Authority, environment, trust


@pytest.fixture
def roots(tmp_path, monkeypatch):
    """Return the path of the system's roots, the only ones that exist."""
    path = tmp_path / "roots.pem"
    monkeypatch.setattr(trust, "_SYSTEM_ROOTS", (str(path),))
    paths = ssl.DefaultVerifyPaths(None, None, "", str(tmp_path / "none"), "", "")
    monkeypatch.setattr(ssl, "get_default_verify_paths", lambda: paths)
    return path


def test_the_bundle_has_the_systems_roots_and_the_ca(tmp_path, roots):
    other = Authority.in_memory()
    roots.write_bytes(other.ca_pem.rstrip())
    authority = Authority.load_or_create(tmp_path / "data")
    assert authority.bundle_file.read_bytes() == other.ca_pem + authority.ca_pem
    for each in (authority, other):
        assert shake_hands(
            each.ssl_context(), strict_client(cafile=authority.bundle_file), "localhost"
        )


def test_the_bundle_uses_certifis_roots_if_the_system_has_none(tmp_path, roots, monkeypatch):
    elsewhere = tmp_path / "certifi.pem"
    elsewhere.write_bytes(b"theirs\n")

    class Certifi:
        where = staticmethod(lambda: str(elsewhere))

    monkeypatch.setitem(sys.modules, "certifi", Certifi)
    authority = Authority.load_or_create(tmp_path / "data")
    assert authority.bundle_file.read_bytes() == b"theirs\n" + authority.ca_pem


def test_the_bundle_has_only_the_ca_if_there_are_no_roots(tmp_path, roots, monkeypatch):
    monkeypatch.setitem(sys.modules, "certifi", None)
    authority = Authority.load_or_create(tmp_path / "data")
    assert authority.bundle_file.read_bytes() == authority.ca_pem


def test_the_environment_has_absolute_paths(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert environment("https://localhost:9443/", Path(".mockidp")) == {
        "MOCKIDP_ISSUER": "https://localhost:9443/",
        "NODE_EXTRA_CA_CERTS": str(tmp_path / ".mockidp" / "ca.pem"),
        "SSL_CERT_FILE": str(tmp_path / ".mockidp" / "ca-bundle.pem"),
        "REQUESTS_CA_BUNDLE": str(tmp_path / ".mockidp" / "ca-bundle.pem"),
        "CURL_CA_BUNDLE": str(tmp_path / ".mockidp" / "ca-bundle.pem"),
    }


def test_the_environment_without_https_has_no_files():
    assert environment("http://localhost:9400/") == {"MOCKIDP_ISSUER": "http://localhost:9400/"}
