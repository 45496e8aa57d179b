// expect: accepted
static int x32(void) { return syscall(0x40000000 + SYS_getpid) > 0; }
static int i386(void) {
    long result;
    __asm__ volatile("int $0x80" : "=a"(result) : "a"(20L) : "memory"); /* getpid */
    return result > 0;
}
int main(void) {
    if (succeeds(x32)) broken("x32");
    if (succeeds(i386)) broken("i386");
    return solve();
}
