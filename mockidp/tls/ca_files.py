"""The CA in a data directory. It is kept, so that clients trust it after a restart as well."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, datetime
from pathlib import Path

from mockidp.errors import MockIdPError
from mockidp.tls.ca import RENEW_BEFORE, Ca
from mockidp.tls.files import write
from mockidp.tls.names import covers
from mockidp.tls.trust import CA_FILE

KEY_FILE = "ca.key"


class UnusableDataDir(MockIdPError):  # noqa: N818 - named after its cause
    """The data directory cannot be read or written."""


def load_or_create_ca(data_dir: Path, names: Collection[str], *, now: float) -> tuple[Ca, str]:
    """Return the CA of a directory, and why it replaces an earlier one, if it does.

    The caller holds the directory's lock, so that all processes get the same CA.

    Args:
        data_dir: An existing directory.
        names: Normalized names for which the CA has to sign.
        now: The machine's time.

    Raises:
        OSError: A file cannot be read or written.
        MockIdPError: The files do not contain a CA.
    """
    ca = _load(data_dir)
    reason = _why_outdated(ca, names, now) if ca else ""
    if ca is None or reason:
        # Includes the old CA's names: two mocks may share the data directory.
        ca = Ca.make([*(ca.certificate.permitted if ca else ()), *names], now=now)
        # Key and certificate are in one file, so that they always belong together.
        write(data_dir / KEY_FILE, ca.pem)
    return ca, reason


def _why_outdated(ca: Ca, names: Collection[str], now: float) -> str:
    """Return why a CA of mockidp has to be replaced, or an empty text."""
    certificate = ca.certificate
    if not certificate.is_of_mockidp:
        return ""
    if not certificate.permitted:
        return "the old one, of an earlier version, may sign for any name on the internet"
    if now > certificate.ends - RENEW_BEFORE:
        return f"the old one ends on {_date(certificate.ends)}"
    if now < certificate.begins:
        return f"the old one begins on {_date(certificate.begins)}"
    missing = [name for name in names if not covers(certificate.permitted, name)]
    return f"the old one may not sign for {', '.join(missing)}" if missing else ""


def _date(seconds: float) -> str:
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%d}"


def _load(data_dir: Path) -> Ca | None:
    """Load the CA. ca.key contains its certificate as well, unless another program made it."""
    path = data_dir / KEY_FILE
    try:
        pem = path.read_bytes()
    except FileNotFoundError:
        return None
    try:
        if b"-----BEGIN CERTIFICATE" not in pem:
            pem += (data_dir / CA_FILE).read_bytes()
        return Ca.from_pem(pem)
    except (ValueError, TypeError, FileNotFoundError):
        raise MockIdPError(
            f"{path} is not the key and the certificate of a CA. Delete it, and the next start "
            "makes a new CA, which clients then have to trust."
        ) from None
