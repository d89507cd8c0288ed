"""A real mail server for one test: STARTTLS and a sign-in are required; each letter it takes is one line of JSON."""

import asyncio
import json
import ssl
import sys
from email import policy
from email.parser import BytesParser

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult


class Mailbox:
    async def handle_DATA(self, server, session, envelope):
        letter = BytesParser(policy=policy.default).parsebytes(envelope.content)
        told = {
            "tls": session.ssl is not None,
            "login": session.authenticated,
            "from": envelope.mail_from,
            "to": envelope.rcpt_tos,
            "subject": letter["subject"],
            "text": letter.get_content(),
        }
        print(json.dumps(told), flush=True)
        return "250 taken"


def authenticate(server, session, envelope, mechanism, data):
    return AuthResult(success=data.login == b"ana" and data.password == b"secret word", handled=False)


class Encrypted(Controller):
    def factory(self):
        return SMTP(
            self.handler,
            tls_context=self.certificate,
            require_starttls=True,
            auth_required=True,
            auth_require_tls=True,
            authenticator=authenticate,
        )


certificate = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
certificate.load_cert_chain(sys.argv[1], sys.argv[2])
controller = Encrypted(Mailbox(), hostname="127.0.0.1", port=int(sys.argv[3]))
controller.certificate = certificate
controller.start()
print(json.dumps({"listening": True}), flush=True)
sys.stdin.read()
controller.stop()
