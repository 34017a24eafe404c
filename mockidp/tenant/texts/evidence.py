"""Where the English texts of the hosted pages, and their errors, come from.

Auth0's documentation of its prompts has every text that is not listed here.
docs/reference/texts.md lists all of them with their marks.
"""

from __future__ import annotations

RECORDED = frozenset({"Log in | ${clientName}", "Sign up | ${clientName}"})
"""Texts of saved pages; the documentation has older ones."""
INFERRED = frozenset(
    {
        "Phone number",
        "Create a passkey | ${clientName}",
        "Continue without passkeys",
        "Phone number is not valid.",
        "Please enter a code",
        "Public signup is disabled",
        "Enter your code to log in | ${clientName}",
        "Edit phone number",
        "Enter your organization ${clientName}",
        "Log out",
        "Log out | ${clientName}",
        "Logged out | ${companyName}",
        "You are logged out",
        "Your session has ended. You can close this page.",
        "Still logged in | ${companyName}",
        "You are still logged in",
        "Your session has not ended. You can close this page.",
        "Select a method to verify your identity",
        "Second Factor | ${clientName}",
        "You're All Set!",
        "You have successfully added a new authentication factor.",
        "This link is invalid.",
        "This link has expired.",
        "This link has already been used.",
        "QR Code for app activation",
        "Secure your Account | ${clientName}",
        "Enter your email address, to which we send a 6-digit code.",
        "Enter your email address",
        "We've sent a notification to your device.",
        "Confirm the enrollment on your device.",
        "I have safely recorded this code",
        (
            "Copy this new recovery code and keep it somewhere safe. It replaces the one that you "
            "have just used."
        ),
    }
)
"""Texts like those of Auth0's other screens, which no source has for their own."""
OWN = frozenset(
    {
        "You have not responded on your device yet",
        "The notification was rejected on your device",
        "Type a name or an email address",
        "That user cannot be picked here",
        "No second factor can be asked for here",
        "That answer cannot be chosen here",
        "These claims cannot be used",
        "That passkey was not accepted. Please try again or use another method.",
        (
            "A passkey logs you in to ${clientName} with your fingerprint, your face or a PIN, "
            "without a password."
        ),
        "That organization cannot be picked here",
        "A personal account cannot be used here",
    }
)
"""Texts that Auth0 does not have, or that are unknown."""


def evidence_of(text: str) -> str:
    """Return the mark of a text, as docs/fidelity.md defines it: R, D, I or ours."""
    marks = {"R": RECORDED, "I": INFERRED, "ours": OWN}
    return next((mark for mark, texts in marks.items() if text in texts), "D")
