"""What happens, told to those who watch while it happens."""
