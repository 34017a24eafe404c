"""`mockidp serve -`: the tenant file is read from standard input."""

ZOE = "users: [{user_id: auth0|zoe, email: zoe@acme.example}]\n"


def test_standard_input_is_served(serve, folder, fetch):
    (folder / "tenant.yaml").write_text(ZOE)
    with (folder / "tenant.yaml").open() as file, serve("--no-tls", "-", stdin=file) as server:
        assert fetch(f"{server.url}/_mockidp/v1/tokens", {"user": "zoe"})["access_token"]


def test_mistakes_of_standard_input_are_reported(mockidp):
    done = mockidp("serve", "-", stdin=b"clients: 5")
    assert (done.status, done.out) == (1, "")
    assert done.err.startswith("mockidp: <stdin>:1: clients: found the number 5")
