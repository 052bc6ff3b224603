"""Response headers, and what a request may weigh."""

from __future__ import annotations

from flask import Flask, Response, abort, request

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; manifest-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
PERMISSIONS_POLICY = "camera=(), geolocation=(), microphone=(), payment=(), usb=(), interest-cohort=()"
MAX_BODY_BYTES = 256 * 1024
# What staff write is long, and comes back where it is too long for its fields: a contact with 9,000 characters in every
# one of them weighs half of this. In an address's own coding a character takes up to twelve bytes.
STAFF_BODY_BYTES = 2 * 1024 * 1024
# The longest form of ours, a register, has fewer than 1,000 fields.
MOST_FIELDS = 2000
URLENCODED = "application/x-www-form-urlencoded"
NO_STORE = "no-store"

HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": PERMISSIONS_POLICY,
    "X-Frame-Options": "DENY",
}


def install(app: Flask, *, https: bool) -> None:
    """Send the headers on every response, errors and static files among them."""
    app.config.update(
        MAX_CONTENT_LENGTH=MAX_BODY_BYTES,
        MAX_FORM_MEMORY_SIZE=MAX_BODY_BYTES,
        MAX_FORM_PARTS=200,
        SESSION_COOKIE_NAME="__Host-session" if https else "session",
        SESSION_COOKIE_SECURE=https,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_PATH="/",
        WTF_CSRF_TIME_LIMIT=None,
        # Over TLS it would ask for the Referer, which our own policy forbids browsers to send.
        WTF_CSRF_SSL_STRICT=False,
    )

    @app.before_request
    def weigh_the_request() -> None:
        # Before anything reads the form: the check against forgery does.
        view = app.view_functions.get(request.endpoint or "")
        if largest := getattr(view, "largest_body", None):
            request.max_content_length = largest
        elif (access := getattr(view, "access", None)) is not None and access.is_staff:
            request.max_content_length = request.max_form_memory_size = STAFF_BODY_BYTES
        # Werkzeug counts the parts of a form with files only; an address's own coding may hold a million of them.
        if request.mimetype == URLENCODED and request.get_data().count(b"&") >= MOST_FIELDS:
            abort(413)

    @app.after_request
    def add_headers(response: Response) -> Response:
        for name, value in HEADERS.items():
            response.headers[name] = value
        response.headers.setdefault(
            "Cross-Origin-Resource-Policy", "same-origin" if not _is_open_data() else "cross-origin"
        )
        if https:
            response.headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
        # Unless a page says otherwise nothing of it is kept on a phone that somebody else may pick up.
        response.headers.setdefault("Cache-Control", NO_STORE)
        # A private link that somebody put on a page of theirs is not to be found by anybody else.
        if "token" in (request.view_args or {}):
            response.headers["X-Robots-Tag"] = "noindex"
        return response


def _is_open_data() -> bool:
    return request.path.startswith("/open-referral/")
