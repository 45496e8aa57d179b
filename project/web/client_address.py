"""The address by which limits count the calls of a client."""

from ipaddress import IPv6Address, IPv6Network, ip_address

# The smallest network that a provider assigns to a customer (RFC 6177), who can use all of its addresses.
IPV6_PREFIX = 64


def limited_address(address: str | None) -> str:
    """Return the IPv4 address of a client, or the /64 network of its IPv6 address."""
    try:
        read = ip_address((address or "").partition("%")[0])
    except ValueError:  # a Unix socket has none, and a proxy may name none
        return address or ""
    if not isinstance(read, IPv6Address):
        return str(read)
    if read.ipv4_mapped is not None:
        return str(read.ipv4_mapped)
    return str(IPv6Network((int(read), IPV6_PREFIX), strict=False))
