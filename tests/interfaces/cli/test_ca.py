"""Messages of `mockidp serve` about its certificate authority, and that its advice works."""

import re
import shutil
import subprocess
import sys

import pytest
import trustme

from mockidp.tls import Authority

MODULE = f"{sys.executable} -m mockidp"


@pytest.mark.measured
def test_a_replaced_ca_is_reported_with_the_reason_and_what_to_do(serve, folder):
    Authority.load_or_create(folder / ".mockidp")
    hosts = ["--set", "hosts=idp.acme.example"]
    with serve(*hosts) as server:
        pass
    assert server.err == (
        "mockidp: made a new CA for https, because the old one may not sign for idp.acme.example. "
        f"Clients that trusted the old CA now have to trust {folder}/.mockidp/ca.pem. Restart "
        "programs that read that file, and import it again where you imported the old one\n"
    )
    with serve(*hosts) as server:
        pass
    assert server.err == ""


def test_a_ca_without_name_constraints_is_replaced_with_a_message(serve, folder):
    old = trustme.CA(organization_name="mockidp")
    (folder / ".mockidp").mkdir()
    (folder / ".mockidp" / "ca.key").write_bytes(old.private_key_pem.bytes() + old.cert_pem.bytes())
    with serve() as server:
        pass
    assert "may sign for any name on the internet" in server.err
    assert (folder / ".mockidp" / ".gitignore").read_text() == "*\n"


def test_the_trust_command_works_in_another_directory(folder, tmp_path):
    if shutil.which("curl") is None:
        pytest.fail("curl is missing: apt install curl")
    app = tmp_path / "app"
    app.mkdir()
    arguments = [
        *MODULE.split(), "serve", "--listen", "localhost:0", "--tls-listen", "localhost:0",
    ]  # fmt: skip
    with subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True, cwd=folder) as process:
        shown = ""
        while "Ctrl-C" not in shown:
            shown += process.stdout.readline()
        command = re.search(r'trust   (eval ".*"), or run:', shown)[1]
        https = re.search(r"https   (\S+)", shown)[1]
        script = f"{command.replace('mockidp', MODULE, 1)}\ncurl -s {https}/_mockidp/health"
        done = subprocess.run(
            ["bash", "-c", script], cwd=app, capture_output=True, text=True, timeout=20, check=False
        )
        process.terminate()
        process.communicate(timeout=10)
    assert (done.stdout.strip(), done.stderr) == ('{"status":"ok"}', "")
