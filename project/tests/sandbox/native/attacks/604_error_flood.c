// expect: output_limit
int main(void) {
    for (;;) fputs("flood", stderr);
}
