#!/usr/bin/env bash
# Has Apple look at the signed disk image and staples its answer to it. Not run on the machine this was written on.
#   NOTARY_ID, NOTARY_TEAM, NOTARY_PASSWORD   an Apple ID, its team and an app-specific password
set -euo pipefail
cd "$(dirname "$0")/../.."

IMAGE=$(ls dist/tagloom-*-macos-*.dmg)
for name in NOTARY_ID NOTARY_TEAM NOTARY_PASSWORD; do
    [ -n "${!name:-}" ] || { echo "notarise.sh: $name is not set." >&2; exit 1; }
done
xcrun notarytool submit "$IMAGE" --wait --timeout 30m \
    --apple-id "$NOTARY_ID" --team-id "$NOTARY_TEAM" --password "$NOTARY_PASSWORD"
xcrun stapler staple "$IMAGE"
spctl --assess --type open --context context:primary-signature --verbose "$IMAGE"
