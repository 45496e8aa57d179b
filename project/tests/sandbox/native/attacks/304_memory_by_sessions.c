// expect: memory_limit
// The parent of each process has ended.
int main(void) {
    for (int i = 0; i < 12; i++) {
        if (fork() == 0) {
            setsid();
            if (fork() == 0) {
                fill(malloc(20 * MIB), 20 * MIB);
                for (;;) pause();
            }
            _exit(0);
        }
        wait(0);
    }
    sleep(1);
    broken("memory of several processes");
    return solve();
}
