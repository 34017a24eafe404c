"""Second factors in the tenant file."""

import pytest

from mockidp.codec.mistakes import ConfigError
from mockidp.resources.mfa_factor import EmailFactor, MfaFactor, PhoneFactor, TotpFactor
from mockidp.tenant.config.load import parse_tenant


def test_the_factors_of_a_user_are_those_of_auth0s_bulk_import():
    document = parse_tenant(
        """
        users:
          - user_id: auth0|a
            mfa_factors:
              - totp: {secret: JBSWY3DPEHPK3PXP}
              - phone: {value: '+15551234567'}
              - email: {value: a@acme.example}
        """
    )
    assert document.users[0].mfa_factors == (
        MfaFactor(totp=TotpFactor(secret="JBSWY3DPEHPK3PXP")),
        MfaFactor(phone=PhoneFactor(value="+15551234567")),
        MfaFactor(email=EmailFactor(value="a@acme.example")),
    )


@pytest.mark.parametrize(
    ("factor", "message"),
    [
        ("{}", "totp: found no or several kinds of factors, expected one of totp, phone and email"),
        (
            "{totp: {secret: JBSWY3DP}, phone: {value: '+1'}}",
            "totp: found no or several kinds of factors, expected one of totp, phone and email",
        ),
        (
            "{totp: {secret: short}}",
            "totp.secret: found the string 'short', expected 8 to 128 characters of base32",
        ),
        ("{totp: {secret: JBSWY3DPE}}", "totp.secret: found the string 'JBSWY3DPE', expected 8"),
        (
            "{phone: {value: '555'}}",
            "phone.value: found the string '555', expected a phone number such as +15551234567",
        ),
        (
            "{email: {value: a}}",
            "email.value: found the string 'a', expected an e-mail address",
        ),
    ],
)
def test_a_mistake_in_a_factor_is_reported_with_its_path(factor, message):
    with pytest.raises(ConfigError) as refused:
        parse_tenant(f"users: [{{user_id: auth0|a, mfa_factors: [{factor}]}}]")
    assert str(refused.value).startswith(f"<tenant>:1: users[0].mfa_factors[0].{message}")


def test_an_unknown_factor_or_policy_is_reported_with_the_nearest_one():
    with pytest.raises(ConfigError) as refused:
        parse_tenant(
            "guardianFactors: [{name: push, enabled: true}]\n"
            "guardianPolicies: {policies: [all-application]}\n"
        )
    message = str(refused.value)
    assert "expected one of otp, sms, email, push-notification, recovery-code," in message
    assert "did you mean all-applications?" in message
