"""A mistake of a tenant, seen from one of its records."""

from mockidp.codec.mistakes import Mistake


def mistake(*steps, path):
    return Mistake(file="t.yaml", path=path, steps=steps, found="a number", expected="a string")


def test_a_mistake_within_a_record_has_its_path_in_the_record():
    moved = mistake("users", 0, "email", path="users[0].email").within(("users", 0))
    assert (moved.path, moved.steps) == ("email", ("email",))


def test_a_mistake_outside_a_record_keeps_its_path():
    moved = mistake("clients", 0, "name", path="clients[0].name").within(("users", 0))
    assert (moved.path, moved.steps) == ("clients[0].name", None)
