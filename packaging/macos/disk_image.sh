#!/usr/bin/env bash
# dist/tagloom-VERSION-macos-ARCH.dmg from build/frozen/Tagloom.app. Not run on the machine this was written on.
#   SIGN_AS="Developer ID Application: …"   signs the bundle; without it, it starts on this Mac alone
set -euo pipefail
cd "$(dirname "$0")/../.."

VERSION=${1:?the version}
APP=build/frozen/Tagloom.app
IMAGE=dist/tagloom-$VERSION-macos-$(uname -m).dmg
STAGE=build/disk-image

if [ -n "${SIGN_AS:-}" ]; then
    # From the inside out: a seal holds only over what is sealed already.
    find "$APP/Contents" -type f \( -name '*.so' -o -name '*.dylib' -o -perm -u+x \) -print0 |
        xargs -0 -n 20 codesign --force --timestamp --options runtime --sign "$SIGN_AS"
    codesign --force --timestamp --options runtime --entitlements packaging/macos/entitlements.plist \
        --sign "$SIGN_AS" "$APP"
    codesign --verify --deep --strict "$APP"
fi

rm -rf $STAGE
mkdir -p $STAGE dist
ditto "$APP" $STAGE/Tagloom.app
ln -s /Applications $STAGE/Applications
cp build/frozen/LICENCES.txt $STAGE/
hdiutil create -volname "Tagloom $VERSION" -srcfolder $STAGE -format UDZO -ov "$IMAGE"
[ -z "${SIGN_AS:-}" ] || codesign --timestamp --sign "$SIGN_AS" "$IMAGE"
