"""Jobs: send the e-mail that verifies an address.

Auth0: a new job is pending. Here it is completed when the next call reads it. Source:
docs/fidelity.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from mockidp.flows.accounts.mail import send_mail
from mockidp.management.body import check_keys
from mockidp.management.clients.clients import client_in_body
from mockidp.management.operation import Call, Operation
from mockidp.management.organizations.organization import organization_in_body
from mockidp.management.refusals import not_found
from mockidp.management.tickets.email_verification import user_to_verify
from mockidp.protocol.management.job import Job
from mockidp.tenant.timestamps import timestamp

_LIFETIME = 86400
"""Seconds until a job is deleted."""


def find_job(call: Call) -> Job:
    """Return the job that the path names.

    Raises:
        ApiRefusal: There is no such job.
    """
    found = call.tenant.jobs.get(call.id)
    with call.tenant.trace.check("job", id=call.id, found=found is not None):
        if found is None:
            raise not_found(
                "The job does not exist.",
                code="inexistent_job",
                hint=f"No job has the id {call.id!r}. Jobs are deleted after a day.",
            )
    return found


def create_job(call: Call, job: Job) -> dict[str, Any]:
    """Keep a job. Return it as the answer shows it: pending."""
    job_id = "job_" + call.tenant.ids.opaque_token()[:16]
    call.tenant.jobs.put(job_id, job, expires_at=job.created_at + _LIFETIME)
    return _show(job_id, job, "pending", job.details)


def _show(job_id: str, job: Job, status: str, details: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "type": job.kind,
        "status": status,
        **details,
        "created_at": timestamp(job.created_at),
        "id": job_id,
    }


def _get(call: Call) -> Any:
    job = find_job(call)
    status = "failed" if job.failure else "completed"
    why = {"status_details": job.failure} if job.failure else {}
    return _show(call.id, job, status, {**job.details, **job.results, **why})


def _errors(call: Call) -> Any:
    """Return the errors of a job. Auth0: 204 if there are none."""
    return list(find_job(call).errors) or None


def _verification_email(call: Call) -> Any:
    names = ("user_id", "client_id", "identity", "organization_id")
    check_keys(call, names, required=("user_id",))
    user, organization = user_to_verify(call), organization_in_body(call)
    call.tenant.trace.note(user=user.user_id)
    send_mail(
        call.tenant,
        call.url,
        "verify_email",
        user,
        client_id=client_in_body(call),
        organization_id=organization.id if organization else None,
        link_url=call.link_url,
    )
    return create_job(call, Job(kind="verification_email", created_at=call.tenant.now()))


OPERATIONS = (
    Operation(
        title="Send an email address verification email", method="POST",
        path="/jobs/verification-email", scopes=("update:users",), handler=_verification_email,
        status=HTTPStatus.CREATED, has_links=True,
    ),
    Operation(
        title="Get a job", method="GET", path="/jobs/{id}", scopes=("create:users", "read:users"),
        handler=_get,
    ),
    Operation(
        title="Get job error details", method="GET", path="/jobs/{id}/errors",
        scopes=("create:users", "read:users"), handler=_errors,
    ),
)  # fmt: skip
