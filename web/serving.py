"""Running the application: listen, tell when it is ready, end when told to."""

import errno
import logging
import signal
import socket
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from threading import current_thread, main_thread

import uvicorn
from fastapi import FastAPI
from uvicorn.config import LOGGING_CONFIG

from qa import Answerer

from .connections import LimitedProtocol
from .errors import AddressInUse, AddressUnavailable, LoadError, Unguarded
from .loading import Loading
from .logs import log_as_json
from .settings import Settings, is_loopback
from .tokens import TokenFile

log = logging.getLogger(__name__)

SWITCH_SECONDS = 0.0005
"""How long a thread that answers may keep the interpreter from the event loop. Python's own 5 ms
count at every system call of the loop, of which a request has several: with them a crowd of 200
gets a quarter fewer answers, and refusals take twice as long (benchmarks/crowd.py)."""

DRAIN_SECONDS = 5
"""How long requests may still run after the service was told to end. A full queue is answered in
two; after ten, service managers kill what is still there, and ending itself takes some."""


def serve(
    app: FastAPI, settings: Settings, *, on_ready: Callable[[str], None] = lambda _: None
) -> None:
    """Serve until SIGINT or SIGTERM.

    Args:
        app: from ``create_app``.
        settings: the address to listen on.
        on_ready: called once with the service's address, when questions are answered.

    Raises:
        AddressInUse: another program listens there.
        AddressUnavailable: the host or port cannot be listened on.
        Unguarded: other machines could come in, and there is no token.
        TokenError: the tokens cannot be read.
        LoadError: the answerer could not be loaded.
    """
    check_guarded(settings)
    sys.setswitchinterval(SWITCH_SECONDS)
    if settings.log_json:
        log_as_json()
    loading: Loading = app.state.loading
    with _listen(settings.host, settings.port) as listener:
        address = address_of(settings.host, listener.getsockname()[1])
        server = uvicorn.Server(_configuration(app, settings))

        def settle(done: "Future[Answerer]") -> None:
            if done.exception() is not None:
                server.should_exit = True
            elif not server.should_exit:
                log.info("ready", extra={"fields": {"address": address}})
                on_ready(address)

        loading.done.add_done_callback(settle)
        with _ending(server):
            server.run(sockets=[listener])
    if loading.done.done() and (error := loading.done.exception()) is not None:
        raise LoadError(f"报告装载失败：{error}") from error


def check_guarded(settings: Settings) -> None:
    """Refuse to let other machines in unless there is a token to ask them for.

    Raises:
        Unguarded: there is none.
        TokenError: the tokens cannot be read.
    """
    tokens = None if settings.data is None else TokenFile(settings.data).tokens()
    if not tokens and not is_loopback(settings.host):
        raise Unguarded(
            f"监听 {settings.host} 会让别的电脑也能访问，须先有令牌：请运行 youju token add 名称 "
            "--role ask（只能提问）或 --role manage（还能管理报告），再重新启动；"
            "启动时写了 --data，这里也要写。"
            "只在本机使用就不要写 --host。"
        )


def _listen(host: str, port: int) -> socket.socket:
    """A listening socket; made here because uvicorn ends the process when it cannot make one."""
    try:
        family, _, _, _, where = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        return socket.create_server(where[:2], family=family)
    except socket.gaierror as error:
        raise AddressUnavailable(f"找不到主机 {host}：请检查 --host。") from error
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise AddressInUse(
                f"{host} 的端口 {port} 已被占用：请停掉占用它的程序，或用 --port 换一个。"
            ) from error
        raise AddressUnavailable(
            f"不能监听 {host} 的端口 {port}：{error.strerror}。请检查 --host 和 --port。"
        ) from error


def address_of(host: str, port: int) -> str:
    """Where a browser on this machine finds a service that listens on a host and a port."""
    name = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - compared, not bound
    return f"http://[{name}]:{port}/" if ":" in name else f"http://{name}:{port}/"


def _configuration(app: FastAPI, settings: Settings) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        http=LimitedProtocol,
        log_config=None if settings.log_json else LOGGING_CONFIG,
        log_level="warning",
        access_log=False,
        proxy_headers=False,
        server_header=False,
        ws="none",
        timeout_graceful_shutdown=DRAIN_SECONDS,
    )


@contextmanager
def _ending(server: uvicorn.Server) -> Iterator[None]:
    """Let signals end the server and no more.

    uvicorn raises each signal again once it has ended, for whoever handled it before; by default
    that kills the process in the middle of its own clean-up.
    """
    if current_thread() is not main_thread():
        yield
        return

    def end(_number: int, _frame: object) -> None:
        server.should_exit = True

    before = {number: signal.signal(number, end) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
