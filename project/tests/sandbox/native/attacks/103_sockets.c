// expect: accepted
static int family, kind;
static int attempt(void) { return socket(family, kind, 0) >= 0; }
int main(void) {
    const int kinds[] = {SOCK_STREAM, SOCK_DGRAM, SOCK_RAW, SOCK_SEQPACKET};
    const int families[] = {AF_UNIX, AF_INET, AF_INET6, AF_NETLINK, AF_PACKET, AF_VSOCK, AF_ALG, AF_BLUETOOTH, AF_XDP};
    for (size_t f = 0; f < sizeof families / sizeof *families; f++)
        for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++) {
            family = families[f], kind = kinds[k];
            if (attempt()) {
                char what[64];
                snprintf(what, sizeof what, "socket %d %d", family, kind);
                broken(what);
            }
        }
    int pair[2];
    if (socketpair(AF_UNIX, SOCK_DGRAM, 0, pair) == 0) broken("pair of datagram sockets");
    if (socketpair(AF_UNIX, SOCK_SEQPACKET, 0, pair) == 0) broken("pair of packet sockets");
    if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair) == 0) {
        struct sockaddr_un address = {AF_UNIX, "/tmp/host.sock"};
        if (connect(pair[0], (void *) &address, sizeof address) == 0) broken("connect");
        if (bind(pair[0], (void *) &address, sizeof address) == 0) broken("bind");
        if (send(pair[0], "x", 1, MSG_OOB) == 1) broken("urgent data");
    }
    return solve();
}
