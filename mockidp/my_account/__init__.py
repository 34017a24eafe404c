"""The My Account API v1: users manage their own second factors.

Source: docs/fidelity.md. The authenticators are those of the login pages and of the MFA API.
"""
