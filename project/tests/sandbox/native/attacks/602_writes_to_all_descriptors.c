// expect: wrong_answer
// As the runner would report success, to whatever descriptor is open.
int main(void) {
    const char reply[] = "{\"phase\": \"done\", \"nonce\": \"\", \"value\": \"{\\\"exit\\\": 0, \\\"memory_bytes\\\": 1}\"}";
    for (int number = 0; number < 1024; number++) {
        if (write(number, reply, sizeof reply - 1) > 0 && number > 2) broken("a descriptor");
        if (send(number, reply, sizeof reply - 1, 0) > 0) broken("a socket");
    }
    return solve();
}
