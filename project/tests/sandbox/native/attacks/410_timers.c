// expect: accepted
static void ignore(int number) { (void) number; }
int main(void) {
    signal(SIGALRM, ignore);
    signal(SIGXCPU, ignore);
    for (int kind = 0; kind < 3; kind++) {
        struct itimerval often = {{0, 1000}, {0, 1000}};
        if (kind) signal(kind == 1 ? SIGVTALRM : SIGPROF, ignore);
        setitimer(kind, &often, 0);
    }
    burn(0.02);
    for (int kind = 0; kind < 3; kind++) setitimer(kind, &(struct itimerval){0}, 0);
    timer_t timer;
    int count = 0;
    while (count < 10000 && timer_create(CLOCK_MONOTONIC, 0, &timer) == 0) count++;
    if (count > 200) broken("timers");
    struct timespec cpu;
    for (int pid = 3; pid < 500; pid++)
        if (clock_gettime(~pid << 3 | 2, &cpu) == 0 && pid != getpid()) broken("clock of another process");
    return solve();
}
