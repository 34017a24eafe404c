"""A scripted flow has the same answers and the same journal as on one mock."""

import json
from types import SimpleNamespace

from interfaces.all_interfaces.test_scripted_flow import play

from mockidp import MockIdP


def outline(interface, session):
    """Play the flow. Return what does not contain random values and URLs."""
    answers, journal = play(interface, session)
    return (
        [(status, cookies.keys()) for status, _, cookies in answers],
        [
            (
                *(entry[name] for name in ("number", "endpoint", "status", "client", "user")),
                *(entry[name] for name in ("grant", "error", "description", "faults")),
                [(check["name"], check["passed"]) for check in entry["trace"]],
            )
            for entry in json.loads(journal)
        ],
    )


def test_the_flow_is_the_same_as_on_one_mock(interface, session):
    with MockIdP() as one, interface.open_session() as other_session:
        alone = outline(SimpleNamespace(idp=one, url=one.url), other_session)
    assert outline(interface, session) == alone
