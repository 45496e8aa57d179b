// expect: accepted
#include <stdio.h>
int main(void) {
    int a, b;
    scanf("%d%d", &a, &b);
    fprintf(stderr, "%d and %d\n", a, b);
    printf("%d", a + b);
}
