// expect: wrong_answer
#include <stdio.h>
int main(void) {
    printf("6\n");
}
