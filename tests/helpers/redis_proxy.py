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
        self._forgotten, self._connections = 0, 0
        threading.Thread(target=self._accept, daemon=True).start()

    def forget(self):
        """End each present connection once it is used, like a firewall that forgets idle ones."""
        self._forgotten = self._connections

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
                    self._connections += 1
                    threading.Thread(
                        target=self._forward, args=(client, self._connections), daemon=True
                    ).start()

    def _forward(self, client, number):
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
                lost = "command" if number <= self._forgotten else self.loses(command)
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
