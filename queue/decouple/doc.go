// Package decouple puts the same user requests in front of the same slow provider in two ways.
package decouple
