// expect: accepted
#include <linux/filter.h>
#include <linux/seccomp.h>
int main(void) {
    struct sock_filter allow = {BPF_RET | BPF_K, 0, 0, SECCOMP_RET_ALLOW};
    struct sock_fprog program = {1, &allow};
    if (syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program) == 0) broken("it added a filter");
    int file = open("/bin/sh", O_RDONLY);
    if (file < 0 || mmap(0, 4096, PROT_READ, MAP_PRIVATE, file, 0) == MAP_FAILED) broken("it cannot map a file");
    if (mmap(0, 4096, PROT_READ, MAP_SHARED, file, 0) != MAP_FAILED) broken("it shares a file of the host");
    return solve();
}
