// expect: time_limit
static void ignore(int number) { (void) number; }
int main(void) {
    for (int number = 1; number < 65; number++) signal(number, ignore);
    alarm(1000);
    struct rlimit none = {RLIM_INFINITY, RLIM_INFINITY};
    setrlimit(RLIMIT_CPU, &none);
    for (;;) {}
}
