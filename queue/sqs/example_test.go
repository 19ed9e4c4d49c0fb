package sqs_test

import (
	"fmt"
	"time"

	"cloudconcepts/queue/sqs"
)

// A visibility timeout as long as processing takes on average: four messages in ten are processed twice or more often.
func ExampleSimulate() {
	c := sqs.SQSStandard()
	c.Producer.Messages = 30_000
	c.Producer.Steps = []sqs.Step{{Rate: 100}}
	c.Queue.Visibility = time.Second
	c.Consumer.Service = sqs.Exp(time.Second)
	r, err := sqs.Simulate(c)
	if err != nil {
		fmt.Println(err)
		return
	}
	theory := sqs.Timeout{Service: c.Consumer.Service, Visibility: c.Queue.Visibility}
	fmt.Printf("deliveries per message %.2f, by the closed form %.2f\n", r.DeliveriesPerMessage, theory.Deliveries())
	fmt.Printf("delivered more than once: %.0f %%\n", 100*r.DuplicatesFraction)
	// Output:
	// deliveries per message 1.42, by the closed form 1.42
	// delivered more than once: 37 %
}

// One poison message blocks its group of a FIFO queue for three timeouts, and no other group.
func ExampleSQSFIFO() {
	c := sqs.SQSFIFO()
	c.Queue.MaxReceives = 3
	c.Producer = sqs.Producer{Messages: 100, PoisonFirst: 1, Batch: 10, Groups: 10}
	r, err := sqs.Simulate(c)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("blocked for", r.GroupBlocked, "and dead-lettered:", r.DeadLettered)
	// Output:
	// blocked for 1m30s and dead-lettered: 1
}

// Limits are checked before anything runs, all at once.
func ExampleConfig_Validate() {
	c := sqs.SQSStandard()
	c.Consumer.Batch = 11
	c.Queue.Delay = time.Hour
	fmt.Println(c.Validate())
	// Output:
	// sqs: invalid config: Queue.Delay = 1h0m0s, want in [0s, 15m0s] (AWS: SetQueueAttributes)
	// sqs: invalid config: Consumer.Batch = 11, want in [1, 10] (AWS: ReceiveMessage)
}

// A result prints what matters most of it.
func ExampleResult_String() {
	c := sqs.SQSStandard()
	c.Producer.Messages, c.Consumer.Service, c.Queue.Visibility = 1000, sqs.Exp(10*time.Second), 10*time.Second
	r, err := sqs.Simulate(c)
	fmt.Println(r, err)
	// Output: 1000 sent, 1000 processed, 0 dead-lettered, 0 expired, 0 left: 1.434 deliveries a message, 39.1 % delivered more than once <nil>
}
