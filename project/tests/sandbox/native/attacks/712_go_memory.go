// expect: runtime_error memory_limit
package main

import "fmt"

func main() {
	var kept [][]byte
	for count := 0; count < 64; count++ {
		block := make([]byte, 64<<20)
		for place := 0; place < len(block); place += 4096 {
			block[place] = 1
		}
		kept = append(kept, block)
	}
	fmt.Println("BROKEN it has", len(kept)*64, "MiB")
}
