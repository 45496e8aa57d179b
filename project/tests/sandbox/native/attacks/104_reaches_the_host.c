// expect: accepted
// The judge's own listeners notice a connection, even where this program does not.
#include <arpa/inet.h>
#include <stddef.h>
int main(void) {
    struct sockaddr_in there = {AF_INET, htons(45871), {htonl(INADDR_LOOPBACK)}};
    int tcp = socket(AF_INET, SOCK_STREAM, 0), udp = socket(AF_INET, SOCK_DGRAM, 0);
    if (tcp >= 0 && connect(tcp, (void *) &there, sizeof there) == 0) broken("TCP");
    if (udp >= 0) sendto(udp, "x", 1, 0, (void *) &there, sizeof there);
    int local = socket(AF_UNIX, SOCK_STREAM, 0);
    struct sockaddr_un path = {AF_UNIX, "/tmp/host.sock"}, abstract = {AF_UNIX, "\0sbx-host-abstract"};
    if (local >= 0 && connect(local, (void *) &path, sizeof path) == 0) broken("socket in a directory");
    size_t size = offsetof(struct sockaddr_un, sun_path) + sizeof "\0sbx-host-abstract" - 1;
    if (local >= 0 && connect(local, (void *) &abstract, size) == 0) broken("abstract socket");
    return solve();
}
