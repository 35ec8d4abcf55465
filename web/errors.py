"""What can go wrong before there is anyone to answer over HTTP.

    WebError
    ├── SettingsError         a YOUJU_* variable has a value that cannot be used
    ├── AddressUnavailable    the host does not exist here, or the port may not be used
    │   └── AddressInUse      another program listens on this port
    ├── Unguarded             other machines could come in, and there is no token to ask them for
    ├── TokenError            a token cannot be made, taken back or read
    └── LoadError             the reports' index could not be opened; the cause says why

Every message names the value, the cause and the remedy, in Chinese. What goes wrong with a request
is a ``problems.Problem`` instead.
"""


class WebError(Exception):
    """Base of all errors of this package."""


class SettingsError(WebError):
    """A setting has a value that cannot be used."""


class AddressUnavailable(WebError):
    """The address cannot be listened on."""


class AddressInUse(AddressUnavailable):
    """Another program listens on this address."""


class Unguarded(WebError):
    """The service would be open to other machines, and there is no token to ask them for."""


class TokenError(WebError):
    """A token cannot be made, taken back or read."""


class LoadError(WebError):
    """The index could not be opened; ``__cause__`` is the reason."""
