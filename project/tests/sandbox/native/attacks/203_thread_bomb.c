// expect: accepted
static void *wait_forever(void *nothing) {
    pause();
    return nothing;
}
int main(void) {
    int count = 0;
    pthread_attr_t small;
    pthread_attr_init(&small);
    pthread_attr_setstacksize(&small, 65536);
    for (int i = 0; i < 300; i++) {
        pthread_t thread;
        count += pthread_create(&thread, &small, wait_forever, 0) == 0;
    }
    if (count >= 100) broken("threads");
    solve();
    exit(0);
}
