"""The pytest fixtures, and the exchanges in the reports of failed tests.

Every pytest run imports this if mockidp is installed, so nothing heavy is imported at the top.
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
    from mockidp.tenant.journal.entry import JournalEntry
    from mockidp.tenant.source import TenantSource

_SHOWN = 20
_WORKERS = "Each worker of pytest-xdist has its own server: idp_listen_address must end in :0."
_TOO_LATE = """\
mockidp: idp_tenant, idp_listen_address or idp_tls is overridden here, but the session has one
idp_server, which already runs without the override. Override idp_server as well:

  @pytest.fixture(scope="module")
  def idp_server(idp_tenant):
      with mockidp.MockIdP(idp_tenant) as idp:
          yield idp"""


def pytest_addoption(parser: pytest.Parser, pluginmanager: pytest.PytestPluginManager) -> None:
    """Add ini options for the tenant file, and for a mock that is already running."""
    # pytest rewrites the assertions in all modules of a plugin's package. mockidp has none, and its
    # hundreds of modules would be compiled a second time, and take longer to import.
    getattr(pluginmanager.rewrite_hook, "_must_rewrite", set()).discard("mockidp")
    parser.addini(
        "idp_tenant",
        "the tenant file that the fixture idp serves, relative to the configuration file",
        default="",
    )
    parser.addini(
        "idp_url",
        "a running mock, such as http://localhost:9400, at which each run or worker gets a tenant",
        default="",
    )
    parser.addini("idp_control_token", "the bearer token that this mock requires", default="")
    parser.addini(
        "idp_ca_file",
        "the CA to trust for its https, relative to the configuration file",
        default="",
    )


# --- fixtures ---


@pytest.fixture(scope="session")
def idp_tenant(request: pytest.FixtureRequest) -> TenantSource | None:
    """The tenant of `idp`. Override it to return the path of a tenant file, a dict or a `Tenant`.

    By default it is the file in the ini option `idp_tenant`, relative to the configuration file.
    Without that, it is a tenant that accepts any client, with the users alice, bob and admin.
    """
    return _path_option(request.config, "idp_tenant")


def _path_option(config: pytest.Config, option: str) -> Path | None:
    """Return the path in an ini option."""
    named: str = config.getini(option)
    folder = config.inipath.parent if config.inipath else config.rootpath
    return folder / named if named else None


@pytest.fixture(scope="session")
def idp_listen_address() -> str:
    """The address of `idp`. Override it to return `HOST:PORT`; by default the port is free."""
    return "localhost:0"


@pytest.fixture(scope="session")
def idp_tls() -> bool:
    """Whether `idp` is served over https as well as http. Override it to return True."""
    return False


@pytest.fixture(scope="session")
def idp_server(
    request: pytest.FixtureRequest,
    idp_tenant: TenantSource | None,
    idp_listen_address: str,
    idp_tls: bool,  # noqa: FBT001 - a fixture arrives by its name
) -> Iterator[MockIdP | DisposableIdP]:
    """The running `MockIdP` of the session, for fixtures that outlive a test, such as your app.

    With the ini option `idp_url`, it is a tenant for this run or worker at the running mock, with
    the same test methods. Override it to return a URL, and `idp` is a tenant there.

    The first test that uses `idp` resets it. Users and clients that each test needs belong in
    `idp_tenant`.
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
    from mockidp.tenant.keys.default_keys import make_private_keys  # noqa: PLC0415 - only when used

    # Making keys does not hold the interpreter's lock, and importing the rest takes as long.
    making_keys = Thread(target=make_private_keys, daemon=True)
    making_keys.start()
    from mockidp.idp import MockIdP  # noqa: PLC0415 - the same

    making_keys.join()
    with _without_traceback(config, listen):
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
    """The tenant of the session, which is reset before and after each test.

    After the test, a fault that never fired is a warning, and a bug in mockidp is an error.
    """
    wanted = (idp_tenant, idp_listen_address, idp_tls)
    used = (
        _tenant_at(request, idp_server, idp_tenant) if isinstance(idp_server, str) else idp_server
    )
    _reset(request.config, used, wanted)
    use = request.node.stash[_USE] = _Use(used)
    yield used
    errors = [*use.bugs(), *_warn(request.node, use.unfired())]
    use.end()
    _reset(request.config, used, wanted)
    if errors:
        pytest.fail("\n\n".join(errors), pytrace=False)


