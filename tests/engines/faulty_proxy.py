"""A web server that passes requests on to a store, and fails or delays those it is told to."""

from __future__ import annotations

import http.client
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

_HOP_HEADERS = {"connection", "transfer-encoding", "content-length", "host", "keep-alive"}


@dataclass
class Faults:
    """What goes wrong: the next requests are answered with `statuses`, each after so many `seconds`; `failed` counts them."""

    statuses: Iterator[int] = field(default_factory=lambda: iter(()))
    seconds: float = 0.0
    failed: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def next_status(self) -> int | None:
        """The status of the next request, if it is to fail."""
        with self.lock:
            status = next(self.statuses, None)
            self.failed += status is not None
            return status


@contextmanager
def faulty_proxy(target: str, port: int) -> Iterator[Faults]:
    """Serves 127.0.0.1:`port` in front of `target` (host:port) until the block ends."""
    faults = Faults()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _pass_on(self) -> None:
            body = self._body()
            time.sleep(faults.seconds)
            if (status := faults.next_status()) is not None:
                self._answer(status, {}, b"the store is busy")
                return
            upstream = http.client.HTTPConnection(target, timeout=60)
            headers = {k: v for k, v in self.headers.items() if k.lower() not in _HOP_HEADERS}
            upstream.request(self.command, self.path, body, headers | {"Host": f"127.0.0.1:{port}"})
            answer = upstream.getresponse()
            data = answer.read()
            # Clients ask again for a minute when a call is not implemented; told that it is wrong, they take another way.
            status = 400 if answer.status == 501 else answer.status
            self._answer(status, dict(answer.getheaders()), data, answer.getheader("Content-Length"))
            upstream.close()

        def _body(self) -> bytes:
            if self.headers.get("Transfer-Encoding", "").lower() == "chunked":
                parts = []
                while size := int(self.rfile.readline().split(b";")[0], 16):
                    parts.append(self.rfile.read(size))
                    self.rfile.readline()
                self.rfile.readline()
                return b"".join(parts)
            return self.rfile.read(int(self.headers.get("Content-Length") or 0))

        def _answer(self, status: int, headers: dict[str, str], data: bytes, length: str | None = None) -> None:
            self.send_response(status)
            for name, value in headers.items():
                if name.lower() not in _HOP_HEADERS:
                    self.send_header(name, value)
            self.send_header("Content-Length", length if self.command == "HEAD" and length else str(len(data)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(data)

        do_GET = do_HEAD = do_POST = do_PUT = do_DELETE = do_PATCH = _pass_on

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield faults
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
