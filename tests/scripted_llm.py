"""A language model for tests: a real HTTP server that speaks OpenAI's protocol by a script."""

import json
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from conftest import running_app

from qa import Answerer
from web import LanguageModelSettings, Settings, create_app


@dataclass
class ScriptedModel:
    """What the server replies next, and what it was asked.

    ``pieces`` are sent one chunk each; a number is a pause in seconds, bytes are sent as they are.
    """

    url: str
    pieces: Sequence[str | float | bytes] = ()
    status: int = 200
    requests: list[dict[str, Any]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)


@contextmanager
def scripted_model() -> Iterator[ScriptedModel]:
    """Run the server in a thread."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            model.paths.append(self.path)
            self.send_error(404)

        def do_POST(self) -> None:
            model.paths.append(self.path)
            body = self.rfile.read(int(self.headers["Content-Length"]))
            model.requests.append(json.loads(body))
            model.headers.append(dict(self.headers))
            self.send_response(model.status)
            self.send_header("Content-Type", "text/event-stream")
            self.end_headers()
            try:
                for piece in model.pieces:
                    self._send(piece)
                self.wfile.write(b"data: [DONE]\n\n")
            except OSError:  # whoever asked has gone
                return

        def _send(self, piece: str | float | bytes) -> None:
            if isinstance(piece, float):
                time.sleep(piece)
                return
            if isinstance(piece, str):
                chunk = {"choices": [{"index": 0, "delta": {"content": piece}}]}
                piece = f"data: {json.dumps(chunk)}\n\n".encode()
            self.wfile.write(piece)
            self.wfile.flush()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    model = ScriptedModel(f"http://127.0.0.1:{server.server_port}")
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield model
    finally:
        server.shutdown()
        server.server_close()


@contextmanager
def writing_service(model: ScriptedModel, answerer: Answerer, *, seconds: float) -> Iterator[str]:
    """Run a service that has the model write, with so much time for it; gives the address."""
    llm = LanguageModelSettings(f"{model.url}/v1", "small", "secret", seconds=seconds)
    app = create_app(lambda: answerer, Settings(port=0, llm=llm))
    with running_app(app) as url:
        app.state.loading.done.result(timeout=20)
        yield url
