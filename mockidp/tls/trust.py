"""What clients need to trust the CA: its files, and environment variables with their paths."""

from __future__ import annotations

import importlib
import ssl
from pathlib import Path

CA_FILE = "ca.pem"
BUNDLE_FILE = "ca-bundle.pem"
_SYSTEM_ROOTS = (
    "/etc/ssl/certs/ca-certificates.crt",  # Debian, Alpine
    "/etc/pki/tls/certs/ca-bundle.crt",  # Fedora
    "/etc/ssl/ca-bundle.pem",  # openSUSE
    "/etc/ssl/cert.pem",  # macOS, BSD
)


def environment(issuer: str, data_dir: Path | None = None) -> dict[str, str]:
    """Return environment variables that make Node, Python and curl find and trust the mock.

    Args:
        issuer: The tenant's issuer.
        data_dir: The directory of the CA, or None without https.
    """
    variables = {"MOCKIDP_ISSUER": issuer}
    if data_dir is not None:
        ca, bundle = (str(data_dir.absolute() / name) for name in (CA_FILE, BUNDLE_FILE))
        # Node adds its file to the roots; the others replace the roots. If CURL_CA_BUNDLE or
        # SSL_CERT_DIR is set, curl ignores SSL_CERT_FILE.
        variables |= {
            "NODE_EXTRA_CA_CERTS": ca,
            "SSL_CERT_FILE": bundle,
            "REQUESTS_CA_BUNDLE": bundle,
            "CURL_CA_BUNDLE": bundle,
        }
    return variables


def system_roots() -> bytes:
    """Return the system's root certificates, or nothing if none are found.

    SSL_CERT_FILE is ignored, because it may name the bundle that is being written.
    """
    candidates = (ssl.get_default_verify_paths().openssl_cafile, *_SYSTEM_ROOTS)
    path = next((each for each in map(Path, candidates) if each.is_file()), None)
    if path is None:
        try:
            path = Path(importlib.import_module("certifi").where())
        except ImportError:  # installed with requests; this package does not depend on it
            return b""
    return path.read_bytes().rstrip() + b"\n"
