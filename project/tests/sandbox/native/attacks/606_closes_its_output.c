// expect: wrong_answer runtime_error
int main(void) {
    close(1);
    close(2);
    usleep(50000);
    solve();
    return 0;
}
