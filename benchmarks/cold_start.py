"""Cold start: from the start of the command to its first 200 on discovery.

A start counts only if the next token verifies with the published keys.
"""

from functools import partial

import signature
from process import running
from scratch import Scratch
from servers import MeasuredServer, mockidp, oauth2_mock_server, oidc_provider_mock
from table import Row, interleave, medians, ratio


def measure(scratch: Scratch, *, quick: bool) -> list[Row]:
    """Measure the start of each command."""
    data_dir = str(scratch.root / "data")
    servers = (
        mockidp(scratch, "--no-tls"),
        oidc_provider_mock(scratch),
        oauth2_mock_server(scratch),
        mockidp(
            scratch,
            *("--tls-listen", "localhost:0", "--data-dir", data_dir),
            name="mockidp with https",
        ),
    )
    starts = {each.name: partial(_start, each) for each in servers}
    for start in starts.values():
        start()  # loads the files into memory, and creates the certificate authority
    figures = interleave(starts, 3 if quick else 11)
    all_medians = medians(figures, " ms")
    what = "cold start of `serve --no-tls`"
    return [
        Row(
            what=f"{what} / oidc-provider-mock",
            figures=all_medians,
            samples=figures,
            value=ratio(figures, "mockidp", "oidc-provider-mock"),
            bar=0.50,
            at_most=True,
        ),
        Row(
            what=f"{what} / oauth2-mock-server",
            figures="",
            value=ratio(figures, "mockidp", "oauth2-mock-server"),
            bar=0.75,
            at_most=True,
        ),
        Row(
            what="cold start of `serve`, https included / oidc-provider-mock",
            figures="",
            value=ratio(figures, "mockidp with https", "oidc-provider-mock"),
        ),
    ]


def _start(measured: MeasuredServer) -> float:
    with running(measured) as server:
        signature.check(server, signature.get_token(server))
        return server.seconds * 1000
