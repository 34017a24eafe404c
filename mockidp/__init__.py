"""A local identity provider for tests that behaves like an Auth0 tenant and explains itself."""
