"""Persistent tenants: restarts, and changes of file, settings and keys."""

from dataclasses import replace

import pytest

from helpers.persisted_tenant import ACME, CONSENT, TOKEN, keys_of, started, state, without
from mockidp.codec.write import to_file
from mockidp.errors import MockIdPError
from mockidp.protocol.tokens.keys import generate_private_key
from mockidp.storage.state_file import StateFile
from mockidp.tenant.config.leniency import LOADED
from mockidp.tenant.config.load import parse_tenant
from mockidp.tenant.config.plain import structure_tenant
from mockidp.tenant.state.sign_ins import SignIn
from mockidp.tenant.tenant import Tenant


def test_a_new_directory_is_private_to_its_owner(tmp_path):
    directory = tmp_path / "a" / "b"
    with started(directory) as tenant:
        assert tenant.document == Tenant(ACME).document
        modes = {path.name: path.stat().st_mode & 0o777 for path in directory.iterdir()}
    assert set(modes.values()) == {0o600}
    assert directory.stat().st_mode & 0o777 == 0o700


WITH_REFERENCES = """
tenant: {sandbox_version: "18", unknown_thing: 1}
clients: [{name: Generated}]
rules: [{name: r, script: x, enabled: true}]
tokenExchangeProfiles: [{name: legacy, subject_token_type: "urn:acme:legacy"}]
users: [{user_id: auth0|alice}]
mockidp: {subject_tokens: [{profile: legacy, token: t, user: alice}]}
"""


def test_the_configuration_survives_a_restart_with_what_was_found_in_the_file(tmp_path):
    document = parse_tenant(WITH_REFERENCES)
    found = document.configuration
    assert all((found.not_acted_on, found.made_up, found.notes, found.differs))
    for _ in range(2):
        with started(tmp_path, document) as tenant:
            assert tenant.directory.configuration == found
            assert tenant.directory.configuration.notes == found.notes


def test_the_state_survives_a_restart(tmp_path):
    with started(tmp_path) as tenant:
        tenant.change(without("auth0|bob"))
        tenant.rotate_keys()
        tenant.rotate_keys()
        tenant.revoke_key(tenant.keys.published[2].kid)
        tenant.refresh_tokens.put("r", TOKEN, expires_at=2.0**40)
        tenant.refresh_tokens.put("taken", TOKEN, expires_at=2.0**40)
        tenant.refresh_tokens.take("taken")
        tenant.consents.put("c", CONSENT)
        tenant.sign_ins.add(SignIn(user_id="auth0|alice", client_id="x"))
        tenant.sign_ins.add(SignIn(user_id="auth0|admin"))
        assert tenant.sign_ins.take("y").user_id == "auth0|admin"
        assert tenant.sign_ins.take("y") is None
        tenant.clock.freeze("2031-01-01T00:00:00Z")
        tenant.clock.skew = 5
        before = state(tenant)
        jwks, bewit_key = tenant.keys.jwks_json, tenant.bewit_key
    for _ in range(2):
        with started(tmp_path) as tenant:
            assert state(tenant) == before
            assert tenant.keys.jwks_json == jwks
            assert tenant.bewit_key == bewit_key


def test_a_field_that_mockidp_does_not_know_survives_a_restart(tmp_path):
    exported = {"clients": [{"client_id": "new", "brand_new": 1}]}
    document = structure_tenant(exported, source="export", leniency=LOADED)
    with started(tmp_path, document) as tenant:
        before = to_file(tenant.document)["clients"]
    assert before[0]["brand_new"] == 1
    with started(tmp_path, document) as tenant:
        assert to_file(tenant.document)["clients"] == before


def test_a_restored_snapshot_replaces_the_state_on_disk(tmp_path):
    with started(tmp_path) as tenant:
        tenant.refresh_tokens.put("kept", TOKEN, expires_at=2.0**40)
        snapshot = tenant.snapshot()
        tenant.refresh_tokens.put("later", TOKEN, expires_at=2.0**40)
        tenant.clock.offset(100)
        tenant.restore(snapshot)
    with started(tmp_path) as tenant:
        assert keys_of(tenant.refresh_tokens) == ["kept"]
        assert tenant.clock.setting.offset == 0


