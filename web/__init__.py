"""The service: questions over HTTP and on a page, with the settings it takes."""

from .answers import answer_reply
from .app import create_app
from .client import Client
from .client_errors import (
    ClientError,
    NotFound,
    NotPermitted,
    RequestInvalid,
    RequestRefused,
    ServiceUnavailable,
    ServiceUnreachable,
    UnexpectedReply,
)
from .errors import (
    AddressInUse,
    AddressUnavailable,
    LoadError,
    SettingsError,
    TokenError,
    Unguarded,
    WebError,
)
from .mcp_endpoint import serve_stdio
from .proofreading import proofreading_json
from .serving import check_guarded, serve
from .settings import LanguageModelSettings, Settings
from .tokens import TokenFile

__all__ = [
    "AddressInUse",
    "AddressUnavailable",
    "Client",
    "ClientError",
    "LanguageModelSettings",
    "LoadError",
    "NotFound",
    "NotPermitted",
    "RequestInvalid",
    "RequestRefused",
    "ServiceUnavailable",
    "ServiceUnreachable",
    "Settings",
    "SettingsError",
    "TokenError",
    "TokenFile",
    "UnexpectedReply",
    "Unguarded",
    "WebError",
    "answer_reply",
    "check_guarded",
    "create_app",
    "proofreading_json",
    "serve",
    "serve_stdio",
]
