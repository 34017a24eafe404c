"""The reports in pytest: exchanges of failed tests, bugs, and faults that never fired."""

import re

pytest_plugins = ["pytester"]

ENDINGS = """
import pytest


@pytest.fixture
def broken_setup(idp, get):
    get(f"{idp.url}/in-setup")
    raise RuntimeError


@pytest.fixture
def broken_teardown(idp, get):
    yield
    get(f"{idp.url}/in-teardown")
    raise RuntimeError


@pytest.fixture
def set_up_before(get, request):
    yield
    raise RuntimeError


def test_passes(idp, get):
    get(f"{idp.url}/in-passing")


def test_fails(idp, get):
    get(f"{idp.url}/authorize?client_id=web&response_type=code&redirect_uri=x")
    get(f"{idp.url}/oauth/token", b"grant_type=authorization_code&client_id=web&code=none")
    assert False


def test_fails_without_a_request(idp):
    assert False


def test_fails_after_many(idp, get):
    for number in range(23):
        get(f"{idp.url}/many/{number}")
    assert False


def test_fails_before(broken_setup):
    pass


def test_fails_after(broken_teardown):
    pass


def test_fails_last(set_up_before, idp, get):
    get(f"{idp.url}/before-the-end")


def test_fails_with_none():
    assert False
"""

BUGS = """
import pytest


def test_a_bug(idp, get):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(idp.tenant.keys, "jwks", None)
        assert get(f"{idp.url}/.well-known/jwks.json") == 500


def test_next(idp, get):
    assert get(f"{idp.url}/.well-known/jwks.json") == 200
"""

FAULTS = """
import pytest


def test_never_fires(idp, get):
    with idp.fault("token", when={"client": "web"}, error="invalid_grant"):
        assert get(f"{idp.url}/nowhere") == 404
    idp.fault("userinfo", status=500, name="down")


def test_is_left_early(idp):
    idp.fault("token", drop=True)
    pytest.skip("not today")


@pytest.mark.xfail
def test_is_known_to_fail(idp):
    idp.fault("token", drop=True)
    assert False


def test_has_no_fault(idp):
    pass
"""


def section(done, title):
    """Return the section `mockidp` in the report of a test, or None."""
    of_test = re.search(
        rf"^_+ {re.escape(title)} _+$(.*?)(?=^[_=]+ .* [_=]+$)",
        done.stdout.str(),
        re.MULTILINE | re.DOTALL,
    )
    assert of_test, title
    found = re.search(
        r"^-+ mockidp -+$\n(.*?)(?=^-+ .* -+$|\Z)", of_test[1], re.MULTILINE | re.DOTALL
    )
    return found and found[1].strip()


def test_a_failed_test_shows_its_own_exchanges(run_here):
    done = run_here("-rA", test=ENDINGS)
    done.assert_outcomes(passed=3, failed=4, errors=3)
    assert "in-passing" not in done.stdout.str()
    shown = section(done, "test_fails")
    assert shown.startswith("#1 authorize GET ")
    assert "#2 token POST " in shown
    assert "hint: " in shown
    assert "many" not in shown
    assert (
        section(done, "test_fails_without_a_request") == "The test sent no requests to the tenant."
    )
    many = section(done, "test_fails_after_many").splitlines()
    assert many[0] == "(3 earlier exchanges)"
    assert [line.split()[0] for line in many if line[0] == "#"] == [f"#{n}" for n in range(4, 24)]
    for title in (
        "setup of test_fails_before",
        "teardown of test_fails_after",
        "teardown of test_fails_last",
    ):
        assert section(done, f"ERROR at {title}").startswith("#1 unmatched GET 404")
    assert section(done, "test_fails_with_none") is None


def test_a_bug_of_the_mock_fails_the_test_in_which_it_occurs(run_here):
    done = run_here(test=BUGS)
    done.assert_outcomes(passed=2, errors=1)
    done.stdout.fnmatch_lines(
        [
            "*ERROR at teardown of test_a_bug*",
            "This is a bug in mockidp. Please report it, with the traceback from its log:",
            "#1 jwks GET 500 server_error*",
            "*Captured log call*",
            "*this is a bug in mockidp*",
        ]
    )
    done.stdout.no_fnmatch_line("*pytest_plugin.py*")


def test_a_fault_that_never_fired_causes_a_warning(run_here):
    done = run_here("-rA", test=FAULTS)
    done.assert_outcomes(passed=2, skipped=1, xfailed=1, warnings=2)
    done.stdout.fnmatch_lines(
        [
            "test_it.py::test_never_fires",
            "*test_it.py:5: UnfiredFaultWarning: Fault 'token: error invalid_grant' at token never fired. It matched none of 1 exchange*",
            "*#1 unmatched GET 404*",
            "*client is None, not 'web', and endpoint is 'unmatched', not 'token'*",
            "*UnfiredFaultWarning: Fault 'down' at userinfo never fired.*",
        ]
    )


def test_the_warning_can_be_turned_into_an_error(run_here):
    done = run_here("-W", "error", test=FAULTS)
    done.assert_outcomes(passed=2, skipped=1, xfailed=1, errors=1)
    done.stdout.fnmatch_lines(
        [
            "*ERROR at teardown of test_never_fires*",
            "Fault 'token: error*' at token never*",
            "Fault 'down' at*",
        ]
    )
    done.stdout.no_fnmatch_line("*pytest_plugin.py*")


def test_the_warning_can_be_ignored_by_its_class(run_here):
    done = run_here("-W", "error", "-W", "ignore::mockidp.UnfiredFaultWarning", test=FAULTS)
    done.assert_outcomes(passed=2, skipped=1, xfailed=1)


def test_xdist_workers_have_the_same_reports(run_here):
    done = run_here("-p", "xdist", "-n", "1", test=FAULTS, test_also=ENDINGS)
    done.assert_outcomes(passed=5, failed=4, errors=3, skipped=1, xfailed=1, warnings=2)
    assert section(done, "test_fails").startswith("#1 authorize GET ")


def test_finished_tests_keep_no_exchanges_in_memory(run):
    holds = "import gc, sys\ndef pytest_sessionfinish():\n"
    holds += "    entry = sys.modules['mockidp.tenant.journal.journal'].JournalEntry\n"
    holds += "    print('KEPT', sum(isinstance(one, entry) for one in gc.get_objects()))\n"
    run("-p", "holds", "-s", test=ENDINGS, holds=holds).stdout.fnmatch_lines(["*KEPT 0"])
