// expect: accepted
package main

import (
	"fmt"
	"net"
	"os"
	"os/exec"
	"syscall"
	"unsafe"
)

var buffer [4096]byte

// Calls made directly, without the library of C.
func succeeds(number uintptr, arguments ...uintptr) bool {
	var a [6]uintptr
	copy(a[:], arguments)
	_, _, failure := syscall.RawSyscall6(number, a[0], a[1], a[2], a[3], a[4], a[5])
	return failure == 0
}

func path(name string) uintptr {
	text, _ := syscall.BytePtrFromString(name)
	return uintptr(unsafe.Pointer(text))
}

func attempt(name string, broken bool) {
	if broken {
		fmt.Println("BROKEN", name)
	}
}

func main() {
	b := uintptr(unsafe.Pointer(&buffer[0]))
	attempt("socket", succeeds(syscall.SYS_SOCKET, syscall.AF_INET, syscall.SOCK_STREAM, 0))
	attempt("netlink", succeeds(syscall.SYS_SOCKET, syscall.AF_NETLINK, syscall.SOCK_RAW, 0))
	attempt("memfd_create", succeeds(319, path("x"), 0))
	attempt("seccomp", succeeds(317, 1, 0, b))
	attempt("chroot", succeeds(syscall.SYS_CHROOT, path("/tmp")))
	attempt("setuid", succeeds(syscall.SYS_SETUID, 0))
	attempt("mlock", succeeds(syscall.SYS_MLOCK, b, 4096))
	attempt("flock", succeeds(syscall.SYS_FLOCK, 0, syscall.LOCK_EX|syscall.LOCK_NB))
	for _, name := range []string{"/tmp/canary.txt", "/etc/shadow", "/proc/self/environ", "/root", "/home"} {
		_, failure := os.Open(name)
		attempt(name, failure == nil)
	}
	_, failure := net.Dial("tcp", "127.0.0.1:45871")
	attempt("TCP", failure == nil)
	_, failure = net.Dial("unix", "/tmp/host.sock")
	attempt("a socket in a directory", failure == nil)
	attempt("a file beside the program", os.WriteFile("/program/files/new", nil, 0o600) == nil)
	attempt("its own program", os.Remove("/program/files/program") == nil)
	text, _ := os.ReadFile("/bin/true")
	os.WriteFile("/tmp/true", text, 0o700)
	attempt("a program of its own", exec.Command("/tmp/true").Run() == nil)
	// Processes in namespaces of their own would have capabilities there.
	for _, flags := range []uintptr{syscall.CLONE_NEWUSER, syscall.CLONE_NEWPID, syscall.CLONE_NEWNS, syscall.CLONE_NEWNET} {
		command := exec.Command("/bin/true")
		command.SysProcAttr = &syscall.SysProcAttr{Cloneflags: flags}
		attempt("a namespace", command.Run() == nil)
	}
	var first, second int
	fmt.Scan(&first, &second)
	fmt.Println(first + second)
}
