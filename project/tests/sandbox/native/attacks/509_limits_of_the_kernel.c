// expect: accepted
static void check(int kind, const char *name, rlim_t most) {
    struct rlimit limit, more = {RLIM_INFINITY, RLIM_INFINITY};
    getrlimit(kind, &limit);
    if (limit.rlim_max > most || limit.rlim_cur > most) broken(name);
    if (limit.rlim_max != RLIM_INFINITY && (setrlimit(kind, &more) == 0 || prlimit(0, kind, &more, 0) == 0))
        broken(name);
}
int main(void) {
    check(RLIMIT_NPROC, "NPROC", 32);
    check(RLIMIT_NOFILE, "NOFILE", 32);
    check(RLIMIT_FSIZE, "FSIZE", 8 * MIB);
    check(RLIMIT_CORE, "CORE", 0);
    check(RLIMIT_MEMLOCK, "MEMLOCK", 0);
    check(RLIMIT_MSGQUEUE, "MSGQUEUE", 0);
    check(RLIMIT_SIGPENDING, "SIGPENDING", 64);
    check(RLIMIT_NICE, "NICE", 0);
    check(RLIMIT_RTPRIO, "RTPRIO", 0);
    check(RLIMIT_CPU, "CPU", 12);
    check(RLIMIT_STACK, "STACK", 64 * MIB);
    check(RLIMIT_AS, "AS", 512L * MIB);
    return solve();
}
