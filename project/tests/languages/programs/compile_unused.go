// expect: compile_error
package main

import "os"

func main() {
	unused := 5
}
