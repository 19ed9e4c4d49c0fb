package multileader_test

import (
	"fmt"
	"time"

	"cloudconcepts/replication/multileader"
)

// Two leaders, 50 ms apart, count the views of a thousand pages: what becomes of increments that happen at once.
func ExampleSimulate() {
	for _, policy := range multileader.Policies() {
		c := multileader.Default()
		c.Policy, c.Zipf, c.Duration = policy, 1, 10*time.Second
		r, err := multileader.Simulate(c)
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Printf("%-16v  in conflict %d of %d, lost %d, sum too low by %d\n", policy, r.Conflicting, r.Writes, r.Lost, r.CounterError)
	}
	// Output:
	// last-writer-wins  in conflict 9759 of 19828, lost 4614, sum too low by 4614
	// hybrid-clock      in conflict 9759 of 19828, lost 4614, sum too low by 4614
	// version-vectors   in conflict 9759 of 19828, lost 0, sum too low by 4159
	// counter           in conflict 9759 of 19828, lost 0, sum too low by 0
}

func ExampleGCounter() {
	var east, west multileader.GCounter
	east.Add("east", 3)
	west.Add("west", 4)
	east.Merge(&west)
	east.Merge(&west) // hearing of it twice changes nothing
	fmt.Println(east.Value())
	// Output: 7
}

func ExampleORSet() {
	var phone, laptop multileader.ORSet[string]
	phone.Add("phone", "milk")
	laptop.Merge(&phone)
	laptop.Remove("milk")
	phone.Add("phone", "milk") // at the same time
	laptop.Merge(&phone)
	fmt.Println(laptop.Contains("milk"))
	// Output: true
}

func ExampleSiblings() {
	var a, b multileader.Siblings[string]
	a.Put("a", "blue")
	b.Put("b", "green")
	a.Merge(&b)
	fmt.Println(len(a.Values()), "values")
	a.Put("a", "turquoise") // by someone who has seen both
	b.Merge(&a)
	fmt.Println(b.Values())
	// Output:
	// 2 values
	// [turquoise]
}

func ExampleResult_String() {
	c := multileader.Default()
	c.Duration = time.Second
	r, err := multileader.Simulate(c)
	if err != nil {
		panic(err)
	}
	fmt.Println(r)
	// Output:
	// last-writer-wins: 1953 writes, 8.7 % in conflict, 85 lost (4.35 %), counter off by 85, 0 keys with siblings
}
