"""Web Authentication: what a relying party checks of the answers of an authenticator.

Spec: Web Authentication Level 2, 7.1 and 7.2; Level 3 where it is named.
"""
