"""mockidp's own pages, below `/_mockidp/`: the start page and the test client.

Like the control API they are imported when the first of them is requested. They work without
JavaScript, and no page loads anything.
"""
