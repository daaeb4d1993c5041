"""What earlier versions left behind: databases of every schema, queues and links, carried on by this version."""
