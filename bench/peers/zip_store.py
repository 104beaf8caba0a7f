#!/usr/bin/env python3
"""A zip archive without compression, by Python's zipfile.

usage: zip_store.py FROM OUT

FROM is a folder, or a JSON plan with inline payloads.
"""

import base64
import json
import os
import sys
import zipfile


def main(source, target):
    with zipfile.ZipFile(target, 'w', zipfile.ZIP_STORED) as archive:
        if os.path.isdir(source):
            for folder, _, names in os.walk(source):
                for name in names:
                    path = os.path.join(folder, name)
                    archive.write(path, os.path.relpath(path, source))
            return
        with open(source, encoding='utf-8') as plan:
            assets = json.load(plan)['assets']
        for asset in assets:
            archive.writestr(asset['asset_name'], base64.b64decode(asset['inline']))


if __name__ == '__main__':
    main(*sys.argv[1:])
