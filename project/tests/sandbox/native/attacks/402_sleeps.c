// expect: time_limit
int main(void) {
    sleep(1000);
    return solve();
}
