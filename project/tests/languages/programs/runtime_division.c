// expect: runtime_error
#include <stdio.h>
int main(void) {
    volatile int zero = 0;
    printf("%d\n", 5 / zero);
}
