"""The benchmark: the same records and questions put to us and to others, and what each takes."""
