"""What we are compared with: the same records served as one writes such a service in a day."""
