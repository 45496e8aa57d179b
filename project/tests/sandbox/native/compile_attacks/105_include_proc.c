// expect: compile_error
#include "/proc/self/environ"
#include "/proc/1/environ"
#include "/root/.bashrc"
int main(void) { return 0; }
