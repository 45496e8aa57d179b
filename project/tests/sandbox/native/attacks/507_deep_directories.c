// expect: accepted
int main(void) {
    int depth = 0;
    char name[200];
    memset(name, 'd', sizeof name);
    name[199] = 0;
    while (depth < 100000 && mkdir(name, 0700) == 0 && chdir(name) == 0) depth++;
    if (depth > 300) broken("directories");
    rename("..", "/tmp/x");
    symlink("/", "/tmp/root");
    symlink("/tmp/loop", "/tmp/loop");
    if (open("/tmp/root/etc/shadow", O_RDONLY) >= 0) broken("a link to the root");
    if (open("/tmp/loop", O_RDONLY) >= 0) broken("a loop of links");
    return solve();
}
