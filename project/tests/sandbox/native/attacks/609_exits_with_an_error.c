// expect: runtime_error
int main(void) {
    solve();
    return 3;
}
