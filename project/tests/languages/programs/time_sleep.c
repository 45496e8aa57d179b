// expect: time_limit
#include <unistd.h>
int main(void) {
    for (;;) pause();
}
