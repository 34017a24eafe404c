# Sourced by scripts/serve and scripts/test: finds a Python and keeps .venv fit for use.
#
# A stamp in .venv tells for what it was prepared. It is taken away before anything is changed
# and written last, and a .venv that was begun and not finished carries a mark: so an interrupted
# run is never trusted by the next one. All talk goes to standard error.

root=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd -P)
venv=$root/.venv
me=scripts/$(basename -- "$0")

say() { printf '%s: %s\n' "$me" "$*" >&2; }
die() {
  say "$@"
  exit 1
}

# Set `python` to an interpreter that is new enough and can make a .venv; a shim that starts
# nothing is none.
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
    die "needs Python 3.11 or newer, and found none on PATH: apt install python3 (or python.org)"
  fi
  package=$("$recent" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')
  die "$(command -v "$recent") has no ensurepip, which .venv needs: apt install $package"
}

make_venv() {
  find_python
  rm -rf -- "$venv"
  mkdir -- "$venv"
  : >"$venv/.unfinished"
  "$python" -m venv "$venv" >&2 || die "could not make $venv with $python"
}

# What a stamp has to say: where the checkout is, since a .venv cannot be moved, and what it asks for.
wanted() { printf '%s\n' "$root" "$1" && cat -- "$root/pyproject.toml"; }

is_prepared() {
  local purpose
  for purpose in "$@"; do
    if [[ -f $venv/.prepared-$purpose ]] &&
      wanted "$purpose" | cmp -s - "$venv/.prepared-$purpose" &&
      "$venv/bin/python" -c '' 2>/dev/null; then
      return
    fi
  done
  return 1
}

# Whether what is in .venv can be built upon: finished, working, and made in this place.
is_sound() {
  local stamp place
  [[ ! -e $venv/.unfinished ]] && "$venv/bin/python" -m pip --version >/dev/null 2>&1 || return 1
  for stamp in "$venv"/.prepared-*; do
    [[ -f $stamp ]] || continue
    IFS= read -r place <"$stamp"
    [[ $place == "$root" ]] || return 1
  done
}

# prepare PURPOSE PIP-ARGUMENTS...: install into .venv what the purpose needs.
prepare() {
  local purpose=$1
  shift
  # Two runs at once would prepare over each other; where there is no flock, that is left to luck.
  exec 9<"$root/pyproject.toml"
  if command -v flock >/dev/null; then flock 9; fi
  if ! is_prepared "$purpose"; then
    is_sound || make_venv
    say "installing into .venv (once; a minute or so)"
    rm -f -- "$venv"/.prepared-*
    : >"$venv/.unfinished"
    # An older pip knows no dependency groups, and an older one yet no editable pyproject.toml.
    pip_install --upgrade 'pip>=25.1'
    (cd -- "$root" && pip_install "$@")
    wanted "$purpose" >"$venv/.prepared-$purpose"
    rm -f -- "$venv/.unfinished"
  fi
  exec 9<&-
}

pip_install() {
  "$venv/bin/python" -m pip install --quiet --disable-pip-version-check "$@" >&2 ||
    die "pip could not install what is needed; its reason stands above"
}
