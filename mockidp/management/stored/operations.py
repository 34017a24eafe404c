"""The operations of all stored sections."""

from mockidp.management.stored import (
    branding,
    email_provider,
    event_streams,
    forms,
    guardian_settings,
    hooks,
    limits,
    log_streams,
    phone,
    profiles,
    protection,
    rendering,
    rules,
    sso_tickets,
)
from mockidp.management.stored.actions.operations import OPERATIONS as ACTIONS

OPERATIONS = (
    *ACTIONS,
    *branding.OPERATIONS,
    *email_provider.OPERATIONS,
    *event_streams.OPERATIONS,
    *forms.OPERATIONS,
    *guardian_settings.OPERATIONS,
    *hooks.OPERATIONS,
    *limits.OPERATIONS,
    *log_streams.OPERATIONS,
    *phone.OPERATIONS,
    *profiles.OPERATIONS,
    *protection.OPERATIONS,
    *rendering.OPERATIONS,
    *rules.OPERATIONS,
    *sso_tickets.OPERATIONS,
)
