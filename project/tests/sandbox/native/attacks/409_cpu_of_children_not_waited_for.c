// expect: time_limit
// The kernel adds their time to no parent if it ignores SIGCHLD.
int main(void) {
    signal(SIGCHLD, SIG_IGN);
    for (int i = 0; i < 40; i++) {
        if (fork() == 0) {
            burn(0.03);
            _exit(0);
        }
        wait(0);
        burn(0.003); /* not idle */
    }
    broken("CPU time of children not waited for");
    return solve();
}
