"""Messages to people point to the pages that are served, wherever they are."""

import pytest

from services.exchange.settings import ExchangeSettings

OUTSIDE = "https://alongside.example.org"


def test_without_an_address_of_its_own_a_message_points_to_the_port_that_is_served(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("ALONGSIDE_PUBLIC_URL", raising=False)
    monkeypatch.setenv("ALONGSIDE_HTTP_PORT", "18480")
    assert ExchangeSettings().public_url == "http://127.0.0.1:18480"


def test_an_address_that_was_given_wins_over_the_port_that_is_served(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("ALONGSIDE_HTTP_PORT", "18480")
    monkeypatch.setenv("ALONGSIDE_PUBLIC_URL", OUTSIDE)
    assert ExchangeSettings().public_url == OUTSIDE
