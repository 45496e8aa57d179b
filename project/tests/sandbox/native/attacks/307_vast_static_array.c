// expect: memory_limit runtime_error compile_error
static char vast[1L << 32];
int main(void) {
    for (long i = 0; i < 1L << 32; i += 4096) vast[i] = 1;
    return vast[123];
}
