"""Which network addresses a download may go to: public ones, and nothing of the owner's network."""

import ipaddress
import socket
from collections.abc import Callable

Resolve = Callable[[str, int], list[str]]
"""Host and port to addresses."""

_NAT64 = ipaddress.ip_network("64:ff9b::/96")
# These carry an IPv4 address of anyone's choosing, which a relay or the system may go to.
_CARRIERS = [ipaddress.ip_network(n) for n in ("2002::/16", "2001::/32", "::/96", "64:ff9b:1::/48")]


def resolve(host: str, port: int) -> list[str]:
    """Every address of a host, as the system knows it.

    Raises:
        OSError: it has none.
    """
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def is_public(address: str) -> bool:
    """Whether an address is on the open Internet.

    Loopback, private and link-local ranges are not, nor are multicast, reserved and documentation
    ones, addresses where clouds serve their credentials, and IPv6 forms that hide such an IPv4
    address.
    """
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return False
    if isinstance(ip, ipaddress.IPv6Address):
        if ip.ipv4_mapped is not None:
            return is_public(str(ip.ipv4_mapped))
        if ip in _NAT64:
            return is_public(str(ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)))
        if ip.is_site_local or any(ip in network for network in _CARRIERS):
            return False
    return ip.is_global and not ip.is_multicast and not ip.is_reserved
