"""The members of one's organisation: who they are, what they may do, and inviting more."""

from __future__ import annotations

from uuid import UUID

from flask import redirect, render_template
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from werkzeug.wrappers import Response
from wtforms.fields.choices import SelectChoice

from app.accounts import queries
from app.accounts.access import proved_lately, staff
from app.accounts.codes import Role
from app.accounts.current import current_actor
from app.accounts.emails import send_changed, send_invitation
from app.accounts.forms import InviteForm, RolesForm
from app.accounts.labels import ROLE_LABELS
from app.accounts.models import User
from app.accounts.operations import factors, invitations, members
from app.accounts.queries import Member
from app.accounts.rules import may_grant
from app.accounts.views.blueprint import accounts
from app.core.errors import NotFound, Refused
from app.web import staff_menu
from app.web.database import db
from app.web.done import done_before

Page = Response | str | tuple[str, int]
ADMINISTRATOR = staff(Role.ADMINISTRATOR)
PROVED = proved_lately(ADMINISTRATOR)

staff_menu.register(
    staff_menu.StaffMenuItem(
        lazy_gettext("Members"), "/desk/members", roles=frozenset({Role.ADMINISTRATOR.value}), order=80
    )
)
staff_menu.register(staff_menu.StaffMenuItem(lazy_gettext("Account"), "/account", order=90))


def place_of_actor() -> UUID:
    """The organisation that the actor works in."""
    organization_id = current_actor().organization_id
    assert organization_id is not None  # noqa: S101 - who has a role has an organisation
    return organization_id


def _member(user_id: UUID) -> Member:
    found = queries.member(db.session(), place_of_actor(), user_id)
    if found is None:
        raise NotFound("member")
    return found


def _choices() -> list[SelectChoice]:
    """The roles that the actor may give."""
    own = current_actor().roles
    return [SelectChoice(role.value, ROLE_LABELS[role]) for role in Role if may_grant(own, role)]


@accounts.route("/desk/members", access=ADMINISTRATOR)
def members_list() -> str:
    """Who belongs to the organisation, and who is invited."""
    return render_template(
        "accounts/members.html",
        members=queries.members_of(db.session(), place_of_actor()),
        invitations=queries.open_invitations(db.session(), place_of_actor()),
        labels=ROLE_LABELS,
        done=done_before(),
    )


@accounts.route("/desk/members/invite", access=PROVED, methods=["GET", "POST"])
def invite_member() -> Page:
    """Invite somebody by e-mail. Whether the address has an account already is not said."""
    form = InviteForm()
    form.roles.choices = _choices()
    if form.validate_on_submit():
        invitation, token = invitations.invite(
            db.session(),
            current_actor(),
            organization_id=place_of_actor(),
            email=form.email.data,
            roles=[Role(role) for role in form.roles.data],
        )
        send_invitation(db.session(), invitation, token)
        return redirect("/desk/members?done=invited", code=303)
    page = render_template("accounts/invite.html", form=form)
    return (page, 422) if form.errors else page


@accounts.route("/desk/members/invitations/<uuid:invitation_id>/withdraw", access=PROVED, methods=["POST"])
def withdraw_invitation(invitation_id: UUID) -> Response:
    """Take an invitation back."""
    found = queries.invitation_of(db.session(), place_of_actor(), invitation_id)
    if found is None:
        raise NotFound("invitation")
    invitations.withdraw(db.session(), current_actor(), found)
    return redirect("/desk/members?done=withdrawn", code=303)


@accounts.route("/desk/members/<uuid:user_id>", access=PROVED, methods=["GET", "POST"])
def member_page(user_id: UUID) -> Page:
    """One member: their roles, and what else an administrator can do."""
    found = _member(user_id)
    form = RolesForm(roles=[role.value for role in found.roles])
    form.roles.choices = _choices()
    own = current_actor()
    kept = [role for role in found.roles if not may_grant(own.roles, role)]
    if form.validate_on_submit():
        wanted = {*map(Role, form.roles.data), *kept}
        if not wanted:
            form.roles.errors = [_("Choose at least one. To end all that they do here, take them off below.")]
        elif _have_changed(found.user, wanted, form):
            return redirect("/desk/members?done=roles", code=303)
    page = render_template(
        "accounts/member.html",
        form=form,
        member=found,
        kept=[ROLE_LABELS[role] for role in kept],
        is_oneself=found.user.id == own.user_id,
    )
    return (page, 422) if form.errors else page


def _have_changed(user: User, wanted: set[Role], form: RolesForm) -> bool:
    try:
        members.change_roles(db.session(), current_actor(), user=user, organization_id=place_of_actor(), roles=wanted)
    except Refused as refused:
        form.roles.errors = [refused.message]
    return not form.roles.errors


@accounts.route("/desk/members/<uuid:user_id>/end-sessions", access=PROVED, methods=["POST"])
def end_member_sessions(user_id: UUID) -> Response:
    """Sign a member out everywhere."""
    members.end_sessions(db.session(), current_actor(), _member(user_id).user)
    return redirect("/desk/members?done=sessions", code=303)


@accounts.route("/desk/members/<uuid:user_id>/remove", access=PROVED, methods=["POST"])
def remove_member(user_id: UUID) -> Response:
    """End all roles of a member here. Where they have none elsewhere, their account is closed."""
    members.change_roles(
        db.session(), current_actor(), user=_member(user_id).user, organization_id=place_of_actor(), roles=()
    )
    return redirect("/desk/members?done=removed", code=303)


@accounts.route("/desk/members/<uuid:user_id>/start-over", access=PROVED, methods=["POST"])
def start_member_over(user_id: UUID) -> Response:
    """Let a member who lost theirs set up a second step anew."""
    found = _member(user_id)
    if found.user.id == current_actor().user_id:
        raise Refused(_("You cannot do this for yourself. Ask another administrator."))
    factors.start_over(db.session(), current_actor(), found.user.id)
    send_changed(db.session(), found.user)
    return redirect("/desk/members?done=second-step", code=303)
