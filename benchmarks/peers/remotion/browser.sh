#!/bin/sh
# The project's pinned Chromium, with the libraries that come with it, for Remotion.
browser=$(dirname "$0")/../../../layers/chromium/browser
LD_LIBRARY_PATH=$browser/lib exec "$browser/chromium" "$@"
