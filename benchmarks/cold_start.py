"""Cold start: from the spawning of the command to its first 200 on discovery.

A start counts only if the next token verifies with the keys served then.
"""

from functools import partial

import signature
from contenders import Contender, mockidp, oauth2_mock_server, oidc_provider_mock
from process import running
from scratch import Scratch
from table import Row, interleave, medians, ratio


def measure(scratch: Scratch, *, quick: bool) -> list[Row]:
    """Measure the commands, in turn."""
    data_dir = str(scratch.root / "data")
    contenders = (
        mockidp(scratch, "--no-tls"),
        oidc_provider_mock(scratch),
        oauth2_mock_server(scratch),
        mockidp(
            scratch,
            *("--tls-listen", "localhost:0", "--data-dir", data_dir),
            name="mockidp with https",
        ),
    )
    starts = {each.name: partial(_start, each) for each in contenders}
    for start in starts.values():
        start()  # brings the files into memory, and makes the certificate authority
    figures = interleave(starts, 3 if quick else 11)
    shown = medians(figures, " ms")
    what = "cold start of `serve --no-tls`"
    return [
        Row(
            what=f"{what} / oidc-provider-mock",
            figures=shown,
            samples=figures,
            value=ratio(figures, "mockidp", "oidc-provider-mock"),
            bar=0.60,
            at_most=True,
        ),
        Row(
            what=f"{what} / oauth2-mock-server",
            figures="",
            value=ratio(figures, "mockidp", "oauth2-mock-server"),
            bar=1.4,
            at_most=True,
        ),
        Row(
            what="cold start of `serve`, https included / oidc-provider-mock",
            figures="",
            value=ratio(figures, "mockidp with https", "oidc-provider-mock"),
        ),
    ]


def _start(contender: Contender) -> float:
    with running(contender) as server:
        signature.check(server, signature.take_token(server))
        return server.seconds * 1000
