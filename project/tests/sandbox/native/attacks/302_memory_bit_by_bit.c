// expect: memory_limit runtime_error
int main(void) {
    for (int i = 0; i < 1024; i++) {
        char *more = malloc(MIB);
        if (!more) return 1;
        memset(more, i, MIB);
    }
    return solve();
}
