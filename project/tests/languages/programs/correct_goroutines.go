// expect: accepted
package main

import (
	"bufio"
	"fmt"
	"os"
	"sort"
	"strings"
	"sync"
)

func main() {
	reader := bufio.NewReader(os.Stdin)
	var numbers []int
	for {
		var number int
		if _, failure := fmt.Fscan(reader, &number); failure != nil {
			break
		}
		numbers = append(numbers, number)
	}
	sort.Ints(numbers)
	var group sync.WaitGroup
	sums := make(chan int, len(numbers))
	for _, number := range numbers {
		group.Add(1)
		go func(number int) {
			defer group.Done()
			sums <- number
		}(number)
	}
	group.Wait()
	close(sums)
	total := 0
	for sum := range sums {
		total += sum
	}
	fmt.Println(strings.TrimSpace(fmt.Sprint(total)))
}
