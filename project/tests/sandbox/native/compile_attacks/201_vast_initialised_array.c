// expect: compile_error
char vast[1UL << 32] = {1};
int main(void) { return vast[5]; }
