"""What the server counts of itself, for those who watch it."""

from flask import Blueprint, Response, current_app, request
from prometheus_client.exposition import choose_encoder

from ..web.metrics import metrics as metrics_of

blueprint = Blueprint("metrics", __name__)


@blueprint.get("/metrics")
def metrics() -> Response:
    """Answer the counts in Prometheus' text format, or in OpenMetrics to whoever asks for that."""
    encode, content_type = choose_encoder(request.headers.get("Accept", ""))
    body = encode(metrics_of(current_app).told())
    return Response(body, content_type=content_type, headers={"Cache-Control": "no-store"})
