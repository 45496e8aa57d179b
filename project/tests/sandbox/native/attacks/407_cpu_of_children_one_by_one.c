// expect: time_limit
int main(void) {
    for (int i = 0; i < 40; i++) {
        if (fork() == 0) {
            burn(0.02);
            _exit(0);
        }
        wait(0);
    }
    broken("CPU time of children");
    return solve();
}
