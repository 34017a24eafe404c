"""Every page, rendered without a request."""

from mockidp.flows.login.page_errors import PageError
from mockidp.resources.organization import Organization
from mockidp.tenant.texts import texts_of
from mockidp.web.hosted import mfa
from mockidp.web.hosted.claims_editor import TypedLine
from mockidp.web.hosted.lock_words import WORDS
from mockidp.web.hosted.picker import UserChoice, offer
from mockidp.web.hosted.provider_buttons import ProviderButton
from mockidp.web.pages.pages import Pages
from mockidp.web.pages.prompt_text import PromptText
from mockidp.web.pages.qr_code import qr_code


class WithHint(Pages):
    """Pages with a hint on every prompt."""

    def prompt(self, name, /, **values):
        return super().prompt(name, **{"hint": "What happened. What to do."} | values)


def every_page(pages, value):
    """Render all pages, with the value in every argument."""
    user = UserChoice(user_id=value, username=value, name=value)
    common = {"tenant_name": value, "action_url": value}
    request = {**common, "client_name": value, "state": value, "username": value}
    refused = PageError(value, value)
    errors = {"": refused, "username": refused, "password": refused}
    fields = ("connection", "name", "provider", "strategy", "parameter")
    button = ProviderButton(**dict.fromkeys(fields, value))
    buttons = {"providers": [button, button], "provider_url": value, "has_form": True}
    search = {"has_search": True, "query": value, "picker_url": value}
    login = {
        **request, **offer([user, user], total=2), **search, **buttons, "errors": errors, "hint": value,
        "inviter": value,
    }  # fmt: skip
    words = PromptText({one: one for one in WORDS})
    lock = {"message": value, "invalid": {"email": value}, "words": words}
    without_form = {**login, "has_form": False, "errors": {}}
    return {
        "login": pages.prompt(
            "login", **login, requires_username=False, sign_up_url="/u/signup", reset_url="/u/reset"
        ),
        **{
            f"lock-login-{named}": pages.prompt(
                "lock-login",
                **login,
                **lock,
                requires_username=named == "username",
                sign_up_url="/u/signup",
                reset_url="/u/reset",
            )
            for named in ("email", "username")
        },
        "lock-login-buttons-only": pages.prompt(
            "lock-login",
            **without_form,
            **lock,
            requires_username=False,
            sign_up_url="",
            reset_url="",
        ),
        "lock-sign-up": pages.prompt(
            "lock-sign-up", **login, **lock, email=value, needs_username=True, login_url="/login"
        ),
        "lock-forgot-password": pages.prompt(
            "lock-forgot-password", **login, **lock, back_url="/login"
        ),
        "login-nothing-found": pages.prompt(
            "login", **{**login, "users": []}, requires_username=False
        ),
        "claims": pages.prompt(
            "claims",
            **{**request, "errors": {"": refused}},
            user_id=value,
            user_name=value,
            claims=value,
            lines=[TypedLine(number=1, text=value, problems=[value])],
            problems=[value],
            preview=value,
            has_id_token=False,
            back_url=value,
        ),
        "login-buttons-only": pages.prompt("login", **without_form, requires_username=False),
        "provider": pages.prompt(
            "provider",
            **{**login, "errors": {"": refused}},
            connection_name=value,
            provider_name=value,
            forwarded={value: value},
            offers_new_user=True,
            new_name=value,
            new_email=value,
            is_verified=True,
        ),
        "login-id": pages.prompt("login-id", **login, requires_username=True, is_phone=False),
        "login-id-passkey": pages.prompt(
            "login-id",
            **login,
            requires_username=True,
            is_phone=False,
            passkey_options={"challenge": value},
        ),
        "passkey-enrollment": pages.prompt(
            "passkey-enrollment",
            **{**request, "errors": {"": refused}},
            passkey_options={"user": {"name": value}},
        ),
        "login-id-phone": pages.prompt("login-id", **login, requires_username=False, is_phone=True),
        **{
            screen: pages.prompt(screen, **login, address=value, edit_url="/u/login/identifier")
            for screen in ("login-passwordless-email-code", "login-passwordless-sms-otp")
        },
        "login-password": pages.prompt("login-password", **login, edit_url="/u/login/identifier"),
        "organization-selection": pages.prompt(
            "organization-selection",
            **{**request, "errors": {**errors, "organizationName": refused}},
            typed=value,
            offers_personal_account=True,
        ),
        "organization-picker": pages.prompt(
            "organization-picker",
            **request,
            errors=errors,
            organizations=[
                Organization(id=value, name="a", display_name=value),
                Organization(id="org_b", name="b"),
            ],
            offers_personal_account=True,
        ),
        "device-code-activation": pages.prompt(
            "device-code-activation",
            **{**request, "errors": {"code": refused}, "state": ""},
            user_code=value,
        ),
        "device-code-confirmation": pages.prompt(
            "device-code-confirmation", **request, user_code=value
        ),
        **{
            name: pages.prompt(
                name,
                **request,
                **buttons,
                errors=errors,
                email=value,
                needs_username=True,
                policy=value,
                login_url="/u/login",
                edit_url="/u/signup/identifier",
            )
            for name in ("signup", "signup-id", "signup-password")
        },
        "reset-password-request": pages.prompt(
            "reset-password-request", **request, errors=errors, requires_username=True, back_url="/"
        ),
        "reset-password-email": pages.prompt("reset-password-email", **request),
        "reset-password": pages.prompt(
            "reset-password", **request, errors={"password-reset": refused}, policy=value
        ),
        "account-result": pages.prompt(
            "account-result",
            **request,
            texts=texts_of("reset-password-success", "en", {}),
            heading="eventTitle",
            description="description",
            back_url="/",
            hint=value,
        ),
        **{
            screen: pages.prompt(
                screen,
                **request,
                errors={**errors, "code": refused, "phone": refused, "email": refused},
                hint=value,
                address=value,
                qr_code=qr_code("x"),
                uri=value,
                secret=value,
                recovery_code=value,
                is_enrollment="enrollment" in screen,
                choices=["otp", "phone", "email", "push-notification", "recovery-code"],
                code=value,
            )
            for screen in mfa.SCREENS
        },
        "consent": pages.prompt(
            "consent", **request, audience=value, scopes=[value, "openid"], details=[value]
        ),
        "error": pages.error(
            tenant_name=value,
            error=value,
            description=value,
            tracking_id=value,
            status=400,
            hint=value,
            curl=value,
            journal_url=value,
        ),
        "logout": pages.prompt(
            "logout", **{**request, "state": ""}, parameters={"state": value, value: "x"}
        ),
        "logout-complete": pages.result("logout-complete", tenant_name=value),
        "form_post": pages.form_post(redirect_uri=value, parameters={"state": value, value: "x"}),
    }
