// expect: accepted
int main(void) {
    for (int number = 3; number < 1024; number++)
        if (fcntl(number, F_GETFD) >= 0) broken("an inherited descriptor");
    if (write(0, "x", 1) > 0) broken("standard input is writable");
    int opened = 0;
    while (dup(0) >= 0 && opened < 10000) opened++;
    if (opened > 64) broken("descriptors");
    for (int number = 3; number < 1024; number++) close(number);
    return solve();
}
