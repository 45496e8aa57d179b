// expect: compile_error
#include <stdio.h>
const char text[] = {
#embed "/etc/shadow"
};
int main(void) { puts(text); }
