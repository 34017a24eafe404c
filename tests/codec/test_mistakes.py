"""A mistake of a tenant, seen from one of its records."""

from mockidp.codec.mistakes import MAX_MISTAKES, ConfigError, Mistake


def mistake(*steps, path):
    return Mistake(file="t.yaml", path=path, steps=steps, found="a number", expected="a string")


def test_a_mistake_within_a_record_has_its_path_in_the_record():
    moved = mistake("users", 0, "email", path="users[0].email").within(("users", 0))
    assert (moved.path, moved.steps) == ("email", ("email",))


def test_a_mistake_outside_a_record_keeps_its_path():
    moved = mistake("clients", 0, "name", path="clients[0].name").within(("users", 0))
    assert (moved.path, moved.steps) == ("clients[0].name", None)


def test_the_report_of_one_mistake_is_a_line():
    error = ConfigError([mistake(path="a")])
    assert error.report == "mockidp: t.yaml: a: found a number, expected a string"


def test_each_of_several_mistakes_has_a_line_that_begins_with_its_file():
    one = mistake(path="a")
    line = "t.yaml: a: found a number, expected a string"
    assert ConfigError([one, one]).report.splitlines() == ["mockidp: 2 errors", line, line]
    heading, *lines, rest = ConfigError([one] * MAX_MISTAKES, more=5).report.splitlines()
    assert (heading, lines) == (f"mockidp: {MAX_MISTAKES + 5} errors", [line] * MAX_MISTAKES)
    assert rest == "and 5 more"
