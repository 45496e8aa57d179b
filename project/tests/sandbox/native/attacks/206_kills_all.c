// expect: accepted
int main(void) {
    pid_t other = fork();
    if (other == 0) for (;;) pause();
    const int signals[] = {SIGINT, SIGTERM, SIGKILL, SIGSTOP, SIGSEGV, SIGHUP, SIGPIPE, SIGXCPU, SIGALRM, SIGCHLD};
    for (size_t i = 0; i < sizeof signals / sizeof *signals; i++) {
        kill(1, signals[i]);
        syscall(SYS_tgkill, 1, 1, signals[i]);
        syscall(SYS_tkill, 1, signals[i]);
    }
    for (int pid = 3; pid < 3000; pid++)
        if (pid != other && pid != getpid() && kill(pid, SIGKILL) == 0) broken("another process");
    kill(-1, SIGKILL);
    return solve();
}
