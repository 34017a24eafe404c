"""The spans in which an opened link differs from the original link."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from mockidp.flows.impersonation.spans import differing_spans

LINK = "http://localhost:9400/users/auth0%7Calice/impersonate?&bewit=YWNt"


def found(received, signed=LINK):
    return [(one.kind, one.signed, one.received) for one in differing_spans(signed, received)]


def test_the_same_link_has_no_spans():
    assert differing_spans(LINK, LINK) == ()


@pytest.mark.parametrize(
    ("before", "after", "spans"),
    [
        ("YWNt", "YWNt&next=/a", [("added", "", "&next=/a")]),
        ("?&", "?next=/a&&", [("added", "", "next=/a&")]),
        ("?&", "?", [("lost", "&", "")]),
        ("?&", "&", [("lost", "?", "")]),
        ("&", "&amp;", [("added", "", "amp;")]),
        ("?&bewit=YWNt", "", [("lost", "?&bewit=YWNt", "")]),
        ("YWNt", "YW", [("lost", "Nt", "")]),
        ("YWNt", "YXNt", [("changed", "W", "X")]),
        ("%7C", "%7c", [("case", "%7C", "%7c")]),
        ("alice", "Alice", [("case", "a", "A")]),
        ("%7C", "|", [("escape", "%7C", "|")]),
        ("%7C", "%257C", [("escape", "%7C", "%257C")]),
        ("alice", "%61lice", [("escape", "a", "%61")]),
        ("alice", "bob", [("changed", "alice", "bob")]),
        ("http:", "https:", [("added", "", "s")]),
        (":9400", "", [("lost", ":9400", "")]),
        (":9400", ":9500", [("changed", "4", "5")]),
        ("localhost", "127.0.0.1", [("changed", "localhost", "127.0.0.1")]),
        ("localhost", "[::1]", [("changed", "localhost", "[::1]")]),
    ],
)  # fmt: skip
def test_one_change_is_one_span(before, after, spans):
    assert LINK.count(before) == 1
    assert found(LINK.replace(before, after)) == spans


def test_changes_of_several_parts_are_separate_spans():
    received = LINK.replace("localhost", "LOCALHOST").replace("%7C", "|") + "&a=1"
    assert found(received) == [
        ("case", "localhost", "LOCALHOST"),
        ("escape", "%7C", "|"),
        ("added", "", "&a=1"),
    ]


def test_several_changes_of_one_part_are_separate_spans():
    signed = LINK.replace("alice", "a%7Cb")
    assert found(signed.replace("%7C", "|"), signed) == [("escape", "%7C", "|")] * 2


def test_a_span_has_its_position_in_both_urls():
    (_, span) = differing_spans(LINK, LINK.replace("%7C", "%257C") + "x")
    assert (span.kind, span.signed_at, span.received_at) == ("added", len(LINK), len(LINK) + 2)


def test_texts_that_are_not_urls_are_compared():
    assert found("nonsense", signed="sense") == [("added", "", "non")]


TEXTS = st.text(st.sampled_from("hto:/?&=%7Cc|aA[].9bewit"), max_size=60)


@given(TEXTS, TEXTS)
@example("http://a?&bewit=b", "http://a?&bewit=b&bewit=c")
@example("a%7", "a%7C")
def test_the_spans_turn_one_text_into_the_other(signed, received):
    built, at = "", 0
    for span in differing_spans(signed, received):
        assert signed[span.signed_at :].startswith(span.signed)
        assert received[span.received_at :].startswith(span.received)
        assert span.signed != span.received
        built += signed[at : span.signed_at] + span.received
        at = span.signed_at + len(span.signed)
    assert built + signed[at:] == received
