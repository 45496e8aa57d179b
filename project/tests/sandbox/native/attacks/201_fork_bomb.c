// expect: accepted
int main(void) {
    int count = 0;
    for (int i = 0; i < 200; i++) {
        pid_t child = fork();
        if (child == 0) {
            pause();
            _exit(0);
        }
        count += child > 0;
    }
    if (count >= 100) broken("processes");
    return solve();
}
