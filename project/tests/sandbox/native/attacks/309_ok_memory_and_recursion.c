// expect: accepted
static long depth(long n) {
    volatile char frame[1024];
    frame[0] = 1;
    return n == 0 ? 0 : depth(n - 1) + frame[0];
}
int main(void) {
    char *some = malloc(24 * MIB);
    fill(some, 24 * MIB);
    if (depth(16000) != 16000) return 1;
    return solve() + some[1] - 1;
}
