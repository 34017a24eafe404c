"""Organizations: the one that a request names, its connections, its members and its clients.

Auth0: https://auth0.com/docs/manage-users/organizations.
"""
