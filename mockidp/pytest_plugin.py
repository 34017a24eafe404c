"""The fixtures, and what a test's report tells of the tenant.

Every pytest run of everyone who has mockidp imports this: nothing heavy at the top.
"""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator
from contextlib import contextmanager
from threading import Thread
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from mockidp.clients.remote.disposable import DisposableIdP
    from mockidp.idp import MockIdP
    from mockidp.tenant.journal import JournalEntry
    from mockidp.tenant.source import TenantSource

_SHOWN = 20
_WORKERS = "Each worker of pytest-xdist has a server of its own: let idp_listen_address end in :0."
_TOO_LATE = """\
mockidp: idp_tenant, idp_listen_address or idp_tls is overridden here, but pytest makes a session's
idp_server once, and it runs already without that. Override it here, too, for instance:

  @pytest.fixture(scope="module")
  def idp_server(idp_tenant):
      with mockidp.MockIdP(idp_tenant) as idp:
          yield idp"""


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let the project's configuration name its tenant file, and a mock that runs already."""
    parser.addini(
        "idp_tenant",
        "the tenant file that the fixture idp serves, relative to the configuration file",
        default="",
    )
    parser.addini(
        "idp_url",
        "the mock, such as http://localhost:9400, at which each run or worker has a tenant",
        default="",
    )
    parser.addini("idp_control_token", "the bearer token that this mock demands", default="")
    parser.addini(
        "idp_ca_file",
        "the CA to trust for its https, relative to the configuration file",
        default="",
    )


# --- fixtures ---


@pytest.fixture(scope="session")
def idp_tenant(request: pytest.FixtureRequest) -> TenantSource | None:
    """Which tenant `idp` is; override it to return a tenant file's path, a dict or a `Tenant`.

    By default it is the file that the ini option `idp_tenant` names, relative to the
    configuration file; without that, a tenant that takes any client, with the users alice, bob
    and admin.
    """
    return _file(request.config, "idp_tenant")


def _file(config: pytest.Config, option: str) -> Path | None:
    """Return the file that an ini option names."""
    named: str = config.getini(option)
    folder = config.inipath.parent if config.inipath else config.rootpath
    return folder / named if named else None


@pytest.fixture(scope="session")
def idp_listen_address() -> str:
    """Where `idp` listens, `localhost:0`: a free port; override it to return `HOST:PORT`."""
    return "localhost:0"


@pytest.fixture(scope="session")
def idp_tls() -> bool:
    """Whether `idp` speaks https as well as http: no; override it to return True."""
    return False


@pytest.fixture(scope="session")
def idp_server(
    request: pytest.FixtureRequest,
    idp_tenant: TenantSource | None,
    idp_listen_address: str,
    idp_tls: bool,  # noqa: FBT001 - a fixture arrives by its name
) -> Iterator[MockIdP | DisposableIdP]:
    """The running `MockIdP` of the session; for fixtures that outlast a test, such as your app.

    With the ini option `idp_url` it is a tenant of this run or worker at the mock that runs there,
    with MockIdP's verbs; override it to return a URL, and `idp` is such a one.

    What is done to it later than its start is undone by the first test that asks for `idp`: who
    and what is to be there in each test belongs into `idp_tenant`.
    """
    url: str = request.config.getini("idp_url")
    if url:
        idp = _tenant_at(request, url, idp_tenant)
        request.config.stash[_SERVED] = (idp, (idp_tenant, idp_listen_address, idp_tls))
        yield idp
    else:
        yield from _serve(request.config, idp_tenant, idp_listen_address, idp_tls)


def _serve(
    config: pytest.Config, tenant: TenantSource | None, listen: str, tls: Any
) -> Iterator[MockIdP]:
    """Serve a tenant in this process."""
    from mockidp.tenant.default_keys import make_private_keys  # noqa: PLC0415 - only where it is used

    # TokenMethods keys needs no lock of the interpreter, and importing the rest takes as long.
    making_keys = Thread(target=make_private_keys, daemon=True)
    making_keys.start()
    from mockidp.idp import MockIdP  # noqa: PLC0415 - the same

    making_keys.join()
    with _cleanly(config, listen):
        idp = MockIdP(tenant, listen=listen, tls=tls).start()
    config.stash[_SERVED] = (idp, (tenant, listen, tls))
    yield idp
    idp.stop()


@pytest.fixture
def idp(
    request: pytest.FixtureRequest,
    idp_server: MockIdP | DisposableIdP | str,
    idp_tenant: TenantSource | None,
    idp_listen_address: str,
    idp_tls: bool,  # noqa: FBT001 - a fixture arrives by its name
) -> Iterator[MockIdP | DisposableIdP]:
    """The tenant to log in at, as it was at its start: no test sees what another did to it.

    When the test is over, a fault that never fired is a warning, and a bug in mockidp an error.
    """
    wanted = (idp_tenant, idp_listen_address, idp_tls)
    used = (
        _tenant_at(request, idp_server, idp_tenant) if isinstance(idp_server, str) else idp_server
    )
    _make_as_new(request.config, used, wanted)
    use = request.node.stash[_USE] = _Use(used)
    yield used
    errors = [*use.bugs(), *_warn(request.node, use.unfired())]
    use.end()
    _make_as_new(request.config, used, wanted)
    if errors:
        pytest.fail("\n\n".join(errors), pytrace=False)


