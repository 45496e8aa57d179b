// expect: compile_error
int main(void) {
    return 0
}
