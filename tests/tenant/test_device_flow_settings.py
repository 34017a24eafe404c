"""The form of user codes: `tenant.device_flow`."""

import pytest

from mockidp.codec.mistakes import ConfigError
from mockidp.tenant.config.load import parse_tenant


@pytest.mark.parametrize("mask", ["****-****", "*", "** ** **", "*" * 20])
def test_a_mask_has_placeholders_and_separators(mask):
    document = parse_tenant(f"tenant: {{device_flow: {{charset: digits, mask: '{mask}'}}}}")
    device_flow = document.tenant.device_flow
    assert (device_flow.charset, device_flow.mask) == ("digits", mask)


@pytest.mark.parametrize("mask", ["", "----", "AAAA-****", "*" * 21, "****_****", "****\\n"])
def test_other_masks_are_errors(mask):
    with pytest.raises(ConfigError, match="at most 20 of"):
        parse_tenant(f'tenant: {{device_flow: {{mask: "{mask}"}}}}')


def test_other_character_sets_are_mistakes():
    with pytest.raises(ConfigError, match="base20, digits"):
        parse_tenant("tenant: {device_flow: {charset: hex}}")
