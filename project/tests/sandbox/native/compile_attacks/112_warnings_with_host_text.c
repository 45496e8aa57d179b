// expect: compile_error
// Messages quote lines of the files that they are about.
#include "/etc/gshadow"
#include "/etc/hostname"
int main(void) { return 0; }
