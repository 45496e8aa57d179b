/* Put before every attack. `BROKEN` in the output means that a restriction failed. */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define MIB (1 << 20)

static inline void broken(const char *what) {
    printf("BROKEN %s\n", what);
    fflush(stdout);
}

/* What an honest program does. */
static inline int solve(void) {
    int a, b;
    if (scanf("%d %d", &a, &b) != 2) return 1;
    printf("%d\n", a + b);
    return 0;
}

/* Whether an attempt succeeds, in a child: the call may be one that ends the process. */
static inline int succeeds(int (*attempt)(void)) {
    pid_t child = fork();
    if (child == 0) _exit(attempt() ? 42 : 0);
    int status;
    if (child < 0 || waitpid(child, &status, 0) != child) return 0;
    return WIFEXITED(status) && WEXITSTATUS(status) == 42;
}

static inline double now(clockid_t clock) {
    struct timespec time;
    clock_gettime(clock, &time);
    return time.tv_sec + time.tv_nsec / 1e9;
}

/* Memory that is in use; the compiler does not see that nothing reads it. */
static inline void fill(void *start, size_t size) {
    if (!start || start == MAP_FAILED) _exit(1);
    memset(start, 1, size);
    __asm__ volatile("" : : "r"(start) : "memory");
}

static inline void burn(double seconds) {
    double end = now(CLOCK_PROCESS_CPUTIME_ID) + seconds;
    while (now(CLOCK_PROCESS_CPUTIME_ID) < end) {}
}
