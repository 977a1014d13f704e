"""What the application can do, one module a capability; no HTTP below this line."""
