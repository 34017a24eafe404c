"""Each file in fixtures/tenants/broken has one kind of mistake, and the expected message."""

from pathlib import Path

import pytest

from mockidp.codec.mistakes import ConfigError
from mockidp.tenant.config import load
from mockidp.tenant.config.load import load_tenant, parse_tenant

FIXTURES = Path(__file__).parents[2] / "fixtures" / "tenants"
BROKEN = sorted((FIXTURES / "broken").glob("*.yaml"))


@pytest.mark.parametrize("path", BROKEN, ids=lambda path: path.stem)
def test_a_broken_file_is_refused_with_the_expected_message(path):
    with pytest.raises(ConfigError) as refused:
        parse_tenant(path.read_text("utf-8"), source=path.name)
    assert str(refused.value) + "\n" == path.with_suffix(".txt").read_text("utf-8")


def test_every_expected_message_belongs_to_a_file():
    assert [path.with_suffix(".txt") for path in BROKEN] == sorted(
        (FIXTURES / "broken").glob("*.txt")
    )


def test_all_mistakes_are_reported_in_the_order_of_their_lines():
    with pytest.raises(ConfigError) as refused:
        load_tenant(FIXTURES / "broken" / "several-mistakes.yaml")
    lines = [mistake.line for mistake in refused.value.mistakes]
    assert lines == [3, 4, 5, 6, 6, 8, 9, 11]


def test_a_mistake_has_its_parts_as_attributes():
    with pytest.raises(ConfigError) as refused:
        parse_tenant("clients:\n  - client_id: web\n    calbacks: []\n", source="t.yaml")
    (mistake,) = refused.value.mistakes
    assert (mistake.file, mistake.line, mistake.path) == ("t.yaml", 3, "clients[0].calbacks")
    assert (mistake.found, mistake.suggestion) == ("an unknown key", "callbacks")


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"tenant: \xff\n", "found a byte that is not UTF-8 at 8"),
        (b"tenant:\n  friendly_name: a\0b\n", "t.yaml:2: found the character U+0000"),
        (b"", "t.yaml: found an empty file"),
        (b" " * 1001, "found more than 1000 bytes"),
    ],
)
def test_a_file_that_is_not_text_gives_one_line(tmp_path, monkeypatch, content, expected):
    monkeypatch.setattr(load, "MAX_BYTES", 1000)
    path = tmp_path / "t.yaml"
    path.write_bytes(content)
    with pytest.raises(ConfigError) as refused:
        load_tenant(path)
    assert expected in str(refused.value)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        (Path("no-such-file.yaml"), "No such file or directory"),
        (FIXTURES, "found a directory .Docker creates one"),
        (Path("a\0b"), "embedded null byte"),
    ],
)
def test_a_file_that_cannot_be_read_gives_one_line(path, expected):
    with pytest.raises(ConfigError, match=expected) as refused:
        load_tenant(path)
    assert len(refused.value.mistakes) == 1


def test_an_unpaired_surrogate_is_refused():
    with pytest.raises(ConfigError, match=r"<tenant>:2: found the character U\+D800"):
        parse_tenant("tenant:\n  friendly_name: \ud800\n")


def test_levels_are_counted_through_aliases():
    chain = "".join(f"    a{i}: &a{i} [*a{i - 1}]\n" for i in range(1, 120))
    with pytest.raises(ConfigError, match="found more than 100 levels"):
        parse_tenant(f"tenant:\n  flags:\n    a0: &a0 []\n{chain}")


def test_a_message_is_one_line_whatever_the_file_contains():
    with pytest.raises(ConfigError) as refused:
        parse_tenant('"a\\nb\\e[2J": 1', source="t.yaml")
    assert str(refused.value).startswith(r"t.yaml:1: a\nb\x1b[2J: found an unknown key")


def test_a_long_string_is_cut_in_a_message():
    with pytest.raises(ConfigError) as refused:
        parse_tenant(f"users: {'x' * 200}\n")
    assert f"the string '{'x' * 60}...', expected" in str(refused.value)


def test_a_tab_in_indented_json_does_not_hide_another_error():
    with pytest.raises(ConfigError) as refused:
        parse_tenant('{"clients": [\n\t]]}', source="t.json")
    assert str(refused.value).startswith("t.json:2: found text that is not YAML (")
