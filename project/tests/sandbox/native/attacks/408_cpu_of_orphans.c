// expect: time_limit
// A chain of processes: each starts the next one and ends.
int main(void) {
    if (fork() == 0)
        for (int i = 0; i < 40; i++) {
            burn(0.02);
            if (fork() != 0) _exit(0);
        }
    sleep(5);  // on a busy machine the others need that long
    broken("CPU time of orphans");
    return solve();
}
