"""Which address limits count a client by."""

from ipaddress import IPv6Address, IPv6Network, ip_address

# What one customer of a provider gets at least (RFC 6177): whoever has one address of it has all of them.
IPV6_PREFIX = 64


def limited_address(address: str | None) -> str:
    """Return the address that limits count a client by: an IPv4 address, or the /64 network of an IPv6 address."""
    try:
        read = ip_address((address or "").partition("%")[0])
    except ValueError:  # a Unix socket has none, and a proxy may name none
        return address or ""
    if not isinstance(read, IPv6Address):
        return str(read)
    if read.ipv4_mapped is not None:
        return str(read.ipv4_mapped)
    return str(IPv6Network((int(read), IPV6_PREFIX), strict=False))
