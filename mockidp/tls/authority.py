"""A certificate authority (CA), and the certificates of a server that has several names.

The server's certificate is new at every start, and valid for the names in the settings. A name that
clients request later, such as a tenant's, gets its own certificate.
"""

from __future__ import annotations

import logging
import ssl
from collections.abc import Iterable
from functools import lru_cache, partial
from pathlib import Path
from typing import Self

from mockidp.data_dir import make_data_dir
from mockidp.errors import MockIdPError
from mockidp.hosts import is_local_host
from mockidp.once_log import OnceLog
from mockidp.tls.ca import RENEW_BEFORE, Ca
from mockidp.tls.ca_files import UnusableDataDir, load_or_create_ca
from mockidp.tls.client_certificates import request_client_certificates
from mockidp.tls.files import as_file, locked, machine_time, write_if_changed
from mockidp.tls.names import covers, normalize_name
from mockidp.tls.trust import BUNDLE_FILE, CA_FILE, system_roots

HOSTS = ("localhost", "127.0.0.1", "::1")
_MAX_NAMES = 1000
"""How many certificates are kept for names that clients have requested."""
_logger = logging.getLogger("mockidp.tls")


class Authority:
    """A CA, and the certificates of a server.

    Attributes:
        ca_pem: The CA's certificate.
        ca_file: The path of the CA's certificate, or None in memory.
        bundle_file: The path of the system's roots plus the CA, for programs whose setting replaces
            the roots, or None in memory.
        replaces: Why this CA replaced an earlier one in the same directory, or an empty text.
    """

    def __init__(
        self, ca: Ca, names: Iterable[str], data_dir: Path | None = None, replaces: str = ""
    ) -> None:
        self.ca_pem = ca.certificate_pem
        self.ca_file = data_dir / CA_FILE if data_dir else None
        self.bundle_file = data_dir / BUNDLE_FILE if data_dir else None
        self.replaces = replaces
        self._ca = ca
        self._names = tuple(names)
        self._warned = OnceLog()
        self._context_of = lru_cache(_MAX_NAMES)(self._make_context)

    @classmethod
    def in_memory(cls, extra_hosts: Iterable[str] = ()) -> Self:
        """Make a CA without writing it anywhere.

        Raises:
            MockIdPError: A host name is invalid.
        """
        names = _normalize(extra_hosts)
        return cls(Ca.make(names, now=machine_time()), names)

    @classmethod
    def load_or_create(cls, data_dir: Path, extra_hosts: Iterable[str] = ()) -> Self:
        """Load the CA of a data directory, or create one there.

        A CA that mockidp made is replaced in the month before it expires, and if it may not sign
        for a host. A CA that another program made is used unchanged.

        Args:
            data_dir: The directory. If it is missing, it is created with access for its owner only.
            extra_hosts: Names and addresses of the server in addition to `HOSTS`.

        Raises:
            UnusableDataDir: The directory cannot be written, or the CA's files cannot be read.
            MockIdPError: The files do not contain a CA, or a host name is invalid.
        """
        data_dir = data_dir.absolute()
        names = _normalize(extra_hosts)
        try:
            make_data_dir(data_dir)
            with locked(data_dir):
                ca, reason = load_or_create_ca(data_dir, names, now=machine_time())
                authority = cls(ca, names, data_dir, reason)
                write_if_changed(data_dir / CA_FILE, authority.ca_pem)
                write_if_changed(data_dir / BUNDLE_FILE, system_roots() + authority.ca_pem)
        except OSError as error:
            raise UnusableDataDir(
                f"{error.filename or data_dir}: {error.strerror}. The CA for https is kept in "
                "the data directory: make it a directory that can be read and written, name "
                "another with --data-dir, or serve http only with --no-tls."
            ) from None
        return authority

    def ssl_context(self, client_roots: str | None = None) -> ssl.SSLContext:
        """Return a TLS context that selects a certificate by name (RFC 6066 3) and time.

        Args:
            client_roots: The authorities of client certificates as PEM, which may be empty. None
                requests no client certificates.
        """
        context = self._context_of("", _period(), client_roots)
        context.sni_callback = partial(self._certify, client_roots)
        return context

    def _certify(
        self, client_roots: str | None, client: ssl.SSLObject, name: str | None, _: ssl.SSLContext
    ) -> None:
        """Select the certificate for the name that a client requests.

        A wildcard does not work: OpenSSL, Node and curl accept none directly below `localhost`.
        """
        certified = self._certified_name(name or "")
        client.context = self._context_of(certified, _period(), client_roots)

    def _certified_name(self, name: str) -> str:
        """Return a normalized name that gets its own certificate, or nothing.

        For all other names clients get the certificate of `localhost`, and report a mismatch.
        """
        try:
            normalized = normalize_name(name)
        except ValueError:
            return ""
        if normalized in HOSTS:
            return ""
        permitted = self._ca.certificate.permitted
        if not is_local_host(normalized, self._names):
            self._warn(normalized, "mockidp does not answer to that name")
        elif permitted and not covers(permitted, normalized):
            self._warn(normalized, "the CA may not sign for that name")
        else:
            return normalized
        return ""

    def _warn(self, name: str, reason: str) -> None:
        if self._warned.first_time(name):
            _logger.warning(
                "https: a client asked for %s, but %s. Add it to the setting `hosts` and restart. "
                "That makes a new CA, which clients then have to trust",
                name,
                reason,
            )

    def _make_context(self, name: str, _period: int, client_roots: str | None) -> ssl.SSLContext:
        names = dict.fromkeys((*HOSTS, *((name,) if name else self._names)))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.set_alpn_protocols(["http/1.1"])
        with as_file(self._ca.issue(names, now=machine_time())) as path:
            context.load_cert_chain(path)
        if client_roots is not None:
            request_client_certificates(context, client_roots)
        return context


def _period() -> int:
    """Return the number of the current month, so that a long-running server renews certificates."""
    return int(machine_time() // RENEW_BEFORE)


def _normalize(hosts: Iterable[str]) -> list[str]:
    names = []
    for host in hosts:
        try:
            names.append(normalize_name(host))
        except ValueError as error:
            raise MockIdPError(
                f"No certificate can be made for {host}: {error}. Give host names and IP "
                "addresses, without scheme and port."
            ) from None
    return names
