"""Settings, read once from the environment and passed in."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parent.parent
LOCAL_HOSTS = ("127.0.0.1", "localhost")
NOTIFY_URL = "https://api.notifications.service.gov.uk"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """How one Waymark runs. Paths are absolute; `base_url` has no slash at its end."""

    instance: Path
    database_url: str
    index_dir: Path
    base_url: str
    secret_key: str = field(repr=False)
    secret_key_fallbacks: tuple[str, ...] = field(default=(), repr=False)
    trusted_hosts: tuple[str, ...] = ()
    trusted_proxies: int = 0
    redis_url: str = field(default="", repr=False)
    metrics_token: str = field(default="", repr=False)
    mail: str = field(default="file:", repr=False)
    sms: str = field(default="file:", repr=False)
    mail_from: str = ""
    notify_url: str = NOTIFY_URL
    notify_api_key: str = field(default="", repr=False)
    notify_email_template: str = ""
    notify_sms_template: str = ""
    notify_callback_token: str = field(default="", repr=False)
    second_factor_required: bool = True
    check_links: bool = False
    security_contact: str = ""
    virus_scan: str = ""
    testing: bool = False

    @classmethod
    def from_env(cls, env: Mapping[str, str] | None = None) -> Settings:
        """Read the `WAYMARK_…` variables (see the README); what is missing gets the embedded default."""
        env = os.environ if env is None else env
        instance = Path(env.get("WAYMARK_INSTANCE") or ROOT / "instance").resolve()
        base_url = (env.get("WAYMARK_BASE_URL") or f"http://127.0.0.1:{env.get('PORT') or 8000}").rstrip("/")
        keys = env.get("WAYMARK_SECRET_KEY", "").split(",") if env.get("WAYMARK_SECRET_KEY") else []
        return cls(
            instance=instance,
            database_url=env.get("WAYMARK_DATABASE_URL") or f"sqlite:///{instance / 'waymark.sqlite3'}",
            index_dir=Path(env.get("WAYMARK_INDEX_DIR") or ROOT / "search_index" / "data").resolve(),
            base_url=base_url,
            secret_key=keys[0] if keys else kept_secret(instance / "secret.key"),
            secret_key_fallbacks=tuple(keys[1:]),
            trusted_hosts=trusted_hosts(base_url),
            trusted_proxies=int(env.get("WAYMARK_TRUSTED_PROXIES") or 0),
            redis_url=env.get("WAYMARK_REDIS_URL", ""),
            metrics_token=env.get("WAYMARK_METRICS_TOKEN", ""),
            security_contact=env.get("WAYMARK_SECURITY_CONTACT", ""),
            second_factor_required=env.get("WAYMARK_SECOND_FACTOR", "required") != "optional",
            check_links=checks_links(env.get("WAYMARK_CHECK_LINKS", ""), base_url),
            virus_scan=env.get("WAYMARK_VIRUS_SCAN", "").strip(),
            mail=env.get("WAYMARK_MAIL") or "file:",
            sms=env.get("WAYMARK_SMS") or "file:",
            mail_from=env.get("WAYMARK_MAIL_FROM", ""),
            notify_url=env.get("WAYMARK_NOTIFY_URL") or NOTIFY_URL,
            notify_api_key=env.get("WAYMARK_NOTIFY_API_KEY", ""),
            notify_email_template=env.get("WAYMARK_NOTIFY_EMAIL_TEMPLATE", ""),
            notify_sms_template=env.get("WAYMARK_NOTIFY_SMS_TEMPLATE", ""),
            notify_callback_token=env.get("WAYMARK_NOTIFY_CALLBACK_TOKEN", ""),
        )

    @property
    def is_https(self) -> bool:
        """Whether people reach this Waymark over TLS."""
        return self.base_url.startswith("https://")

    @property
    def is_local(self) -> bool:
        """Whether this Waymark is for trial on the machine it runs on, and not reached from others."""
        return (urlsplit(self.base_url).hostname or "") in LOCAL_HOSTS


def checks_links(told: str, base_url: str) -> bool:
    """Whether web addresses are looked at: as told, else wherever Waymark is not for trial on its own machine."""
    return told == "1" if told else urlsplit(base_url).hostname not in LOCAL_HOSTS


def trusted_hosts(base_url: str) -> tuple[str, ...]:
    """The host of the base URL; on a machine's own address its other spelling too."""
    host = urlsplit(base_url).hostname or ""
    return LOCAL_HOSTS if host in LOCAL_HOSTS else (host,)


def kept_secret(path: Path) -> str:
    """The secret kept in `path`, made at first need and readable by its owner alone."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except FileExistsError:
        return path.read_text(encoding="ascii").strip()
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        secret = secrets.token_urlsafe(48)
        file.write(secret)
    return secret
