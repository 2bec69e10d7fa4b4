#!/usr/bin/env python3
"""Counts the lines of a migration from bevy_simplenet.

    docs/count_migration.py OLD_README

OLD_README is the README.md of bevy_simplenet 0.16. Compares its Rust code with the code under "The
README, section by section" of migrating.md. Lines without a word, comments, spacing
and trailing punctuation do not count. A changed line counts as removed and written.
"""

import difflib
import pathlib
import re
import sys


def code_lines(text):
    """Returns the lines of all Rust blocks, without spacing, comments and hidden lines."""
    lines = []
    for block in re.findall(r"```rust\n(.*?)```", text, re.DOTALL):
        for line in block.splitlines():
            code = re.sub(r"//.*", "", line)
            hidden = line.startswith("# ")
            if re.search(r"\w", code) and not hidden:
                lines.append("".join(code.split()).rstrip(",;{"))
    return lines


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    old = code_lines(pathlib.Path(sys.argv[1]).read_text())
    guide = (pathlib.Path(__file__).parent / "migrating.md").read_text()
    start, end = guide.index("## The README, section by section"), guide.index("## All items")
    new = code_lines(guide[start:end])
    matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
    kept = sum(block.size for block in matcher.get_matching_blocks())
    print(f"{len(old)} lines before, {len(new)} lines after")
    print(f"{kept} kept, {len(old) - kept} removed, {len(new) - kept} written")
    for line in difflib.unified_diff(old, new, lineterm="", n=0):
        if re.match(r"[+-](?![+-])", line):
            print(line)


main()
