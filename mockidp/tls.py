"""A certificate authority of one's own, so that clients can speak https with verification on.

It is made once per data directory and kept, so that trust given to it survives restarts. The
server's certificate is new at every start: it costs a millisecond, and fits the names asked for. A
name that clients turn to later, such as a tenant's or a container's, gets one of its own.
"""

from __future__ import annotations

import importlib
import os
import re
import ssl
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Self

from cryptography.hazmat.primitives.serialization import load_pem_private_key
from cryptography.x509 import load_pem_x509_certificate

from mockidp.errors import MockIdPError
from mockidp.protocol.origin import is_local_host

if TYPE_CHECKING:
    import trustme

CA_FILE = "ca.pem"
KEY_FILE = "ca.key"
BUNDLE_FILE = "ca-bundle.pem"
HOSTS = ("localhost", "127.0.0.1", "::1")
_MOST_NAMES = 1000
"""Certificates that are kept of names that clients have turned to."""
_SYSTEM_ROOTS = (
    "/etc/ssl/certs/ca-certificates.crt",  # Debian, Alpine
    "/etc/pki/tls/certs/ca-bundle.crt",  # Fedora
    "/etc/ssl/ca-bundle.pem",  # openSUSE
    "/etc/ssl/cert.pem",  # macOS, BSD
)
_CERTIFICATE = re.compile(
    rb"-----BEGIN CERTIFICATE-----.+?-----END CERTIFICATE-----\r?\n?", re.DOTALL
)


class UnusableDataDir(MockIdPError):  # noqa: N818 - what it is
    """The data directory cannot be read or written."""


class Authority:
    """A CA, and the certificate that it gave to the server.

    Attributes:
        ca_pem: The CA's certificate.
        ca_file: Where it stands, or None in memory.
        bundle_file: The system's roots with the CA's, for what replaces the roots, or None.
    """

    def __init__(self, ca: trustme.CA, hosts: Iterable[str], data_dir: Path | None = None) -> None:
        self.ca_pem = ca.cert_pem.bytes()
        self.ca_file = data_dir / CA_FILE if data_dir else None
        self.bundle_file = data_dir / BUNDLE_FILE if data_dir else None
        self._ca = ca
        self._hosts = tuple(hosts)
        self._server_pem = _issue(ca, self._hosts)
        self._context_of = lru_cache(_MOST_NAMES)(self._make_context_of)

    @classmethod
    def in_memory(cls, extra_hosts: Iterable[str] = ()) -> Self:
        """Make a CA that nothing is written of.

        Raises:
            MockIdPError: trustme is missing, or a host name is none.
        """
        return cls(_new_ca(), extra_hosts)

    @classmethod
    def load_or_create(cls, data_dir: Path, extra_hosts: Iterable[str] = ()) -> Self:
        """Take the CA of a data directory, or make one there.

        Two processes may do so at once: the one that is later takes the other's CA.

        Args:
            data_dir: A directory, made if it is missing, for its owner alone.
            extra_hosts: Names and addresses for which the server has to answer beside `HOSTS`.

        Raises:
            UnusableDataDir: The directory cannot be written, or the CA's files cannot be read.
            MockIdPError: trustme is missing, the files are no CA, or a host name is none.
        """
        data_dir = data_dir.absolute()
        try:
            data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
            ca = _load_ca(data_dir) or _create_ca(data_dir)
            authority = cls(ca, extra_hosts, data_dir)
            _write_if_changed(data_dir / CA_FILE, authority.ca_pem)
            _write_if_changed(data_dir / BUNDLE_FILE, _system_roots() + authority.ca_pem)
        except OSError as error:
            raise UnusableDataDir(
                f"{error.filename or data_dir}: {error.strerror}. The CA for https is kept in "
                "the data directory: make it a directory that can be read and written, name "
                "another with --data-dir, or serve http only with --no-tls."
            ) from None
        return authority

    def ssl_context(self) -> ssl.SSLContext:
        """Return a server's context with the certificate, and one for each name (RFC 6066 3)."""
        context = _server_context(self._server_pem)
        context.sni_callback = self._certify
        return context

    def _certify(self, client: ssl.SSLObject, name: str | None, _: ssl.SSLContext) -> None:
        """Show a certificate for the name that a client turns to, if the mock answers to it.

        A wildcard would not do: OpenSSL, Node and curl take none directly below `localhost`.
        """
        if name and name not in HOSTS and is_local_host(name, self._hosts):
            with suppress(MockIdPError):  # then the client says that the name does not fit
                client.context = self._context_of(name)

    def _make_context_of(self, name: str) -> ssl.SSLContext:
        return _server_context(_issue(self._ca, (name,)))


def _server_context(pem: bytes) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.set_alpn_protocols(["http/1.1"])
    with _as_file(pem) as path:
        context.load_cert_chain(path)
    return context


