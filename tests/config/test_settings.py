"""Settings: read from the environment, each in its one form, and refused in a sentence that says what fits."""

from __future__ import annotations

from pathlib import Path

import pytest

from majlis.config.settings import Settings, SettingsProblem, get_settings


def read(monkeypatch: pytest.MonkeyPatch, **variables: str) -> Settings:
    for about in Settings.described().values():
        monkeypatch.delenv(about.variable, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    return get_settings.__wrapped__()


def test_with_nothing_said_everything_has_its_default(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = read(monkeypatch)
    for name, about in Settings.described().items():
        if name != "data_dir":  # made absolute
            assert getattr(settings, name) == about.default


def test_text_becomes_numbers_folders_and_yes_or_no(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = read(
        monkeypatch,
        MAJLIS_WORKERS="3",
        MAJLIS_DATA_DIR="somewhere",
        MAJLIS_DEBUG="true",
        MAJLIS_LIMITS="0",
        MAJLIS_BASE_URL="https://social.example/",
        DATABASE_URL="postgresql://a:b@db.example/majlis",
        MAJLIS_SERVER_NAME="12",
    )
    assert (settings.workers, settings.debug, settings.limits) == (3, True, False)
    assert settings.data_dir == Path("somewhere").absolute()
    assert (settings.base_url, settings.host, settings.secure) == (
        "https://social.example",
        "social.example",
        True,
    )
    assert settings.database_url == "postgresql://a:b@db.example/majlis"
    assert settings.server_name == "12"


def test_the_database_may_be_named_with_the_prefix_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)
    assert read(monkeypatch, MAJLIS_DATABASE_URL="postgres:///x").database_url == "postgres:///x"


@pytest.mark.parametrize(
    ("variable", "value", "why"),
    [
        ("MAJLIS_WORKERS", "many", "it is a whole number from 1 to 64"),
        ("MAJLIS_WORKERS", "65", "it is a whole number from 1 to 64"),
        ("MAJLIS_WORKERS", "", "it is a whole number from 1 to 64"),
        ("MAJLIS_DEBUG", "perhaps", "it is true or false"),
        ("MAJLIS_REGISTRATIONS", "some", "it is one of approval, closed, invitation, open"),
        ("MAJLIS_SERVER_NAME", "", "it has 1 to 80 characters"),
        ("MAJLIS_DESCRIPTION", "x" * 501, "it has at most 500 characters"),
        (
            "MAJLIS_BASE_URL",
            "https://social.example/path",
            "it is an address such as https://social.example, without a path",
        ),
        ("MAJLIS_BASE_URL", "http://[::1", "it is an address such as https://social.example, without a path"),
        (
            "MAJLIS_BASE_URL",
            "http://a:99999",
            "it is an address such as https://social.example, without a path",
        ),
        ("MAJLIS_BASE_URL", "http://a b", "it is an address such as https://social.example, without a path"),
        (
            "MAJLIS_BASE_URL",
            "http://a?b=c",
            "it is an address such as https://social.example, without a path",
        ),
        ("MAJLIS_CONTACT_EMAIL", "nobody", "it is a mail address such as majlis@social.example"),
        ("MAJLIS_MAIL_FROM", "House <nobody>", "it is a mail address such as majlis@social.example"),
        (
            "MAJLIS_ALLOWED_HOSTS",
            "social.example, https://b.example/x",
            "it is host names without http://, port or *, separated by commas",
        ),
        ("MAJLIS_ALLOWED_HOSTS", "*", "it is host names without http://, port or *, separated by commas"),
        ("MAJLIS_TIME_ZONE", "Mars/Olympus", "it is the name of a time zone such as Africa/Cairo"),
        ("MAJLIS_SMTP_URL", "mail.example", "it is an address such as smtp://user:password@mail.example:587"),
        (
            "DATABASE_URL",
            "mysql://db",
            "it is an address such as postgresql://user:password@host/name; only PostgreSQL works",
        ),
    ],
)
def test_what_does_not_fit_is_named_with_what_would(
    monkeypatch: pytest.MonkeyPatch, variable: str, value: str, why: str
) -> None:
    with pytest.raises(SettingsProblem) as refused:
        read(monkeypatch, **{variable: value})
    assert str(refused.value) == f"The setting {variable} cannot be used: {why}."


def test_every_problem_has_its_line(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(SettingsProblem) as refused:
        read(monkeypatch, MAJLIS_WORKERS="x", MAJLIS_LOG_LEVEL="loud")
    assert str(refused.value).splitlines() == [
        "The setting MAJLIS_WORKERS cannot be used: it is a whole number from 1 to 64.",
        "The setting MAJLIS_LOG_LEVEL cannot be used: it is one of debug, error, info, warning.",
    ]


def test_hosts_and_mail_addresses_that_fit(monkeypatch: pytest.MonkeyPatch) -> None:
    hosts, sender = "social.example, .b.example,[::1],10.0.0.7", "Our house <house@social.example>"
    settings = read(monkeypatch, MAJLIS_ALLOWED_HOSTS=hosts, MAJLIS_MAIL_FROM=sender)
    assert (settings.allowed_hosts, settings.mail_from) == (hosts, sender)


def test_a_misspelt_setting_is_named_with_the_one_that_was_meant(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = read(monkeypatch, MAJLIS_REGISTRATION="open", MAJLIS_QQQ="1", MAJLIS_SHARED="/x")
    said = settings.misspelt()
    assert "There is no setting MAJLIS_REGISTRATION. Is MAJLIS_REGISTRATIONS meant?" in said
    assert "There is no setting MAJLIS_QQQ." in said
    assert not any("MAJLIS_SHARED" in sentence or "MAJLIS_TESTS" in sentence for sentence in said)
