"""What a person may choose about the service; with ``youju.py`` the only reader of the environment.

Limits that belong to the contract (how long a question may be, how many passages) are no settings:
they stand in ``models.py``, where clients can read them in the OpenAPI document.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from .errors import SettingsError


@dataclass(frozen=True, slots=True)
class Settings:
    """Where the service listens, and by which names it may be reached.

    Attributes:
        host: address to listen on (``YOUJU_HOST``); loopback unless someone decides otherwise.
        port: port to listen on (``YOUJU_PORT``); 0 takes any free one.
        allowed_hosts: further names by which browsers may reach the service, such as the name of
            the office machine (``YOUJU_ALLOWED_HOSTS``, separated by commas). Loopback names,
            ``host`` and addresses in numbers are always allowed.

    Raises:
        SettingsError: the port is not between 0 and 65535.
    """

    host: str = "127.0.0.1"
    port: int = 8000
    allowed_hosts: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Refuse a port that cannot exist."""
        if not 0 <= self.port <= 65535:
            raise SettingsError(f"端口 {self.port} 不存在：请用 1 到 65535 之间的数（0 为任选）。")

    @classmethod
    def from_environment(
        cls,
        *,
        host: str | None = None,
        port: int | None = None,
        environment: Mapping[str, str] = os.environ,
    ) -> Self:
        """Settings as given, else from the ``YOUJU_*`` variables, else the defaults.

        Raises:
            SettingsError: a value cannot be used.
        """
        default = cls()
        names = environment.get("YOUJU_ALLOWED_HOSTS", "").split(",")
        return cls(
            host=host or environment.get("YOUJU_HOST") or default.host,
            port=_port(environment.get("YOUJU_PORT"), default.port) if port is None else port,
            allowed_hosts=tuple(name.strip() for name in names if name.strip()),
        )


def _port(value: str | None, default: int) -> int:
    if not value:
        return default
    if not (value.isascii() and value.isdecimal()):
        raise SettingsError(f"YOUJU_PORT={value!r} 不是端口号：请用 1 到 65535 之间的数。")
    return int(value)
