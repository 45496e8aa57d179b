// expect: accepted
int main(void) {
    for (int i = 0; i < 8; i++)
        if (fork() == 0) {
            setsid();
            for (int number = 1; number < 65; number++) signal(number, SIG_IGN);
            if (fork() == 0)
                for (int fd = 0; ; fd = -1) {
                    if (fd == 0) for (int other = 0; other < 64; other++) close(other);
                    usleep(1000);
                }
            _exit(0);
        }
    usleep(20000);
    return solve();
}
