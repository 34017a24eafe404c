"""Complete logins per second on one core, from /authorize to the tokens."""

from collections.abc import Callable
from functools import partial

import signature
from load import drive
from process import SERVER_CORE, RunningServer, pinned_client, running
from scratch import Scratch
from servers import (
    Flow,
    mockidp,
    mockidp_code_flow,
    oidc_provider_mock,
    oidc_provider_mock_code_flow,
    oidc_provider_mock_one_key,
    parse_token_response,
)
from table import Row, interleave, medians, ratio


def measure(scratch: Scratch, *, quick: bool) -> list[Row]:
    """Measure both servers. For information, also measure without fetching the login page."""
    seconds = 1.0 if quick else 2.0
    with (
        running(mockidp(scratch, "--no-tls", "--example", "acme"), core=SERVER_CORE) as ours,
        running(oidc_provider_mock(scratch), core=SERVER_CORE) as theirs,
        running(oidc_provider_mock_one_key(scratch), core=SERVER_CORE) as one_key,
        pinned_client(),
    ):
        measures = {
            "mockidp": partial(_logins, ours, mockidp_code_flow, seconds),
            "oidc-provider-mock": partial(_logins, theirs, oidc_provider_mock_code_flow, seconds),
        }
        one_key_flow = oidc_provider_mock_code_flow
        measures["oidc-provider-mock, one key import"] = partial(
            _logins, one_key, one_key_flow, seconds
        )
        if not quick:
            measures |= {
                "mockidp without page": partial(
                    _logins, ours, partial(mockidp_code_flow, with_page=False), seconds
                ),
                "oidc-provider-mock without page": partial(
                    _logins, theirs, partial(oidc_provider_mock_code_flow, with_page=False), seconds
                ),
            }
        for warm_up in measures.values():
            warm_up()
        figures = interleave(measures, 3 if quick else 7)
    what = "code flows per second (two signatures)"
    row = Row(
        what=f"{what} / oidc-provider-mock (one)",
        figures=medians(figures, "/s"),
        samples=figures,
        value=ratio(figures, "mockidp", "oidc-provider-mock"),
        bar=1.3,
    )
    one_key_row = Row(
        what="the same, the peer importing its key once and not per token",
        figures="",
        value=ratio(figures, "mockidp", "oidc-provider-mock, one key import"),
        bar=1.5,
    )
    if quick:
        return [row, one_key_row]
    return [
        row,
        one_key_row,
        Row(
            what="the same, without fetching the login page",
            figures="",
            value=ratio(figures, "mockidp without page", "oidc-provider-mock without page"),
        ),
    ]


def _logins(server: RunningServer, make_flow: Callable[[int], Flow], seconds: float) -> float:
    result = drive(server.port, make_flow, seconds=seconds)
    signature.check(server, result.last)
    assert parse_token_response(result.last)["id_token"].count(".") == 2
    return result.per_second
