"""Certificates: their encoding (DER), and self-signed ones for signing keys."""
