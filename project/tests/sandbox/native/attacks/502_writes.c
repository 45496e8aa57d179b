// expect: accepted
static const char *directories[] = {"/", "/usr", "/usr/bin", "/usr/lib", "/etc", "/dev", "/box", "/program",
                                    "/program/files", "/lib", "/usr/local"};
static const char *files[] = {"/program/files/program", "/etc/passwd", "/usr/bin/env", "/etc/ld.so.cache", "/bin/sh"};
int main(void) {
    char path[128];
    for (size_t i = 0; i < sizeof directories / sizeof *directories; i++) {
        snprintf(path, sizeof path, "%s/new", directories[i]);
        if (open(path, O_CREAT | O_WRONLY, 0600) >= 0) broken(path);
        if (mkdir(path, 0700) == 0) broken(path);
        if (symlink("/tmp", path) == 0) broken(path);
    }
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        chmod(files[i], 0777);
        if (open(files[i], O_WRONLY) >= 0 || open(files[i], O_RDWR | O_APPEND) >= 0) broken(files[i]);
        if (truncate(files[i], 0) == 0) broken(files[i]);
        if (unlink(files[i]) == 0) broken(files[i]);
        if (rename(files[i], "/tmp/moved") == 0) broken(files[i]);
        if (link(files[i], "/tmp/linked") == 0) broken(files[i]);
    }
    return solve();
}
