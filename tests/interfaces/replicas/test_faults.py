"""Faults work if each request reaches another replica than the one at which they were added.

Where a mock drops the connection, nginx answers.
"""

from inspect import signature

from interfaces.all_interfaces import test_faults

app = test_faults.app
ON_CONNECTIONS = ("test_a_dropped_connection_raises_an_error_once",)
globals().update(
    (name, one)
    for name, one in vars(test_faults).items()
    if name.startswith("test_")
    and name not in ON_CONNECTIONS
    and "interface" in signature(one).parameters
)


def test_nginx_reports_a_dropped_connection_once(interface, session):
    fault = interface.idp.fault("token", drop=True, times=1)
    assert test_faults.machine(interface, session).status_code == 502
    assert fault.fired == 1
    assert test_faults.machine(interface, session).status_code == 200
