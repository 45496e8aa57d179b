// expect: compile_error
#include <string>
int main() {
    std::string text = 5;
    return text;
}
