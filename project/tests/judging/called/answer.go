package answer

import (
	"errors"
	"fmt"
	"os"
	"strings"
)

type TooSmall struct{ number int }

func (failure *TooSmall) Error() string { return "negative" }

func add(a, b int) int          { return a + b }
func greet(name string) string  { return "Hé \"" + name + "\"\n\x01" }
func maybe(value *int) *int     { return value }
func negated(value bool) bool   { return !value }
func divided(a, b float64) any  { return a / b }
func printing(values []int)     { fmt.Print(`{"value": 7}`) }
func long_text() string         { return strings.Repeat("x", 70000) }
func forever(n int) int         { return forever(n+1) + 1 }
func leaving() int              { os.Exit(0); return 5 }
func pair(a int) (int, string)  { return a, "x" }
func bytes(values []byte) any   { return values }
func letter(value rune) string  { return string(value) }
func sum(values ...int) (s int) { for _, value := range values { s += value }; return }
func channel() chan int         { return nil }
func no_text() string           { return "\xff" }

func table(given map[string][]float64) map[string][]float64 {
	given["b"] = []float64{0.1, 1e300, 5}
	return given
}

func grid(size int) [][]int {
	rows := make([][]int, size)
	for i := range rows {
		rows[i] = []int{1, 1}
	}
	return rows
}

func checked(n int) (int, error) {
	if n < 0 {
		return 0, fmt.Errorf("%w", &TooSmall{n})
	}
	if n == 0 {
		return 0, errors.New("zero")
	}
	return []int{7}[n], nil
}

func forging(reply string) int {
	os.NewFile(3, "reply").WriteString(reply)
	os.Exit(0)
	return 5
}
