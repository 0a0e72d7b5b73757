"""The composition root: the only package that knows commands, vendors and settings together."""

from bot.app.backup import drill, export, restore
from bot.app.compose import Core, core, now, vendor_settings
from bot.app.secrets import aged, set_today
from bot.app.serving import App, running, settle
from bot.app.verbs import (
    ask,
    asked,
    audit_export,
    audit_verify,
    audit_verify_export,
    check,
    import_sales,
    import_vault,
    migrate,
    serve,
    worker,
)

__all__ = [
    "App",
    "Core",
    "aged",
    "ask",
    "asked",
    "audit_export",
    "audit_verify",
    "audit_verify_export",
    "check",
    "core",
    "drill",
    "export",
    "import_sales",
    "import_vault",
    "migrate",
    "now",
    "restore",
    "running",
    "serve",
    "set_today",
    "settle",
    "vendor_settings",
    "worker",
]
