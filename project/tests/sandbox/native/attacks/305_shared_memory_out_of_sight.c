// expect: memory_limit
// What MADV_DONTNEED takes out of a shared mapping stays in memory, but in no resident set.
int main(void) {
    for (int i = 0; i < 3; i++)
        if (fork() == 0) {
            char *all = mmap(0, 60 * MIB, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
            if (all == MAP_FAILED) _exit(1);
            for (char *part = all; part < all + 60 * MIB; part += MIB) {
                memset(part, 1, MIB);
                madvise(part, MIB, MADV_DONTNEED);
            }
            for (;;) pause();
        }
    usleep(500000);
    broken("shared memory");
    return solve();
}
