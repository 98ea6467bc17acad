"""A network that can be pulled out: connections to the site pass through it, or are refused and cut."""

import socket
import threading
from contextlib import suppress
from typing import Self

PIECE = 65_536


class Network:
    """A port in front of the site's: `pull()` cuts every connection, `plug()` lets them through again."""

    def __init__(self, port: int) -> None:
        self.site_port = port
        self.listener: socket.socket | None = None
        self.port = 0
        self._ends: list[socket.socket] = []

    @property
    def url(self) -> str:
        """The site's address through this network."""
        return f"http://127.0.0.1:{self.port}"

    def __enter__(self) -> Self:
        self.plug()
        return self

    def __exit__(self, *error: object) -> None:
        self.pull()

    def plug(self) -> None:
        """Listen, on the same port as before."""
        listener = socket.socket()
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", self.port))
        listener.listen(64)
        self.port = int(listener.getsockname()[1])
        self.listener = listener
        threading.Thread(target=self._accept, args=[listener], daemon=True).start()

    def pull(self) -> None:
        """Refuse new connections and cut those that are."""
        if self.listener is not None:
            self.listener.shutdown(socket.SHUT_RDWR)
            self.listener.close()
            self.listener = None
        for end in self._ends:
            _close(end)
        self._ends.clear()

    def _accept(self, listener: socket.socket) -> None:
        while True:
            try:
                phone, _address = listener.accept()
                site = socket.create_connection(("127.0.0.1", self.site_port))
            except OSError:
                return
            self._ends += [phone, site]
            for source, target in ((phone, site), (site, phone)):
                threading.Thread(target=_carry, args=[source, target], daemon=True).start()


def _carry(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while piece := source.recv(PIECE):
            target.sendall(piece)
    for end in (source, target):
        _close(end)


def _close(end: socket.socket) -> None:
    with suppress(OSError):
        end.shutdown(socket.SHUT_RDWR)
    end.close()
