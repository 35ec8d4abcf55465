"""The service: questions over HTTP and on a page, with the settings it takes."""

from .answers import answer_json
from .app import create_app
from .client import Client
from .client_errors import (
    ClientError,
    NotFound,
    RequestInvalid,
    RequestRefused,
    ServiceUnavailable,
    ServiceUnreachable,
    UnexpectedReply,
)
from .errors import AddressInUse, AddressUnavailable, LoadError, SettingsError, WebError
from .mcp_server import serve_stdio
from .proofreading import proofreading_json
from .serving import serve
from .settings import LanguageModelSettings, Settings

__all__ = [
    "AddressInUse",
    "AddressUnavailable",
    "Client",
    "ClientError",
    "LanguageModelSettings",
    "LoadError",
    "NotFound",
    "RequestInvalid",
    "RequestRefused",
    "ServiceUnavailable",
    "ServiceUnreachable",
    "Settings",
    "SettingsError",
    "UnexpectedReply",
    "WebError",
    "answer_json",
    "create_app",
    "proofreading_json",
    "serve",
    "serve_stdio",
]
