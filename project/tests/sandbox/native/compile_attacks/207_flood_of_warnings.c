// expect: compile_error
// Each warning shows where each macro was expanded.
#define A __builtin_printf("%d\n", "text");
#define B A A A A A A A A A A A A A A A A
#define C B B B B B B B B B B B B B B B B
#define D C C C C C C C C
int main(void) { D }
