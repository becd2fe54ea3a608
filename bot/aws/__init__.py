"""Evidence from AWS: the only place that talks to it. It reads, and never writes."""
