"""nginx as a proxy in front of mocks. It changes neither requests nor answers."""

import os
import shutil
import socket
import subprocess
from contextlib import contextmanager
from urllib.parse import urlsplit

import pytest

CONFIGURATION = """
daemon off;
master_process off;
pid {folder}/nginx.pid;
error_log stderr notice;
events {{ worker_connections 1024; }}
http {{
  access_log off;
  keepalive_timeout 1h;
  client_max_body_size 0;
  client_body_buffer_size 1m;
  large_client_header_buffers 4 64k;
  proxy_buffer_size 64k;
  proxy_buffers 16 64k;
  proxy_max_temp_file_size 0;
  client_body_temp_path {folder}/body;
  proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi;
  scgi_temp_path {folder}/scgi;
  upstream mocks {{
    {servers}
    keepalive 32;
  }}
  server {{
    {server}
    location / {{
      proxy_pass http://mocks;
      proxy_http_version 1.1;
      proxy_next_upstream off;
      proxy_redirect off;
      proxy_set_header Connection "";
      proxy_set_header Host $http_host;
      {forwarded}
      proxy_pass_header Date;
      proxy_pass_header Server;
    }}
  }}
}}
"""
TLS = """
    listen 127.0.0.1:{port} ssl reuseport;
    ssl_certificate {certificate};
    ssl_certificate_key {certificate};
"""


def nginx_program():
    """Return the path of nginx, which Debian installs in /usr/sbin, or skip the test."""
    path = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
    if path is None:
        pytest.skip("nginx is missing: apt-get install nginx-light")
    return path


@contextmanager
def nginx(
    folder, urls, *, certificate=None, forwarded="proxy_set_header X-Forwarded-Proto $scheme;"
):
    """Serve mocks, a different one for each request. Yield the port of nginx on 127.0.0.1.

    Args:
        folder: An empty folder for nginx.
        urls: The URLs of the mocks.
        certificate: A file with the certificate and the key of nginx, which then serves https.
        forwarded: How nginx describes the request that it got.
    """
    program = nginx_program()
    with socket.socket() as reserved:
        # Reserve a free port, so that no other process binds it before nginx does.
        reserved.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        reserved.bind(("127.0.0.1", 0))
        port = reserved.getsockname()[1]
        configuration = folder / "nginx.conf"
        configuration.write_text(
            _configuration(folder, port, urls, certificate=certificate, forwarded=forwarded)
        )
        with subprocess.Popen(
            [program, "-e", "stderr", "-p", folder, "-c", configuration],
            env={},
            stderr=subprocess.PIPE,
            text=True,
        ) as process:
            try:
                # nginx listens before it logs its version.
                lines = iter(process.stderr.readline, "")
                assert any(" nginx/" in line for line in lines), "nginx did not start"
                yield port
            finally:
                process.terminate()
                _, log = process.communicate()
        assert process.returncode == 0, log


def _configuration(folder, port, urls, *, certificate, forwarded):
    addresses = [urlsplit(url).netloc.replace("localhost", "127.0.0.1") for url in urls]
    template = TLS if certificate else "listen 127.0.0.1:{port} reuseport;"
    return CONFIGURATION.format(
        folder=folder,
        servers=" ".join(f"server {address} max_fails=0;" for address in addresses),
        server=template.format(port=port, certificate=certificate),
        forwarded=forwarded,
    )