def environment(issuer: str, data_dir: Path | None = None) -> dict[str, str]:
    """Return the variables that make Node, Python and curl find and trust the mock.

    Args:
        issuer: The tenant's issuer.
        data_dir: Where the CA is, or None where https is not served.
    """
    variables = {"MOCKIDP_ISSUER": issuer}
    if data_dir is not None:
        ca, bundle = (str(data_dir.absolute() / name) for name in (CA_FILE, BUNDLE_FILE))
        # Node adds its file to the roots it knows; the others replace them. Where a machine has
        # set CURL_CA_BUNDLE or SSL_CERT_DIR, curl does not look at SSL_CERT_FILE.
        variables |= {
            "NODE_EXTRA_CA_CERTS": ca,
            "SSL_CERT_FILE": bundle,
            "REQUESTS_CA_BUNDLE": bundle,
            "CURL_CA_BUNDLE": bundle,
        }
    return variables


def _trustme() -> type[trustme.CA]:
    try:
        from trustme import CA  # noqa: PLC0415 - an extra, and not needed for http
    except ImportError:
        raise MockIdPError(
            "https needs the package trustme, which is not installed. Install it with: "
            "pip install 'mockidp-server[tls]'; or serve http only with --no-tls."
        ) from None
    return CA


def _new_ca() -> trustme.CA:
    return _trustme()(organization_name="mockidp")


def _issue(ca: trustme.CA, extra_hosts: Iterable[str]) -> bytes:
    hosts = list(HOSTS)
    for host in extra_hosts:
        name = host.lower()
        if name not in hosts:
            hosts.append(name)
    try:
        issued = ca.issue_cert(*hosts, organization_name="mockidp", common_name="localhost")
    except ValueError as error:
        raise MockIdPError(
            f"No certificate can be made for {', '.join(hosts[len(HOSTS) :])}: {error}. Give "
            "host names and IP addresses, without scheme and port."
        ) from None
    return issued.private_key_and_cert_chain_pem.bytes()


def _load_ca(data_dir: Path) -> trustme.CA | None:
    """Read the CA; its key's file has the certificate too, unless somebody else made it."""
    path = data_dir / KEY_FILE
    try:
        pem = path.read_bytes()
    except FileNotFoundError:
        return None
    load = _trustme().from_pem
    try:
        found = _CERTIFICATE.search(pem) or _CERTIFICATE.search((data_dir / CA_FILE).read_bytes())
        certificate = found.group() if found else b""
        _check_pair(certificate, pem)
        return load(certificate, pem)
    except (ValueError, TypeError, FileNotFoundError):
        raise MockIdPError(
            f"{path} is not the key and the certificate of a CA. Delete it, and the next start "
            "makes a new CA, which clients then have to be told to trust."
        ) from None


def _check_pair(certificate: bytes, key: bytes) -> None:
    """Raise ValueError unless a certificate is for a key: no client would say which is wrong."""
    public_key = load_pem_x509_certificate(certificate).public_key()
    if public_key != load_pem_private_key(key, None).public_key():
        raise ValueError("the key is not the certificate's")


def _create_ca(data_dir: Path) -> trustme.CA:
    """Make a CA and keep it, unless another process was faster: then take that one's.

    Key and certificate go into one file, which appears whole or not at all: two files could
    come from two processes.
    """
    ca = _new_ca()
    path = data_dir / KEY_FILE
    draft = _write_draft(path, ca.private_key_pem.bytes() + ca.cert_pem.bytes())
    try:
        path.hardlink_to(draft)
    except FileExistsError:
        pass
    except OSError:  # a file system without links
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
    return _load_ca(data_dir) or ca


def _write_if_changed(path: Path, content: bytes) -> None:
    with suppress(FileNotFoundError):
        if path.read_bytes() == content:
            return
    draft = _write_draft(path, content)
    draft.chmod(0o644)
    draft.replace(path)


def _write_draft(path: Path, content: bytes) -> Path:
    """Write a file beside another, for its owner alone from the start."""
    descriptor, draft = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
    return Path(draft)


def _system_roots() -> bytes:
    """Return the roots that the system trusts, or nothing where none are found.

    Not what SSL_CERT_FILE says: that may be the bundle that is being written.
    """
    candidates = (ssl.get_default_verify_paths().openssl_cafile, *_SYSTEM_ROOTS)
    path = next((each for each in map(Path, candidates) if each.is_file()), None)
    if path is None:
        try:
            path = Path(importlib.import_module("certifi").where())
        except ImportError:  # it comes with requests, and is nothing that this package needs
            return b""
    return path.read_bytes().rstrip() + b"\n"


@contextmanager
def _as_file(content: bytes) -> Iterator[str]:
    """Give bytes a path, without a disk where the system can."""
    if hasattr(os, "memfd_create"):
        descriptor = os.memfd_create("mockidp")
        try:
            os.write(descriptor, content)
            yield f"/proc/self/fd/{descriptor}"
        finally:
            os.close(descriptor)
        return
    draft = _write_draft(Path(tempfile.gettempdir()) / "mockidp", content)
    try:
        yield str(draft)
    finally:
        draft.unlink()
