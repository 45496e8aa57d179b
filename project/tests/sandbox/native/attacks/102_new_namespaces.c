// expect: accepted
static const long flags[] = {0x00020000, 0x02000000, 0x04000000, 0x08000000, 0x10000000, 0x20000000, 0x40000000,
                             0x10020000, 0x7E020000};
int main(void) {
    for (size_t i = 0; i < sizeof flags / sizeof *flags; i++) {
        long pid = syscall(SYS_clone, flags[i] | SIGCHLD, 0, 0, 0, 0);
        if (pid == 0) _exit(0);
        if (pid > 0) {
            waitpid(pid, 0, 0);
            broken("clone");
        }
    }
    return solve();
}
