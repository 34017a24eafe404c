"""The data directory, which contains private keys and is part of a project."""

import stat
from pathlib import Path

import pytest

from mockidp.data_dir import make_data_dir
from mockidp.tenant.state.persistence import persistent_tenant


@pytest.mark.parametrize("name", [".mockidp", "deep/state"])
def test_a_new_directory_is_private_and_ignored_by_git(tmp_path, name):
    make_data_dir(tmp_path / name)
    assert stat.S_IMODE((tmp_path / name).stat().st_mode) == 0o700
    assert (tmp_path / name / ".gitignore").read_text() == "*\n"


def test_an_existing_directory_with_the_usual_name_is_ignored_as_well(tmp_path):
    (tmp_path / ".mockidp").mkdir()
    make_data_dir(tmp_path / ".mockidp")
    assert (tmp_path / ".mockidp" / ".gitignore").read_text() == "*\n"


def test_a_project_that_is_named_as_the_data_directory_is_not_ignored(tmp_path):
    make_data_dir(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_an_existing_gitignore_is_kept(tmp_path):
    (tmp_path / ".mockidp").mkdir()
    (tmp_path / ".mockidp" / ".gitignore").write_text("!ca.pem\n")
    make_data_dir(tmp_path / ".mockidp")
    assert (tmp_path / ".mockidp" / ".gitignore").read_text() == "!ca.pem\n"


def test_a_directory_that_cannot_be_written_is_used_without_a_gitignore(tmp_path, monkeypatch):
    def refuse(*_arguments, **_options):
        raise PermissionError(13, "Permission denied")

    (tmp_path / ".mockidp").mkdir()
    monkeypatch.setattr(Path, "touch", refuse)
    make_data_dir(tmp_path / ".mockidp")
    assert list((tmp_path / ".mockidp").iterdir()) == []


def test_the_state_of_a_mock_without_https_is_ignored_as_well(tmp_path):
    persistent_tenant(tmp_path / ".mockidp").backend.close()
    assert (tmp_path / ".mockidp" / ".gitignore").read_text() == "*\n"
