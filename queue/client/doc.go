// Package client simulates clients in front of a service that can be
// overloaded: timeouts, retries, backoff, budgets and breakers.
package client
