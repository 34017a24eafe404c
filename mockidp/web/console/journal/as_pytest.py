"""An exchange as a test with the fixture `idp`, which sends the request again."""

from __future__ import annotations

from urllib.parse import quote, urlsplit

from mockidp.tenant.journal.entry import JournalEntry
from mockidp.tenant.tenant import Tenant
from mockidp.web.console.journal.exports import WITH_BODY, is_json
from mockidp.web.console.journal.flow import Flow
from mockidp.web.console.journal.replay import NotReplayableError, Replay, argument

_IN_DOCSTRING = "%/:@!$&'()*+,;=|"
"""The characters of a path that need no escape: no quotes and no backslash."""


def as_pytest(tenant: Tenant, flow: Flow, entry: JournalEntry, *, prefix: str = "") -> str:
    """Return the source of a test, or a comment that says why it cannot be generated.

    Args:
        tenant: The tenant.
        flow: The flow of the exchange.
        entry: The exchange.
        prefix: The path prefix of the tenant, which is part of `idp.url`.
    """
    replay = Replay(tenant=tenant, flow=flow, entry=entry)
    try:
        call = _call(replay, prefix)
    except NotReplayableError as error:
        why = " ".join(str(error).split())  # on one line, whatever was sent
        return f"# There is no test for exchange {entry.number}. {why}\n"
    times = replay.times()
    if times > 1:
        call = [f"for _attempt in range({times}):", *(f"    {line}" for line in call)]
    path = quote(urlsplit(entry.url).path, safe=_IN_DOCSTRING)
    lines = [
        f'"""{entry.method} {path}: {entry.status}{f" {entry.error}" if entry.error else ""}"""',
        *replay.before,
        *call,
        f"assert answer.status_code == {entry.status}",
        f"assert idp.journal.last({entry.endpoint!r}).error == {entry.error!r}",
    ]
    imports = "\n".join(sorted(replay.imports))
    head = f"{imports}\n\nimport requests" if imports else "import requests"
    body = "\n".join(f"    {line}" for line in lines)
    return f"{head}\n\n\ndef test_{entry.endpoint}_{entry.number}(idp):\n{body}\n"


def _call(replay: Replay, prefix: str) -> list[str]:
    entry = replay.entry
    origin_and_path = urlsplit(entry.url)
    if not origin_and_path.netloc:
        raise NotReplayableError("The request was sent to a host that is not the tenant's.")
    if entry.endpoint == "impersonation_link":
        replay.make_link()
        return ["answer = requests.get(link, timeout=10, allow_redirects=False)"]
    if not entry.status or entry.endpoint in {"outbox", "backchannel_logout"}:
        raise NotReplayableError("The tenant sent this itself.")
    path = origin_and_path.path.removeprefix(prefix)
    values = replay.sent()
    name = "params"
    if entry.method in WITH_BODY:
        name = "json" if is_json(entry.parameters) else "data"
    authorization = replay.authorization()
    return [
        "answer = requests.request(",
        f"    {entry.method!r},",
        f"    idp.url + {path!r},",
        *(argument(name, values) if values else []),
        *([f"    {authorization},"] if authorization else []),
        "    timeout=10,",
        "    allow_redirects=False,",
        ")",
    ]
