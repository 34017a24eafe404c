"""The tests that the console makes of exchanges."""

from mockidp.web.console.journal.as_pytest import as_pytest
from mockidp.web.console.journal.flow import is_refused
from mockidp.web.console.journal.pages import read_flows


def sources(idp, *, refused=True):
    """Return the generated test of each exchange, or of each refused one."""
    return [
        as_pytest(idp.tenant, flow, entry)
        for flow in reversed(read_flows(idp.tenant))
        for entry in flow.entries
        if is_refused(entry) or not refused
    ]


def run(idp, source):
    """Run a generated test on a fresh tenant."""
    for client in idp.tenant.directory.clients.values():
        assert not client.client_secret or client.client_secret not in source
    assert "Passw0rd!" not in source
    idp.reset()
    names = {}
    exec(compile(source, "generated", "exec"), names)
    (test,) = (one for name, one in names.items() if name.startswith("test_"))
    test(idp)
