"""A sign-in service for tests: OpenID Connect's code flow with PKCE over loopback, whose tokens can be spoilt on demand."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

CLIENT_ID, CLIENT_SECRET = "parley", "a secret of the tests"
Claims = dict[str, Any]


class Provider(ThreadingHTTPServer):
    """Signs in whoever `person` names; `spoil` changes the claims of the tokens to come, `sign` how they are signed."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.issuer = f"http://127.0.0.1:{self.server_port}"
        self.key = RSAKey.generate_key(2048, parameters={"kid": "1"})
        self.codes: dict[str, dict[str, str]] = {}
        self.mended()
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    def mended(self) -> None:
        """Back to honest tokens for Ann, good for an hour."""
        self.person = "ann@example.com"
        self.spoil: Callable[[Claims], None] = lambda claims: None
        self.sign: Callable[[Claims], str] = self.signed

    def signed(self, claims: Claims, key: RSAKey | None = None) -> str:
        return jwt.encode({"alg": "RS256", "kid": "1"}, claims, key or self.key)

    def token(self, asked: dict[str, str]) -> str:
        now = int(time.time())
        claims = {"iss": self.issuer, "aud": CLIENT_ID, "iat": now, "exp": now + 3600, "nonce": asked["nonce"]}
        claims |= {"sub": f"id-of-{self.person}", "email": self.person, "email_verified": True}
        self.spoil(claims)
        return self.sign(claims)

    def handle_error(self, request: object, client_address: object) -> None:
        """A caller that hangs up early is none of the test's business."""


class _Handler(BaseHTTPRequestHandler):
    server: Provider

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        if parts.path == "/.well-known/openid-configuration":
            self._json(_metadata(self.server.issuer))
        elif parts.path == "/keys":
            self._json({"keys": [self.server.key.as_dict(private=False)]})
        elif parts.path == "/authorize":
            asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
            code = secrets.token_urlsafe(16)
            self.server.codes[code] = asked
            self.send_response(302)
            self.send_header(
                "Location", asked["redirect_uri"] + "?" + urlencode({"code": code, "state": asked["state"]})
            )
            self.end_headers()

    def do_POST(self) -> None:
        form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        asked = self.server.codes.pop(form["code"][0], None)
        client = base64.b64decode(self.headers.get("Authorization", "Basic ").split()[-1]).decode()
        verifier = form.get("code_verifier", [""])[0].encode()
        challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier).digest()).rstrip(b"=").decode()
        honest = asked and asked["code_challenge_method"] == "S256" and asked["code_challenge"] == challenge
        if not (asked and honest and CLIENT_SECRET.replace(" ", "+") in client.replace("%20", "+").replace(" ", "+")):
            self._json({"error": "invalid_grant"}, 400)
            return
        self._json({"access_token": "x", "token_type": "Bearer", "id_token": self.server.token(asked)})

    def _json(self, content: object, status: int = 200) -> None:
        body = json.dumps(content).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Nothing: the tests' own output is enough."""


def _metadata(issuer: str) -> dict[str, object]:
    return {
        "issuer": issuer,
        "authorization_endpoint": f"{issuer}/authorize",
        "token_endpoint": f"{issuer}/token",
        "jwks_uri": f"{issuer}/keys",
        "response_types_supported": ["code"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "code_challenge_methods_supported": ["S256"],
    }
