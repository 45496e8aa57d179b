// expect: accepted
// What a shared mapping holds stays in memory while any part of it is mapped, but in no resident set.
int main(void) {
    long held = 0;
    for (int i = 0; i < 3; i++) {
        char *all = mmap(0, 40 * MIB, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
        if (all == MAP_FAILED) continue;
        fill(all, 40 * MIB);
        munmap(all + 4096, 40 * MIB - 4096);
        held += 40;
    }
    if (held > 64) broken("shared memory");
    return solve();
}
