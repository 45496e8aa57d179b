// expect: accepted
// Its own program is on a file system that is not read-only: Landlock forbids it.
int main(int count, char **arguments) {
    (void) count;
    if (unlink(arguments[0]) == 0) broken("its own program was deleted");
    if (open("/program/files/new", O_CREAT | O_WRONLY, 0700) >= 0) broken("a file beside the program");
    return solve();
}
