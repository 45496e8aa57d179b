// expect: memory_limit runtime_error
int main(void) { return kill(0, SIGKILL); }
