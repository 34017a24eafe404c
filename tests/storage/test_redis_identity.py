"""What has to be the same for all mocks with a state on Redis, and the names of differences."""

import pytest

from mockidp.storage.redis.identity import Identity, differences

SECTIONS = {
    "clients": [{"client_id": "a", "callbacks": ["http://x"]}, {"client_id": "b"}],
    "mockidp": {"impersonation": {"ttl": 60}, "issuer": "https://a.example/"},
    "--seed": 7,
}


def paths(one, other):
    return list(differences(*(Identity("0.1", each).outline for each in (one, other))))


def with_clients(*clients):
    return {**SECTIONS, "clients": list(clients)}


A, B = SECTIONS["clients"]


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        (SECTIONS, []),
        ({**SECTIONS, "--seed": None}, ["--seed"]),
        (with_clients({**A, "callbacks": []}, B), ["clients[0].callbacks"]),
        (with_clients(A, {"client_id": "b", "name": "B"}), ["clients[1].name"]),
        (with_clients(A), ["clients[1]"]),
        (with_clients(A, B, {"client_id": "c"}), ["clients[2]"]),
        (with_clients(), ["clients[0]", "clients[1]"]),
        ({**SECTIONS, "users": [{"user_id": "u"}]}, ["users"]),
        (
            {**SECTIONS, "mockidp": {"impersonation": {"ttl": 61}}},
            ["mockidp.impersonation.ttl", "mockidp.issuer"],
        ),
        ({}, ["clients", "mockidp", "--seed"]),
    ],
)
def test_the_parts_that_differ_have_paths(other, expected):
    assert paths(SECTIONS, other) == expected
    assert sorted(paths(other, SECTIONS)) == sorted(expected)
    texts = {str(Identity("0.1", one)) for one in (SECTIONS, other)}
    assert len(texts) == (2 if expected else 1)


def test_a_large_section_is_named_as_a_whole():
    users = [{"user_id": f"u{number}", "email": f"u{number}@example.com"} for number in range(501)]
    few = Identity("0.1", {"users": users[:-1]})
    many = Identity("0.1", {"users": users})
    assert len(few.outline["users"]) == 500
    assert isinstance(many.outline["users"], str)
    assert list(differences(few.outline, many.outline)) == ["users"]


def test_the_order_of_keys_makes_no_difference_and_that_of_items_does():
    backwards = dict(reversed(SECTIONS.items()))
    assert str(Identity("0.1", backwards)) == str(Identity("0.1", SECTIONS))
    assert paths(SECTIONS, with_clients(B, A)) == [
        "clients[0].client_id",
        "clients[0].callbacks",
        "clients[1].client_id",
        "clients[1].callbacks",
    ]
