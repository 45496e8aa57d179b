"""What stands between the service and its database, or beside that, and what it costs."""
