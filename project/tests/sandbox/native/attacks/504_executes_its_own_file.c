// expect: accepted
int main(int count, char **arguments) {
    char buffer[4096];
    ssize_t size;
    if (count > 1) {
        broken("a file in the scratch was executed");
        return 0;
    }
    int from = open(arguments[0], O_RDONLY), to = open("/tmp/copy", O_CREAT | O_WRONLY, 0777);
    while ((size = read(from, buffer, sizeof buffer)) > 0)
        if (write(to, buffer, size) != size) return 1;
    close(to);
    fflush(stdout);
    if (fork() == 0) {
        execl("/tmp/copy", "/tmp/copy", "again", (char *) 0);
        execl("/lib64/ld-linux-x86-64.so.2", "ld.so", "/tmp/copy", "again", (char *) 0);
        int file = open("/tmp/copy", O_RDONLY);
        char *again[] = {"/tmp/copy", "again", 0};
        syscall(SYS_execveat, file, "", again, 0, AT_EMPTY_PATH);
        if (mmap(0, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE, file, 0) != MAP_FAILED) broken("an executable mapping");
        _exit(0);
    }
    wait(0);
    return solve();
}
