"""The forms of providers that sign staff in."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from wtforms import PasswordField, RadioField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Length, Optional

from app.accounts.codes import ClientProof
from app.accounts.forms import single_line_or_none
from app.web.forms import Form

LONGEST = Length(max=400, message=_("Use 400 characters or fewer"))


PROOFS = {
    ClientProof.PRIVATE_KEY: _("With a key that Waymark makes (private_key_jwt)"),
    ClientProof.SECRET_BASIC: _("With a secret that they gave you (client_secret_basic)"),
    ClientProof.SECRET_POST: _("With a secret that they gave you, in the body (client_secret_post)"),
}


class ProviderForm(Form):
    """How an organisation reaches its provider."""

    name = StringField(
        _("Name on the button"),
        validators=[
            DataRequired(_("Enter the name that your staff know it by")),
            Length(max=60, message=_("Use 60 characters or fewer")),
        ],
        filters=[single_line_or_none],
    )
    issuer = StringField(
        _("Issuer"),
        validators=[DataRequired(_("Enter the issuer, an address that starts with https://")), LONGEST],
    )
    client_id = StringField(
        _("Client ID"), validators=[DataRequired(_("Enter the client ID that they gave you")), LONGEST]
    )
    client_proof = RadioField(
        _("How Waymark shows them that it is Waymark"),
        choices=[SelectChoice(proof.value, words) for proof, words in PROOFS.items()],
        validators=[DataRequired(_("Choose one"))],
    )
    secret = PasswordField(_("Secret"), validators=[Optional(), LONGEST])
    levels = StringField(
        _("Levels that count as two steps"), validators=[Optional(), LONGEST], filters=[single_line_or_none]
    )
