// expect: runtime_error
int main(void) {
    volatile int *nothing = 0;
    return *nothing;
}
