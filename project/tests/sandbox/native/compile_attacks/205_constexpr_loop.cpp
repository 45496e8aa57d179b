// expect: compile_error
constexpr int endless() { int i = 0; while (true) i = (i + 1) % 1000; return i; }
static_assert(endless() == 1);
int main() {}
