"""A relying party that checks what an OpenID Provider answers, and the plans that it runs."""
