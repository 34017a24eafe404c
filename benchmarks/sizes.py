"""A million sessions and refresh tokens: memory for each, export, and start with a persisted state.

A refresh token includes its family. Memory is what the resident memory of a server grows by when it
imports a state. The peak of an export is that of the resident memory while it is sent, beyond what
it was before. Times are processor time of the server.
"""

import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from process import RunningServer, running
from scratch import Scratch, clean_environment
from servers import mockidp
from table import Row

ITEMS, USERS = 1_000_000, 100_000
QUICK_ITEMS, QUICK_USERS = 50_000, 5_000
_MAX_SECONDS = 1200.0
_NOW = 1.8e9


def measure(scratch: Scratch, *, quick: bool) -> list[Row]:
    """Import states of one kind for their memory, then use one with everything."""
    items, users = (QUICK_ITEMS, QUICK_USERS) if quick else (ITEMS, USERS)
    with tempfile.TemporaryDirectory() as folder:
        state = Path(folder, "state.json")
        rows = []
        for what, count, kinds in (
            ("user", users, (users, 0, 0)),
            ("session", items, (0, items, 0)),
            ("refresh token with its family", items, (0, 0, items)),
        ):
            write_state(state, *kinds)
            rows.append(_memory(scratch, state, what, count))
        write_state(state, users, items, items)
        return [*rows, *_export_and_start(scratch, state, f"{items:,}")]


def _memory(scratch: Scratch, state: Path, what: str, count: int) -> Row:
    with running(mockidp(scratch, "--no-tls")) as server:
        before = server.resident_mb()
        _call(scratch, server, "import", state)
        value = (server.resident_mb() - before) * 1e6 / count
    return Row(what=f"memory of a {what}", figures=f"{count:,} imported", value=value, unit="bytes")


def _export_and_start(scratch: Scratch, state: Path, items: str) -> list[Row]:
    options = ("--no-tls", "--persist", "--data-dir", str(state.parent / "data"))
    with running(mockidp(scratch, *options)) as server:
        _call(scratch, server, "import", state)
        before, began = server.resident_mb(), server.processor_seconds()
        server.forget_peak()
        exported = state.with_name("exported.json")
        _call(scratch, server, "export", exported)
        extra, seconds = server.peak_mb() - before, server.processor_seconds() - began
    assert exported.read_bytes()[:-1] == state.read_bytes(), "the export differs from the state"
    size, parsed = state.stat().st_size / 1e6, _parse_seconds(scratch, state)
    exported.unlink()
    with running(mockidp(scratch, *options), timeout=_MAX_SECONDS) as server:
        started = server.processor_seconds()
        again = server.resident_mb()
    return [
        Row(
            what=f"export of {items} sessions and refresh tokens: peak memory / resident before",
            figures=f"{size:,.0f} MB of JSON, {extra:,.1f} MB / {before:,.0f} MB, {seconds:.1f} s",
            value=extra / before,
            bar=0.1,
            at_most=True,
        ),
        Row(
            what="start with the persisted state / parsing its JSON with the json module",
            figures=f"{started:.1f} s / {parsed:.1f} s; resident {again:,.0f} MB",
            value=started / parsed,
        ),
    ]


def _parse_seconds(scratch: Scratch, state: Path) -> float:
    """Return the processor seconds in which another process parses a file."""
    code = (
        "import json, sys, time; text = open(sys.argv[1]).read(); began = time.process_time(); "
        "json.loads(text); print(time.process_time() - began)"
    )
    done = subprocess.run(
        (scratch.python, "-c", code, state), capture_output=True, text=True, check=True
    )
    return float(done.stdout)


def _call(scratch: Scratch, server: RunningServer, command: str, file: Path) -> None:
    url = f"http://localhost:{server.port}"
    subprocess.run(
        (scratch.mockidp / "bin" / "mockidp", command, file, "--url", url),
        check=True,
        capture_output=True,
        timeout=_MAX_SECONDS,
        env=clean_environment(),
    )


def write_state(file: Path, users: int, sessions: int, tokens: int) -> None:
    """Write the state of a tenant that has so many users, sessions and refresh tokens."""
    from mockidp.codec.pieces import json_pieces
    from mockidp.tenant.config.plain import structure_tenant
    from mockidp.tenant.state.snapshot_data import snapshot_in_pieces
    from mockidp.tenant.tenant import Tenant

    snapshot = Tenant().snapshot()
    listed = [
        {"user_id": _user(number), "email": f"user{number}@acme.example", "password": "Passw0rd!"}
        for number in range(users)
    ]
    settings = {"capacity": 2 * max(sessions, tokens, 1)}
    document = structure_tenant({"users": listed, "mockidp": settings}, source="benchmark")
    stores: dict[str, Any] = {
        "sessions": _sessions(sessions),
        "refresh_tokens": _tokens(tokens),
        "refresh_families": _families(tokens),
    }
    whole = replace(snapshot, document=document, stores={**snapshot.stores, **stores})
    with file.open("wb") as opened:
        opened.writelines(json_pieces(snapshot_in_pieces(whole)))


def _user(number: int) -> str:
    return f"auth0|{number % USERS:024x}"


def _sessions(count: int) -> Iterator[tuple[str, Any]]:
    from mockidp.protocol.tokens.artifacts import ClientLogin, Session
    from mockidp.storage.store import Entry

    client = ClientLogin(client_id="web", issuer="http://localhost:9400/")
    for number in range(count):
        session = Session(
            id=f"s{number:031x}",
            sid=f"d{number:031x}",
            user_id=_user(number),
            auth_time=_NOW,
            absolute_expires_at=_NOW + 3e5,
            used_by=("web",),
            clients=(client,),
        )
        yield session.id, Entry(value=session, expires_at=_NOW + 2e5)


def _tokens(count: int) -> Iterator[tuple[str, Any]]:
    from mockidp.protocol.tokens.artifacts import RefreshToken
    from mockidp.storage.store import Entry

    for number in range(count):
        token = RefreshToken(family_id=f"f{number:023x}", counter=0)
        yield f"v1.{number:061x}", Entry(value=token)


def _families(count: int) -> Iterator[tuple[str, Any]]:
    from mockidp.protocol.tokens.artifacts import RefreshTokenFamily
    from mockidp.storage.store import Entry

    for number in range(count):
        family = RefreshTokenFamily(
            id=f"f{number:023x}",
            client_id="web",
            user_id=_user(number),
            scope=("openid", "profile", "email", "offline_access"),
            audience="https://api.acme.example/",
            gty=("authorization_code",),
            sid=f"d{number:031x}",
            impersonated_by=None,
            latest_counter=0,
            rotated_at=_NOW,
            absolute_expires_at=_NOW + 3e6,
            base_url="http://localhost:9400",
            code=f"c{number:042x}",
            created_at=_NOW,
        )
        yield family.id, Entry(value=family)
