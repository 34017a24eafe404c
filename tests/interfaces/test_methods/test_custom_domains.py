"""The test methods for custom domains."""

import pytest

from mockidp import MockIdPError

DOMAIN = "login.acme.test"


def test_a_custom_domain_is_added_changed_and_removed(idp):
    made = idp.add_custom_domain(DOMAIN)
    assert made.id.startswith("cd_")
    assert idp.get_custom_domain(DOMAIN) == made
    assert idp.patch_custom_domain(DOMAIN, is_default=True).is_default
    assert [one.domain for one in idp.list_custom_domains()] == [DOMAIN]
    idp.remove_custom_domain(DOMAIN)
    assert idp.list_custom_domains() == []


def test_an_unknown_custom_domain_is_an_error(idp):
    with pytest.raises(MockIdPError, match="There is no custom domain"):
        idp.get_custom_domain(DOMAIN)
    with pytest.raises(MockIdPError, match="There is no custom domain"):
        idp.remove_custom_domain(DOMAIN)
