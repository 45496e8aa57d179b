// expect: accepted
int main(void) {
    char name[64];
    int made = 0;
    for (int i = 0; i < 2000; i++) {
        snprintf(name, sizeof name, "/tmp/f%d", i);
        made += i % 3 ? mkdir(name, 0700) == 0 : symlink("/nowhere/that/is/long/enough", name) == 0;
    }
    for (int i = 0; i < 2000; i++) {
        snprintf(name, sizeof name, "/tmp/l%d", i);
        made += link("/tmp/f0", name) == 0;
    }
    if (made > 300) broken("inodes");
    while (mkdir("deep", 0700) == 0 && chdir("deep") == 0) {}
    return solve();
}
