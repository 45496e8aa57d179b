// expect: runtime_error
#include <stdio.h>
int main(void) {
    printf("5\n");
    return 3;
}
