"""What breaks for whom when one OpenAPI 3.1 document takes the place of another.

It knows nothing of this API: documents in, sentences out. `api.breaks.documents` has the one
function that others call.
"""
