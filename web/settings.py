"""What a person may choose about the service; with ``youju.py`` the only reader of the environment.

Limits that belong to the contract (how long a question may be, how many passages) are no settings:
they stand in ``models.py``, where clients can read them in the OpenAPI document.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address
from math import inf
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

from .errors import SettingsError
from .slots import SECONDS

LLM_SECONDS = 60.0
"""Small models on office machines write a few words a second."""


@dataclass(frozen=True, slots=True)
class LanguageModelSettings:
    """The language model that writes answers over the passages, if one is to.

    Attributes:
        url: base address of an OpenAI-compatible API, such as ``http://127.0.0.1:11434/v1``
            (``YOUJU_LLM_URL``). Questions and passages are sent there.
        model: its name there (``YOUJU_LLM_MODEL``).
        key: sent as a bearer token (``YOUJU_LLM_KEY``); None if it needs none.
        seconds: how long one answer may take in all (``YOUJU_LLM_SECONDS``).

    Raises:
        SettingsError: the address is none, there is no model, or the time is not above 0.
    """

    url: str
    model: str
    key: str | None = field(default=None, repr=False)
    seconds: float = LLM_SECONDS

    def __post_init__(self) -> None:
        """Refuse what cannot work."""
        if not _is_http(self.url):
            raise SettingsError(
                f"--llm-url 或 YOUJU_LLM_URL：{self.url!r} 不是网址。请写大语言模型接口的地址，"
                "例如 http://127.0.0.1:11434/v1。"
            )
        if not self.model:
            raise SettingsError(
                "没有写用哪个大语言模型：请用 --llm-model 或 YOUJU_LLM_MODEL 写明它的名称。"
            )
        if not 0 < self.seconds < inf:
            raise SettingsError(f"YOUJU_LLM_SECONDS={self.seconds} 不能用：请用大于 0 的秒数。")


@dataclass(frozen=True, slots=True)
class Settings:
    """Where the service listens, by which names it may be reached, and what writes for it.

    Attributes:
        host: address to listen on (``YOUJU_HOST``); loopback unless someone decides otherwise.
        port: port to listen on (``YOUJU_PORT``); 0 takes any free one.
        allowed_hosts: further names by which browsers may reach the service, such as the name of
            the office machine (``YOUJU_ALLOWED_HOSTS``, separated by commas). Loopback names,
            ``host`` and addresses in numbers are always allowed.
        llm: the language model that writes; None if none does, which is the default.
        question_seconds: how long a question may take, with its wait, before the client is told
            so (``YOUJU_QUESTION_SECONDS``).
        log_json: whether logs are JSON lines with one for each request (``YOUJU_LOG=json``);
            otherwise only what goes wrong is logged, as text.
        log_questions: whether those lines have the questions too (``YOUJU_LOG_QUESTIONS=1``).
        tracing: whether spans are sent (``OTEL_EXPORTER_OTLP_ENDPOINT`` says where).
        data: the data folder, where the tokens are; None if there are none.
        ask_token: made anew for each run; allows to ask, for commands on this machine that may
            read the data folder; None for no such commands.

    Raises:
        SettingsError: the port is not between 0 and 65535, or the time not above 0.
    """

    host: str = "127.0.0.1"
    port: int = 8000
    allowed_hosts: tuple[str, ...] = ()
    llm: LanguageModelSettings | None = None
    question_seconds: float = SECONDS
    log_json: bool = False
    log_questions: bool = False
    tracing: bool = False
    data: Path | None = None
    ask_token: str | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        """Refuse what cannot be."""
        if not 0 < self.question_seconds < inf:
            raise SettingsError(
                f"YOUJU_QUESTION_SECONDS={self.question_seconds} 不能用：请用大于 0 的秒数。"
            )
        if not 0 <= self.port <= 65535:
            raise SettingsError(f"端口 {self.port} 不存在：请用 1 到 65535 之间的数（0 为任选）。")

    @classmethod
    def from_environment(
        cls,
        *,
        host: str | None = None,
        port: int | None = None,
        llm_url: str | None = None,
        llm_model: str | None = None,
        environment: Mapping[str, str] = os.environ,
    ) -> Self:
        """Settings as given, else from the ``YOUJU_*`` variables, else the defaults.

        Raises:
            SettingsError: a value cannot be used.
        """
        default = cls()
        names = environment.get("YOUJU_ALLOWED_HOSTS", "").split(",")
        seconds = environment.get("YOUJU_QUESTION_SECONDS")
        return cls(
            host=host or environment.get("YOUJU_HOST") or default.host,
            port=_port(environment.get("YOUJU_PORT"), default.port) if port is None else port,
            allowed_hosts=tuple(name.strip() for name in names if name.strip()),
            llm=_language_model(
                llm_url or environment.get("YOUJU_LLM_URL"), llm_model, environment
            ),
            log_json=_chosen(environment, "YOUJU_LOG", "json"),
            log_questions=_chosen(environment, "YOUJU_LOG_QUESTIONS", "1"),
            tracing=bool(environment.get("OTEL_EXPORTER_OTLP_ENDPOINT")),
            question_seconds=(
                _seconds("YOUJU_QUESTION_SECONDS", seconds) if seconds else default.question_seconds
            ),
        )


def is_loopback(host: str) -> bool:
    """Whether listening on a host means that only this machine gets in."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host.lower() == "localhost"


def _chosen(environment: Mapping[str, str], name: str, only: str) -> bool:
    """Whether a variable has the one value that it can have.

    Raises:
        SettingsError: it has another one.
    """
    value = environment.get(name, "")
    if value not in {"", only}:
        raise SettingsError(f"{name}={value!r} 不能用：只能是 {only}，或者不设。")
    return value == only


def _language_model(
    url: str | None, model: str | None, environment: Mapping[str, str]
) -> LanguageModelSettings | None:
    if not url:
        return None
    seconds = environment.get("YOUJU_LLM_SECONDS")
    return LanguageModelSettings(
        url=url.rstrip("/"),
        model=model or environment.get("YOUJU_LLM_MODEL", ""),
        key=environment.get("YOUJU_LLM_KEY") or None,
        seconds=_seconds("YOUJU_LLM_SECONDS", seconds) if seconds else LLM_SECONDS,
    )


def _seconds(name: str, value: str) -> float:
    try:
        return float(value)
    except ValueError as error:
        raise SettingsError(f"{name}={value!r} 不是秒数：请用大于 0 的数。") from error


def _is_http(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:  # a port that is none
        return False


def _port(value: str | None, default: int) -> int:
    if not value:
        return default
    if not (value.isascii() and value.isdecimal()):
        raise SettingsError(f"YOUJU_PORT={value!r} 不是端口号：请用 1 到 65535 之间的数。")
    return int(value)
