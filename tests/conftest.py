"""Configuration of all tests. If CI is set, a run with a skipped test fails."""

import gc
import logging
import os
import signal
import sys

import freezegun
import hypothesis
import pytest
from _pytest.runner import runtestprotocol

# `scripts/test-container` sets the image to test.
collect_ignore = [] if os.environ.get("MOCKIDP_IMAGE") else ["container"]

# freezegun reads all attributes of every module. auth0 imports its models when they are read, and
# that fails while the time is frozen: the freeze would be incomplete, and never end.
freezegun.configure(extend_ignore_list=["auth0", "pydantic"])

# nohup, and `&` in a script, start a process with signals ignored, and its children inherit that.
# Tests send these signals, so their handling must not depend on how the run was started.
signal.signal(signal.SIGINT, signal.default_int_handler)
if hasattr(signal, "SIGHUP"):
    signal.signal(signal.SIGHUP, signal.SIG_DFL)

# Tests do not measure time, so they must not fail on a busy machine.
hypothesis.settings.register_profile("no deadline", deadline=None)
hypothesis.settings.load_profile("no deadline")


def pytest_addoption(parser):
    parser.addoption(
        "--replicas",
        action="store_true",
        help="send the requests of wire tests through nginx, in turn to two replicas on one Redis server",
    )


def pytest_configure(config):
    if config.getoption("numprocesses", None):
        _stop_measuring()
    if config.getoption("replicas"):
        from helpers import tenants
        from helpers.nginx import nginx_program
        from helpers.redis_server import redis_program

        try:
            redis_program()
            nginx_program()
        except pytest.skip.Exception as missing:
            raise pytest.UsageError(f"--replicas: {missing}") from None
        tenants.REPLICAS.are_used = True
        config.pluginmanager.register(tenants)


def _stop_measuring():
    """Measure only the coverage of the workers, which run the tests."""
    if (coverage := sys.modules.get("coverage")) and (measured := coverage.Coverage.current()):
        measured.stop()


SLOWEST = ("tests/clients/deploy_cli/", "tests/long_runs/", "tests/sample_app/")


def pytest_collection_modifyitems(items):
    """Start the slowest tests first, so that no worker runs them alone at the end."""
    items.sort(key=lambda item: not item.nodeid.startswith(SLOWEST))


def pytest_collection():
    """Look for no garbage while thousands of tests are collected, which all stay."""
    gc.disable()


def pytest_collection_finish():
    """Let the garbage collector skip the collected tests, and run more rarely."""
    gc.freeze()
    gc.set_threshold(20_000)
    gc.enable()


def pytest_runtest_protocol(item, nextitem):
    """Send one report of a test that passes to the main process, instead of three and two notes.

    Sending all of them takes longer than many of the tests.
    """
    if not hasattr(item.config, "workerinput"):
        return None
    for report in runtestprotocol(item, nextitem=nextitem, log=False):
        if report.when == "call" or not report.passed or report.user_properties:
            item.ihook.pytest_runtest_logreport(report=report)
    return True


class _Tracebacks(logging.Handler):
    """Collects what is logged with a traceback, in any thread."""

    def __init__(self):
        super().__init__()
        self.found = []

    def emit(self, record):
        if record.exc_info or "Traceback" in record.getMessage():
            self.found.append(logging.Formatter().format(record))


@pytest.fixture(scope="module")
def no_tracebacks():
    """Fail a module if a server logged a traceback for one of its requests."""
    handler = _Tracebacks()
    logging.getLogger().addHandler(handler)
    yield handler.found
    logging.getLogger().removeHandler(handler)
    assert handler.found == []


def _skipped_in_ci(config):
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    return reporter.stats.get("skipped", []) if os.environ.get("CI") and reporter else []


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session):
    if session.exitstatus == pytest.ExitCode.OK and _skipped_in_ci(session.config):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter):
    for report in terminalreporter.stats.get("passed", []):
        for name, value in report.user_properties:
            if name == "table":
                terminalreporter.section(report.nodeid.rpartition("::")[2])
                terminalreporter.write_line(value)
    skipped = _skipped_in_ci(terminalreporter.config)
    if skipped:
        terminalreporter.write_line(
            f"CI is set and {len(skipped)} tests were skipped, so the run failed",
            red=True,
            bold=True,
        )
