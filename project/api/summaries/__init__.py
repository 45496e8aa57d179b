"""What the database itself counts about scores: standings, ranks and the figures of exercises. docs/adr/0010."""
