// expect: compile_error
#include "/tmp/canary.txt"
int main(void) { return 0; }
