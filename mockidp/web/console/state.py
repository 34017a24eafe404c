"""Reset the tenant, and download its snapshot or its tenant file."""

from __future__ import annotations

import json

from werkzeug import Response

from mockidp.codec.pieces import json_pieces
from mockidp.codec.write import to_file
from mockidp.server.response import Pieces
from mockidp.tenant.state.snapshot_data import snapshot_in_pieces
from mockidp.testing.method import NoParameters
from mockidp.testing.methods.state import RESET, SNAPSHOT
from mockidp.web.console.visit import Visit, changing, showing
from mockidp.web.response.reply import Reply


def _reset(visit: Visit) -> Reply:
    RESET.function(visit, NoParameters())
    return visit.go(visit.link())


def _snapshot(visit: Visit) -> Reply:
    state = SNAPSHOT.function(visit, NoParameters())
    return _download("snapshot", Response(Pieces(json_pieces(snapshot_in_pieces(state)))))


def _tenant(visit: Visit) -> Reply:
    return _download("tenant", Response(json.dumps(to_file(visit.tenant.document), indent=1)))


def _download(name: str, response: Response) -> Reply:
    response.mimetype = "application/json"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.json"'
    response.headers["Cache-Control"] = "no-store"
    return Reply(response)


ROUTES = (
    changing("/reset", _reset),
    showing("/download/snapshot", _snapshot),
    showing("/download/tenant", _tenant),
)
