"""What connections to the database need so that a broken one is noticed: for OPTIONS in DATABASES."""

# Without these a connection whose packets are dropped is waited for a quarter of an hour, or for ever.
CONNECTION_OPTIONS = {
    "connect_timeout": 10,  # seconds
    "keepalives": 1,
    "keepalives_idle": 30,
    "keepalives_interval": 10,
    "keepalives_count": 3,
    "tcp_user_timeout": 30_000,  # milliseconds that what was sent may be without an answer from the network
}
