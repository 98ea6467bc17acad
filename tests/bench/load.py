"""A small client that keeps connections open and costs little beside the server it measures."""

import selectors
import socket
import time
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field


@dataclass
class Measured:
    """Answers and their times in seconds."""

    seconds: float = 0.0
    times: list[float] = field(default_factory=list)
    refused: int = 0

    @property
    def per_second(self) -> float:
        """Requests a second."""
        return len(self.times) / self.seconds

    def percentile(self, percent: float) -> float:
        """A percentile of the answer times, in milliseconds."""
        ordered = sorted(self.times)
        return ordered[min(len(ordered) - 1, int(len(ordered) * percent / 100))] * 1000


class _Line:
    """One connection with one request under way."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.since = 0.0
        self.read = b""

    def send(self, request: bytes) -> None:
        self.since, self.read = time.perf_counter(), b""
        self.socket.sendall(request)

    def is_answered(self) -> bool:
        """Take what has come; whether the answer is whole."""
        piece = self.socket.recv(65536)
        if not piece:
            raise ConnectionError("the server closed the connection")
        self.read += piece
        head, mark, body = self.read.partition(b"\r\n\r\n")
        if not mark:
            return False
        length = int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0])
        return len(body) >= length


def request(path: str, body: bytes) -> bytes:
    """A POST of JSON, ready to send."""
    head = (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def run(port: int, requests: Iterable[bytes], connections: int, most_seconds: float) -> Measured:
    """Send the requests over so many connections, until they are all answered or the time is up."""
    waiting, measured = deque(requests), Measured()
    selector = selectors.DefaultSelector()
    started = time.perf_counter()
    lines = [_Line(port) for _ in range(min(connections, len(waiting)))]
    for line in lines:
        selector.register(line.socket, selectors.EVENT_READ, line)
        line.send(waiting.popleft())
    busy = len(lines)
    while busy:
        for key, _ in selector.select():
            line = key.data
            if not line.is_answered():
                continue
            now = time.perf_counter()
            measured.times.append(now - line.since)
            measured.refused += not line.read.startswith(b"HTTP/1.1 200")
            if waiting and now - started < most_seconds:
                line.send(waiting.popleft())
            else:
                busy -= 1
    measured.seconds = time.perf_counter() - started
    for line in lines:
        line.socket.close()
    return measured
