// Package architecture holds no code: its tests keep the rules of the house, as CONTRIBUTING.md states them, and run what
// README.md shows.
package architecture
