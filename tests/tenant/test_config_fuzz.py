"""Any file is either loaded or refused with mistakes. Other exceptions never occur."""

import json
from contextlib import suppress
from dataclasses import fields
from pathlib import Path

from hypothesis import example, given
from hypothesis import strategies as st

from mockidp.codec.mistakes import ConfigError
from mockidp.tenant.config.load import parse_tenant
from mockidp.tenant.content.document import TenantDocument

ACME = (Path(__file__).parents[2] / "fixtures" / "tenants" / "acme.yaml").read_text("utf-8")
SECTIONS = [
    field.metadata.get("name", field.name) or "branding" for field in fields(TenantDocument)
]
KEYS = [
    "client_id", "name", "callbacks", "global", "refresh_token", "identifier", "scopes", "value",
    "audience", "scope", "user_id", "email", "roles", "permissions", "connection", "issuer",
    "impersonation", "ttl", "enabled_clients", "jwt_configuration", "alg", "signing_alg", "<<",
]  # fmt: skip

scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12)
values = st.recursive(
    scalars | st.sampled_from(["web", "http://localhost/*", "##K##", "HS256"]),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=5)
    ),
    max_leaves=12,
)


def check(text):
    with suppress(ConfigError):
        assert isinstance(parse_tenant(text, placeholders={"K": "[1]"}), TenantDocument)


@given(st.text())
@example("? [")
@example("a: &a [*a]")
@example("'\ufdd0'")
@example("%YAML 9.9\n---\n")
@example("!<tag:x> {}")
@example("\ud800")
def test_any_text(text):
    check(text)


@given(st.text(alphabet="{}[]:,-?&*!|>#@%'\"<\n\t aK1~"))
def test_any_combination_of_yaml_indicators(text):
    check(text)


@given(st.dictionaries(st.sampled_from(SECTIONS), values))
def test_any_values_in_known_sections(document):
    check(json.dumps(document))


@given(st.integers(0, len(ACME)), st.integers(0, 40), st.text(max_size=8))
def test_any_damage_to_the_example_tenant(at, length, instead):
    check(ACME[:at] + instead + ACME[at + length :])
