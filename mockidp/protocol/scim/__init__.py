"""SCIM 2.0, with which a company's directory creates and changes users: the pure functions.

Spec: RFC 7643, RFC 7644. Auth0: Users of one connection, with the attributes that its mapping has.
"""
