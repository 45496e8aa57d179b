// expect: memory_limit runtime_error
int main(void) {
    for (int i = 0; i < 1024; i++) {
        char *more = malloc(MIB);
        fill(more, MIB);
    }
    return solve();
}
