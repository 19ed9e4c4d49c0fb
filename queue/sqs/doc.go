// Package sqs simulates message queues with visibility timeouts.
package sqs
