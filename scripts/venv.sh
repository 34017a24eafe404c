# Sourced by the other scripts: finds a Python, and creates and updates .venv.
#
# A stamp file in .venv says what it was prepared for. It is removed before any change and written
# last. The file .unfinished marks a .venv during its preparation, so that a run does not use what an
# interrupted one left. All messages go to standard error.

root=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd -P)
venv=$root/.venv
me=scripts/$(basename -- "$0")

say() { printf '%s: %s\n' "$me" "$*" >&2; }
die() {
  say "$@"
  exit 1
}

# Set `python` to an interpreter that is new enough and can create a .venv. Shims without an
# interpreter are skipped.
find_python() {
  local name recent='' package
  for name in python3 python3.13 python3.12 python3.11 python; do
    "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 || continue
    recent=${recent:-$name}
    if "$name" -c 'import ensurepip, venv' >/dev/null 2>&1; then
      python=$name
      return
    fi
  done
  if [[ -z $recent ]]; then
    die "needs Python 3.11 or newer, which is not on PATH: apt install python3 (or python.org)"
  fi
  package=$("$recent" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')
  die "$(command -v "$recent") has no ensurepip, which .venv needs: apt install $package"
}

create_venv() {
  find_python
  rm -rf -- "$venv"
  mkdir -- "$venv"
  : >"$venv/.unfinished"
  "$python" -m venv "$venv" >&2 || die "could not create $venv with $python"
}

# Print the expected stamp: the path of the checkout, since a .venv cannot be moved, the purpose, and
# pyproject.toml.
expected_stamp() { printf '%s\n' "$root" "$1" && cat -- "$root/pyproject.toml"; }

is_prepared() {
  local purpose
  for purpose in "$@"; do
    if [[ -f $venv/.prepared-$purpose ]] &&
      expected_stamp "$purpose" | cmp -s - "$venv/.prepared-$purpose" &&
      "$venv/bin/python" -c '' 2>/dev/null; then
      return
    fi
  done
  return 1
}

# Return whether .venv is finished, works, and was created at this path.
is_sound() {
  local stamp path
  [[ ! -e $venv/.unfinished ]] && "$venv/bin/python" -m pip --version >/dev/null 2>&1 || return 1
  for stamp in "$venv"/.prepared-*; do
    [[ -f $stamp ]] || continue
    IFS= read -r path <"$stamp"
    [[ $path == "$root" ]] || return 1
  done
}

# prepare PURPOSE PIP-ARGUMENTS...: install packages into .venv for a purpose.
prepare() {
  local purpose=$1
  shift
  # Two runs must not prepare .venv at the same time. Without flock, nothing prevents that.
  exec 9<"$root/pyproject.toml"
  if command -v flock >/dev/null; then flock 9; fi
  if ! is_prepared "$purpose"; then
    is_sound || create_venv
    say "installing into .venv (once, about a minute)"
    rm -f -- "$venv"/.prepared-*
    : >"$venv/.unfinished"
    # Older versions of pip lack dependency groups, or editable installs without setup.py.
    pip_install --upgrade 'pip>=25.1'
    (cd -- "$root" && pip_install "$@")
    expected_stamp "$purpose" >"$venv/.prepared-$purpose"
    rm -f -- "$venv/.unfinished"
  fi
  exec 9<&-
}

pip_install() {
  "$venv/bin/python" -m pip install --quiet --disable-pip-version-check "$@" >&2 ||
    die "pip could not install the packages; see its message above"
}
