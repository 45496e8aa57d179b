// expect: accepted
#include <math.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
static void *add(void *numbers) {
    int *n = numbers;
    n[2] = (int) lround(sqrt((double) (n[0] + n[1]) * (n[0] + n[1])));
    return numbers;
}
int main(void) {
    int *numbers = calloc(3, sizeof *numbers);
    signal(SIGINT, SIG_IGN);
    if (scanf("%d %d", numbers, numbers + 1) != 2) return 1;
    pthread_t thread;
    if (pthread_create(&thread, NULL, add, numbers) || pthread_join(thread, NULL)) return 2;
    printf("%d\n", numbers[2]);
    free(numbers);
}
