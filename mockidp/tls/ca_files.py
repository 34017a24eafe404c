"""The authority in a data directory: made once and kept, so that trust in it survives restarts."""

from __future__ import annotations

from collections.abc import Collection
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from mockidp.errors import MockIdPError
from mockidp.protocol.tls_names import covers
from mockidp.tls.ca import RENEW_BEFORE, Ca
from mockidp.tls.files import write_draft, write_once
from mockidp.tls.trust import CA_FILE

KEY_FILE = "ca.key"


class UnusableDataDir(MockIdPError):  # noqa: N818 - what it is
    """The data directory cannot be read or written."""


def load_or_create_ca(data_dir: Path, names: Collection[str], *, now: float) -> tuple[Ca, str]:
    """Return the CA of a directory, and why it replaces an earlier one, if it does.

    Processes may do this at the same time: all get the same CA.

    Args:
        data_dir: An existing directory.
        names: The normalized names for which the CA has to sign.
        now: The machine's time.

    Raises:
        OSError: A file cannot be read or written.
        MockIdPError: The files are not those of a CA.
    """
    reason = ""
    while True:
        ca = _load(data_dir)
        if ca is None:
            # Key and certificate are in one file: two could come from two processes.
            write_once(data_dir / KEY_FILE, Ca.make(names, now=now).pem)
            continue
        outdated = _why_outdated(ca, names, now)
        if not outdated:
            return ca, reason
        reason = outdated
        _replace(data_dir, ca, _make_successor(ca, names, now))


def _why_outdated(ca: Ca, names: Collection[str], now: float) -> str:
    """Return why a CA that mockidp made has to be replaced, or nothing."""
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


def _make_successor(ca: Ca, names: Collection[str], now: float) -> Ca:
    """Make a CA for the old one's names as well: two mocks may share the data directory."""
    return Ca.make([*ca.certificate.permitted, *names], now=now)


def _date(seconds: float) -> str:
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%d}"


def _load(data_dir: Path) -> Ca | None:
    """Read the CA. Its certificate is in ca.key as well, unless another program made it."""
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


def _replace(data_dir: Path, old: Ca, new: Ca) -> None:
    """Replace a CA; if several processes do so at the same time, one of them decides.

    That is the first to write the file that is named after the old CA. Each process then copies
    that file, so one that is interrupted does no harm.
    """
    path = data_dir / KEY_FILE
    successor = data_dir / f".{KEY_FILE}.after-{old.certificate.key_id.hex()[:16]}"
    write_once(successor, new.pem)
    with suppress(FileNotFoundError):  # another process is done with it
        present = _load(data_dir)
        if present and present.certificate == old.certificate:
            write_draft(path, successor.read_bytes()).replace(path)
        successor.unlink()
