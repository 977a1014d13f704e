"""HTTP machinery that knows no collection."""
