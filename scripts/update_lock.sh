#!/bin/sh
# Rewrites requirements.lock from pyproject.toml. torch stands there without a hash: its CPU and CUDA builds differ.
# Needs `uv` on the PATH. The lines after the dependency groups are what torch itself needs on every platform.
set -eu
cd "$(dirname "$0")/.."
{
  python3 - <<'PY'
import tomllib

project = tomllib.load(open("pyproject.toml", "rb"))
for line in project["project"]["dependencies"] + project["dependency-groups"]["dev"]:
    if not line.startswith("torch"):
        print(line)
PY
  printf '%s\n' filelock fsspec jinja2 networkx sympy typing-extensions 'setuptools>=77'
} >requirements.in
{
  echo "# Made by scripts/update_lock.sh; scripts/setup.py installs it."
  echo "torch==2.13.0"
  uv pip compile --quiet --universal --generate-hashes --python-version 3.11 --no-header --no-annotate requirements.in
} >requirements.lock.new
rm requirements.in
mv requirements.lock.new requirements.lock
