// expect: memory_limit
// Each process stays below the limit; together they do not.
int main(void) {
    for (int i = 0; i < 12; i++)
        if (fork() == 0) {
            char *some = malloc(20 * MIB);
            memset(some, i, 20 * MIB);
            for (;;) pause();
        }
    sleep(1);
    broken("memory of several processes");
    return solve();
}
