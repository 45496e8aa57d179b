// expect: time_limit
int main(void) {
    for (;;) fork();
}
