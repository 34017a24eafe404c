"""The page of the keys."""


def test_it_lists_the_published_keys(console):
    current, following = console.tenant.keys.published
    console.open("/keys")
    assert console.text("key") == [
        f"{current.kid} current Only previous keys can be revoked.",
        f"{following.kid} next Only previous keys can be revoked.",
    ]


def test_a_rotated_key_can_be_revoked(console):
    old, new = (one.kid for one in console.tenant.keys.published)
    console.open("/keys")
    console.follow_change("/keys/rotate")
    assert console.tenant.keys.current.kid == new
    assert console.text("key")[2] == f"{old} previous Revoke"
    console.follow_change("/keys/revoke")
    assert old not in [one.kid for one in console.tenant.keys.published]
    assert len(console.text("key")) == 2


def test_a_key_that_is_not_previous_is_not_revoked(console):
    current = console.tenant.keys.current.kid
    console.open("/keys")
    console.follow_change("/keys/rotate")
    before = console.tenant.keys
    refused = console.send("/keys/revoke", kid=console.tenant.keys.current.kid)
    assert refused.status_code == 400
    assert f"Known: {current}." in refused.text
    assert console.tenant.keys is before
