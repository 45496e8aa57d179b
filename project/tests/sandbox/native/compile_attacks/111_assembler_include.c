// expect: compile_error
__asm__(".include \"/etc/shadow\"\n");
int main(void) { return 0; }
