package notify

import "context"

// Secrets are keys that all nodes of an installation share without being told
// them: to sign links and reply addresses with.
type Secrets interface {
	// Secret is 32 random bytes of that name, made at the first use and the same
	// ever after, on every node.
	Secret(ctx context.Context, name string) ([]byte, error)
}
