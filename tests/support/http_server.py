"""A real HTTP server on 127.0.0.1 in a daemon thread, whose connections can be cut like those of a failing network."""

import asyncio
import random
import socket
import threading
from typing import Self

import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.h11_impl import H11Protocol

HOST = "127.0.0.1"
# Below the range from which systems take ports for outgoing connections: while the server is stopped, nobody else gets
# its port, and no client connects to itself.
FREE_PORTS = range(20_000, 32_000)
START_WITHIN = 10.0  # seconds
KEEP_IDLE = 60  # seconds; clients that give up an idle connection at the same moment would meet a closed one


class Connections:
    """The open connections by the client's address, to cut them from within a request."""

    def __init__(self) -> None:
        self._transports: dict[tuple[str, int], asyncio.BaseTransport] = {}

    def protocol(self) -> type[H11Protocol]:
        """A protocol class for uvicorn that keeps this register."""
        transports = self._transports

        class TrackedProtocol(H11Protocol):
            def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
                super().connection_made(transport)
                if self.client is not None:
                    transports[self.client] = transport

            def connection_lost(self, exc: Exception | None) -> None:
                if self.client is not None:
                    transports.pop(self.client, None)
                super().connection_lost(exc)

        return TrackedProtocol

    def cut(self, client: tuple[str, int]) -> None:
        """Closes the client's connection at once, unsent data lost. To be called in the event loop."""
        _abort(self._transports.get(client))

    def cut_all(self) -> None:
        """Closes every connection at once. To be called in the event loop."""
        for transport in list(self._transports.values()):
            _abort(transport)


class HttpServer:
    """Serves an ASGI application until it is stopped. Create a new one to serve again."""

    def __init__(self, app: ASGIApp, connections: Connections, port: int | None) -> None:
        """``port`` None takes a free one; raises OSError if the given one is taken."""
        self._socket = _listening(port)
        self.port: int = self._socket.getsockname()[1]
        config = uvicorn.Config(
            app,
            http=connections.protocol(),
            ws="none",
            lifespan="on",
            log_config=None,
            access_log=False,
            timeout_keep_alive=KEEP_IDLE,
        )
        self._server = _PromptServer(config, connections)
        self._thread = threading.Thread(target=self._run, name="emulator", daemon=True)

    def start(self) -> None:
        """Starts the thread and returns when the server answers; raises RuntimeError if it does not come up."""
        self._thread.start()
        if not self._server.is_up.wait(START_WITHIN):
            raise RuntimeError("the emulator's HTTP server did not start")

    def stop(self) -> None:
        """Cuts all connections, frees the port, ends the thread."""
        self._server.loop.call_soon_threadsafe(self._server.shall_stop.set)
        self._thread.join(START_WITHIN)

    def _run(self) -> None:
        asyncio.run(self._server.serve(sockets=[self._socket]))


class Restartable:
    """Something served here that can stop and start again on the same port; a context manager. Says by `_served` what.

    Safe from any thread.
    """

    def __init__(self, port: int | None) -> None:
        """``port`` None takes a free one."""
        self._port = port
        self._server: HttpServer | None = None

    def _served(self) -> tuple[ASGIApp, Connections]:
        raise NotImplementedError

    def start(self) -> Self:
        """Serves; after ``stop`` again on the same port, with everything that was said and queued still there."""
        if self._server is not None:
            raise RuntimeError("the emulator runs already")
        server = HttpServer(*self._served(), self._port)
        server.start()
        self._server, self._port = server, server.port
        return self

    def stop(self) -> None:
        """Cuts all connections and refuses new ones, as a network failure would; does nothing if it is stopped."""
        if self._server is not None:
            self._server.stop()
            self._server = None

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def address(self) -> str:
        """Where it is served, without a path. Raises RuntimeError before the first start."""
        if self._port is None:
            raise RuntimeError("the emulator has no address before its first start")
        return f"http://{HOST}:{self._port}"


class _PromptServer(uvicorn.Server):
    """A uvicorn server that reports when it is up, and stops at once instead of letting clients finish."""

    def __init__(self, config: uvicorn.Config, connections: Connections) -> None:
        super().__init__(config)
        self._connections = connections
        self.is_up = threading.Event()
        self.loop: asyncio.AbstractEventLoop
        self.shall_stop: asyncio.Event

    async def main_loop(self) -> None:
        await self.on_tick(0)
        self.loop = asyncio.get_running_loop()
        self.shall_stop = asyncio.Event()
        self.is_up.set()
        await self.shall_stop.wait()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        for server in self.servers:
            server.close()
        for listening in sockets or []:
            listening.close()
        self._connections.cut_all()
        if self.server_state.tasks:
            await asyncio.wait(self.server_state.tasks, timeout=START_WITHIN)
        await self.lifespan.shutdown()


def _listening(port: int | None) -> socket.socket:
    candidates = random.sample(FREE_PORTS, 50) if port is None else [port]
    for candidate in candidates:
        # Named, or asyncio would not switch off the delay that waits for more to send: 40 ms an answer.
        bound = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            bound.bind((HOST, candidate))
            bound.listen()  # two sockets can be bound to a port as long as neither listens
        except OSError:
            bound.close()
            continue
        return bound
    raise OSError(f"no free port among {candidates}")


def _abort(transport: asyncio.BaseTransport | None) -> None:
    if isinstance(transport, asyncio.Transport):
        transport.abort()
