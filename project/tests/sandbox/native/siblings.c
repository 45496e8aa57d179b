// Two of these at the same time must not notice each other.
#include <linux/futex.h>
int main(void) {
    int file = open("/bin/sh", O_RDONLY);
    uint32_t *shared = mmap(0, 4096, PROT_READ, MAP_SHARED, file, 0);
    struct timespec little = {0, 2000000};
    double end = now(CLOCK_MONOTONIC) + 0.5;
    while (shared != MAP_FAILED && now(CLOCK_MONOTONIC) < end) {
        if (syscall(SYS_futex, shared, FUTEX_WAKE, 1, 0, 0, 0) > 0) return broken("it was waiting"), 0;
        if (syscall(SYS_futex, shared, FUTEX_WAIT, *shared, &little, 0, 0) == 0) return broken("it woke me"), 0;
    }
    return solve();
}
