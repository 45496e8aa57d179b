// expect: compile_error
#define A(x) x x x x x x x x x x
#define B(x) A(A(x))
#define C(x) B(B(x))
#define D(x) C(C(x))
#define E 1,
int a[] = {D(D(E))};
int main(void) { return a[5]; }
