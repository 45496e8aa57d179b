// expect: memory_limit
// The kernel shows less about a process whose program file cannot be read.
int main(int count, char **arguments) {
    if (count == 1) {
        chmod(arguments[0], 0111);
        execl(arguments[0], arguments[0], "again", (char *) 0);
        return 1;
    }
    for (int i = 0; i < 12; i++)
        if (fork() == 0) {
            fill(malloc(20 * MIB), 20 * MIB);
            for (;;) pause();
        }
    sleep(1);
    broken("memory of an unreadable program");
    return solve();
}
