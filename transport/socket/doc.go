// Package socket is the WebSocket of docs/protocol.md: it lets people in, reads
// their requests and hands them what the live node has for them.
//
// Start reading at server.go; connection.go is one socket, request.go what is
// asked on it.
package socket
