"""Native programs in the sandbox: attacks in C, and what they can do without each restriction."""
