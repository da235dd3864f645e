// Package installation is Homeline as it is run: nodes of the built program
// behind HAProxy, over a PostgreSQL and a Redis of its own, on this machine's
// loopback and in one folder. Every part can be broken for real.
package installation
