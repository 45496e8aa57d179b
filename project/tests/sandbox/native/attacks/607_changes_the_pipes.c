// expect: accepted
// Another process has the other end of its pipes: their flags and sizes are not for it to change.
int main(void) {
    fcntl(1, F_SETFL, O_NONBLOCK);
    if (fcntl(1, F_SETFL, O_DIRECT) == 0) broken("a pipe of packets");
    if (fcntl(1, F_SETFL, O_ASYNC) == 0) broken("signals of a pipe");
    char byte;
    if (read(1, &byte, 1) >= 0 || read(2, &byte, 1) >= 0) broken("reading its output");
    if (lseek(0, 0, SEEK_END) > 0) lseek(0, 0, SEEK_SET);
    if (ftruncate(0, 0) == 0) broken("its input was truncated");
    fcntl(1, F_SETFL, 0);
    return solve();
}
