"""Second factors: when one is demanded, what users have enrolled, and Auth0's MFA API."""
