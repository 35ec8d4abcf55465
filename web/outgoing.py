"""Requests to other programs: whether one of them is on this machine."""

from ipaddress import ip_address
from urllib.parse import urlsplit


def is_local(url: str) -> bool:
    """Whether an address is this machine's own.

    Proxies that the environment names are not for those: behind one, ``127.0.0.1`` is the proxy.
    """
    host = urlsplit(url).hostname or ""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")
