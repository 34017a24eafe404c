"""JWKS documents per second on one core, over 8 connections."""

from functools import partial

from load import drive
from process import SERVER_CORE, RunningServer, pinned_client, running
from scratch import Scratch
from servers import mockidp, oidc_provider_mock, single
from table import Row, interleave, medians, ratio
from wire import get


def measure(scratch: Scratch, *, quick: bool) -> list[Row]:
    """Measure both servers."""
    seconds = 1.0 if quick else 2.0
    with (
        running(mockidp(scratch, "--no-tls", "--example", "acme"), core=SERVER_CORE) as ours,
        running(oidc_provider_mock(scratch), core=SERVER_CORE) as theirs,
        pinned_client(),
    ):
        measures = {
            "mockidp": partial(_documents_per_second, ours, seconds),
            "oidc-provider-mock": partial(_documents_per_second, theirs, seconds),
        }
        for warm_up in measures.values():
            warm_up()
        figures = interleave(measures, 3 if quick else 9)
    return [
        Row(
            what="JWKS per second / oidc-provider-mock",
            figures=medians(figures, "/s"),
            samples=figures,
            value=ratio(figures, "mockidp", "oidc-provider-mock"),
            bar=1.8,
        )
    ]


def _documents_per_second(server: RunningServer, seconds: float) -> float:
    request = get(server.measured.jwks_path, server.port)
    return drive(server.port, lambda _port: single(request), seconds=seconds).per_second
