// expect: accepted
// Programs of different learners map the same file of the host; a futex in it would be a channel between them.
#include <linux/futex.h>
int main(void) {
    int file = open("/usr/lib/locale/C.utf8/LC_CTYPE", O_RDONLY);
    if (file < 0) file = open("/bin/sh", O_RDONLY);
    uint32_t *shared = mmap(0, 4096, PROT_READ, MAP_SHARED, file, 0);
    if (shared != MAP_FAILED) broken("a shared mapping of a file of the host");
    return solve();
}
