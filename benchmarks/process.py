"""Server processes: start, wait until ready, pin to a core, stop."""

import os
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from scratch import clean_environment
from servers import DISCOVERY, MeasuredServer
from wire import connect, get, send

_POLL_INTERVAL = 0.002
CORES = sorted(os.sched_getaffinity(0))
SERVER_CORE, CLIENT_CORE = CORES[0], CORES[-1]


@dataclass(frozen=True, kw_only=True, slots=True)
class RunningServer:
    """A server that has answered its first request."""

    measured: MeasuredServer
    port: int
    pid: int
    seconds: float
    """Seconds from the start of the process to its first 200 on discovery."""

    def resident_mb(self) -> float:
        """Return the resident memory in MB (10**6 bytes)."""
        return self._status("VmRSS")

    def peak_mb(self) -> float:
        """Return the peak of the resident memory in MB."""
        return self._status("VmHWM")

    def forget_peak(self) -> None:
        """Let the peak be the present resident memory."""
        Path(f"/proc/{self.pid}/clear_refs").write_text("5")

    def processor_seconds(self) -> float:
        """Return the processor time that the server and its workers have used so far."""
        workers = Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text().split()
        return sum(map(processor_seconds, (self.pid, *map(int, workers))))

    def _status(self, name: str) -> float:
        for line in Path(f"/proc/{self.pid}/status").read_text().splitlines():
            if line.startswith(f"{name}:"):
                return int(line.split()[1]) * 1024 / 1e6
        raise RuntimeError(f"no {name}")


def processor_seconds(pid: int) -> float:
    """Return the processor time that a process has used so far."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@contextmanager
def running(
    measured: MeasuredServer, *, core: int | None = None, timeout: float = 30.0
) -> Iterator[RunningServer]:
    """Start a server, on one core if requested, and stop it at the end. Its output is discarded.

    Args:
        measured: The server.
        core: The only core that it may use.
        timeout: Seconds that it may take to start.
    """
    port = _free_port()
    command = [part.format(port=port) for part in measured.command]
    if core is not None:
        command = ["taskset", "-c", str(core), *command]
    started = time.perf_counter()
    process = subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=clean_environment(),
    )
    try:
        _await(process, measured, port, until=started + timeout)
        seconds = time.perf_counter() - started
        yield RunningServer(measured=measured, port=port, pid=process.pid, seconds=seconds)
    finally:
        process.terminate()
        try:
            process.wait(5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@contextmanager
def pinned_client() -> Iterator[None]:
    """Pin this process to another core than the servers."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {CLIENT_CORE})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def _await(
    process: subprocess.Popen[bytes], measured: MeasuredServer, port: int, *, until: float
) -> None:
    request = get(DISCOVERY, port)
    while time.perf_counter() < until:
        if process.poll() is not None:
            raise RuntimeError(f"{measured.name} ended with status {process.returncode}")
        with suppress(OSError), connect(port) as sock:
            if send(sock, request).startswith(b"HTTP/1.1 200"):
                return
        time.sleep(_POLL_INTERVAL)
    raise RuntimeError(f"{measured.name} does not answer")


def _free_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        port: int = sock.getsockname()[1]
        return port
