package installation

// PID is the id of the node's process, for whoever measures it.
func (n *Node) PID() int { return n.current().cmd.Process.Pid }

// PID is the id of the server's first process: sessions are its children.
func (p *Postgres) PID() int { return p.process.cmd.Process.Pid }

// PID is the id of the server's process.
func (r *Redis) PID() int { return r.process.cmd.Process.Pid }

// PID is the id of the proxy's master: what works is its child.
func (p *Proxy) PID() int { return p.process.cmd.Process.Pid }
