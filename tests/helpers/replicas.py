"""Two mocks with one state on Redis, behind nginx, which alternates between them for each request."""

import json
import subprocess
import sys
from contextlib import ExitStack, contextmanager

from helpers.nginx import nginx, nginx_program
from helpers.redis_server import RedisServer


@contextmanager
def behind_nginx(folder, *arguments):
    """Serve two replicas. Yield the URL of nginx and the URLs of the replicas.

    Args:
        folder: An empty folder for nginx.
        *arguments: Options of both replicas.
    """
    nginx_program()
    with ExitStack() as stack:
        redis = RedisServer()
        stack.callback(redis.stop)
        options = ("--store", redis.url, *arguments)
        replicas = [stack.enter_context(_serving(options)) for _ in range(2)]
        port = stack.enter_context(nginx(folder, replicas))
        yield f"http://127.0.0.1:{port}", replicas


@contextmanager
def _serving(options):
    command = [sys.executable, "-m", "mockidp", "serve", "--listen", "127.0.0.1:0", "--no-tls"]
    with subprocess.Popen(
        [*command, "--json", *options], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as process:
        try:
            yield json.loads(process.stdout.readline())["url"]
        finally:
            process.terminate()
    assert process.returncode == 0
