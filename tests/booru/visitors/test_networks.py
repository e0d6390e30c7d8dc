from ipaddress import ip_network

import pytest

from booru.visitors.networks import is_proxy, is_public, network_of


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("8.8.8.8", "8.8.8.0/24"),
        ("2606:4700:1:2:3:4:5:6", "2606:4700:1:2::/64"),
        ("192.168.1.5", "192.168.1.5/32"),
        ("127.0.0.1", "127.0.0.1/32"),
        ("::1", "::1/128"),
        ("::ffff:8.8.8.8", "8.8.8.0/24"),
    ],
)
def test_an_address_belongs_to_a_network(address, network):
    assert network_of(address) == ip_network(network)


def test_only_addresses_of_the_internet_are_public():
    assert is_public("8.8.8.8")
    assert not is_public("10.0.0.1")
    assert not is_public("fe80::1")


def test_the_setting_names_the_proxies(settings):
    assert not is_proxy("8.8.8.8")
    assert not is_proxy(None)
    settings.DANBOORU_PROXY_NETWORKS = [ip_network("8.8.0.0/16"), ip_network("2606:4700::/32")]
    assert is_proxy("8.8.8.8")
    assert is_proxy("2606:4700::1")
    assert not is_proxy("8.9.0.1")
    assert is_proxy(None), "it may be any of them"
