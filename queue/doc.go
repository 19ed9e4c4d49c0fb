// Package queue simulates a service with a waiting line, and has the closed forms of queueing theory beside it.
package queue
