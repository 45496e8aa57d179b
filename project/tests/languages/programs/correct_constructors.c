// expect: accepted
#include <stdio.h>
static int a, b;
__attribute__((constructor)) static void before(void) {
    if (scanf("%d %d", &a, &b) != 2) a = b = -1;
}
__attribute__((destructor)) static void after(void) {
    printf("%d\n", a + b);
}
int main(void) {
    return 0;
}
