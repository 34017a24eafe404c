"""Client credentials tokens per second on one core, over 8 connections."""

from functools import partial

import signature
from load import drive
from process import SERVER_CORE, RunningServer, pinned_client, running
from scratch import Scratch
from servers import mockidp, oauth2_mock_server
from signing import Signer
from table import Row, interleave, medians, ratio


def measure(scratch: Scratch, *, quick: bool) -> list[Row]:
    """Measure both servers and bare signing on the same core."""
    seconds = 1.0 if quick else 2.0
    signer = Signer(scratch, SERVER_CORE)
    try:
        with (
            running(mockidp(scratch, "--no-tls", "--example", "acme"), core=SERVER_CORE) as ours,
            running(oauth2_mock_server(scratch), core=SERVER_CORE) as theirs,
            pinned_client(),
        ):
            measures = {
                "mockidp": partial(_tokens, ours, seconds),
                "oauth2-mock-server": partial(_tokens, theirs, seconds),
                "bare signing": partial(signer.per_second, seconds),
            }
            for warm_up in measures.values():
                warm_up()
            figures = interleave(measures, 3 if quick else 9)
    finally:
        signer.stop()
    what = "client_credentials per second"
    return [
        Row(
            what=f"{what} / bare RSA-2048 signing",
            figures=medians(figures, "/s"),
            samples=figures,
            value=ratio(figures, "mockidp", "bare signing"),
            bar=0.55,
        ),
        Row(
            what=f"{what} / oauth2-mock-server",
            figures="",
            value=ratio(figures, "mockidp", "oauth2-mock-server"),
            bar=1.0,
        ),
    ]


def _tokens(server: RunningServer, seconds: float) -> float:
    result = drive(server.port, server.measured.token_flow, seconds=seconds)
    signature.check(server, result.last)
    return result.per_second
