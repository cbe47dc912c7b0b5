"""A fake TMDB for tests, over real HTTP: counts what it is asked and misbehaves on request.

By hand: `python -m tests.fakes.tmdb --port 8770` and TMDB_BASE_URL=http://127.0.0.1:8770/3.
"""

from __future__ import annotations

import argparse
import re
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from scanner.demo import service
from scanner.demo.service import KEY, Asked, Reply

HTML = b"<!DOCTYPE html><html><body>Just a moment...</body></html>"


class FakeTmdb:
    """The demo's catalogue, with a memory of every request and switches per path.

    `asked` are the paths in order, `queries` the parameters beside them; `fail(pattern, status=503)`
    answers differently wherever the pattern is found in the path, for `times` requests (None: always).
    """

    def __init__(self, *, key: str = KEY, **catalogue) -> None:
        self._service = service.Service(key=key, **catalogue)
        self._lock = threading.Lock()
        self._switches: list[list] = []
        self._gates: list[tuple[re.Pattern[str], threading.Semaphore]] = []
        self.asked: list[str] = []
        self.queries: list[dict[str, str]] = []
        self.key = key
        self.address = ""

    @property
    def films(self):
        """The films it knows, by id; a test may add or remove some."""
        return self._service.films

    @property
    def series(self):
        """The series it knows, by id."""
        return self._service.series

    def answer(self, asked: Asked) -> Reply:
        """Write down the request, then misbehave or answer it."""
        with self._lock:
            self.asked.append(asked.path)
            self.queries.append(dict(asked.query))
            switch = self._switch(asked.path)
            gate = self._gate(asked)
        if gate is not None:
            gate.acquire()
        if switch is None:
            return self._service.answer(asked)
        time.sleep(switch.get("delay", 0))
        body = switch["body"]
        return self._service.answer(asked) if body is None else Reply(body, switch["status"], switch["headers"])

    def fail(self, pattern: str, *, status=200, body=b"", times=None, delay=0.0, **headers: str) -> None:
        """Answer requests for matching paths with this; header names are given as `retry_after="5"`."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        switch = {"status": status, "body": body, "headers": named, "delay": delay}
        self._switches.insert(0, [re.compile(pattern), switch, times])

    def wall(self, pattern: str, *, times=None) -> None:
        """Answer with a page where JSON or a picture is due."""
        self.fail(pattern, body=HTML, times=times, content_type="text/html")

    def hold(self, pattern: str) -> Callable[[int], None]:
        """Let requests whose path or search matches wait; returns what lets so many of them through."""
        gate = threading.Semaphore(0)
        self._gates.insert(0, (re.compile(pattern), gate))
        return gate.release

    def heal(self) -> None:
        """Behave again."""
        with self._lock:
            self._switches.clear()
            gates, self._gates = self._gates, []
        for _pattern, gate in gates:
            gate.release(10_000)

    def forget(self) -> None:
        """Forget what was asked so far."""
        with self._lock:
            self.asked.clear()
            self.queries.clear()

    def counts(self) -> Counter:
        """Return how often each path was asked for."""
        return Counter(self.asked)

    def api(self) -> list[str]:
        """Return the paths asked for, pictures left out."""
        return [path for path in self.asked if not path.startswith("/t/p/")]

    def pictures(self) -> list[str]:
        """Return the pictures asked for."""
        return [path for path in self.asked if path.startswith("/t/p/")]

    def _gate(self, asked: Asked) -> threading.Semaphore | None:
        said = f"{asked.path}?{asked.query.get('query', '')}"
        return next((gate for pattern, gate in self._gates if pattern.search(said)), None)

    def _switch(self, path: str) -> dict | None:
        for entry in self._switches:
            pattern, switch, times = entry
            if pattern.search(path) and times != 0:
                entry[2] = None if times is None else times - 1
                return switch
        return None


@contextmanager
def fake_tmdb(**options) -> Iterator[FakeTmdb]:
    """Serve a fake on loopback for as long as the block lasts; its `address` says where."""
    fake = FakeTmdb(**options)
    with service.running(fake) as server:
        fake.address = server.address
        yield fake


def main() -> None:
    """Serve until interrupted, for trying things by hand."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=8770)
    parser.add_argument("--key", default=KEY)
    options = parser.parse_args()
    with service.Server(FakeTmdb(key=options.key), port=options.port) as server:
        print(f"TMDB_BASE_URL={server.address}/3 TMDB_API_KEY={options.key}", flush=True)
        server.serve_forever()


if __name__ == "__main__":
    main()
