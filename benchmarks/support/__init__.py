"""What the benchmarks share: server.py is where each of them gets its PostgreSQL."""
