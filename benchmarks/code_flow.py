"""Whole logins a second on one core: from /authorize to the tokens, as browser and app do it."""

from collections.abc import Callable
from functools import partial

import signature
from contenders import (
    Flow,
    members,
    mockidp,
    mockidp_code_flow,
    oidc_provider_mock,
    oidc_provider_mock_code_flow,
    oidc_provider_mock_one_key,
)
from load import drive
from process import SERVER_CORE, Running, pinned_client, running
from scratch import Scratch
from table import Row, interleave, medians, ratio


def measure(scratch: Scratch, *, quick: bool) -> list[Row]:
    """Measure both, in turn; for information also without fetching the page with the form."""
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
        measures["theirs, one key import"] = partial(_logins, one_key, one_key_flow, seconds)
        if not quick:
            measures |= {
                "without page": partial(
                    _logins, ours, partial(mockidp_code_flow, with_page=False), seconds
                ),
                "theirs without": partial(
                    _logins, theirs, partial(oidc_provider_mock_code_flow, with_page=False), seconds
                ),
            }
        for warm_up in measures.values():
            warm_up()
        figures = interleave(measures, 3 if quick else 7)
    what = "whole code flow per second (two signatures)"
    row = Row(
        what=f"{what} / oidc-provider-mock (one)",
        figures=medians(figures, "/s"),
        samples=figures,
        value=ratio(figures, "mockidp", "oidc-provider-mock"),
        bar=1.3,
    )
    fair = Row(
        what="the same, their key imported once and not per token",
        figures="",
        value=ratio(figures, "mockidp", "theirs, one key import"),
    )
    if quick:
        return [row, fair]
    return [
        row,
        fair,
        Row(
            what="the same, the page with the form not fetched",
            figures="",
            value=ratio(figures, "without page", "theirs without"),
        ),
    ]


def _logins(server: Running, make_flow: Callable[[int], Flow], seconds: float) -> float:
    counted = drive(server.port, make_flow, seconds=seconds)
    signature.check(server, counted.last)
    assert members(counted.last)["id_token"].count(".") == 2
    return counted.per_second
