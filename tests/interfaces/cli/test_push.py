"""`mockidp push` and `reset`: change the tenant of a running mock."""

import pytest

from helpers.outcome import accepted, refused
from mockidp.cli.serving.example import example_file
from mockidp.tenant.config.load import load_tenant

SHOP = "clients: [{client_id: shop, name: Shop}]"


@pytest.fixture(autouse=True)
def _files(folder, url, monkeypatch):
    """Use the mock of the test, and write a tenant file."""
    monkeypatch.setenv("MOCKIDP_URL", url)
    (folder / "tenant.yaml").write_text("users:\n- {user_id: 'auth0|carol'}\n")


def test_a_tenant_is_pushed_from_a_second_process(serve, process, fetch, folder):
    (folder / "tenant.yaml").write_text(SHOP)
    with serve(tls=("--no-tls",)) as server:
        assert process("wait", "--url", server.url).returncode == 0
        done = process("push", "tenant.yaml", "--url", server.url)
        announced = f"mockidp: using the mock at {server.url} (from --url)\n"
        assert (done.returncode, done.stderr) == (0, announced)
        (client,) = fetch(f"{server.url}/_mockidp/v1/clients")["items"]
    assert client["client_id"] == "shop"


def test_a_tenant_is_pushed_from_standard_input(mockidp, tenant, url):
    done = mockidp("push", "-", "--url", url, stdin=SHOP.encode())
    assert (done.status, done.out) == (0, "1 client, 0 APIs, 0 users\n")
    assert list(tenant.directory.clients) == ["shop"]


@pytest.mark.parametrize(
    ("sent", "message"),
    [(b"clients: 5", "<stdin>:1: clients: found the number 5"), (b"\xff", "<stdin>: found a byte")],
)
def test_mistakes_in_standard_input_are_reported(mockidp, url, sent, message):
    done = mockidp("push", "-", "--url", url, stdin=sent)
    assert (done.status, done.err.removeprefix("mockidp: ").startswith(message)) == (1, True)


def test_a_file_replaces_the_tenant_until_a_reset(mockidp, tenant, folder):
    assert accepted(mockidp("push", example_file("acme"))).endswith(" users\n")
    assert accepted(mockidp("push", "tenant.yaml")) == "0 clients, 0 APIs, 1 user\n"
    assert list(tenant.directory.users) == ["auth0|carol"]
    assert accepted(mockidp("reset")) == ""
    assert "auth0|alice" in tenant.directory.users


def test_a_pushed_file_can_have_placeholders(mockidp, tenant, folder, monkeypatch):
    (folder / "tenant.yaml").write_text("tenant: {friendly_name: '##NAME##'}\n")
    accepted(mockidp("push", "tenant.yaml", "--placeholder", "NAME=Ours"))
    assert tenant.name == "Ours"
    monkeypatch.setenv("MOCKIDP_PLACEHOLDER", "NAME=Theirs")
    accepted(mockidp("push", "tenant.yaml"))
    assert tenant.name == "Theirs"
    assert "is not KEY=VALUE" in refused(mockidp("push", "tenant.yaml", "--placeholder", "x"), 2)


def test_mistakes_in_a_file_are_reported_with_lines_and_nothing_is_sent(
    mockidp, folder, unused_url, monkeypatch
):
    monkeypatch.setenv("MOCKIDP_URL", unused_url)
    (folder / "tenant.yaml").write_text("users:\n- {user_id: 'auth0|carol', nam: x}\n")
    assert refused(mockidp("push", "tenant.yaml")).startswith("tenant.yaml:2: users[0].nam: found")
    assert refused(mockidp("push", "missing.yaml")).startswith(
        "missing.yaml: found a file that cannot be read"
    )
    assert refused(mockidp("push"), 2) == "Missing argument 'FILE'."


def test_a_pushed_file_has_the_same_effect_as_a_served_one(mockidp, tenant):
    path = example_file("acme")
    accepted(mockidp("push", path))
    assert tenant.document.users == load_tenant(path).users


def test_push_accepts_a_directory_and_prints_its_notes(mockidp, tenant, url, folder):
    (folder / "export" / "grants").mkdir(parents=True)
    (folder / "export" / "grants" / "a.json").write_text(
        '{"client_id": "Gone", "audience": "urn:a"}'
    )
    done = mockidp("push", "export", "--url", url)
    assert (done.status, done.out) == (0, "0 clients, 0 APIs, 0 users\n")
    assert done.err.splitlines() == [
        f"note: export/grants/a.json:1: {path}: {name!r} is not {kind} in this tenant"
        for path, name, kind in (
            ("client_id", "Gone", "a client's id or name"),
            ("audience", "urn:a", "an API's identifier"),
        )
    ]
    assert tenant.document.client_grants[0].client_id == "Gone"
