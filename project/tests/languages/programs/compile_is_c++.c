// expect: compile_error
#include <iostream>
int main() {
    std::cout << 5;
}
