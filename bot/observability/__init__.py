"""What a running process shows of itself: request ids, log, metrics, spans, health."""
