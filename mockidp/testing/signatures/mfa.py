"""The test methods for second factors in Python: typed signatures of the declared methods."""

from __future__ import annotations

from mockidp.testing.method import MethodCaller
from mockidp.testing.methods.mfa import (
    ANSWER_PUSH,
    ENROLL_EMAIL,
    ENROLL_PHONE,
    ENROLL_PUSH,
    ENROLL_TOTP,
    NEW_RECOVERY_CODE,
    REMOVE_AUTHENTICATORS,
    TOTP_CODE,
    EnrolledUser,
    NewEmail,
    NewPhone,
    NewTotp,
    PushAnswer,
)


class MfaMethods(MethodCaller):
    """The test methods for second factors."""

    def enroll_totp(self, user: str, *, secret: str | None = None) -> str:
        """Enroll an authenticator app for a user. Return its secret.

        Args:
            user: By id, the id's last part, or e-mail.
            secret: The secret in base32; by default generated.

        Raises:
            MockIdPError: There is no such user, or the secret is not base32.
        """
        return self._call(ENROLL_TOTP, NewTotp(user=user, secret=secret)).secret

    def totp_code(self, user: str) -> str:
        """Return a code of a user's authenticator app, by the tenant's clock.

        Each code works once. If the current code was used, this is the next one, which is accepted
        as well.

        Args:
            user: By id, the id's last part, or e-mail.

        Raises:
            MockIdPError: The user has no app, or both codes were used.
        """
        return self._call(TOTP_CODE, user).code

    def enroll_phone(self, user: str, phone_number: str) -> None:
        """Enroll a phone for a user. Its codes are in the outbox.

        Args:
            user: By id, the id's last part, or e-mail.
            phone_number: The number, such as +15551234567.

        Raises:
            MockIdPError: There is no such user, or the number is not a phone number.
        """
        self._call(ENROLL_PHONE, NewPhone(user=user, phone_number=phone_number))

    def enroll_email(self, user: str, email: str) -> None:
        """Enroll an e-mail address for a user. Its codes are in the outbox.

        Args:
            user: By id, the id's last part, or e-mail.
            email: The address.

        Raises:
            MockIdPError: There is no such user, or the address is not an e-mail address.
        """
        self._call(ENROLL_EMAIL, NewEmail(user=user, email=email))

    def enroll_push(self, user: str) -> None:
        """Enroll push notifications for a user. `approve_push` and `reject_push` answer them.

        Args:
            user: By id, the id's last part, or e-mail.

        Raises:
            MockIdPError: There is no such user.
        """
        self._call(ENROLL_PUSH, EnrolledUser(user=user))

    def approve_push(self, user: str) -> None:
        """Approve the latest push notification of a user, as the user does on the phone.

        Args:
            user: By id, the id's last part, or e-mail.

        Raises:
            MockIdPError: There is no such user, or no notification is waiting.
        """
        self._call(ANSWER_PUSH, PushAnswer(user=user, approved=True))

    def reject_push(self, user: str) -> None:
        """Reject the latest push notification of a user, as the user does on the phone.

        Args:
            user: By id, the id's last part, or e-mail.

        Raises:
            MockIdPError: There is no such user, or no notification is waiting.
        """
        self._call(ANSWER_PUSH, PushAnswer(user=user, approved=False))

    def new_recovery_code(self, user: str) -> str:
        """Replace a user's recovery code. Return the new one.

        Args:
            user: By id, the id's last part, or e-mail.

        Raises:
            MockIdPError: There is no such user.
        """
        return self._call(NEW_RECOVERY_CODE, EnrolledUser(user=user)).code

    def remove_authenticators(self, user: str) -> None:
        """Remove all second factors of a user, including those of the tenant file.

        Args:
            user: By id, the id's last part, or e-mail.

        Raises:
            MockIdPError: There is no such user.
        """
        self._call(REMOVE_AUTHENTICATORS, user)
