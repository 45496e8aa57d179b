// expect: accepted
static const char *names[] = {
    "/proc/1/environ", "/proc/self/maps", "/proc/self/exe", "/sys/kernel", "/etc/shadow", "/etc/hosts", "/root", "/home",
    "/work", "/srv", "/var", "/var/lib", "/opt", "/run", "/mnt", "/boot", "/dev/shm", "/dev/tty", "/dev/mem", "/dev/pts",
    "/dev/fd/0", "/tmp/canary.txt", "/tmp/host.sock", "/../etc/shadow", "/proc", "/sys", "/lost+found", "/dev/kvm"};
static const char *roots[] = {".", "..", "usr", "bin", "sbin", "lib", "lib32", "lib64", "libx32", "etc", "dev", "box",
                              "program", "tmp", "proc"};
int main(void) {
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (open(names[i], O_RDONLY | O_NONBLOCK) >= 0 || open(names[i], O_PATH) >= 0) broken(names[i]);
    /* Nothing of the host but these has a place in the root, whether it can be listed or not. */
    DIR *root = opendir("/");
    for (struct dirent *entry; root && (entry = readdir(root));) {
        size_t i = 0;
        while (i < sizeof roots / sizeof *roots && strcmp(entry->d_name, roots[i])) i++;
        if (i == sizeof roots / sizeof *roots) broken(entry->d_name);
    }
    char path[64];
    strcpy(path, "..");
    for (int i = 0; i < 12; i++) strcat(path, "/..");
    if (chdir(path) == 0 && (open("root", O_PATH) >= 0 || open("proc/self", O_PATH) >= 0)) broken("climbing out");
    return solve();
}
