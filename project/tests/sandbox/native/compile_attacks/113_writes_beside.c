// expect: accepted
// What the assembler is told about files names them only.
__asm__(".file \"/etc/passwd\"\n");
#pragma GCC dependency "/etc/passwd"
#pragma GCC plugin "/box/scratch/plugin.so"
#pragma comment(lib, "/etc/shadow")
#include <stdio.h>
int main(void) {
    int a, b;
    scanf("%d %d", &a, &b);
    printf("%d\n", a + b);
}
