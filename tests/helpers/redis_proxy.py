"""A proxy in front of a Redis server, which loses commands or their answers on demand."""

import contextlib
import socket
import threading


class RedisProxy:
    """Forwards connections to a server on loopback.

    Attributes:
        url: The URL of the proxy.
        loses: Called with the first bytes of each command; returns `command` or `answer` if this
            is lost together with its connection, else None.
        is_down: Whether new connections are closed at once.
        error: What is answered to all commands, if anything.
    """

    def __init__(self, port):
        self._listener, self._port = socket.create_server(("127.0.0.1", 0)), port
        self.url = f"redis://127.0.0.1:{self._listener.getsockname()[1]}"
        self.loses, self.is_down, self.error = (lambda _command: None), False, ""
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self):
        """Accept no more connections."""
        _end(self._listener)

    def _accept(self):
        with contextlib.suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                if self.is_down:
                    client.close()
                else:
                    threading.Thread(target=self._forward, args=(client,), daemon=True).start()

    def _forward(self, client):
        try:
            server = socket.create_connection(("127.0.0.1", self._port))
        except OSError:
            _end(client)
            return
        is_lost = threading.Event()
        threading.Thread(target=_answer, args=(server, client, is_lost), daemon=True).start()
        with contextlib.suppress(OSError):
            while command := client.recv(1 << 16):
                if self.error:
                    client.sendall(f"-{self.error}\r\n".encode())
                    continue
                lost = self.loses(command)
                if lost == "command":
                    break
                if lost == "answer":
                    is_lost.set()
                server.sendall(command)
        _end(server, client)


def _answer(server, client, is_lost):
    with contextlib.suppress(OSError):
        while (answer := server.recv(1 << 16)) and not is_lost.is_set():
            client.sendall(answer)
    _end(server, client)


def _end(*connections):
    for one in connections:
        with contextlib.suppress(OSError):
            one.shutdown(socket.SHUT_RDWR)
        one.close()
