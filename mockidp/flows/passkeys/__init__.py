"""Passkeys: challenges, sign-ups, logins and enrollments, for the API and the hosted pages."""
