"""Django settings of the contenders that are Django apps."""
