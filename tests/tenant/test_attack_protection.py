"""The section `attackProtection` of a tenant file: defaults, settings and mistakes."""

import pytest

from helpers.acme import ACME
from mockidp.codec.mistakes import ConfigError
from mockidp.codec.write import to_file
from mockidp.protocol.login.attack_protection import (
    AttackProtection,
    BruteForceProtection,
    client_address,
)
from mockidp.tenant.config.load import parse_tenant
from mockidp.tenant.config.plain import structure_tenant
from mockidp.tenant.content.document import TenantDocument
from mockidp.tenant.content.zero_config import ZERO_CONFIG

EXPORTED = """
attackProtection:
  botDetection: {challenge_password_policy: never, bot_detection_level: medium}
  breachedPasswordDetection: {enabled: false, shields: []}
  captcha: {active_provider_id: hcaptcha}
  bruteForceProtection:
    enabled: true
    shields: [block]
    mode: count_per_identifier
    allowlist: [203.0.113.7, 2001:db8::/32]
    max_attempts: 3
  suspiciousIpThrottling: {enabled: false}
"""


def protection(text):
    return parse_tenant(text).attack_protection.brute_force_protection


@pytest.mark.parametrize(
    "text",
    [
        "{}",
        "attackProtection: {}",
        "attackProtection: {bruteForceProtection: {}}",
        "attackProtection: {suspiciousIpThrottling: {enabled: false}}",
    ],
)
def test_without_the_section_auth0s_defaults_apply(text):
    assert protection(text) == BruteForceProtection()
    assert to_file(BruteForceProtection()) == {}
    assert TenantDocument().attack_protection == AttackProtection()


def test_the_defaults_are_auth0s():
    default = BruteForceProtection()
    assert default.enabled
    assert default.shields == ("block", "user_notification")
    assert default.mode == "count_per_identifier_and_ip"
    assert default.allowlist == ()
    assert default.max_attempts == 10


def test_an_exported_section_is_read_and_written_back():
    read = protection(EXPORTED)
    assert read == BruteForceProtection(
        explicit=frozenset({"enabled"}),
        shields=("block",),
        mode="count_per_identifier",
        allowlist=("203.0.113.7", "2001:db8::/32"),
        max_attempts=3,
    )
    document = parse_tenant(EXPORTED)
    assert structure_tenant(to_file(document)).attack_protection == document.attack_protection
    assert document.differs == ()
    assert document.not_acted_on == (
        "attackProtection.botDetection",
        "attackProtection.captcha",
    )


@pytest.mark.parametrize(
    ("fields", "path", "expected"),
    [
        ("enabled: 1", "enabled", "true or false"),
        ("shields: [blok]", "shields[0]", "one of block, user_notification"),
        ("mode: count", "mode", "one of count_per_identifier_and_ip, count_per_identifier"),
        ("allowlist: [home]", "allowlist[0]", "an IP address, or a network such as 10.0.0.0/8"),
        ("max_attempts: 0", "max_attempts", "a number from 1 to 100"),
        ("max_attempts: 101", "max_attempts", "a number from 1 to 100"),
        ("max_atempts: 5", "max_atempts", "one of enabled, shields, mode, allowlist, max_attempts"),
    ],
)
def test_a_mistake_is_reported_with_its_place(fields, path, expected):
    with pytest.raises(ConfigError) as caught:
        protection(f"attackProtection: {{bruteForceProtection: {{{fields}}}}}")
    (mistake,) = caught.value.mistakes
    assert mistake.path == f"attackProtection.bruteForceProtection.{path}"
    assert mistake.expected == expected


def test_a_misspelt_section_is_a_mistake():
    with pytest.raises(ConfigError, match="bruteForceProtection"):
        parse_tenant("attackProtection: {bruteForceProtecton: {enabled: false}}")


def test_without_a_tenant_file_no_user_is_blocked():
    off = ZERO_CONFIG.attack_protection.brute_force_protection
    assert not off.blocks
    assert structure_tenant(to_file(ZERO_CONFIG)).attack_protection == ZERO_CONFIG.attack_protection
    assert ACME.attack_protection.brute_force_protection.blocks


@pytest.mark.parametrize(
    ("sent", "address"),
    [
        ("10.0.0.1", "10.0.0.1"),
        (" 10.0.0.1 ", "10.0.0.1"),
        ("2001:DB8::0:1", "2001:db8::1"),
        ("fe80::1%eth0", "fe80::1"),
        ("::ffff:10.0.0.1", "10.0.0.1"),
        ("127.0.0.9", "127.0.0.1"),
        ("::1", "127.0.0.1"),
        ("::ffff:127.0.0.1", "127.0.0.1"),
        ("unknown", ""),
        ("10.0.0.1:80", ""),
        ("", ""),
    ],
)
def test_addresses_are_normalized(sent, address):
    assert client_address(sent) == address


@pytest.mark.parametrize(
    ("address", "counts"),
    [
        ("203.0.113.7", False),
        ("203.0.113.8", True),
        ("2001:db8::5", False),
        ("2001:db9::5", True),
        ("", True),
    ],
)
def test_allowed_addresses_do_not_count(address, counts):
    allowlist = ("203.0.113.7", "2001:db8::/32")
    assert BruteForceProtection(allowlist=allowlist).counts(address) is counts
    assert not BruteForceProtection(enabled=False).counts(address)
