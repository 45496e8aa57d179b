// expect: memory_limit
int main(void) {
    char *all = malloc(1024L * MIB);
    if (!all) return 1;
    memset(all, 1, 1024L * MIB);
    return solve();
}
