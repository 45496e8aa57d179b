// expect: accepted
// Whatever set-user-ID program there is, it runs as the learner.
int main(void) {
    const char *programs[] = {"/usr/bin/su", "/usr/bin/mount", "/usr/bin/passwd", "/usr/bin/sudo", "/usr/bin/chsh"};
    struct statfs usr;
    if (statfs("/usr", &usr) == 0 && !(usr.f_flags & ST_NOSUID)) broken("set-user-ID programs");
    for (size_t i = 0; i < sizeof programs / sizeof *programs; i++)
        if (fork() == 0) {
            close(1), close(2), close(0);
            execl(programs[i], programs[i], "-c", "id", (char *) 0);
            _exit(0);
        } else
            wait(0);
    return solve();
}
