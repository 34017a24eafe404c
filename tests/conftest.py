"""What holds for all tests: where CI is set, a skipped test is a failed run."""

import logging
import os
import signal

import freezegun
import hypothesis
import pytest

if os.environ.get("CHECK_HINTS"):
    from helpers.hint_form import hints_are_sentences  # noqa: F401

# `scripts/test-container` says which image is to be tried.
collect_ignore = [] if os.environ.get("MOCKIDP_IMAGE") else ["container"]

# freezegun looks at all that every module has; auth0 imports what is looked at, and its models cannot
# be made while the time is stopped: the stop would fail half-way, and nothing would end it.
freezegun.configure(extend_ignore_list=["auth0", "pydantic"])

# nohup, and `&` in a script, start a process with signals ignored, and its children inherit that.
# Tests send these signals, so their handling must not depend on how the run was started.
signal.signal(signal.SIGINT, signal.default_int_handler)
if hasattr(signal, "SIGHUP"):
    signal.signal(signal.SIGHUP, signal.SIG_DFL)

# A busy machine is no reason to fail: no test here measures time.
hypothesis.settings.register_profile("no deadline", deadline=None)
hypothesis.settings.load_profile("no deadline")


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
    """Fail a module whose requests made a server log a traceback, whatever it answered."""
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
    skipped = _skipped_in_ci(terminalreporter.config)
    if skipped:
        terminalreporter.write_line(
            f"CI is set, and {len(skipped)} skipped: the run has failed", red=True, bold=True
        )
