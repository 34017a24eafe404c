"""A feed of one process, which receives its messages at once."""


class LocalFeed:
    """A feed of one process, which receives its messages at once."""

    def __init__(self, receiver):
        self.receiver, self.messages, self.catches = receiver, [], 0

    def send(self, message):
        self.messages.append(message)
        self.receiver.receive(message)

    def clear(self):
        self.receiver.begin(0)

    def catch_up(self):
        self.catches += 1

    def wait_until(self, is_done, _seconds):
        return is_done()


def share(tenant):
    """Let what happens in a tenant go through feeds of its own. Return them by name."""
    feeds = {}

    def open_feed(name, _keep, receiver):
        feeds[name] = LocalFeed(receiver)
        return feeds[name]

    tenant.share(open_feed)
    return feeds
