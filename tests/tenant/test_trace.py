"""The trace of one exchange: checks, notes and tokens."""

import threading

import pytest

from mockidp.protocol.errors.oauth_error import AccessDenied, InvalidClient, InvalidGrant
from mockidp.tenant.trace import Check, Trace, cut


@pytest.fixture
def trace():
    return Trace()


def fail(trace, name="code", hint="it was used", error=InvalidGrant, **compared):
    with trace.check(name, **compared):
        raise error("Refused", hint=hint)


def test_a_passed_check_has_the_compared_values(trace):
    with trace.check("client_id", sent="web"):
        pass
    assert list(trace.checks) == [Check(name="client_id", passed=True, compared={"sent": "web"})]


def test_a_refusal_inside_a_check_is_raised_and_its_hint_kept(trace):
    with pytest.raises(InvalidGrant):
        fail(trace, sent="abc")
    (check,) = trace.checks
    assert check == Check(name="code", passed=False, compared={"sent": "abc"}, why="it was used")


def test_a_bug_inside_a_check_has_no_hint(trace):
    with pytest.raises(ZeroDivisionError), trace.check("scope"):
        raise ZeroDivisionError
    assert list(trace.checks) == [Check(name="scope", passed=False)]


def test_a_refusal_through_two_checks_fails_the_inner_one(trace):
    with pytest.raises(InvalidGrant), trace.check("outer"):
        fail(trace, "inner")
    assert [check.name for check in trace.checks] == ["inner"]


def test_the_last_hint_of_a_refusal_is_kept(trace):
    def translate():
        try:
            fail(trace, "client_secret", error=AccessDenied)
        except AccessDenied as error:
            raise InvalidClient("Unauthorized", hint=f"at revoke: {error.hint}") from None

    with pytest.raises(InvalidClient), trace.check("outer"):
        translate()
    (check,) = trace.checks
    assert (check.name, check.why) == ("client_secret", "at revoke: it was used")


def test_checks_after_a_failed_check_are_ignored(trace):
    with pytest.raises(InvalidGrant):
        fail(trace)
    with trace.check("client_id"):
        pass
    (check,) = trace.checks
    assert (check.name, check.why) == ("code", "it was used")


def test_a_refusal_that_is_returned_is_a_failed_check(trace):
    trace.refuse("consent", AccessDenied("No", hint="the page was declined"), accepted=False)
    (check,) = trace.checks
    assert str(check) == "failed consent(accepted=False): the page was declined"


def test_a_check_as_text_is_one_line(trace):
    with trace.check("code_verifier", sent="abcdefgh...", method="S256"):
        pass
    assert str(trace.checks[0]) == "passed code_verifier(sent='abcdefgh...', method='S256')"


def test_later_notes_replace_earlier_ones(trace):
    trace.note(client="web", user=None)
    trace.note(user="auth0|alice")
    assert trace.notes == {"client": "web", "user": "auth0|alice"}


def test_a_new_exchange_begins_with_an_empty_trace(trace):
    with trace.check("client_id"):
        trace.note(client="web")
    trace.issued("id_token", {"alg": "RS256"}, {"sub": "x"})
    assert trace.tokens[0].claims == {"sub": "x"}
    trace.begin()
    assert (list(trace.checks), trace.notes, list(trace.tokens)) == ([], {}, [])


def test_the_trace_is_limited_outside_of_an_exchange(trace):
    for number in range(1000):
        trace.issued("access_token", {}, {"number": number})
        with trace.check("audience", number=number):
            pass
    assert trace.tokens[-1].claims == {"number": 999}
    assert len(trace.tokens) == len(trace.checks) == 100


def test_each_thread_sees_its_own_exchange(trace):
    trace.note(client="mine")
    seen = []

    def other():
        seen.append(dict(trace.notes))
        trace.note(client="theirs")

    thread = threading.Thread(target=other)
    thread.start()
    thread.join()
    assert seen == [{}]
    assert trace.notes == {"client": "mine"}


@pytest.mark.parametrize(
    ("secret", "shown"),
    [(None, None), ("", ""), ("12345678", "12345678"), ("123456789", "12345678...")],
)
def test_only_the_beginning_of_a_secret_is_shown(secret, shown):
    assert cut(secret) == shown
