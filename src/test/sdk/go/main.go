// The steps with the unmodified Go SDK; src/test/sdk/run runs them. Other suites have the same ones, by the same names and in the
// same order. Writes a line of JSON for each step, see ForeignSuite.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"time"
)

const (
	seconds    = 30
	works      = "works"
	refusal    = "refused"
	notOffered = "not offered"
)

type step struct {
	capability string
	run        func(*bus) string
}

type outcome struct {
	Capability string `json:"capability"`
	Outcome    string `json:"outcome"`
	Detail     string `json:"detail"`
}

var answers = bufio.NewReader(os.Stdin)

func restartBroker() {
	fmt.Println(`{"please": "restart"}`)
	equal(must(answers.ReadString('\n')), "restarted\n")
}

func run(step step, queue string) (found outcome) {
	ctx, cancel := context.WithTimeout(context.Background(), (seconds-1)*time.Second)
	defer cancel()
	defer func() {
		if failure := recover(); failure != nil {
			found = outcome{step.capability, "fails", fmt.Sprint(failure)}
		}
	}()
	b := newBus(ctx, queue)
	defer b.close()
	return outcome{step.capability, step.run(b), ""}
}

func main() {
	steps := append(append(messages(), entities()...), refusals()...)
	for number, step := range steps {
		done := make(chan outcome, 1)
		go func() { done <- run(step, fmt.Sprintf("sdk-%d", number+1)) }()
		var found outcome
		select {
		case found = <-done:
		case <-time.After(seconds * time.Second):
			found = outcome{step.capability, "fails", fmt.Sprintf("no end within %d s", seconds)}
		}
		fmt.Println(string(must(json.Marshal(found))))
	}
}
