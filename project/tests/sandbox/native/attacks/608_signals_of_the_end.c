// expect: runtime_error
int main(void) {
    solve();
    fflush(stdout);
    abort();
}
