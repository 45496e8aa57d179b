// expect: output_limit
int main(void) {
    for (;;) puts("flood");
}
