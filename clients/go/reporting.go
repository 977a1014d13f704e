package main

import (
	"fmt"
	"os"
	"strings"
)

var (
	server = os.Getenv("API")
	token  = os.Getenv("TOKEN")
	client = os.Getenv("CLIENT")
)

// step does one step, and says on one line how it went.
func step(name string, workaround string, do func()) {
	defer func() {
		if err := recover(); err != nil {
			told := strings.Join(strings.Fields(fmt.Sprint(err)), " ")
			fmt.Printf("failed\t%s\t%.300s\n", name, told)
		} else if workaround != "" {
			fmt.Printf("workaround\t%s\t%s\n", name, workaround)
		} else {
			fmt.Printf("ok\t%s\t\n", name)
		}
	}()
	do()
}

// ensure ends the step unless something holds.
func ensure(holds bool, told ...any) {
	if !holds {
		panic(fmt.Sprint("it does not hold: ", told))
	}
}

// must returns the value, and ends the step on an error.
func must[T any](value T, err error) T {
	ensure(err == nil, err)
	return value
}
