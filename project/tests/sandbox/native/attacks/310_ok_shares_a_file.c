// expect: accepted
int main(void) {
    int file = open("/tmp/shared", O_CREAT | O_RDWR, 0600);
    if (ftruncate(file, 4096) != 0) return 1;
    int *shared = mmap(0, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    if (shared == MAP_FAILED) return 2;
    if (fork() == 0) {
        *shared = 7;
        _exit(0);
    }
    wait(0);
    return *shared == 7 ? solve() : 3;
}
