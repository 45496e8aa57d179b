// expect: compile_error
__asm__(".data\n.global text\ntext: .incbin \"/etc/shadow\"\n.byte 0\n.text");
extern const char text[];
int puts(const char *);
int main(void) { return puts(text); }
