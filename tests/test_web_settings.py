"""Settings: what the environment may say, and what a command line overrides."""

import pytest

import web
from web import Settings, SettingsError


def test_without_environment_the_service_listens_on_loopback() -> None:
    assert Settings.from_environment(environment={}) == Settings("127.0.0.1", 8000, ())


def test_environment_sets_every_field() -> None:
    environment = {
        "YOUJU_HOST": "192.0.2.1",
        "YOUJU_PORT": "8123",
        "YOUJU_ALLOWED_HOSTS": "reports.example, youju.lan,",
    }
    settings = Settings.from_environment(environment=environment)
    assert settings == Settings("192.0.2.1", 8123, ("reports.example", "youju.lan"))


def test_what_is_given_wins_over_the_environment() -> None:
    environment = {"YOUJU_HOST": "192.0.2.1", "YOUJU_PORT": "not read"}
    settings = Settings.from_environment(host="::1", port=0, environment=environment)
    assert (settings.host, settings.port) == ("::1", 0)


@pytest.mark.parametrize("port", ["80x", "-1", "65536", "８０００", "1e3", " 8000"])
def test_a_port_that_is_none_is_refused_by_name(port: str) -> None:
    with pytest.raises(SettingsError, match="端口"):
        Settings.from_environment(environment={"YOUJU_PORT": port})


def test_empty_variables_count_as_unset() -> None:
    environment = {"YOUJU_HOST": "", "YOUJU_PORT": "", "YOUJU_ALLOWED_HOSTS": ""}
    assert Settings.from_environment(environment=environment) == Settings()


def test_every_public_name_is_importable() -> None:
    assert all(hasattr(web, name) for name in web.__all__)
    assert web.__all__ == sorted(web.__all__, key=lambda name: (name.islower(), name))
