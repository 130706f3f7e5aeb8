"""What every test of the product shares."""

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--gate-seeds",
        type=int,
        default=2,
        help="under how many seeds the gate grades each answer (`make gate` uses 10)",
    )
