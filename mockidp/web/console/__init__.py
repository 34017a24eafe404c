"""mockidp's own pages, below `/_mockidp/`: the console and the test client.

Like the control API, they are imported with the first request for one of them. They need no
JavaScript and load no other files.
"""
