// expect: accepted
static void check(const char *path, long wanted) {
    struct statfs found;
    char text[128];
    if (statfs(path, &found) != 0) return;
    snprintf(text, sizeof text, "%s lacks the flags %lx", path, wanted & ~found.f_flags);
    if ((found.f_flags & wanted) != wanted) broken(text);
}
int main(void) {
    check("/", ST_RDONLY | ST_NOSUID | ST_NODEV);
    check("/usr", ST_RDONLY | ST_NOSUID | ST_NODEV);
    check("/box/scratch", ST_NOSUID | ST_NODEV | ST_NOEXEC);
    check("/program/files", ST_NOSUID | ST_NODEV);
    check("/dev/null", ST_RDONLY | ST_NOSUID | ST_NOEXEC);
    return solve();
}
