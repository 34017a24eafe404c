"""Auth0's resources as frozen records, one module for each type."""
