// expect: memory_limit runtime_error
int main(void) {
    char *all = malloc(1024L * MIB);
    fill(all, 1024L * MIB);
    return solve();
}
