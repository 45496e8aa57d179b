// expect: time_limit
int main(void) {
    kill(getpid(), SIGSTOP);
    return solve();
}
