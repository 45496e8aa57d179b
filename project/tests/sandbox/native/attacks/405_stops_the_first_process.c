// expect: accepted
int main(void) {
    kill(1, SIGSTOP);
    kill(1, SIGTSTP);
    return solve();
}
