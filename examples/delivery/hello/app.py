"""A greeting over HTTP: small, and as careful about its own end as a service has to be for releases that nobody notices."""

import os
import signal
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Greeter(ThreadingHTTPServer):
    """Serves until it is told to end, then says "not ready" for a while, so that load balancers look elsewhere before it stops."""

    # A pod that is deleted may be sent requests for some seconds more.
    def __init__(self, address, version, drain_seconds):
        super().__init__(address, Handler)
        self.version = version
        self.drain_seconds = drain_seconds
        self.draining = threading.Event()

    def drain(self):
        if not self.draining.is_set():
            self.draining.set()
            threading.Timer(self.drain_seconds, self.shutdown).start()


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        if self.path == "/":
            self.answer(200, f"Hello from {self.server.version}\n")
        elif self.path == "/version":
            self.answer(200, self.server.version)
        elif self.path == "/healthz":
            self.answer(503 if self.server.draining.is_set() else 200, "draining\n" if self.server.draining.is_set() else "ok\n")
        else:
            self.answer(404, "nothing here\n")

    def answer(self, status, text):
        body = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", "text/plain; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format, *args):
        if self.path != "/healthz":
            super().log_message(format, *args)


def main():
    server = Greeter(
        ("", int(os.environ.get("PORT", "8080"))),
        os.environ.get("VERSION", "development"),
        float(os.environ.get("DRAIN_SECONDS", "10")),
    )
    signal.signal(signal.SIGTERM, lambda *_: server.drain())
    server.serve_forever()


if __name__ == "__main__":
    main()
