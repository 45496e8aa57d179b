// expect: output_limit
int main(void) {
    for (int i = 0; i < 4; i++) fork();
    for (;;) write(1, "flood", 5);
}
