// expect: wrong_answer
int main(void) {
}
