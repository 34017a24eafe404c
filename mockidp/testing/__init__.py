"""Test methods, declared once for Python, the control API and OpenAPI.

`method` defines a declaration, `tenant_methods` lists all of them and has their signatures in
Python. A new method is a declaration in one module, and a signature and a line in `tenant_methods`.
"""
