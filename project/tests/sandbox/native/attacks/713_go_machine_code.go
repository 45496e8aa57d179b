// expect: compile_error
package main

// #include <stdlib.h>
import "C"

func main() {
	C.system(C.CString("echo BROKEN"))
}
