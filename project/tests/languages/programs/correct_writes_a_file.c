// expect: accepted
#include <stdio.h>
int main(void) {
    int a, b;
    FILE *file = fopen("numbers.txt", "w+");
    if (!file || scanf("%d %d", &a, &b) != 2) return 1;
    fprintf(file, "%d %d", a, b);
    rewind(file);
    if (fscanf(file, "%d %d", &a, &b) != 2) return 2;
    printf("%d\n", a + b);
}