def _tenant_at(
    request: pytest.FixtureRequest, url: str, tenant: TenantSource | None
) -> DisposableIdP:
    """Return this process's tenant at a running mock. The first call creates it."""
    from mockidp.clients.remote.disposable import DisposableIdP  # noqa: PLC0415 - only when used

    made = request.config.stash.setdefault(_MADE, [])
    for at, of, idp in made:
        if at == url and (of is tenant or of == tenant):
            return idp
    with _without_traceback(request.config, ":0"):
        token = request.config.getini("idp_control_token")
        ca_file = _path_option(request.config, "idp_ca_file")
        idp = DisposableIdP(url, tenant, token=token or None, ca_file=ca_file)
    made.append((url, tenant, idp))
    request.session.addfinalizer(idp.delete)
    return idp


def _reset(
    config: pytest.Config, idp: MockIdP | DisposableIdP, wanted: tuple[Any, str, bool]
) -> None:
    """Reset a tenant. If a test stopped the session's tenant, serve it again."""
    served, of = config.stash.get(_SERVED, (None, wanted))
    if served is idp:
        if of != wanted:
            pytest.fail(_TOO_LATE, pytrace=False)
        if not idp.is_served:
            with _without_traceback(config, wanted[1]):
                idp.start()
    with _without_traceback(config, ":0"):
        idp.reset()


@contextmanager
def _without_traceback(config: pytest.Config, listen: str) -> Iterator[None]:
    """Report a `MockIdPError` without a traceback."""
    from mockidp.errors import MockIdPError  # noqa: PLC0415 - only when used

    try:
        yield
    except MockIdPError as error:
        text = error.report
        if hasattr(config, "workerinput") and not listen.endswith(":0"):
            text += f" {_WORKERS}"
        pytest.fail(text, pytrace=False)


# --- reports ---


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Add the exchanges to the report of a failed test."""
    report = yield
    use = item.stash.get(_USE, None)
    if use is not None:
        use.ended_early = use.ended_early or report.skipped or report.failed
        if report.failed:
            report.sections.append(("mockidp", use.text()))
        if report.when == "teardown":  # items live as long as the session
            del item.stash[_USE]
    return report


class _Use:
    """The use of a tenant by one test."""

    def __init__(self, idp: MockIdP | DisposableIdP) -> None:
        self.idp = idp
        self.ended_early = False
        self._exchanges: tuple[JournalEntry, ...] | None = None

    def end(self) -> None:
        """Keep the exchanges, because later ones belong to another test."""
        self._exchanges = tuple(self.idp.journal)

    def text(self) -> str:
        """Return the last exchanges as text."""
        from mockidp.tenant.journal.report import describe_exchange  # noqa: PLC0415 - only when used

        exchanges = tuple(self.idp.journal) if self._exchanges is None else self._exchanges
        if not exchanges:
            return "The test sent no requests to the tenant."
        left_out = len(exchanges) - _SHOWN
        first = [f"({left_out} earlier exchanges)"] if left_out > 0 else []
        return "\n".join(first + [describe_exchange(each) for each in exchanges[-_SHOWN:]])

    def bugs(self) -> list[str]:
        """Return a report of each exchange in which mockidp itself failed."""
        from mockidp.tenant.journal.report import describe_exchange  # noqa: PLC0415 - only when used

        return [
            "This is a bug in mockidp. Please report it, with the traceback from its log:\n"
            + describe_exchange(each)
            for each in self.idp.journal
            if each.is_bug
        ]

    def unfired(self) -> list[str]:
        """Return a report of each fault that never fired, unless the test ended early."""
        from mockidp.tenant.journal.report import describe_unfired  # noqa: PLC0415 - only when used

        faults: Iterable[Any] = () if self.ended_early else self.idp.faults.unfired
        return [describe_unfired(each, self.idp.journal) for each in faults]


_USE = pytest.StashKey[_Use]()
_SERVED = pytest.StashKey["tuple[Any, tuple[Any, str, bool]]"]()
_MADE = pytest.StashKey["list[tuple[str, Any, DisposableIdP]]"]()


def _warn(node: pytest.Item, texts: Iterable[str]) -> list[str]:
    """Issue a warning for each text. Return those that the configuration makes errors."""
    from mockidp.errors import UnfiredFaultWarning  # noqa: PLC0415 - only when used

    errors = []
    for text in texts:
        try:
            node.warn(UnfiredFaultWarning(text))
        except UnfiredFaultWarning:
            errors.append(text)
    return errors