def _tenant_at(
    request: pytest.FixtureRequest, url: str, tenant: TenantSource | None
) -> DisposableIdP:
    """Return this process's tenant at a mock that runs elsewhere, made at the first call."""
    from mockidp.clients.remote.disposable import DisposableIdP  # noqa: PLC0415 - only where it is used

    made = request.config.stash.setdefault(_MADE, [])
    for at, of, idp in made:
        if at == url and (of is tenant or of == tenant):
            return idp
    with _cleanly(request.config, ":0"):
        token = request.config.getini("idp_control_token")
        ca_file = _file(request.config, "idp_ca_file")
        idp = DisposableIdP(url, tenant, token=token or None, ca_file=ca_file)
    made.append((url, tenant, idp))
    request.session.addfinalizer(idp.delete)
    return idp


def _make_as_new(
    config: pytest.Config, idp: MockIdP | DisposableIdP, wanted: tuple[Any, str, bool]
) -> None:
    """Reset a tenant; the session's is served again if a test has stopped it."""
    served, of = config.stash.get(_SERVED, (None, wanted))
    if served is idp:
        if of != wanted:
            pytest.fail(_TOO_LATE, pytrace=False)
        if not idp.is_served:
            with _cleanly(config, wanted[1]):
                idp.start()
    with _cleanly(config, ":0"):
        idp.reset()


@contextmanager
def _cleanly(config: pytest.Config, listen: str) -> Iterator[None]:
    """Show errors that the person who runs the tests can fix, without a traceback."""
    from mockidp.errors import MockIdPError  # noqa: PLC0415 - only where it is used

    try:
        yield
    except MockIdPError as error:
        text = f"mockidp: {error}"
        if hasattr(config, "workerinput") and not listen.endswith(":0"):
            text += f" {_WORKERS}"
        pytest.fail(text, pytrace=False)


# --- what a report tells ---


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Show a test that has failed with its exchanges."""
    report = yield
    use = item.stash.get(_USE, None)
    if use is not None:
        use.cut_short = use.cut_short or report.skipped or report.failed
        if report.failed:
            report.sections.append(("mockidp", use.text()))
        if report.when == "teardown":  # a session's items stay, and so would all exchanges
            del item.stash[_USE]
    return report


class _Use:
    """The tenant as one test uses it."""

    def __init__(self, idp: MockIdP | DisposableIdP) -> None:
        self.idp = idp
        self.cut_short = False
        self._exchanges: tuple[JournalEntry, ...] | None = None

    def end(self) -> None:
        """Keep the exchanges: what comes later is another test's."""
        self._exchanges = tuple(self.idp.journal)

    def text(self) -> str:
        """Return the exchanges, the last ones of many."""
        from mockidp.tenant.report import describe_exchange  # noqa: PLC0415 - only where it is used

        exchanges = tuple(self.idp.journal) if self._exchanges is None else self._exchanges
        if not exchanges:
            return "nothing was asked of the tenant in this test"
        left_out = len(exchanges) - _SHOWN
        first = [f"({left_out} exchanges before these)"] if left_out > 0 else []
        return "\n".join(first + [describe_exchange(each) for each in exchanges[-_SHOWN:]])

    def bugs(self) -> list[str]:
        """Return what mockidp itself did wrong."""
        from mockidp.tenant.report import describe_exchange  # noqa: PLC0415 - only where it is used

        return [
            "mockidp itself has failed; please report it, with the traceback in its log:\n"
            + describe_exchange(each)
            for each in self.idp.journal
            if each.is_bug
        ]

    def unfired(self) -> list[str]:
        """Return which faults spoiled nothing, unless the test did not come to its end."""
        from mockidp.tenant.report import describe_unfired  # noqa: PLC0415 - only where it is used

        faults: Iterable[Any] = () if self.cut_short else self.idp.faults.unfired
        return [describe_unfired(each, self.idp.journal) for each in faults]


_USE = pytest.StashKey[_Use]()
_SERVED = pytest.StashKey["tuple[Any, tuple[Any, str, bool]]"]()
_MADE = pytest.StashKey["list[tuple[str, Any, DisposableIdP]]"]()


def _warn(node: pytest.Item, texts: Iterable[str]) -> list[str]:
    """Warn of each; return those that are errors by the configuration."""
    from mockidp.errors import UnfiredFaultWarning  # noqa: PLC0415 - only where it is used

    errors = []
    for text in texts:
        try:
            node.warn(UnfiredFaultWarning(text))
        except UnfiredFaultWarning:
            errors.append(text)
    return errors
