// expect: accepted
static char block[65536];
int main(void) {
    long written = 0;
    signal(SIGXFSZ, SIG_IGN);
    for (int i = 0; i < 16; i++) {
        char name[32];
        snprintf(name, sizeof name, "/tmp/file%d", i);
        int file = open(name, O_CREAT | O_WRONLY, 0600);
        for (int j = 0; j < 64; j++) {
            ssize_t size = write(file, block, sizeof block);
            if (size > 0) written += size;
        }
        fallocate(file, 0, 0, 64L * MIB);
        close(file);
        truncate(name, 0);
        unlink(name);
        file = open(name, O_CREAT | O_WRONLY, 0600); /* deleted, but open */
        unlink(name);
        for (int j = 0; j < 64; j++)
            if (i % 2 && write(file, block, sizeof block) <= 0) break;
    }
    struct statfs scratch;
    if (statfs("/tmp", &scratch) == 0 && scratch.f_blocks * scratch.f_bsize > 8L * MIB) broken("bytes of the scratch");
    if (written > 256L * MIB) broken("written");
    return solve();
}
