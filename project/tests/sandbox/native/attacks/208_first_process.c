// expect: accepted
int main(void) {
    if (getppid() != 1) broken("not in a PID namespace of its own");
    if (getpid() > 8) broken("process id");
    if (getuid() != 1000 || geteuid() != 1000 || getgid() != 1000 || getegid() != 1000) broken("user");
    gid_t groups[64];
    for (int i = getgroups(64, groups) - 1; i >= 0; i--)
        if (groups[i] != 1000 && groups[i] != 65534) broken("group");
    uint32_t header[2] = {0x20080522, 0}, capabilities[6] = {0};
    if (syscall(SYS_capget, header, capabilities) == 0)
        for (int i = 0; i < 6; i++)
            if (capabilities[i]) broken("capabilities");
    return solve();
}
