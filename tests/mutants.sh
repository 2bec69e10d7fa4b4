#!/usr/bin/env bash
# Applies one mutant at a time to a copy of the last commit, and runs the tests of its promise. The
# tests must fail: a mutant that passes them has survived.
#
#     tests/mutants.sh                   runs all mutants
#     tests/mutants.sh auth order/s5     runs the mutants whose path contains one of the words
#     tests/mutants.sh --list [WORD]...  lists the mutants and their descriptions
#
# A mutant is a patch in tests/mutants/, named after the promise. Above the patch stand a
# description and the tests that must fail, by parts of their names:
#
#     Tests unit: NAME...                the unit tests of the runtime
#     Tests integration: NAME...         likewise `attacks` and `simulation`
#
# The build is kept in target/mutants, or in $MUTANTS_TARGET_DIR.
set -uo pipefail

repository=$(git -C "$(dirname "${BASH_SOURCE[0]}")" rev-parse --show-toplevel)
# The patches are copied, so that an edit during a run has no effect.
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cp -r "$repository/tests/mutants" "$scratch/mutants" || exit 2
kinds="unit integration attacks simulation"
# A test that hangs has noticed the mutant, too.
timeout_seconds=300

fail() { echo "tests/mutants.sh: $*" >&2; exit 2; }

# Prints the mutants whose path contains one of the words. Without words, prints all mutants.
select_mutants() {
    local patch word
    for patch in $(cd "$scratch/mutants" && find . -name '*.patch' | cut -c3- | sort); do
        for word in "${@:-}"; do
            [[ $patch == *"$word"* ]] && { echo "${patch%.patch}"; break; }
        done
    done
}

patch_of() { echo "$scratch/mutants/$1.patch"; }
description() { head -n 1 "$(patch_of "$1")"; }
# The names of the tests of KIND that MUTANT must fail.
tests_of() { sed -n "s/^Tests $2: //p" "$(patch_of "$1")"; }

list_only=
case ${1:-} in
    --list) list_only=1; shift ;;
    -*) sed -n '2,15s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"; [ "$1" = --help ]; exit ;;
esac
mapfile -t mutants < <(select_mutants "$@")
[ ${#mutants[@]} -gt 0 ] || fail "no mutant matches $*"
if [ -n "$list_only" ]; then
    for mutant in "${mutants[@]}"; do printf '%-58s %s\n' "$mutant" "$(description "$mutant")"; done
    exit
fi

copy=$scratch/copy log=$scratch/log
trap 'git -C "$repository" worktree remove --force "$copy" 2>/dev/null; rm -rf "$scratch"' EXIT
git -C "$repository" worktree add --quiet --detach "$copy" HEAD || exit 2
cd "$copy" || exit 2
export CARGO_TARGET_DIR=${MUTANTS_TARGET_DIR:-$repository/target/mutants}
export CARGO_PROFILE_DEV_DEBUG=0 CARGO_TERM_COLOR=never RUST_BACKTRACE=0

for mutant in "${mutants[@]}"; do
    git apply --check --whitespace=nowarn "$(patch_of "$mutant")" || fail "$mutant does not apply to the last commit"
done

# The arguments of `cargo test` for the tests of KIND.
target_of() {
    case $1 in
        unit) echo "-p simplenet --features client,server --lib" ;;
        *) echo "-p simplenet-tests --test $1" ;;
    esac
}

# Runs the tests of KIND that match NAME..., with their output in the log. Returns 1 if a test
# fails, 2 if the tests do not compile.
run() {
    local target
    target=$(target_of "$1")
    shift
    # shellcheck disable=SC2086
    cargo test --quiet $target --no-run >> "$log" 2>&1 || return 2
    # shellcheck disable=SC2086
    timeout "$timeout_seconds" cargo test $target -- "$@" >> "$log" 2>&1
    case $? in
        0) return 0 ;;
        124) echo "test (timed out after ${timeout_seconds} s) ... FAILED" >> "$log" ;;
    esac
    return 1
}

# Runs the tests of MUTANT, kind by kind, until one fails.
run_tests_of() {
    local kind names
    for kind in $kinds; do
        read -ra names < <(tests_of "$1" "$kind") || continue
        run "$kind" "${names[@]}" || return
    done
}

echo "without a mutant ..." >&2
for kind in $kinds; do
    mapfile -t names < <(for mutant in "${mutants[@]}"; do tests_of "$mutant" "$kind"; done |
        tr ' ' '\n' | sort -u)
    [ ${#names[@]} -gt 0 ] || continue
    : > "$log"
    run "$kind" "${names[@]}" || { cat "$log"; fail "the tests must pass without a mutant"; }
    for name in "${names[@]}"; do
        grep -q "^test .*$name.* ok\$" "$log" || fail "there is no $kind test named $name"
    done
done

survived=0 number=0
for mutant in "${mutants[@]}"; do
    number=$((number + 1))
    git apply --whitespace=nowarn "$(patch_of "$mutant")" || exit 2
    : > "$log"
    run_tests_of "$mutant"
    case $? in
        0) verdict="SURVIVED" survived=$((survived + 1)) ;;
        1) verdict=$(sed -n 's/^test \(.*\) \.\.\. FAILED$/\1/p' "$log" | sort -u | head -n 1)
           [ -n "$verdict" ] || verdict="the tests ended without a result" ;;
        2) cat "$log"; fail "$mutant does not compile" ;;
    esac
    printf '%2d/%d %-58s %s\n' "$number" "${#mutants[@]}" "$mutant" "$verdict"
    git apply --whitespace=nowarn --reverse "$(patch_of "$mutant")" || exit 2
done
echo "${#mutants[@]} mutants, $survived survived"
[ "$survived" = 0 ]
