// expect: memory_limit
// Each process stays below the limit; together they do not.
int main(void) {
    for (int i = 0; i < 12; i++)
        if (fork() == 0) {
            fill(malloc(20 * MIB), 20 * MIB);
            for (;;) pause();
        }
    sleep(1);
    broken("memory of several processes");
    return solve();
}
