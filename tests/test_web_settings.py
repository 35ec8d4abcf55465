"""Settings: what the environment may say, and what a command line overrides."""

import pytest

import web
from web import LanguageModelSettings, Settings, SettingsError


def test_without_environment_the_service_listens_on_loopback() -> None:
    assert Settings.from_environment(environment={}) == Settings("127.0.0.1", 8000, ())


def test_environment_sets_every_field() -> None:
    environment = {
        "YOUJU_HOST": "192.0.2.1",
        "YOUJU_PORT": "8123",
        "YOUJU_ALLOWED_HOSTS": "reports.example, youju.lan,",
        "YOUJU_LLM_URL": "http://127.0.0.1:11434/v1/",
        "YOUJU_LLM_MODEL": "small",
        "YOUJU_LLM_KEY": "secret",
        "YOUJU_LLM_SECONDS": "7.5",
    }
    settings = Settings.from_environment(environment=environment)
    llm = LanguageModelSettings("http://127.0.0.1:11434/v1", "small", "secret", 7.5)
    assert settings == Settings("192.0.2.1", 8123, ("reports.example", "youju.lan"), llm)
    assert "secret" not in repr(settings)


def test_what_is_given_wins_over_the_environment() -> None:
    environment = {
        "YOUJU_HOST": "192.0.2.1",
        "YOUJU_PORT": "not read",
        "YOUJU_LLM_URL": "not read",
        "YOUJU_LLM_MODEL": "small",
    }
    settings = Settings.from_environment(
        host="::1",
        port=0,
        llm_url="https://llm.example/v1",
        llm_model="large",
        environment=environment,
    )
    assert (settings.host, settings.port) == ("::1", 0)
    assert settings.llm == LanguageModelSettings("https://llm.example/v1", "large")


@pytest.mark.parametrize("port", ["80x", "-1", "65536", "８０００", "1e3", " 8000"])
def test_a_port_that_is_none_is_refused_by_name(port: str) -> None:
    with pytest.raises(SettingsError, match="端口"):
        Settings.from_environment(environment={"YOUJU_PORT": port})


@pytest.mark.parametrize(
    ("environment", "message"),
    [
        ({"YOUJU_LLM_URL": "127.0.0.1:11434"}, "不是网址"),
        ({"YOUJU_LLM_URL": "file:///etc/passwd"}, "不是网址"),
        ({"YOUJU_LLM_URL": "http://[oops/v1"}, "不是网址"),
        ({"YOUJU_LLM_URL": "http://a/v1", "YOUJU_LLM_MODEL": ""}, "YOUJU_LLM_MODEL"),
        ({"YOUJU_LLM_URL": "http://a/v1", "YOUJU_LLM_SECONDS": "soon"}, "YOUJU_LLM_SECONDS='soon'"),
        ({"YOUJU_LLM_URL": "http://a/v1", "YOUJU_LLM_SECONDS": "0"}, "YOUJU_LLM_SECONDS=0"),
        ({"YOUJU_LLM_URL": "http://a/v1", "YOUJU_LLM_SECONDS": "nan"}, "YOUJU_LLM_SECONDS=nan"),
    ],
)
def test_a_language_model_that_cannot_be_used_is_refused_by_name(
    environment: dict[str, str], message: str
) -> None:
    environment = {"YOUJU_LLM_MODEL": "small"} | environment
    with pytest.raises(SettingsError, match=message):
        Settings.from_environment(environment=environment)


def test_empty_variables_count_as_unset() -> None:
    environment = dict.fromkeys(
        ["YOUJU_HOST", "YOUJU_PORT", "YOUJU_ALLOWED_HOSTS", "YOUJU_LLM_URL", "YOUJU_LLM_MODEL"], ""
    )
    assert Settings.from_environment(environment=environment) == Settings()


def test_every_public_name_is_importable() -> None:
    assert all(hasattr(web, name) for name in web.__all__)
    assert web.__all__ == sorted(web.__all__, key=lambda name: (name.islower(), name))
