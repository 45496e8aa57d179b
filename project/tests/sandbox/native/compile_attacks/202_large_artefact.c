// expect: compile_error
char large[200UL << 20] = {1};
int main(void) { return large[5]; }
