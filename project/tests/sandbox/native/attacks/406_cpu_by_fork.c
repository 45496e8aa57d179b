// expect: time_limit
// Each process stays below the limit; together they do not.
int main(void) {
    for (int i = 0; i < 6; i++)
        if (fork() == 0) {
            burn(0.1);
            _exit(0);
        }
    while (wait(0) > 0) {}
    broken("CPU time of several processes");
    return solve();
}
