"""Test methods, declared once for Python, the control API and OpenAPI.

`method` defines a declaration, and `signatures.tenant` lists all of them and has their signatures
in Python. A new method is a declaration in `methods`, and in `signatures.tenant` a signature and a
line.
"""