def test_a_reset_restores_the_tenant_file_and_keeps_the_keys(tmp_path):
    with started(tmp_path) as tenant:
        jwks, bewit_key = tenant.keys.jwks_json, tenant.bewit_key
    with started(tmp_path) as tenant:
        tenant.change(without("auth0|bob"))
        tenant.refresh_tokens.put("r", TOKEN, expires_at=2.0**40)
        tenant.clock.freeze()
    with started(tmp_path) as tenant:
        assert "auth0|bob" not in tenant.directory.users
        tenant.reset()
    with started(tmp_path) as tenant:
        assert "auth0|bob" in tenant.directory.users
        assert tenant.refresh_tokens.scan() == ()
        assert tenant.clock.setting.frozen_at is None
        assert (tenant.keys.jwks_json, tenant.bewit_key) == (jwks, bewit_key)


def test_a_changed_tenant_file_replaces_the_records_and_keeps_the_sessions(tmp_path):
    other = replace(ACME, tenant=replace(ACME.tenant, friendly_name="Other"))
    with started(tmp_path) as tenant:
        tenant.change(without("auth0|bob"))
        tenant.refresh_tokens.put("r", TOKEN, expires_at=2.0**40)
        kid = tenant.keys.current.kid
    with started(tmp_path, other) as tenant:
        assert tenant.document == Tenant(other).document
        assert tenant.refresh_tokens.get("r") == TOKEN
        assert tenant.keys.current.kid == kid
        tenant.change(without("auth0|alice"))
    with started(tmp_path, other) as tenant:
        assert "auth0|alice" not in tenant.directory.users


def test_changed_settings_take_effect_and_keep_the_users(tmp_path):
    oidc = replace(ACME, mockidp=replace(ACME.mockidp, profile="oidc"))
    with started(tmp_path) as tenant:
        tenant.change(without("auth0|bob"))
    with started(tmp_path, oidc) as tenant:
        assert tenant.settings.profile == "oidc"
        assert "auth0|bob" not in tenant.directory.users
    with started(tmp_path, oidc) as tenant:
        assert tenant.settings.profile == "oidc"


def test_a_restart_without_changes_writes_only_the_number_of_starts(tmp_path, monkeypatch):
    with started(tmp_path) as tenant:
        tenant.refresh_tokens.put("r", TOKEN, expires_at=2.0**40)
    written, save = [], StateFile.save

    def record(file, rows, *, replaced):
        written.append((list(rows), list(replaced)))
        save(file, *written[-1][:1], replaced=replaced)

    monkeypatch.setattr(StateFile, "save", record)
    with started(tmp_path):
        pass
    (([(store, key, entry)], replaced),) = written
    assert (store, key, entry.value["starts"], replaced) == ("start", "value", 1, [])


def test_changed_keys_replace_the_saved_ones(tmp_path):
    first, second = generate_private_key(), generate_private_key()
    numbers = first.public_key().public_numbers()
    with started(tmp_path) as tenant:
        generated = tenant.keys.current.kid
    with started(tmp_path, keys=[first, second]) as tenant:
        assert tenant.keys.current.public_key.public_numbers() == numbers
        kid = tenant.keys.current.kid
        assert kid != generated
        tenant.rotate_keys()
    for keys in ([first, second], []):
        with started(tmp_path, keys=keys) as tenant:
            assert tenant.keys.published[2].kid == kid


def test_a_seeded_tenant_repeats_no_code_after_a_restart(tmp_path):
    codes = set()
    for _ in range(4):
        with started(tmp_path, seed=1) as tenant:
            codes |= {tenant.ids.code() for _ in range(3)}
    assert len(codes) == 12


def test_a_directory_is_used_by_one_process_at_a_time(tmp_path):
    with started(tmp_path), pytest.raises(MockIdPError, match="is in use by another mockidp"):
        StateFile(tmp_path)
    StateFile(tmp_path).close()
