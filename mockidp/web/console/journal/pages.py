"""`/_mockidp/journal`: the flows, one flow as a diagram, one exchange as JSON, and exports."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import partial
from typing import Any

from werkzeug import Response

from mockidp.flows.hints.timestamps import clock_time
from mockidp.protocol.errors.problem import Problem
from mockidp.tenant.journal.entry import JournalEntry
from mockidp.tenant.tenant import Tenant
from mockidp.testing.method import NoParameters
from mockidp.testing.methods.journal import CLEAR_JOURNAL
from mockidp.web.console.inspector import shown_claims
from mockidp.web.console.journal.as_pytest import as_pytest
from mockidp.web.console.journal.curl import as_curl
from mockidp.web.console.journal.exports import to_har, to_json, to_mermaid
from mockidp.web.console.journal.flow import Flow, flows_of, is_refused
from mockidp.web.console.journal.number import parse_number
from mockidp.web.console.journal.search import parse_search
from mockidp.web.console.journal.step import steps_of
from mockidp.web.console.presented import diagnosis_of
from mockidp.web.console.visit import Visit, changing, showing
from mockidp.web.response.render import NEVER_CACHED
from mockidp.web.response.reply import Reply

PER_PAGE = 50
MAX_BESIDE = 20
"""How many flows are listed next to the selected one."""


def read_flows(tenant: Tenant) -> list[Flow]:
    """Return the flows of a tenant's journal, the newest first."""

    def name_of(user_id: str) -> str:
        user = tenant.directory.user(user_id)
        return (user and user.name) or user_id.rpartition("|")[2]

    return flows_of(tenant.journal, name_of)


def _list(visit: Visit) -> Reply:
    asked = visit.query.get("q") or ""
    search = parse_search(asked)
    everything = read_flows(visit.tenant)
    found = [one for one in everything if search.finds(one)]
    pages = max(1, -(-len(found) // PER_PAGE))
    number = min(max(parse_number(visit.query.get("page") or "1"), 1), pages)
    kept, last = len(visit.tenant.journal), visit.tenant.journal.last_number
    return visit.page(
        "journal/list",
        title="Journal",
        area="journal",
        asked=asked,
        flows=found[(number - 1) * PER_PAGE : number * PER_PAGE],
        number=number,
        pages=pages,
        kept=kept,
        removed=last - kept,
        last=last,
        cleared_at=clock_time(parse_number(visit.query.get("cleared") or "0")),
        is_cleared=visit.query.get("cleared") is not None,
        clock_time=clock_time,
        url=visit.tenant.browser_url(visit.url),
    )


def _flow(visit: Visit) -> Reply:
    everything = read_flows(visit.tenant)
    flow = _find(visit, everything)
    return visit.page(
        "journal/flow",
        title=flow.title,
        area="journal",
        flow=flow,
        flows=everything[:MAX_BESIDE],
        steps=steps_of(flow),
        client_name=_client_name(visit.tenant, flow),
        clock_time=clock_time,
        as_curl=as_curl,
        as_pytest=partial(as_pytest, visit.tenant, flow, prefix=visit.exchange.prefix),
        as_json=_as_json,
        shown_claims=shown_claims,
        is_refused=is_refused,
        diagnosis_of=partial(diagnosis_of, visit),
        mermaid=to_mermaid(flow),
    )


def _of_request(visit: Visit) -> Reply:
    """Redirect to the step of the request with an id, which its error page has shown."""
    found = (one for one in visit.tenant.journal if one.request_id == visit.id)
    entry = next(found, None)
    if entry is None:
        raise _not_found(f"request {visit.id[:80]!r}")
    return visit.go(visit.link("journal", "flows", str(entry.flow)) + f"#exchange-{entry.number}")


def _client_name(tenant: Tenant, flow: Flow) -> str:
    client = tenant.directory.client(flow.client or "")
    return (client and client.name) or flow.client or "app"


def _exchange(visit: Visit) -> Reply:
    wanted = parse_number(visit.id)
    entry = next((one for one in visit.tenant.journal if one.number == wanted), None)
    if entry is None:
        raise _not_found(f"exchange {wanted}")
    return visit.page(
        "journal/exchange",
        title=f"Exchange {entry.number}",
        area="journal",
        entry=entry,
        raw=_as_json(entry.to_dict()),
    )


def _export(visit: Visit) -> Reply:
    flow, kind = _find(visit, read_flows(visit.tenant)), visit.ids[1]
    if kind == "mermaid":
        return _file(f"flow-{flow.number}.mmd", to_mermaid(flow), "text/plain; charset=utf-8")
    if kind == "json":
        return _file(f"flow-{flow.number}.json", to_json(flow), "application/json")
    if kind == "har":
        return _file(f"flow-{flow.number}.har", _as_json(to_har(flow)), "application/json")
    raise Problem(404, f"There is no export {kind!r}. Known: mermaid, json, har.")


def _clear(visit: Visit) -> Reply:
    CLEAR_JOURNAL.function(visit, NoParameters())
    return visit.go(visit.link("journal", cleared=str(int(visit.tenant.now()))))


def _find(visit: Visit, flows: list[Flow]) -> Flow:
    wanted = parse_number(visit.id)
    found = next((one for one in flows if one.number == wanted), None)
    if found is None:
        raise _not_found(f"flow {wanted}")
    return found


def _not_found(what: str) -> Problem:
    return Problem(
        404,
        f"The journal has no {what}. It was removed because newer exchanges came, or the journal "
        "was cleared.",
    )


def _file(name: str, text: str, content_type: str) -> Reply:
    headers = {
        "Cache-Control": NEVER_CACHED,
        "Content-Disposition": f'attachment; filename="{name}"',
    }
    return Reply(Response(text, content_type=content_type, headers=headers))


def _as_json(value: Mapping[str, Any] | JournalEntry) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False, default=str)


ROUTES = (
    showing("/journal", _list),
    showing("/journal/flows/{id}", _flow),
    showing("/journal/flows/{id}/{id}", _export),
    showing("/journal/requests/{id}", _of_request),
    showing("/journal/{id}", _exchange),
    changing("/journal/clear", _clear),
)
