#!/usr/bin/env bash
# Known vulnerabilities of what the program needs at run time. Red where one is found, never because the data about
# them is out of reach: then a line says so.
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT
uv export -q --no-dev --all-extras --no-hashes --no-emit-project -o "$folder/packages.txt" >/dev/null 2>&1 || true
timeout 120 uvx -q pip-audit==2.10.1 --disable-pip --no-deps --progress-spinner off -f json \
  -r "$folder/packages.txt" -o "$folder/found.json" >/dev/null 2>&1 || true
python3 - "$folder/found.json" <<'PY'
import json, os, sys

told = json.load(open(sys.argv[1])) if os.path.exists(sys.argv[1]) else {}
packages = told.get("dependencies", [])
looked_up = [one for one in packages if "vulns" in one]
for one in looked_up:
    for fault in one["vulns"]:
        print(f"{one['name']} {one['version']}: {fault['id']}, mended in {', '.join(fault['fix_versions']) or 'none yet'}")
if len(looked_up) < len(packages) or not packages:
    print(f"pip-audit: {len(looked_up)} of {len(packages) or '?'} packages looked up, the data of the others is out of reach (skipped)")
sys.exit(any(one["vulns"] for one in looked_up))
PY
